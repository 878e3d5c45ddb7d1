"""Clearing the file store away, once a day: strays of a crash, and files that came into no dossier."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from kedang.files import storage
from kedang.governance import attaching

DAY_US = 24 * 3600 * 1_000_000
MARK = "cleared"
"""Beside the stored files: when they were last cleared away."""


def clear_if_due(at_us: int) -> int:
    """Clear away unless it was done within a day; return how many files went. Two at once do no harm."""
    if at_us - _last() < DAY_US:
        return 0
    _mark().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _mark().write_text(str(at_us))
    return attaching.clear_away(at_us - DAY_US) + storage.sweep(at_us - DAY_US)


def _last() -> int:
    try:
        return int(_mark().read_text())
    except (FileNotFoundError, ValueError):
        return 0


def _mark() -> Path:
    return Path(settings.KEDANG_HOME) / "files" / MARK
