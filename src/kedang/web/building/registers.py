"""Registers and their rows as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from kedang.governance.registers import browsing
from kedang.governance.registers.browsing import Book
from kedang.governance.registers.present import ShownItem, ShownLine, ShownRow
from kedang.governance.registry import title_of
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.web.environment import query
from kedang.web.pages.parts import Filter, Option, Pager
from kedang.web.pages.registers import BookRow, Cell, LineShown, RowShown


def book(one: Book) -> BookRow:
    """A register in the list of them."""
    return BookRow(one.title, one.article, book_address(one.name), one.open, one.closed, one.case_book)


def row(shown: ShownRow, columns: Sequence[tuple[str, str]]) -> RowShown:
    """A row with the answers of these columns."""
    return RowShown(
        number=shown.number, address=row_address(shown.register, shown.number), state=shown.state_title,
        open=shown.open, hidden=shown.hidden, subject=shown.subject_title if shown.subject != "-" else "",
        subject_address=subject_address(shown.subject), who=shown.opened_by_name, holder=shown.holder_name,
        at_us=shown.opened_us, cells=[_column(shown, name, title) for name, title in columns],
    )  # fmt: skip


def line(shown: ShownRow, one: ShownLine) -> LineShown:
    """One deed on a row."""
    return LineShown(
        gettext(title_of(in_force(), one.op)),
        one.by_name,
        one.at_us,
        one.from_state,
        one.to_state,
        [cell(shown, item) for item in one.items],
    )


def cell(shown: ShownRow, item: ShownItem) -> Cell:
    """One answer in the reader's language; a file can be opened."""
    text = gettext(item.text) if item.type == "yes_no" or item.erased else item.text
    names = {"register": shown.register, "number": shown.number, "token": item.token}
    return Cell(item.title, text, item.masked, reverse("register_file", kwargs=names) if item.token else "")


def book_address(register: str) -> str:
    """The page of a register."""
    return reverse("register", kwargs={"register": register})


def row_address(register: str, number: str) -> str:
    """The page of a row."""
    return reverse("register_row", kwargs={"register": register, "number": number})


def subject_address(subject: str) -> str:
    """The page of what a row is about, where there is one."""
    kind, _, code = subject.partition(":")
    if kind == "dossier":
        return reverse("customer", kwargs={"code": code})
    register, _, number = code.partition("/")
    return row_address(register, number) if kind == "row" and number else ""


def filters(pack: Pack, register: str, state: str, period: str, today: date) -> list[Filter]:
    """The selects above a register."""
    states = [(browsing.OPEN, gettext("Open")), (browsing.CLOSED, gettext("Closed"))]
    states += [(key, said.title) for key, said in pack.registers[register].states.items()]
    found = [Filter("period", gettext("Period"), _options(_periods(today), period))]
    return [Filter("state", gettext("State"), _options(states, state)), *found] if len(states) > 2 else found


def _periods(today: date) -> list[tuple[str, str]]:
    quarters = [f"{today.year}Q{number}" for number in range((today.month + 2) // 3, 0, -1)]
    months = [f"{today.year}-{month:02d}" for month in range(today.month, 0, -1)]
    return [(each, each) for each in (today.isoformat(), *months, *quarters, str(today.year), str(today.year - 1))]


def _options(pairs: Sequence[tuple[str, str]], chosen: str) -> list[Option]:
    options = [Option(value, title, value == chosen) for value, title in pairs]
    return options if not chosen or any(o.chosen for o in options) else [Option(chosen, chosen, True), *options]


def pager(request: HttpRequest, following: int) -> Pager:
    """Onward by the last row; back to the first page."""
    return Pager(
        before=query(request) if request.GET.get("after") else "",
        after=query(request, after=following) if following else "",
    )


def _column(shown: ShownRow, name: str, title: str) -> Cell:
    item = shown.items.get(name)
    return cell(shown, item) if item else Cell(title, "")
