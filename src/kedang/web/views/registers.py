"""The company's registers: the list of them, one register, one on paper, one row."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kedang.governance.registers import browsing, offers, present, selectors, uploads
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.web.asking import Asking, is_partial
from kedang.web.building import matters as applying
from kedang.web.building import registers as shown
from kedang.web.pages.registers import BookPage, BooksPage, PrintedBook, RowPage
from kedang.web.routes import touches_customer

PAGE = 50
ON_PAPER = 500
COLUMNS_ON_SCREEN = 5


@touches_customer(reads="")
@require_safe
def registers(request: Asking) -> HttpResponse:
    """All registers this person may read."""
    pack = in_force()
    page = BooksPage(
        [shown.book(each) for each in browsing.books(pack, request.actor)],
        may_apply=bool(offers.offered(pack, request.actor)),
    )
    return render(request, "registers/list.html", {"page": page})


@touches_customer(reads="")
@require_safe
def register(request: Asking, register: str) -> HttpResponse:
    """Rows of one register, newest first."""
    pack, by = in_force(), request.actor
    state, period = request.GET.get("state", ""), request.GET.get("period", "")
    leaf = browsing.browse(pack, by, register, state=state, period=period, limit=PAGE, after=_after(request))
    columns = present.columns(pack, register)[:COLUMNS_ON_SCREEN]
    said = pack.registers[register]
    page = BookPage(
        title=said.title, article=said.article or "", columns=[title for _, title in columns],
        rows=[shown.row(each, columns) for each in present.rows(pack, by, leaf.rows)],
        filters=shown.filters(pack, register, state, period, clock.company_day(clock.now_us())),
        pager=shown.pager(request, leaf.next), address=request.path,
        print_address=f"{request.path}print?{request.GET.urlencode()}", cases=bool(said.states),
        apply=_apply(pack, by, register),
    )  # fmt: skip
    return render(request, "registers/_rows.html" if is_partial(request) else "registers/book.html", {"page": page})


@touches_customer(reads="")
@require_safe
def printed(request: Asking, register: str) -> HttpResponse:
    """A register in the company's own form, in the order of its numbers."""
    pack, by = in_force(), request.actor
    state, period = request.GET.get("state", ""), request.GET.get("period", "")
    leaf = browsing.browse(pack, by, register, state=state, period=period, limit=ON_PAPER, after=_after(request))
    said, columns = pack.registers[register], present.columns(pack, register)
    form = pack.forms[said.form] if said.form else None
    page = PrintedBook(
        title=said.title, number=(form.number if form else "") or "", edition=(form.edition if form else "") or "",
        article=said.article or "", unit=request.user.unit.name, period=period,
        columns=[title for _, title in columns],
        rows=[shown.row(each, columns) for each in reversed(present.rows(pack, by, leaf.rows))],
        signers=form.signers if form else (), cases=bool(said.states), who=request.user.name, at_us=clock.now_us(),
        more=bool(leaf.next),
    )  # fmt: skip
    return render(request, "registers/print.html", {"page": page})


@touches_customer(reads="")
@require_safe
def row(request: Asking, register: str, number: str) -> HttpResponse:
    """One row: what stands in it, every deed on it, and what can be done next."""
    pack, by = in_force(), request.actor
    found = selectors.row_by_number(pack, by, register, number)
    one = present.row(pack, by, found)
    said = pack.registers[register]
    moves = [] if one.hidden else offers.moves_of(pack, by, found)
    head = shown.row(one, [(item.name, item.title) for item in one.items.values()])
    page = RowPage(
        row=head, book=said.title, book_address=shown.book_address(register), article=said.article or "",
        unit=one.unit, closed_us=one.closed_us, lines=[shown.line(one, line) for line in one.lines],
        deeds=[applying.row(pack, each, one.ref) for each in moves],
    )  # fmt: skip
    return render(request, "registers/row.html", {"page": page})


@touches_customer(reads="")
@require_safe
def file(request: Asking, register: str, number: str, token: str) -> FileResponse:
    """A file that stands in a row."""
    pack, by = in_force(), request.actor
    name, stream = uploads.opened(pack, by, selectors.row_by_number(pack, by, register, number), token)
    return FileResponse(stream, as_attachment=True, filename=name)


def _apply(pack: Pack, by: Actor, register: str) -> list[tuple[str, str]]:
    """Deeds with which this person may open a row here."""
    named = [each for each in offers.offered(pack, by) if pack.operations[each.name].opens == register]
    return [(each.title, applying.row(pack, each).address) for each in named]


def _after(request: Asking) -> int:
    text = request.GET.get("after", "")
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotVisible("page")
    return int(text)
