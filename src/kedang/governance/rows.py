"""The house behind a bulk deed: what a deed done alone gets from the gate, its parts get here, chunk by chunk.

The questions are put once for all parts that are alike, the limits written in bulk; see `intake.following`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kedang.governance.clocks.many import after_many, forget
from kedang.governance.clocks.rounds import count
from kedang.governance.compliance import evidence
from kedang.governance.facts import enriched, require_room
from kedang.governance.models import Call, Counted
from kedang.governance.registers import after as registers
from kedang.governance.registers import forms
from kedang.kernel import clock
from kedang.kernel.deeds import Deed, Facts, Filled, Part
from kedang.kernel.errors import Invalid
from kedang.packs.schema import Pack
from kedang.people import units
from kedang.standards import Finding

MOST_COUNTED = 50
"""Of a chunk so many deeds at most are counted for a round that wants several."""


@dataclass(frozen=True, slots=True)
class Rows:
    """One bulk deed while it runs."""

    pack: Pack
    call: Call
    deed: Deed

    def served(self) -> Deed:
        """The deed with the house behind it."""
        return replace(self.deed, enrich=self.enrich, answers=self.answers, follow=self.follow, gone=forget)

    def enrich(self, op: str, facts: Facts, subject: str) -> Facts:
        """The facts of a part with what only the house knows."""
        pack = self.pack if facts.unit == self.call.unit else units.pack_for(facts.unit)
        return enriched(pack, op, self.deed.actor, facts, subject)

    def answers(self, op: str, raw: Mapping[str, str]) -> Filled:
        """The form of a part, as far as it was filled in."""
        form = self.pack.form_of(op) if op in self.pack.operations else ""
        if not form or not raw:
            return Filled()
        try:
            read = forms.read(self.pack, form, raw, by=self.deed.actor, at_us=clock.now_us(), require=False)
        except Invalid as no:
            return Filled(wrong=tuple(_wrong(self.pack, form, finding) for finding in no.findings))
        return Filled(read.stored, read.facts)

    def follow(self, parts: Sequence[Part], refused: Sequence[tuple[str, str]], entry: int) -> None:
        """What follows from a chunk, in its transaction; raises Refused(denied) where a quota has no room for it."""
        deed = replace(self.deed, at_us=clock.now_us())
        for op in dict.fromkeys(part.op for part in parts):
            subjects = [subject for part in parts if part.op == op for subject in part.subjects]
            require_room(self.pack, op, deed.actor, subjects)
            self._count(deed, op, subjects)
            self._rounds(replace(deed, op=op), parts)
        self._registers(deed, parts)
        for unit in dict.fromkeys(part.unit for part in parts):
            pack = self.pack if unit == self.call.unit else units.pack_for(unit)
            after_many(deed, pack, self.call.pk, [part for part in parts if part.unit == unit])
        self._witness(deed, parts, refused, entry)

    def _count(self, deed: Deed, op: str, subjects: Sequence[str]) -> None:
        """What the quotas of the regulation count from now on; by subject where a quota is for each of them."""
        quotas = [quota for quota in self.pack.quotas.values() if op in quota.operations]
        each = any(quota.per == "dossier" for quota in quotas)
        said = [(subject, 1) for subject in subjects] if each else [("", len(subjects))]
        Counted.objects.bulk_create(
            Counted(call=self.call, op=op, actor_ref=deed.actor.id, subject=subject, at_us=deed.at_us, number=number)
            for subject, number in said
        )

    def _rounds(self, deed: Deed, parts: Sequence[Part]) -> None:
        """Count for rounds that are done by such deeds, unless the bulk deed itself counts for them."""
        rounds = [said for said in self.pack.rounds.values() if deed.op in said.done_by]
        wanted = max((said.at_least for said in rounds if self.deed.op not in said.done_by), default=0)
        done = [(part, subject) for part in parts if part.op == deed.op for subject in part.subjects]
        for part, subject in done[: min(wanted, MOST_COUNTED)]:
            count(replace(deed, subject=subject), self.call.pk, subject, part.unit)

    def _registers(self, deed: Deed, parts: Sequence[Part]) -> None:
        """A line for each deed whose operation fills a register besides."""
        for part in parts:
            if self.pack.operations[part.op].registers:
                for subject in part.subjects:
                    alone = replace(deed, op=part.op, subject=subject, items=part.items)
                    registers.after(self.call, alone, self.pack, subject=subject, items=part.items)

    def _witness(self, deed: Deed, parts: Sequence[Part], refused: Sequence[tuple[str, str]], entry: int) -> None:
        """The entry of the chunk bears witness to the controls of what was done in it, and of what was refused."""
        known: dict[str, Any] = {"at_us": deed.at_us, "subject": self.call.subject, "call": self.call.pk}
        for op, articles in refused:
            controls = evidence.controls_of(self.pack, op, articles.split(", "))
            if controls:
                evidence.record(entry, self.pack, op=op, controls=controls, outcome="refused", **known)
        for op in dict.fromkeys(part.op for part in parts):
            fields = frozenset[str]().union(*(part.fields for part in parts if part.op == op))
            unit = next(part.unit for part in parts if part.op == op)
            evidence.record(
                entry, self.pack, op=op, controls=(), outcome="done", fields=fields, unit=unit, **known
            )  # fmt: skip


def _wrong(pack: Pack, form: str, finding: Finding) -> Finding:
    """A problem with an answer in words that an import keeps with its row."""
    item = pack.forms[form].items.get(finding.field)
    return Finding(
        finding.field, "form.answer", "error", finding.found, {"title": item.title if item else finding.field}
    )
