"""`kedang token`: tokens for the API."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, note, table
from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.people import selectors
from kedang.people.payloads import CreateToken, RevokeToken
from kedang.people.tokens import new_token


@click.group("token")
def command() -> None:
    """Tokens for the API. A token is opened by its own person alone, who acts through it."""


@command.command()
@click.argument("user")
@click.option("--label", default="", metavar="TEXT", help="What the token is for; by default the day it was made.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="Days until it expires.")
@click.option("--op", "ops", multiple=True, metavar="OPERATION", help="An operation it may do; none: all.")
@asking.as_json
def create(user: str, label: str, days: int, ops: tuple[str, ...], json: bool) -> None:
    """Open a token for USER; it is shown only now."""
    token, digest = new_token()
    label = label or f"cli-{clock.now():%Y%m%d-%H%M%S}-{digest[:4]}"
    by = asking.acting(user)
    payload = CreateToken(label=label, digest=digest, days=days, ops=ops)
    perform("people.token", by=by, subject=f"staff:{by.id}", payload=payload)
    if not json:
        note(_("The token %(label)s, shown only now:") % {"label": label})
    answer({"token": token, "label": label, "user": by.id, "days": days}, json=json, lines=[token])


@command.command("list")
@click.argument("user")
@asking.as_json
def list_tokens(user: str, json: bool) -> None:
    """Tokens of USER in force."""
    by = asking.acting(user)
    rows = [
        {"label": each.label, "expires": clock.from_us(each.expires_us).isoformat(), "ops": each.ops.split()}
        for each in selectors.tokens_of(by)
    ]
    cells = [(row["label"], row["expires"], " ".join(row["ops"])) for row in rows]
    lines = table([_("label"), _("expires"), _("operations")], cells)
    answer({"user": by.id, "tokens": rows}, json=json, lines=lines)


@command.command()
@click.argument("user")
@click.argument("label")
@click.option("--as", "acting", default="", metavar="USER", help="An officer who ends it in place of its person.")
@asking.as_json
def end(user: str, label: str, acting: str, json: bool) -> None:
    """End a token before its day."""
    by = asking.acting(acting or user)
    perform("people.token_end", by=by, subject=f"staff:{user.lower()}", payload=RevokeToken(label=label))
    answer({"user": user.lower(), "label": label, "ended": True}, json=json, lines=[_("The token is ended.")])
