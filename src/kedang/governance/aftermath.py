"""What follows from every deed in its own transaction: lines in registers, clocks that start or stop, evidence."""

from __future__ import annotations

from django.db.models import QuerySet

from kedang.customers.models import Dossier
from kedang.governance import clocks, passing
from kedang.governance.compliance import evidence
from kedang.governance.flows import seats
from kedang.governance.judging import Judged
from kedang.governance.models import Call
from kedang.governance.registers import after as registers
from kedang.kernel.deeds import Deed, Outcome
from kedang.packs import version_named


def of(call: Call, deed: Deed, judged: Judged, out: Outcome, entry: int) -> None:
    """Write what follows from a deed that was done; `entry` is its line in the ledger."""
    pack = judged.pack
    if deed.op in passing.DEEDS:
        passing.follow([call.subject], deed.at_us)
        _reseat(Call.objects.filter(subject=call.subject))
    if deed.op in passing.MANY:
        _reseat(Call.objects.exclude(owner_ref=""))
    registers.after(call, deed, pack, subject=call.subject, items=judged.items)
    clocks.after(
        deed, pack, call, subject=call.subject, unit_id=judged.facts.unit or deed.actor.unit,
        owner=call.owner_ref or _owner(call.subject),
        items=judged.items, values=judged.facts.values, fields=judged.facts.fields,
    )  # fmt: skip
    evidence.record(
        entry, pack=pack, op=call.op, controls=judged.controls, outcome="done", at_us=deed.at_us, subject=call.subject,
        unit=judged.facts.unit, call=call.pk, fields=judged.facts.fields,
    )  # fmt: skip


def _reseat(asked: QuerySet[Call]) -> None:
    """Look up again who signs waiting requests, because what they are about has changed hands."""
    for call in asked.filter(state="waiting").exclude(route="").order_by("pk"):
        seats.refresh(call, version_named(call.pack_version))


def _owner(subject: str) -> str:
    """Whose a dossier is that the deed itself opened."""
    kind, _, code = subject.partition(":")
    if kind != "dossier":
        return ""
    return Dossier.objects.filter(code=code).values_list("owner__username", flat=True).first() or ""
