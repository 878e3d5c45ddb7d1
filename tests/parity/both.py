"""The same play on SQLite and on PostgreSQL, one after the other, for comparing what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests import databases

T = TypeVar("T")
VENDORS = ("sqlite", "postgresql")


def on_both(template_of: Callable[[str], databases.Template], tmp_path: Path, play: Callable[[], T]) -> tuple[T, T]:
    """What the play gave on SQLite and on PostgreSQL, each on a fresh site."""
    answers = []
    for vendor in VENDORS:
        with databases.copy_of(template_of(vendor), tmp_path / vendor):
            answers.append(play())
    return answers[0], answers[1]
