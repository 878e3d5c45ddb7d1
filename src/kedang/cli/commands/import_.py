"""`kedang import`: take customers in from a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, importing
from kedang.cli.answering import answer
from kedang.customers.origin_payloads import OriginIn
from kedang.intake.models import ON_DUPLICATE

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
COUNTS = ("rows", "created", "updated", "rejected", "duplicates", "unchanged", "warnings")


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--mapping", type=FILE, metavar="M.toml", help="Which column is which field; by default found out.")
@click.option("--yes", "confirm", is_flag=True, help="Confirm the columns that were found out.")
@click.option("--on-duplicate", type=click.Choice(ON_DUPLICATE), default="skip", show_default=True,
              help="What to do with a customer that is there already with other values.")  # fmt: skip
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook; by default the one with the table.")
@click.option("--header-row", type=click.IntRange(0), metavar="N", help="The row of the titles, 0 for none.")
@click.option("--unit", default="", metavar="CODE", help="The unit the customers belong to; by default one's own.")
@click.option("--owner", default="", metavar="USER", help="The account manager; by default nobody but oneself.")
@click.option("--origin", "coming", multiple=True, metavar="PART=TEXT",
              help="Where all values come from: source, learned_on, supplier, evidence, …")  # fmt: skip
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.xlsx",
              help="Where the rows that did not go in are written; by default beside the file.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check and count, write nothing.")
@click.option("--set", "settings", multiple=True, metavar="ITEM=TEXT", help="An answer of the form that goes with it.")
@click.option("--confirm", "confirmed", is_flag=True, help="Confirm the sentence the regulation states for this.")
@asking.with_reason
@asking.as_user
@asking.as_json
def command(
    file: Path, mapping: Path | None, confirm: bool, on_duplicate: str, sheet: str | None, header_row: int | None,
    unit: str, owner: str, coming: tuple[str, ...], errors: Path | None, dry_run: bool, settings: tuple[str, ...],
    confirmed: bool, reason: str, user: str, json: bool,
) -> None:  # fmt: skip
    """Take customers in from FILE: .csv .tsv .xlsx .xls .ods in any Chinese encoding.

    Rows that break a rule stay out and are written to a workbook that can be corrected and imported
    again. Runs the batch itself when no worker is alive.
    """
    wishes = importing.Wishes(
        sheet=sheet, header_row=header_row, mapping=mapping.read_text(encoding="utf-8") if mapping else "",
        confirm=confirm, on_duplicate=on_duplicate, unit=unit, owner=owner,
        origin=OriginIn(**dict(asking.pair(each) for each in coming)) if coming else None,
    )  # fmt: skip
    taken = importing.take_in(
        file, asking.acting(user), wishes, dry_run=dry_run, errors=errors, reason=reason,
        form=dict(asking.pair(each) for each in settings), confirmed=confirmed,
    )  # fmt: skip
    answer(taken.said, json=json, lines=lines_of(taken.said))


def lines_of(said: dict[str, Any]) -> Iterator[str]:
    """A batch for people."""
    yield _("import %(batch)s: %(state)s, %(seconds)s s") % said
    for name in COUNTS:
        yield f"  {name:<12}{said[name]:>10}"
    if said["errors_file"]:
        yield _("rows that did not go in: %(errors_file)s") % said
