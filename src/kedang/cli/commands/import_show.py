"""`kedang import-show`: how an import stands."""

from __future__ import annotations

from pathlib import Path

import click

from kedang.cli import asking, importing
from kedang.cli.answering import answer
from kedang.cli.commands.import_ import lines_of


@click.command("import-show")
@click.argument("batch")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.xlsx",
              help="Write the rows that did not go in to this workbook.")  # fmt: skip
@asking.as_user
@asking.as_json
def command(batch: str, errors: Path | None, user: str, json: bool) -> None:
    """Show import BATCH as it stands now."""
    taken = importing.shown(asking.acting(user), batch, errors)
    answer(taken.said, json=json, lines=lines_of(taken.said))
