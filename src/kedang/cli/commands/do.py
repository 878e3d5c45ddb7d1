"""`kedang do`: any operation by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, payloads, running
from kedang.cli.answering import answer
from kedang.customers.attachments.ops import ATTACH
from kedang.governance.gate import perform


@click.command("do")
@click.argument("operation")
@click.argument("subject")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="A value of the request; repeatable.")
@click.option(
    "--file", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A supporting document, stored and named as evidence; with file.attach the file to be attached.",
)  # fmt: skip
@click.option("--confirm", is_flag=True, help="Confirm the sentence that the regulation states for this.")
@click.option("--key", default="", metavar="TEXT", help="The same key twice does the deed once.")
@asking.with_reason
@asking.as_user
@asking.as_json
def command(
    operation: str, subject: str, settings: tuple[str, ...], files: tuple[Path, ...], confirm: bool, key: str,
    reason: str, user: str, json: bool,
) -> None:  # fmt: skip
    """Do OPERATION on SUBJECT: `kind:ref`, a bare dossier code, or - for none. For a matter --set fills its form."""
    by = asking.acting(user)
    found, about = payloads.operation_of(operation), payloads.subject_of(subject)
    given: dict[str, Any] = {"reason": reason, "form": payloads.form_of(found, settings), "confirmed": confirm}
    if found.name == ATTACH:
        call = running.attached(files, by, about, settings, given, key)
    else:
        call = perform(
            operation, by=by, subject=about, payload=payloads.payload_of(found, settings),
            evidence=running.stored_evidence(files, by), key=key or None, **given,
        )  # fmt: skip
    call = running.finished(call)
    result: dict[str, Any] = {
        "state": call.state, "result": call.outcome if call.state == "done" else None,
        "request": None if call.state == "done" else call.pk,
        "articles": call.articles.split("\n") if call.articles else [],
    }  # fmt: skip
    line = _("%(state)s: %(result)s") if call.state == "done" else _("%(state)s: request %(request)s")
    answer(result, json=json, lines=[line % result])
