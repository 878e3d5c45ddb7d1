"""The careful lane: comma separated text cut into records the way a spreadsheet does, one at a time.

A quoted cell may run over several lines. A quote that is never closed would swallow the rest of
the file, so a record of several lines counts only if it closes soon and no line inside it is itself
a row of the table; otherwise its first line alone is handed over as broken and reading goes on with
the next line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from kedang.intake.readers.grid import Limits

csv.field_size_limit(64 * 1024 * 1024)  # our own limits are tighter, and tell the row


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells (none for a blank line) and the rule it breaks, if any."""

    cells: Sequence[str]
    rule: str = ""


def parse(text: str, delimiter: str, *, width: int | None, final: bool, limits: Limits) -> tuple[list[Record], str]:
    """The records of `text`, which starts at a record, and the tail that needs more text to be complete.

    `width` is the number of columns under the header; None while it is not yet known.
    """
    lines = io.StringIO(text, newline="").readlines()
    tail = ""
    if lines and not final and not lines[-1].endswith("\n"):
        tail = lines.pop()
    records: list[Record] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if '"' not in line:
            records.append(_plain(line, delimiter, limits))
            at += 1
            continue
        record, used = _quoted(lines, at, delimiter, width, limits)
        if not used:  # the quote is still open where the text ends
            if not final and len(lines) - at <= limits.record_lines:
                return records, "".join(lines[at:]) + tail
            record, used = _broken(line, delimiter), 1
        records.append(record)
        at += used
    return records, tail


def _plain(line: str, delimiter: str, limits: Limits) -> Record:
    bare = line.rstrip("\r\n")
    if not bare:
        return Record(())
    return _measured(bare.split(delimiter), limits)


def _measured(cells: list[str], limits: Limits) -> Record:
    """Refuse a record that holds a cell longer than any spreadsheet could."""
    if max(map(len, cells)) > limits.cell:
        return Record([cell[:200] for cell in cells], "row.cell_too_long")
    return Record(cells)


def _quoted(lines: list[str], at: int, delimiter: str, width: int | None, limits: Limits) -> tuple[Record, int]:
    """The record that starts at a line with a quote, and how many lines it took; 0 lines: it is still open."""
    reader = csv.reader(lines[at : at + limits.record_lines], delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error as wrong:
        return _after_error(lines, at, delimiter, limits, open_quote="unexpected end" in str(wrong))
    used = reader.line_num
    if used > 1 and _swallowed(lines[at : at + used], cells, delimiter, width):
        return _broken(lines[at], delimiter), 1
    return _measured(cells, limits), used


def _after_error(lines: list[str], at: int, delimiter: str, limits: Limits, *, open_quote: bool) -> tuple[Record, int]:
    line = lines[at]
    if open_quote and at + limits.record_lines >= len(lines):
        return Record(()), 0
    if open_quote or line.count('"') % 2:
        return _broken(line, delimiter), 1
    # Text after a closing quote, as in "老王"商店: a spreadsheet drops the quotes and keeps the text.
    return _measured(next(csv.reader([line], delimiter=delimiter)), limits), 1


def _broken(line: str, delimiter: str) -> Record:
    """A line whose quote is never closed, cut at its delimiters so that a person can mend it."""
    return Record([cell[:32_767] for cell in line.rstrip("\r\n").split(delimiter)], "row.quote_open")


def _swallowed(lines: list[str], cells: list[str], delimiter: str, width: int | None) -> bool:
    """Whether a record of several lines is an open quote that met a later one: rows of the table lie inside it."""
    if width is None:
        return len(lines) > 20
    rows, least = (lines[1:-1], 3) if len(cells) == width else (lines[1:], 2)
    return width >= least and any(line.count(delimiter) == width - 1 and '"' not in line for line in rows)
