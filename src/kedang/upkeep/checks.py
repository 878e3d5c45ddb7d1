"""What the doctor looks at, each as one answer: ok, warning or failed, and why."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from kedang.files import scanning
from kedang.kernel import clock
from kedang.kernel.errors import KedangError
from kedang.ledger import missing_triggers
from kedang.ledger.chains import CHAINS
from kedang.ledger.roles import weaknesses
from kedang.messages import selectors as messages
from kedang.packs import in_force
from kedang.people.actors import held_roles
from kedang.people.models import Staff

Status = Literal["ok", "warning", "failed"]
ALIASES = ("default", "looks", "keys")
PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "recursive_triggers": 1, "secure_delete": 1}
LEAST_FREE, LITTLE_FREE = 256 * 2**20, 2 * 2**30
LAG_SECONDS = 60
GUESSES = ("admin", "password", "kedang", "123456", "admin123", "changeme")
GUESSED_ACCOUNTS = 20
"""Argon2 is slow on purpose: the oldest accounts are tried, where a default password would be."""
NOTICES_DAYS, NOTICES_LATE_MINUTES = 7, 15
OFFICES = ("people.create", "people.grant", "ledger.export")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    status: Status
    detail: str


def examine() -> list[Check]:
    """All checks; one that cannot be made has failed, and the others are made all the same."""
    return [_made(name, check) for name, check in _CHECKS.items()]


def _made(name: str, check: Callable[[], tuple[Status, str]]) -> Check:
    try:
        return Check(name, *check())
    except (DatabaseError, OSError, KedangError) as error:
        return Check(name, "failed", str(error).strip().partition("\n")[0])


def _regulation() -> tuple[Status, str]:
    return "ok", _("%(pack)s is in force.") % {"pack": in_force().version}


def _triggers() -> tuple[Status, str]:
    missing = missing_triggers()
    if missing:
        return "failed", _("Append-only triggers are missing: %(names)s") % {"names": ", ".join(missing)}
    return "ok", _("Every ledger table refuses change.")


def _key_files() -> tuple[Status, str]:
    open_to_others = [str(path) for path in _secret_paths() if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if open_to_others:
        return "failed", _("Others may read: %(paths)s") % {"paths": ", ".join(open_to_others)}
    return "ok", _("Only the owner may read the keys.")


def _secret_paths() -> Iterator[Path]:
    folder = Path(settings.KEDANG_HOME) / "keys"
    yield folder
    yield from (path for path in sorted(folder.iterdir()) if path.suffix in (".json", ".secret"))


def _passwords() -> tuple[Status, str]:
    weak = [staff.username for staff in _oldest_accounts() if _is_guessed(staff)]
    if weak:
        return "failed", _("Accounts with a password anyone would try: %(users)s") % {"users": ", ".join(weak)}
    return "ok", _("No account has a default password.")


def _oldest_accounts() -> list[Staff]:
    return list(Staff.objects.filter(is_active=True).order_by("pk")[:GUESSED_ACCOUNTS])


def _is_guessed(staff: Staff) -> bool:
    if not is_password_usable(staff.password):
        return False
    return any(check_password(guess, staff.password) for guess in (staff.username, *GUESSES))


def _offices() -> tuple[Status, str]:
    pack, holders = in_force(), dict.fromkeys(OFFICES, 0)
    both = []
    for staff in Staff.objects.filter(is_active=True, held_roles__isnull=False).distinct().order_by("username"):
        roles = held_roles(staff)
        both += [staff.username] if pack.conflicts(roles) else []
        for office in OFFICES:
            holders[office] += bool(office in pack.operations and not pack.operations[office].who.isdisjoint(roles))
    if both:
        return "warning", _("Roles that exclude each other are in one hand: %(users)s") % {"users": ", ".join(both)}
    if empty := [office for office, number in holders.items() if not number]:
        return "warning", _("Nobody may do: %(operations)s") % {"operations": ", ".join(empty)}
    return "ok", _("System, security and audit are different people.")


def _sealing() -> tuple[Status, str]:
    lags = [lag for chain in CHAINS if (lag := _oldest_unsealed(chain))]
    if lags and max(lags) > LAG_SECONDS:
        return "warning", _("Entries have waited %(seconds)s seconds to be sealed; is a worker running?") % {
            "seconds": round(max(lags))
        }
    return "ok", _("Entries are sealed.")


def _oldest_unsealed(chain: Any) -> float:
    """Seconds that the oldest record has waited, 0 when all are sealed."""
    statement = (
        f"SELECT min(e.at_us) FROM {chain.table} e WHERE NOT EXISTS "  # noqa: S608 - names are ours
        f"(SELECT 1 FROM {chain.sealed} s WHERE s.entry_id = e.id)"
    )
    with chain.connection.cursor() as cursor:
        cursor.execute(statement)
        (oldest,) = cursor.fetchone()
    return (clock.now_us() - oldest) / 1_000_000 if oldest else 0.0


def _roles() -> tuple[Status, str]:
    if connections["default"].vendor != "postgresql":
        return "ok", _("SQLite has no roles; keep an anchor of the ledger outside this machine.")
    with connections["default"].cursor() as cursor:
        found = weaknesses(cursor)
    if found:
        return "warning", _("The ledger is guarded by triggers alone; set KEDANG_DATABASE_OWNER_URL. ") + "; ".join(
            found
        )
    return "ok", _("The role of the application can only add to the ledger.")


def _pragmas() -> tuple[Status, str]:
    if connections["default"].vendor != "sqlite":
        return "ok", _("Not needed on PostgreSQL.")
    wrong = [
        f"{alias}.{name}" for alias in ALIASES for name, wanted in PRAGMAS.items() if _pragma(alias, name) != wanted
    ]
    if wrong:
        return "failed", _("Wrong settings of the connection: %(names)s") % {"names": ", ".join(wrong)}
    return "ok", _("Write-ahead log, foreign keys and triggers are on.")


def _pragma(alias: str, name: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def _disk() -> tuple[Status, str]:
    free = shutil.disk_usage(settings.KEDANG_HOME).free
    said = _("%(free)s MiB are free.") % {"free": free // 2**20}
    return ("failed" if free < LEAST_FREE else "warning" if free < LITTLE_FREE else "ok"), said


def _notices() -> tuple[Status, str]:
    now = clock.now_us()
    if failed := messages.failed_since(now - NOTICES_DAYS * 86_400_000_000):
        return "warning", _("%(count)s notices did not get through in %(days)s days; see the log of the worker.") % {
            "count": failed, "days": NOTICES_DAYS,
        }  # fmt: skip
    if late := messages.waiting_before(now - NOTICES_LATE_MINUTES * 60_000_000):
        return "warning", _("%(count)s notices wait to be sent; is a worker running?") % {"count": late}
    return "ok", _("Notices get through.")


def _scanner() -> tuple[Status, str]:
    if not scanning.is_set():
        return "warning", _("No virus scanner is set (KEDANG_SCAN); files that are brought are not scanned.")
    if not scanning.answers():
        return "failed", _("The virus scanner does not answer, so no file can be taken: %(scanner)s") % {
            "scanner": settings.SCAN
        }
    return "ok", _("Every file that is brought is shown to the virus scanner first.")


_CHECKS: dict[str, Callable[[], tuple[Status, str]]] = {
    "regulation": _regulation,
    "ledger_triggers": _triggers,
    "key_files": _key_files,
    "passwords": _passwords,
    "offices": _offices,
    "sealing": _sealing,
    "database_roles": _roles,
    "connection": _pragmas,
    "notices": _notices,
    "virus_scanner": _scanner,
    "disk": _disk,
}
