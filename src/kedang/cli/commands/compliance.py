"""`kedang compliance`: how every article of the regulation is kept in a period, and on which evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, note, table
from kedang.governance.compliance import printing, reports
from kedang.governance.compliance.ops import ReadCompliance
from kedang.governance.compliance.status import TITLES
from kedang.governance.documents.formats import FORMATS
from kedang.governance.gate import perform
from kedang.kernel.actor import Actor


@click.command("compliance")
@click.option("--period", default="", metavar="PERIOD", help="2026Q3, 2026H1, 2026-07 or 2026; default: this quarter.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the report too: .pdf or .docx.")
@asking.as_user
@asking.as_json
def command(period: str, out: Path | None, user: str, json: bool) -> None:
    """Every article with its controls, their status and the evidence. Leaves an entry and takes a report number."""
    if out is not None and out.suffix[1:] not in FORMATS:
        raise click.BadParameter(_("The report is written as .pdf or .docx."))
    by = asking.acting(user)
    call = perform("compliance.read", by=by, subject="-", payload=ReadCompliance(period=period))
    if call.state != "done":
        waiting = {"request": call.pk, "state": call.state}
        return answer(waiting, json=json, lines=[_("The report waits for a signature: request %(request)s.") % waiting])
    number = str(call.outcome["number"])
    content = reports.inspection(by, number)[1]
    if out is not None:
        _write(out, number, by, content)
    return answer({"number": number, **content}, json=json, lines=_lines(number, content))


def _write(out: Path, number: str, by: Actor, content: dict[str, Any]) -> None:
    out.write_bytes(FORMATS[out.suffix[1:]].write(printing.paper(number, by.id, content)))
    note(_("Report %(number)s is in %(file)s.") % {"number": number, "file": out})


def _lines(number: str, content: dict[str, Any]) -> list[str]:
    rows = [
        (
            article["id"],
            article["title"],
            control["id"],
            _(TITLES[control["status"]]),
            _(control["why"]) if control["why"] else "",
        )
        for article in content["articles"]
        for control in article["controls"]
    ]
    head = _("%(pack)s, %(period)s, report %(number)s") % {**content, "number": number}
    return [head, *table((_("Article"), _("Title"), _("Control"), _("Status"), _("Why")), rows)]
