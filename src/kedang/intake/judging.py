"""Each row is asked of the gate like a single deed; equal questions are asked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

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
    signed: tuple[Any, ...] | None = ()
    """The steps signed for the batch; None where it is only tried."""
    enrich: Callable[[str, Facts], Facts] = lambda op, facts: facts
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
            whole = replace(self.given, form=True, confirmed=True)
            said = decide(self.pack, op, self.actor, self.enrich(op, facts), whole)
            self._said[question] = _finding(said, self.signed)
        return self._said[question]


def questions(pack: Pack, opening: Facts, changing: Facts | None, columns: frozenset[str]) -> list[tuple[str, Facts]]:
    """Every question the rows of a batch can put, so that the batch asks for all signatures a row could need.

    Which kinds and classifications stand in a file is known when it is read; here a mapped column stands for all.
    """
    kinds = tuple(pack.kinds) if "kind" in columns else (opening.kind,)
    levels = tuple(int(level) for level in Level) if "level" in columns else (opening.level,)
    asked = [("customer.open", replace(opening, kind=kind, level=level)) for kind in kinds for level in levels]
    if changing is not None:
        states = dict.fromkeys(state for kind in pack.kinds.values() for state in kind.states)
        asked += [
            ("customer.amend", replace(changing, kind=kind, level=level, state=state))
            for kind in pack.kinds for level in levels for state in states
        ]  # fmt: skip
    return asked


def _finding(said: Decision, signed: tuple[Any, ...] | None) -> Finding | None:
    articles = ", ".join(said.articles)
    if not said.allow:
        return Finding("", "gate.denied", "error", "", {"detail": said.detail, "articles": articles})
    if said.missing:
        return Finding("", "gate.incomplete", "error", "", {"missing": ", ".join(said.missing), "articles": articles})
    if signed is not None and any(step not in signed for step in said.steps):
        return Finding("", "gate.signature_unavailable", "error", "", {"articles": articles})
    return None
