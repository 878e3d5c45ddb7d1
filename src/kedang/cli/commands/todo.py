"""`kedang todo`: what waits for a person, and what they wait for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, table
from kedang.governance import todo
from kedang.governance.todo import Item
from kedang.kernel import clock


@click.command("todo")
@asking.as_user
@asking.as_json
def command(user: str, json: bool) -> None:
    """What waits for this person: what is late first, then what is due, then what is old."""
    by = asking.acting(user)
    items, waiting = todo.items_for(by), todo.asked_by(by)
    result = {
        "count": len(items), "items": [_row(each) for each in items], "waiting": [_row(each) for each in waiting]
    }  # fmt: skip
    answer(result, json=json, lines=[*_lines(_("Waiting for you"), items), *_lines(_("You are waiting for"), waiting)])


def _row(each: Item) -> dict[str, Any]:
    return {
        "kind": each.kind, "ref": each.ref, "title": each.title, "subject": each.subject, "name": each.name,
        "sender": each.sender, "since": _at(each.since_us), "due": _at(each.due_us), "overdue": each.overdue,
    }  # fmt: skip


def _lines(title: str, items: Sequence[Item]) -> list[str]:
    if not items:
        return [f"{title}: 0"]
    titles = [_("number"), _("what"), _("about"), _("from"), _("due")]
    rows = [[each.ref, each.title, each.subject, each.sender, _due(each)] for each in items]
    return [f"{title}: {len(items)}", *table(titles, rows)]


def _due(each: Item) -> str:
    if not each.due_us:
        return ""
    day = clock.from_us(each.due_us).astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%d %H:%M")
    return f"{day} !" if each.overdue else day


def _at(us: int) -> str | None:
    return clock.from_us(us).isoformat() if us else None
