"""The company's registers and rows, and the deeds its regulation defines itself."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from kedang.api import cursors
from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only
from kedang.api.schemas import Cursor, Reason, Strict
from kedang.governance.registers import browsing, present, selectors
from kedang.governance.registers.matters import Matter
from kedang.governance.registers.present import ShownItem, ShownLine, ShownRow
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force

router = Router(tags=["registers"])
matters = Router(tags=["matters"])


class RowFilter(Strict):
    """What narrows a register: a state (or open, closed) and the period in which rows were opened."""

    state: Annotated[str, Field(max_length=64)] = ""
    period: Annotated[str, Field(max_length=10, description="2026, 2026Q1, 2026-03 or 2026-03-02")] = ""
    limit: Annotated[int, Field(ge=1, le=browsing.MOST)] = 50
    cursor: Cursor = None


class Register(Schema):
    """A register this person may read."""

    name: str
    title: str
    article: str
    open: int
    closed: int


class Registers(Schema):
    """All of them, in the order of the regulation."""

    items: list[Register]


class Item(Schema):
    """One answer; `masked` where it is a person's particular, `erased` where that is gone for good."""

    name: str
    title: str
    text: str
    masked: bool
    erased: bool


class Line(Schema):
    """One deed on a row."""

    no: int
    operation: str
    title: str
    by: str
    at: str
    from_state: str
    to_state: str
    request: int
    items: list[Item]


class Row(Schema):
    """A row of the register `book`. `hidden`: about a dossier this person may not see; number and state are all."""

    ref: str
    book: str
    number: str
    state: str
    state_title: str
    open: bool
    hidden: bool
    subject: str
    unit: str
    holder: str
    opened_by: str
    opened: str
    closed: str | None
    items: list[Item]
    lines: list[Line]


class RowPage(Schema):
    """One page, newest first; `cursor` asks for the next one."""

    items: list[Row]
    cursor: str | None


class DoMatter(Strict):
    """A deed the regulation defines: what it is about, the answers of its form by item, and what goes with it."""

    subject: Annotated[str, Field(max_length=128)] = "-"
    form: Annotated[dict[Annotated[str, Field(max_length=64)], Any], Field(max_length=200)] = {}
    reason: Reason = ""
    evidence: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)] = []
    confirmed: bool = False


@router.get("", response=Registers, url_name="registers")
def list_registers(request: HttpRequest) -> Registers:
    """Registers this person may read, with how many rows are open and closed."""
    books = browsing.books(in_force(), actor_of(request))
    return Registers(
        items=[Register(**{name: getattr(each, name) for name in Register.model_fields}) for each in books]
    )


@router.get("/{name}", response=RowPage, url_name="register")
def list_rows(request: HttpRequest, name: str, asked: Query[RowFilter]) -> RowPage:
    """Rows of a register, newest first."""
    known_only(request.GET, RowFilter)
    pack, by = in_force(), actor_of(request)
    after = cursors.number_of(asked.cursor) or 0
    page = browsing.browse(pack, by, name, state=asked.state, period=asked.period, limit=asked.limit, after=after)
    shown = [_row(each) for each in present.rows(pack, by, page.rows)]
    return RowPage(items=shown, cursor=cursors.word_of(page.next) if page.next else None)


@router.get("/{name}/{path:number}", response=Row, url_name="register_row")
def get_row(request: HttpRequest, name: str, number: str) -> Row:
    """One row with every deed on it."""
    pack, by = in_force(), actor_of(request)
    return _row(present.row(pack, by, selectors.row_by_number(pack, by, name, number)))


@matters.post("/{operation}", response={200: Answer, 202: Answer}, url_name="matter")
def do_matter(request: HttpRequest, operation: str, asked: DoMatter, idempotency_key: Key = "") -> Status[Answer]:
    """Do, or apply for, a deed that the regulation in force defines itself; 202 while signatures are missing."""
    if operation not in in_force().matters():
        raise NotVisible(f"operation:{operation}")
    call = do(
        request, operation, asked.subject, Matter(), reason=asked.reason, key=idempotency_key,
        evidence=tuple(asked.evidence), form=asked.form, confirmed=asked.confirmed,
    )  # fmt: skip
    return answer(call)


def _row(shown: ShownRow) -> Row:
    return Row(
        ref=shown.ref, book=shown.register, number=shown.number, state=shown.state, state_title=shown.state_title,
        open=shown.open, hidden=shown.hidden, subject=shown.subject, unit=shown.unit, holder=shown.holder,
        opened_by=shown.opened_by, opened=clock.from_us(shown.opened_us).isoformat(),
        closed=clock.from_us(shown.closed_us).isoformat() if shown.closed_us else None,
        items=[_item(each) for each in shown.items.values()], lines=[_line(each) for each in shown.lines],
    )  # fmt: skip


def _item(item: ShownItem) -> Item:
    return Item(name=item.name, title=item.title, text=item.text, masked=item.masked, erased=item.erased)


def _line(line: ShownLine) -> Line:
    return Line(
        no=line.no, operation=line.op, title=line.title, by=line.by, at=clock.from_us(line.at_us).isoformat(),
        from_state=line.from_state, to_state=line.to_state, request=line.call,
        items=[_item(each) for each in line.items],
    )  # fmt: skip
