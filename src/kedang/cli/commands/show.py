"""`kedang show`: one dossier, masked as that user sees it."""

from __future__ import annotations

from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.answering import answer, table
from kedang.customers import present, selectors
from kedang.customers.payloads import RevealField
from kedang.customers.present import ShownDossier
from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.kernel.actor import Actor


@click.command("show")
@click.argument("code")
@click.option("--reveal", default="", metavar="FIELD", help="A masked value to show in full; asks for a reason.")
@asking.with_reason
@asking.as_user
@asking.as_json
def command(code: str, reveal: str, reason: str, user: str, json: bool) -> None:
    """Show one dossier; that it was looked at is recorded."""
    by = asking.acting(user)
    code = code.removeprefix("dossier:")
    dossier = present.opened(by, selectors.dossier_by_code(by, code))
    result = _as_json(dossier)
    if reveal:
        result["revealed"] = {reveal: _reveal(by, code, reveal, reason)}
    answer(result, json=json, lines=_lines(dossier, result.get("revealed", {})))


def _reveal(by: Actor, code: str, field: str, reason: str) -> str:
    call = perform("customer.reveal", by=by, subject=f"dossier:{code}", payload=RevealField(field=field), reason=reason)
    return present.revealed(by, selectors.dossier_by_code(by, code), field, call=call.pk, done_us=call.done_us)


def _as_json(dossier: ShownDossier) -> dict[str, Any]:
    return {
        "id": dossier.id, "code": dossier.code, "name": dossier.name, "kind": dossier.kind, "class": dossier.state,
        "level": dossier.level, "unit": dossier.unit_code, "owner": dossier.owner_username,
        "version": dossier.version_no, "created": clock.from_us(dossier.created_us).isoformat(),
        "updated": clock.from_us(dossier.updated_us).isoformat(),
        "values": {key: value.text for key, value in dossier.by_key.items() if value.text},
        "masked": sorted(key for key, value in dossier.by_key.items() if value.masked),
        "warnings": {key: list(value.warnings) for key, value in dossier.by_key.items() if value.warnings},
    }  # fmt: skip


def _lines(dossier: ShownDossier, revealed: dict[str, str]) -> list[str]:
    head = f"{dossier.code}  {dossier.name}  [{dossier.level}]  {dossier.unit}  {dossier.owner}".rstrip()
    rows = [
        (_(value.title), revealed.get(value.key, value.text), ", ".join(value.warnings))
        for _title, values in dossier.groups
        for value in values
        if value.text
    ]
    return [head, *table([_("field"), _("value"), _("warnings")], rows)]
