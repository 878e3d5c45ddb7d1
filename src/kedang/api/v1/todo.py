"""What waits for whoever asks, what they wait for, and notices to them."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from kedang.api import cursors, schemas
from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only
from kedang.governance import todo as lists
from kedang.kernel import clock
from kedang.messages import present, selectors
from kedang.messages.payloads import ConfirmNotice

router = Router(tags=["todo"])


class TodoItem(Schema):
    """One thing on the list. `ref` names it: call:…, duty:…, notice:…, batch:…, dossier:…"""

    kind: Annotated[str, Field(description="sign, duty, confirm, import, check; asked in `waiting`")]
    ref: str
    title: str
    subject: str
    name: str
    sender: str
    since: str
    due: str | None
    overdue: bool
    link: str


class Todo(Schema):
    """What waits for this person, and what they asked for and wait for."""

    count: int
    items: list[TodoItem]
    waiting: list[TodoItem]


class Notice(Schema):
    """A notice to this person. Reading it here does not mark it as read."""

    id: int
    text: str
    link: str
    article: str
    at: str
    read: str | None
    receipt: bool
    confirmed: str | None


class NoticePage(Schema):
    """One page, newest first."""

    items: list[Notice]
    unread: int
    cursor: str | None


@router.get("/todo", response=Todo, url_name="todo")
def todo(request: HttpRequest) -> Todo:
    """The list: what is late first, then what is due, then what is old."""
    by = actor_of(request)
    items = lists.items_for(by)
    waiting = [_item(each) for each in lists.asked_by(by)]
    return Todo(count=len(items), items=[_item(each) for each in items], waiting=waiting)


@router.get("/notices", response=NoticePage, url_name="notices")
def notices(request: HttpRequest, asked: Query[schemas.Page]) -> NoticePage:
    """Notices, newest first."""
    known_only(request.GET, schemas.Page)
    by = actor_of(request)
    after = cursors.number_of(asked.cursor)
    found = selectors.notices_for(by)
    rows = list((found.filter(pk__lt=after) if after is not None else found)[: asked.limit])
    shown = [
        Notice(
            id=each.id, text=each.text, link=each.link, article=each.article, at=_at(each.at_us) or "",
            read=_at(each.read_us), receipt=each.receipt, confirmed=_at(each.confirmed_us),
        )
        for each in present.listed(by, rows, seen=False)
    ]  # fmt: skip
    full = len(rows) == asked.limit
    return NoticePage(items=shown, unread=selectors.unread(by), cursor=cursors.word_of(rows[-1].pk) if full else None)


@router.post("/notices/{notice}/confirm", response={200: Answer, 202: Answer}, url_name="notice_confirm")
def confirm(request: HttpRequest, notice: int, key: Key) -> Status[Answer]:
    """Say that one has read a notice that asks for it."""
    return answer(do(request, "notice.confirm", f"notice:{notice}", ConfirmNotice(), key=key))


def _item(each: lists.Item) -> TodoItem:
    return TodoItem(
        kind=each.kind, ref=each.ref, title=each.title, subject=each.subject, name=each.name, sender=each.sender,
        since=_at(each.since_us) or "", due=_at(each.due_us), overdue=each.overdue, link=each.link,
    )  # fmt: skip


def _at(us: int) -> str | None:
    return clock.from_us(us).isoformat() if us else None
