"""Where the table begins in a file: the header row under its titles, and the columns it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kedang.intake.headers import Header, header, headers, layout_digest
from kedang.intake.readers.grid import Line, Note
from kedang.intake.synonyms import recognised
from kedang.kernel.i18n import N_

_LOOK_AT = 60
_LIKE_DATA = re.compile(r"^[\d\s.,:/\\+%¥$€-]*\d[\d\s.,:/\\+%¥$€年月日-]*$|^[0-9A-Z]{15,20}$|@|^https?:", re.IGNORECASE)
_LONGEST_TITLE = 40
_ABOVE = N_("%(count)s rows above the header row %(row)s are not read.")
_NONE = N_("No header row was found: the columns are named by their letters.")


@dataclass(frozen=True, slots=True)
class Layout:
    """The header row (0 when there is none) and the columns; `certain` when the titles were recognised."""

    header_row: int
    titles: tuple[Header, ...]
    certain: bool
    notes: tuple[Note, ...] = field(default=())
    cells: tuple[str, ...] = ()
    """The titles as they stand in the file."""

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return len(self.titles)

    @property
    def digest(self) -> str:
        """What a mapping of this layout is remembered by."""
        return layout_digest(self.titles)


def find(lines: Sequence[Line], *, trim: bool) -> Layout:
    """The layout of a table from its first lines.

    `trim` drops columns at the right that hold nothing (a text file ends many lines with commas; a
    sheet has a width of its own).
    """
    candidates = [line for line in lines[:_LOOK_AT] if not line.band and any(line.cells)]
    scored = [(_score(line, lines), -index, line) for index, line in enumerate(candidates)]
    best, _, line = max(scored, key=lambda entry: entry[:2], default=(0.0, 0, None))
    if line is None or best < 1.0:
        return _headless(lines)
    return _layout(line, lines, trim=trim)


def titled(lines: Sequence[Line], header_row: int, *, trim: bool) -> Layout:
    """The layout with the header in a row a person chose; 0 for a table without one."""
    line = next((line for line in lines if line.row == header_row), None)
    return _headless(lines) if line is None else _layout(line, lines, trim=trim)


def _layout(line: Line, lines: Sequence[Line], *, trim: bool) -> Layout:
    cells = list(line.cells)
    below = [other for other in lines if other.row > line.row]
    row = line.row
    if below and _second_level(line, below[0]):
        cells = _merged(cells, below[0].cells)
        row = below[0].row
    width = _filled_width(cells, below) if trim else len(cells)
    cells = (cells + [""] * width)[:width]
    titles = headers(cells)
    above = sum(1 for other in lines if other.row < line.row)
    notes = (Note("rows_above", _ABOVE, {"count": above, "row": row}),) if above else ()
    return Layout(row, titles, any(recognised(title) for title in titles), notes, tuple(cells))


def _score(line: Line, lines: Sequence[Line]) -> float:
    """How much a line looks like a header: known titles first, then words above values; 1 is enough."""
    filled = [cell for cell in line.cells if cell.strip()]
    wide = _usual_width(line, lines)
    if len(filled) * 2 < max(1, wide):
        return 0.0
    known = sum(recognised(header(cell)) for cell in filled) / len(filled)
    words = sum(_is_title(cell) for cell in filled) / len(filled)
    distinct = len(set(filled)) / len(filled)
    unlike = _unlike_below(line, lines)
    return (4 * known + (words * distinct if words > 0.9 else 0) * unlike * 2) * min(1.0, len(filled) / wide)


def _usual_width(line: Line, lines: Sequence[Line]) -> int:
    counts = sorted(sum(1 for cell in other.cells if cell.strip()) for other in lines if other.row > line.row)
    return max(1, counts[len(counts) // 2]) if counts else 1


def _unlike_below(line: Line, lines: Sequence[Line]) -> float:
    """1 where some column holds values under a word, 0 where the line is like the ones below it."""
    below = [other for other in lines if other.row > line.row and not other.band][:20]
    for index, cell in enumerate(line.cells):
        values = [other.cells[index] for other in below if index < len(other.cells) and other.cells[index].strip()]
        data = sum(not _is_title(value) for value in values)
        if _is_title(cell) and values and data * 2 > len(values):
            return 1.0
    return 0.0


def _is_title(cell: str) -> bool:
    text = cell.strip()
    return 0 < len(text) <= _LONGEST_TITLE and not _LIKE_DATA.search(text)


def _second_level(line: Line, below: Line) -> bool:
    """Whether the next line is the lower half of a header of two rows, as 联系人 above 姓名 and 电话."""
    lower = [cell for cell in below.cells if cell.strip()]
    new = [cell for index, cell in enumerate(below.cells) if cell.strip() and cell != _at(line.cells, index)]
    if below.band or not new or not all(map(_is_title, lower)):
        return False
    known = sum(recognised(header(cell)) for cell in new)
    gaps = any(not cell.strip() for cell in line.cells)
    return gaps and known * 2 >= len(new)


def _merged(upper: list[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    return [_at(lower, index).strip() or _at(upper, index) for index in range(width)]


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _filled_width(cells: Sequence[str], below: Sequence[Line]) -> int:
    """The header's own width without empty titles at its right end that have nothing under them."""
    width = len(cells)
    while width > 1 and not cells[width - 1].strip() and not any(_at(o.cells, width - 1).strip() for o in below):
        width -= 1
    return width


def _headless(lines: Sequence[Line]) -> Layout:
    width = max((len(line.cells) for line in lines), default=1)
    counts = [len(line.cells) for line in lines]
    usual = max(set(counts), key=counts.count) if counts else width
    titles = headers([""] * usual)
    return Layout(0, titles, False, (Note("no_header", _NONE),), ("",) * usual)
