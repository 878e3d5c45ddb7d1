"""What follows from every deed in its own transaction: lines in registers, clocks that start or stop, evidence."""

from __future__ import annotations

from kedang.customers.models import Dossier
from kedang.governance import clocks
from kedang.governance.compliance import evidence
from kedang.governance.judging import Judged
from kedang.governance.models import Call
from kedang.governance.registers import after as registers
from kedang.kernel.deeds import Deed, Outcome


def of(call: Call, deed: Deed, judged: Judged, out: Outcome, entry: int) -> None:
    """Write what follows from a deed that was done; `entry` is its line in the ledger."""
    pack = judged.pack
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


def _owner(subject: str) -> str:
    """Whose a dossier is that the deed itself opened."""
    kind, _, code = subject.partition(":")
    if kind != "dossier":
        return ""
    return Dossier.objects.filter(code=code).values_list("owner__username", flat=True).first() or ""
