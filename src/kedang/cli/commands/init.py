"""`kedang init`: found a new site."""

from __future__ import annotations

import click
from django.conf import settings
from django.utils.translation import gettext as _

from kedang.cli import asking, passwords
from kedang.cli.answering import answer, note
from kedang.cli.failing import Failed
from kedang.governance import founding
from kedang.packs.shipped import list_shipped


@click.command("init")
@click.option("--pack", default="records", show_default=True, metavar="NAME", help="The first regulation.")
@click.option("--admin", default="", metavar="USER", help="The first account: creates accounts and grants roles.")
@click.option("--company", default="Company", show_default=True, metavar="NAME", help="The name of the root unit.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of the standard input.")
@click.option("--upgrade", is_flag=True, help="Only bring the databases of a founded site up to date.")
@asking.as_json
def command(pack: str, admin: str, company: str, password_stdin: bool, upgrade: bool, json: bool) -> None:
    """Make the databases, put the first regulation in force and seat the first account.

    Nobody can sign yet, so this is recorded as the founding act. Without --password-stdin a random
    password is made and shown once.
    """
    if upgrade:
        _upgrade(json)
        return
    if not admin:
        raise click.UsageError("Missing option '--admin'.")
    _found(pack, admin, company, password_stdin, json)


def _upgrade(json: bool) -> None:
    founding.migrate()
    result = {"home": str(settings.KEDANG_HOME), "database": founding.vendor(), "upgraded": True}
    answer(result, json=json, lines=[_("The databases are up to date.")])


def _found(pack: str, admin: str, company: str, password_stdin: bool, json: bool) -> None:
    if pack not in list_shipped():
        raise Failed("no_pack", _("There is no pack %(pack)s; there are: %(known)s.")
                     % {"pack": pack, "known": ", ".join(list_shipped())})  # fmt: skip
    if founding.is_founded():
        raise Failed("state", _("This site is founded already: %(home)s") % {"home": settings.KEDANG_HOME})
    password, made_here = passwords.chosen_password(password_stdin)
    founding.migrate()
    staff = founding.found(
        pack, admin, password_hash=passwords.hash_of(password), company=company, credential=f"cli:{asking.os_user()}"
    )
    if made_here:
        note(_("Password of %(user)s, shown only now: %(password)s") % {"user": staff.username, "password": password})
    result = {
        "home": str(settings.KEDANG_HOME), "database": founding.vendor(), "pack": pack, "admin": staff.username,
    }  # fmt: skip
    answer(result, json=json, lines=[_("Founded %(home)s on the regulation %(pack)s.") % result])
