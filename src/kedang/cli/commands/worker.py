"""`kedang worker`: the background worker alone."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from kedang.cli import site
from kedang.cli.answering import note
from kedang.cli.working import work


@click.command("worker")
def command() -> None:
    """Run queued deeds as the people who asked, seal the ledger, resume what a crash left; until stopped."""
    site.require_ready()
    note(_("The worker is running."))
    work()
