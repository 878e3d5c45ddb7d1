"""`kedang show`: one dossier, masked as that user sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from django.utils.translation import gettext as _

from kedang.cli import asking, past
from kedang.cli.answering import answer, table
from kedang.customers import present, provenance, selectors
from kedang.customers.payloads import RevealField
from kedang.customers.present import ShownDossier, ShownValue
from kedang.customers.records.present import MOST
from kedang.customers.slots import CONTACT, parsed
from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.kernel.actor import Actor


@click.command("show")
@click.argument("code")
@click.option("--reveal", default="", metavar="FIELD", help="A masked value to show in full; asks for a reason.")
@click.option("--module", default="", help="The records of one part instead: contract, complaint, contact, …")
@click.option("--as-of", "day", default="", metavar="YYYY-MM-DD", help="The dossier as it stood when that day ended.")
@click.option("--history", default="", metavar="FIELD", help="What happened to one value, newest first.")
@click.option("--origins", is_flag=True, help="Where each value comes from and what persons agreed to, instead.")
@click.option("--limit", default=50, type=click.IntRange(1, MOST), help="Records of it at most.")
@click.option("--after", default=None, help="The mark of the next page.")
@asking.with_reason
@asking.as_user
@asking.as_json
def command(
    code: str, reveal: str, origins: bool, module: str, day: str, history: str, limit: int, after: str | None,
    reason: str, user: str, json: bool,
) -> None:  # fmt: skip
    """Show one dossier; that it was looked at is recorded."""
    by = asking.acting(user)
    code = code.removeprefix("dossier:")
    if day or history:
        told, lines = past.as_of(by, code, day) if day else past.value(by, code, history, limit)
        answer(told, json=json, lines=lines)
        return
    if origins:
        told = _origins(by, code)
        rows = [(each["field"], f"{each['source']} {each['learned']} {each['verdict']}") for each in told["items"]]
        answer(told, json=json, lines=table([_("field"), _("value")], rows))
        return
    if module:
        page = _contacts(by, code) if module == CONTACT else _records(by, code, module, after, limit)
        rows = [(each["subject"], "  ".join(each["values"].values())) for each in page["items"]]
        answer(page, json=json, lines=table([_("subject"), _("value")], rows))
        return
    dossier = present.opened(by, selectors.dossier_by_code(by, code))
    result = _as_json(dossier)
    if reveal:
        result["revealed"] = {reveal: _reveal(by, code, reveal, reason)}
    answer(result, json=json, lines=_lines(dossier, result.get("revealed", {})))


def _origins(by: Actor, code: str) -> dict[str, Any]:
    shown = provenance.origins_of(by, selectors.dossier_by_code(by, code))
    items = [
        {
            "field": each.key, "source": each.mark.source, "learned": _day(each.learned_us),
            "entered": _day(each.entered_us), "days": each.delay.days if each.delay else None,
            "late": bool(each.delay and each.delay.late), "supplier": each.supplier, "supplied_by": each.supplied_by,
            "evidence": each.evidence, "basis": each.basis, "verdict": each.mark.verdict, "method": each.method,
            "document": each.document, "must_be_checked": each.mark.wanted, "consent": each.consent,
        }
        for each in shown.values
    ]  # fmt: skip
    agreed = [
        {"person": each.person.ref, "purpose": each.purpose, "state": each.state, "method": each.method}
        for each in shown.consents
    ]
    return {"code": code.upper(), "items": items, "consents": agreed, "withheld": list(shown.withheld)}


def _day(us: int) -> str:
    return clock.company_day(us).isoformat() if us else ""


def _records(by: Actor, code: str, module: str, after: str | None, limit: int) -> dict[str, Any]:
    page = present.records(by, selectors.dossier_by_code(by, code), module, after=after, limit=limit)
    items = [
        {"subject": each.ref, "no": each.no, "day": each.day, "amount_fen": each.amount_fen, "status": each.status}
        | _values(each.values)
        for each in page.rows
    ]
    return {
        "code": code.upper(), "module": module, "total": page.tally.count, "amount_fen": page.tally.amount_fen,
        "items": items, "next": page.next,
    }  # fmt: skip


def _contacts(by: Actor, code: str) -> dict[str, Any]:
    found = present.contacts(by, selectors.dossier_by_code(by, code))
    items = [{"subject": each.ref, "main": each.is_main} | _values(each.values) for each in found]
    return {"code": code.upper(), "module": CONTACT, "items": items}


def _values(shown: Mapping[str, ShownValue]) -> dict[str, Any]:
    return {
        "values": {key: value.text for key, value in shown.items() if value.text},
        "masked": sorted(key for key, value in shown.items() if value.masked),
    }


def _reveal(by: Actor, code: str, field: str, reason: str) -> str:
    slot = parsed(field)
    payload = RevealField(field=slot.field, slot=slot.holder)
    call = perform("customer.reveal", by=by, subject=f"dossier:{code}", payload=payload, reason=reason)
    row = selectors.dossier_by_code(by, code)
    return present.revealed(by, row, slot.field, call=call.pk, done_us=call.done_us, slot=slot.holder)


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
