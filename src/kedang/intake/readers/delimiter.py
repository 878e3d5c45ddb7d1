"""Which character separates the cells of a text file: the one that gives the steadiest table."""

from __future__ import annotations

from collections import Counter

from kedang.intake.readers.grid import Limits
from kedang.intake.readers.records import parse

ONE_COLUMN = "\x1f"
CANDIDATES = (",", "\t", ";", "|")


def detect(head: str, limits: Limits) -> str:
    """The delimiter of a file from its first text; for a file of one column a character it never holds."""
    scored = [(_steadiness(head, delimiter, limits), delimiter) for delimiter in CANDIDATES]
    best, delimiter = max(scored, key=lambda pair: pair[0])
    return delimiter if best > 0 else ONE_COLUMN


def _steadiness(head: str, delimiter: str, limits: Limits) -> float:
    """Share of the rows that have the commonest number of cells; nothing for a single column."""
    records, _ = parse(head, delimiter, width=None, final=True, limits=limits)
    filled = [len(record.cells) for record in records if record.cells]
    if not filled:
        return 0.0
    width, count = Counter(filled).most_common(1)[0]
    if width == 1:
        wider = [cells for cells in filled if cells > 1]
        return 0.1 * len(wider) / len(filled) if len(wider) * 3 > len(filled) else 0.0
    return count / len(filled) + min(width, 50) / 1000
