"""`kedang measure`: what the regulation counts, scores, fines and rewards."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from kedang import ledger
from kedang.cli import asking
from kedang.cli.answering import answer, table
from kedang.governance.measures import selectors
from kedang.governance.measures.present import as_json
from kedang.governance.measures.spans import asked_for, span
from kedang.packs import in_force


@click.command("measure")
@click.argument("name", required=False, default="")
@click.option("--period", default="", metavar="PERIOD", help="2026Q3, 2026H1, 2026-07, 2026-W29, a day, 2026, always.")
@asking.as_user
@asking.as_json
def command(name: str, period: str, user: str, json: bool) -> None:
    """Scores, measures and proposed sanctions, or the one score or measure NAME, with the numbers behind each.

    Without a period each is reckoned over the one the regulation counts it by.
    """
    by, pack, wanted = asking.acting(user), in_force(), asked_for(period)
    tables = selectors.table_for(by, pack, name, wanted) if name else selectors.tables_for(by, pack, wanted)
    proposals = [] if name else selectors.sanctions_for(by, pack, wanted or span(""))
    ledger.look(by, "open", (), purpose=f"measures {period}".strip())
    result = as_json(pack, wanted, tables, proposals)
    answer(result, json=json, lines=_lines(result))


def _lines(result: dict[str, Any]) -> list[str]:
    titles = (_("Article"), _("What"), _("Period"), _("Subject"), _("Number"), _("Grade"))
    rows = [
        (each["article"], each["title"], each["period"], line["subject"], *_number(line))
        for each in result["tables"]
        for line in each["lines"]
    ]
    proposed = [
        (said["article"], said["title"], one["at"][:10], one["who"], one["no"], one["measure"])
        for said in result["sanctions"]
        for one in said["proposed"]
    ]
    return table(titles, rows + proposed) if rows or proposed else [_("Nothing is counted that you may see.")]


def _number(line: dict[str, Any]) -> tuple[str, str]:
    found = line["points"] if "points" in line else line["value"]
    return (_("no figure") if found is None else str(found)), line.get("grade", "")
