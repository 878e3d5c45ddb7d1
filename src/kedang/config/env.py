"""Typed settings read from the environment, each with a default and one line of meaning.

`kedang doctor --settings` lists this table, so a setting that is not declared here does not exist.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """A declared setting: its name, meaning, default and the value in force."""

    name: str
    meaning: str
    default: str
    value: Any
    secret: bool = False


DECLARED: dict[str, Setting] = {}


class WrongSetting(ValueError):
    """A setting in the environment cannot be read as its type."""


def setting(name: str, default: str, meaning: str, read: Callable[[str], T], *, secret: bool = False) -> T:
    """Declare and read one setting; raises WrongSetting naming the variable and what was found."""
    raw = os.environ.get(name, default)
    try:
        value = read(raw)
    except ValueError as wrong:
        raise WrongSetting(f"{name}={raw!r}: {wrong}") from wrong
    DECLARED[name] = Setting(name, meaning, default, value, secret)
    return value


def text(raw: str) -> str:
    """The setting as it stands."""
    return raw


def flag(raw: str) -> bool:
    """`1 true yes on` and `0 false no off`; anything else is an error rather than a silent no."""
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if raw.lower() not in words:
        raise ValueError("expected yes or no")
    return words[raw.lower()]


def words(raw: str) -> list[str]:
    """A list separated by commas or spaces."""
    return raw.replace(",", " ").split()


def mail(raw: str) -> str:
    """`off`, `console` or `smtp`."""
    if raw.lower() not in ("off", "console", "smtp"):
        raise ValueError("expected off, console or smtp")
    return raw.lower()


def active(raw: str) -> str:
    """`refuse` or `keep`."""
    if raw.lower() not in ("refuse", "keep"):
        raise ValueError("expected refuse or keep")
    return raw.lower()


def scanner(raw: str) -> str:
    """Empty, `clamd://…` or `command: …`."""
    kind, _, rest = raw.strip().partition(":")
    if raw.strip() and (kind not in ("clamd", "command") or not rest.strip("/ ")):
        raise ValueError("expected clamd:///socket, clamd://host:port or command: program")
    return raw.strip()


def database(url: str, home: Path) -> dict[str, dict[str, Any]]:
    """The three Django databases of one URL.

    `default` holds the records and the ledger, `looks` what was read by whom, `keys` one wrapped key
    per data subject. On SQLite they are three files, so that recording a look never waits for a
    writer and keys have a backup of their own; on PostgreSQL three schemas of one database.
    """
    if not url or url.startswith("sqlite"):
        return {
            "default": _sqlite(home / "kedang.sqlite3"),
            "looks": _sqlite(home / "looks.sqlite3"),
            "keys": _sqlite(home / "keys" / "subjects.sqlite3"),
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("expected sqlite or postgresql://user:password@host:port/name")
    return {
        "default": _postgresql(parts, "public"),
        "looks": _postgresql(parts, "kedang_looks"),
        "keys": _postgresql(parts, "kedang_keys"),
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
                "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; "
                # 80 MB of log before it is moved into the file: bulk deeds touch the same pages again and again.
                "PRAGMA wal_autocheckpoint=20000"
            ),
        },
    }


def _postgresql(parts: Any, schema: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": f"-c search_path={schema} -c timezone=UTC"},
    }
