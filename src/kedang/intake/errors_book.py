"""The errors workbook: every row that did not go in as it stood, with 行号 字段 规则 说明 beside it.

It can be corrected and imported again: the four columns and what lies right of them are ignored.
Every cell is text, so nothing in it runs as a formula and no number loses a digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

import orjson
import xlsxwriter
from django.utils.translation import gettext
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kedang.customers.dictionary import known
from kedang.intake import batches, problems, selectors
from kedang.intake.headers import OWN_TITLES, headers, own_columns
from kedang.intake.models import Batch
from kedang.intake.problems import Opened
from kedang.kernel.actor import Actor

SHEET_ROWS = 1_000_000
_LONGEST = 32_767
_PLAIN = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_SHEETS = (("rejected", "错误"), ("duplicate", "重复"))


def write(by: Actor, ref: str, out: BinaryIO) -> int:
    """Write the workbook of a batch for the one who brought it; returns how many rows it holds."""
    batch = selectors.own_batch(by, ref)
    book = xlsxwriter.Workbook(out, {"constant_memory": True, **_PLAIN})
    text = book.add_format({"num_format": "@"})
    try:
        return sum(_write_kind(book, text, batch, kind, name) for kind, name in _SHEETS)
    finally:
        book.close()


def _write_kind(book: xlsxwriter.Workbook, text: Format, batch: Batch, kind: str, name: str) -> int:
    titles = _titles(batch)
    found = problems.opened(batch, batches.shown_run(batch), (kind,))
    rows = found if kind == "rejected" else _some(found)
    if rows is None:
        return 0
    sheet, count = _new_sheet(book, text, name, titles), 0
    for count, row in enumerate(rows, start=1):
        if count > 1 and count % SHEET_ROWS == 1:
            sheet = _new_sheet(book, text, f"{name}{count // SHEET_ROWS + 1}", titles)
        _write_row(sheet, (count - 1) % SHEET_ROWS + 1, _cells(row, len(titles)))
    return count


def _some(rows: Iterator[Opened]) -> Iterator[Opened] | None:
    """The rows, or None when there are none: an empty sheet of duplicates only confuses."""
    first = next(rows, None)
    return None if first is None else chain([first], rows)


def _new_sheet(book: xlsxwriter.Workbook, text: Format, name: str, titles: Sequence[str]) -> Worksheet:
    sheet: Worksheet = book.add_worksheet(name)
    sheet.set_column(0, len(titles) + 3, 18, text)
    sheet.freeze_panes(1, 0)
    _write_row(sheet, 0, [*titles, *OWN_TITLES])
    return sheet


def _write_row(sheet: Worksheet, at: int, cells: Iterable[str]) -> None:
    for column, cell in enumerate(cells):
        if cell:
            sheet.write_string(at, column, cell[:_LONGEST])


def _titles(batch: Batch) -> list[str]:
    """The titles of the file as they stood; a workbook that was corrected before brings ours along, once is enough."""
    cells: list[str] = orjson.loads(batch.titles)
    own = own_columns(headers(cells))
    return [cell for index, cell in enumerate(cells) if index not in own]


def _cells(row: Opened, width: int) -> list[str]:
    """The original cells, our four columns, and at their right the cells that were too many."""
    cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
    fields = "\n".join(dict.fromkeys(_title(f.field) for f in row.findings if f.field))
    rules = "\n".join(dict.fromkeys(f.rule for f in row.findings))
    said = "\n".join(f"{f.what(gettext)} {f.remedy(gettext)}".strip() for f in row.findings)
    return [*cells, str(row.row), fields, rules, said, *row.cells[width:]]


def _title(key: str) -> str:
    field = known(key)
    return gettext(field.title) if field else key
