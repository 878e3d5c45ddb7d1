"""Readers: any table file as one raw grid of text cells."""

from __future__ import annotations

from kedang.intake.readers.grid import (
    Chunk,
    FileSource,
    Grid,
    Limits,
    Line,
    Mark,
    Note,
    Ragged,
    Sheet,
    Source,
    Unreadable,
)
from kedang.intake.readers.opening import open_grid

__all__ = [
    "Chunk", "FileSource", "Grid", "Limits", "Line", "Mark", "Note", "Ragged", "Sheet", "Source", "Unreadable",
    "open_grid",
]  # fmt: skip
