"""`kedang duty`: who has to do what by when, and one turn of the clockwork by hand."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, table
from kedang.governance import clockwork
from kedang.governance.clocks import selectors
from kedang.governance.clocks.selectors import DutyShown
from kedang.governance.clocks.sending import shown_due
from kedang.kernel import clock


@click.group("duty")
def command() -> None:
    """What has to be done by when, and who is late."""


@command.command("list")
@click.option("--list", "which", type=click.Choice(selectors.LISTS), default="overdue", show_default=True)
@click.option("--whose", type=click.Choice(selectors.WHOSE), default="all", show_default=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@asking.as_user
@asking.as_json
def list_(which: str, whose: str, limit: int, user: str, json: bool) -> None:
    """Duties this person may see: overdue, due soon, running or ended."""
    by = asking.acting(user)
    found = selectors.shown(by, selectors.listed(by, which=which, whose=whose, limit=limit))
    result = {"duties": [_row(each) for each in found], "counts": selectors.counts(by, whose)}
    titles = [_("number"), _("what"), _("state"), _("who"), _("due"), _("about"), _("article")]
    rows = [
        [str(each.id), each.title, each.state, each.holder, _due(each), each.subject, each.article] for each in found
    ]
    answer(result, json=json, lines=table(titles, rows) if found else [_("Nothing on this list.")])


@command.command()
@asking.as_json
def tick(json: bool) -> None:
    """Lay out what comes round and send the notices whose time has come; safe at any time and as often as you like."""
    done = {"reckoned": 0, "laid_out": 0, "reassigned": 0, "sent": 0} | clockwork.turn()
    answer(done, json=json, lines=[_("%(laid_out)s duties laid out, %(sent)s notices sent.") % done])


def _row(each: DutyShown) -> dict[str, Any]:
    return {
        "id": each.id, "source": each.source, "name": each.name, "title": each.title, "article": each.article,
        "controls": list(each.controls), "state": each.state, "subject": each.subject, "period": each.period,
        "holder": each.holder, "started": _at(each.started_us), "due": _at(each.due_us),
        "stopped": _at(each.stopped_us), "needed": each.needed, "done": each.done, "problem": each.problem,
        "pack": each.pack,
    }  # fmt: skip


def _due(each: DutyShown) -> str:
    return shown_due(each.due_us) if each.due_us else each.problem


def _at(us: int) -> str | None:
    return clock.from_us(us).isoformat() if us else None
