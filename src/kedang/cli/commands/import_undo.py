"""`kedang import-undo`: take an import back."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, importing
from kedang.cli.answering import answer


@click.command("import-undo")
@click.argument("batch")
@asking.as_user
@asking.as_json
def command(batch: str, user: str, json: bool) -> None:
    """Take import BATCH back: what it opened goes, what it changed gets its old values again.

    Dossiers that somebody changed since are kept as they are.
    """
    result = importing.take_back(asking.acting(user), batch)
    answer(
        result, json=json, lines=[_("%(reverted)s taken back, %(kept)s kept because they were changed since.") % result]
    )
