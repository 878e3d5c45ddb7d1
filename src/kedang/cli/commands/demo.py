"""`kedang demo`: a sample company, ready to sign in to."""

from __future__ import annotations

import os
from dataclasses import asdict
from itertools import count
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext as _

from kedang.cli import asking, supervising
from kedang.cli.answering import answer, note, table
from kedang.cli.commands.serve import is_free, url_of
from kedang.cli.demo.making import Demo, make
from kedang.cli.failing import Failed
from kedang.packs.shipped import list_shipped

HOST, FIRST_PORT = "127.0.0.1", 8000


@click.command("demo")
@click.option("--pack", default="records", show_default=True, metavar="NAME", help="The regulation it runs on.")
@click.option("--customers", default=5000, show_default=True, type=click.IntRange(0, 1_000_000), help="How many.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port to serve at; by default the first free from 8000."
)
@click.option("--no-serve", is_flag=True, help="Make it, print the accounts, and end.")
@asking.as_json
def command(pack: str, customers: int, port: int | None, no_serve: bool, json: bool) -> int:
    """Make a sample company in KEDANG_HOME, print its address and accounts, and serve it.

    Everything in it is invented. Run again it goes on with the same company and gives new passwords.
    """
    if pack not in list_shipped():
        raise Failed("no_pack", _("There is no pack %(pack)s.") % {"pack": pack})
    note(_("Making a sample company in %(home)s:") % {"home": settings.KEDANG_HOME})
    made = make(pack, customers)
    at = port or next(number for number in count(FIRST_PORT) if is_free(HOST, number))
    result = _as_json(made, url_of(HOST, at))
    answer(result, json=json, lines=_lines(result))
    if no_serve:
        return 0
    if not is_free(HOST, at):
        raise Failed("port_taken", _("Another program listens on port %(port)s already.") % {"port": at})
    note(_("Serving at %(url)s; stop with Ctrl-C.") % result)
    return supervising.serve(HOST, at, min(2, os.cpu_count() or 1))


def _as_json(made: Demo, url: str) -> dict[str, Any]:
    return {
        "home": str(settings.KEDANG_HOME), "url": url, "pack": made.pack, "customers": made.customers,
        "accounts": [asdict(account) for account in made.accounts],
    }  # fmt: skip


def _lines(result: dict[str, Any]) -> list[str]:
    titles = [_("user"), _("password, shown only now"), _("full name"), _("roles"), _("unit"), _("clearance")]
    cells = [
        (each["user"], each["password"], each["name"], " ".join(each["roles"]), each["unit"], each["clearance"])
        for each in result["accounts"]
    ]
    return [*table(titles, cells), "", _("%(customers)s customers. Sign in at %(url)s") % result]
