"""`kedang register`: the company's registers, their rows, and the deeds that wrote them."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, table
from kedang.governance.registers import browsing, present, selectors
from kedang.governance.registers.present import ShownLine, ShownRow
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force


@click.group("register")
def command() -> None:
    """Registers: list them, show one, open a row."""


@command.command("list")
@asking.as_user
@asking.as_json
def listing(user: str, json: bool) -> None:
    """All registers this person may read, with how many rows are open and closed."""
    books = browsing.books(in_force(), asking.acting(user))
    result = {"registers": [{"name": b.name, "title": b.title, "article": b.article, "open": b.open, "closed": b.closed} for b in books]}  # fmt: skip  # noqa: E501
    rows = [(b.name, b.title, b.article, b.open, b.closed) for b in books]
    titles = [_("register"), _("title"), _("article"), _("open"), _("closed")]
    answer(result, json=json, lines=table(titles, rows))


@command.command("show")
@click.argument("name")
@click.option("--state", default="", help="Only rows in this state, or open or closed ones.")
@click.option("--period", default="", help="Only rows opened in it: 2026, 2026Q1, 2026-03 or 2026-03-02.")
@click.option("--limit", default=50, type=click.IntRange(1, browsing.MOST))
@click.option("--after", default=0, help="Rows before this id.")
@asking.as_user
@asking.as_json
def show(name: str, state: str, period: str, limit: int, after: int, user: str, json: bool) -> None:
    """The rows of one register, newest first."""
    pack, by = in_force(), asking.acting(user)
    page = browsing.browse(pack, by, name, state=state, period=period, limit=limit, after=after)
    shown = present.rows(pack, by, page.rows)
    result = {"register": name, "rows": [row_as_json(each) for each in shown], "next": page.next}
    rows = [(each.number, each.state_title, each.subject_title, each.holder_name) for each in shown]
    answer(result, json=json, lines=table([_("number"), _("state"), _("subject"), _("holder")], rows))


@command.command("row")
@click.argument("number")
@click.option("--register", default="", help="The register, where two have the same number.")
@asking.as_user
@asking.as_json
def row(number: str, register: str, user: str, json: bool) -> None:
    """One row with every deed on it; NUMBER may be `register/number`."""
    pack, by = in_force(), asking.acting(user)
    named, slash, rest = number.removeprefix("row:").partition("/")
    if not register and slash and named in pack.registers:
        register, number = named, rest
    names = [register] if register else list(selectors.registers_for(pack, by))
    found = [each for name in names for each in selectors.rows_for(pack, by, name).filter(number=number)]
    if len(found) != 1:
        raise NotVisible(f"row:{number}")
    shown = present.row(pack, by, found[0])
    lines = [f"{line.no}  {line.title}  {line.by_name}  {line.to_state}" for line in shown.lines]
    items = [f"{item.title}: {item.text}" for item in shown.items.values()]
    answer(row_as_json(shown), json=json, lines=[f"{shown.number}  {shown.state_title}", *items, *lines])


def row_as_json(shown: ShownRow) -> dict[str, Any]:
    """A row as programs read it."""
    return {
        "register": shown.register, "number": shown.number, "ref": shown.ref, "state": shown.state, "open": shown.open,
        "hidden": shown.hidden, "subject": shown.subject, "holder": shown.holder, "opened_by": shown.opened_by,
        "opened": clock.from_us(shown.opened_us).isoformat(),
        "closed": clock.from_us(shown.closed_us).isoformat() if shown.closed_us else None,
        "items": {name: item.text for name, item in shown.items.items()},
        "masked": sorted(name for name, item in shown.items.items() if item.masked),
        "lines": [_line(line) for line in shown.lines],
    }  # fmt: skip


def _line(line: ShownLine) -> dict[str, Any]:
    return {
        "no": line.no, "operation": line.op, "by": line.by, "at": clock.from_us(line.at_us).isoformat(),
        "from": line.from_state, "to": line.to_state, "request": line.call,
        "items": {item.name: item.text for item in line.items},
    }  # fmt: skip
