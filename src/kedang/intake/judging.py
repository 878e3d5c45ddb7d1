"""Each row is asked of the gate like a single deed; equal questions are asked once."""

from __future__ import annotations

from dataclasses import dataclass, field

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.schema import Pack
from kedang.standards import Finding

CHANNEL = "import"


@dataclass
class Judge:
    """The pack, the person and what they gave with the batch; remembers what it was asked."""

    pack: Pack
    actor: Actor
    given: Given = field(default_factory=Given)
    unit: int = 0
    """The unit new dossiers belong to."""
    mine: bool = True
    """Whether the person becomes their account manager."""
    _said: dict[tuple[str, Facts], Finding | None] = field(default_factory=dict)

    def opening(self, kind: str, level: str, fields: frozenset[str]) -> Finding | None:
        """May this person open such a dossier in the unit of the batch? None is yes."""
        rel = {"in_scope"} | ({"same_unit"} if self.unit == self.actor.unit else set())
        facts = Facts(
            unit=self.unit,
            level=int(Level.of(level)),
            state="new",
            kind=kind,
            fields=fields,
            channel=CHANNEL,
            rel=frozenset(rel | ({"owner"} if self.mine else set())),
        )
        return self.ask("customer.open", facts)

    def ask(self, op: str, facts: Facts) -> Finding | None:
        """The refusal of a deed as a finding that names the articles; None where it is allowed."""
        question = (op, facts)
        if question not in self._said:
            self._said[question] = _finding(decide(self.pack, op, self.actor, facts, self.given))
        return self._said[question]


def _finding(said: Decision) -> Finding | None:
    articles = ", ".join(said.articles)
    if not said.allow:
        return Finding("", "gate.denied", "error", "", {"detail": said.detail, "articles": articles})
    if said.missing:
        return Finding("", "gate.incomplete", "error", "", {"missing": ", ".join(said.missing), "articles": articles})
    if said.steps:
        return Finding("", "gate.signature_unavailable", "error", "", {"articles": articles})
    return None
