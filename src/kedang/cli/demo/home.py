"""The home of a demo: marked, so that no demo is ever mixed into a company's own records."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from kedang.cli.failing import Failed
from kedang.governance import founding

MARK = "demo.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a demo: its pack, how many customers, whether it was finished."""

    pack: str
    customers: int
    ready: bool


def read() -> Mark | None:
    """The mark of this home, None where it has none."""
    path = _path()
    return Mark(**orjson.loads(path.read_bytes())) if path.exists() else None


def write(mark: Mark) -> None:
    """Mark this home as a demo."""
    fresh = _path().with_suffix(".new")
    fresh.write_bytes(orjson.dumps(asdict(mark)))
    fresh.replace(_path())


def require_usable(pack: str) -> Mark | None:
    """The mark of a finished demo to go on with, or None for an empty home; Failed for any other home."""
    mark, home = read(), {"home": settings.KEDANG_HOME, "pack": pack}
    if mark is None and founding.is_founded():
        raise Failed("state", _("%(home)s holds a site that is no demo; set KEDANG_HOME to another folder.") % home)
    if mark is not None and not mark.ready:
        raise Failed("state", _("The demo in %(home)s was interrupted; delete that folder and start again.") % home)
    if mark is not None and mark.pack != pack:
        raise Failed(
            "state", _("The demo in %(home)s runs on another regulation; set KEDANG_HOME to another folder.") % home
        )
    return mark


def _path() -> Path:
    return Path(settings.KEDANG_HOME) / MARK
