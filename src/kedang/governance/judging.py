"""One question to the regulation: the deed itself, the deeds it consists of, the form that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kedang.governance.facts import enriched, surrounded
from kedang.governance.flows.route import Route, route_of
from kedang.governance.registers import forms
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Operation, Payload
from kedang.kernel.errors import Refused
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.schema import Pack
from kedang.people import units


@dataclass(frozen=True, slots=True)
class Offered:
    """What an applicant gives with a request: why, on what evidence, the answers of the form as they were typed."""

    reason: str = ""
    evidence: tuple[str, ...] = ()
    form: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False
    at_us: int = 0
    """When it was given: dates in the form are judged from that day."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The decision on a deed with all it consists of, by the pack of the unit it is about."""

    pack: Pack
    facts: Facts
    decisions: tuple[Decision, ...]
    items: Mapping[str, Any]
    rehearsal: bool = False
    """Nothing is written: the deed is only tried, and nobody signs for that."""

    @property
    def articles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for said in self.decisions for name in said.articles))

    @property
    def controls(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for said in self.decisions for name in said.controls))

    @property
    def statements(self) -> tuple[str, ...]:
        """The sentences the applicant confirmed."""
        return tuple(dict.fromkeys(text for said in self.decisions for text in said.statements))

    @property
    def signatures(self) -> bool:
        """Whether somebody has to sign."""
        return not self.rehearsal and any(said.steps for said in self.decisions)

    @property
    def route(self) -> Route:
        """The way the call has to go."""
        steps = [step for said in self.decisions for step in said.steps if not self.rehearsal]
        return route_of(self.pack, [said.flow for said in self.decisions], steps)


@dataclass(frozen=True, slots=True)
class Matter:
    """A deed as it stands before the regulation: its bare facts, and the pack of the unit it is about."""

    company: Pack
    pack: Pack
    facts: Facts

    def of_part(self, part: Facts) -> Pack:
        """The pack a part of the deed is judged by: that of its own unit."""
        return self.pack if part.unit == self.facts.unit else units.pack_for(part.unit, self.company)


def matter_of(pack: Pack, op: Operation[Any, Any], by: Actor, target: Any, payload: Payload) -> Matter:
    """`pack` is the company's; a branch may have set some values of it for itself."""
    facts = op.facts(by, target, payload)
    return Matter(pack, units.pack_for(facts.unit, pack), facts)


def judge(
    matter: Matter, op: Operation[Any, Any], by: Actor, target: Any, payload: Payload, offered: Offered
) -> Judged:  # fmt: skip
    """Ask the regulation; raises Refused denied or incomplete, and Invalid for a form that cannot stand so."""
    pack = matter.pack
    form = pack.form_of(op.name) if op.name in pack.operations else ""
    answers = _read(pack, form, by, offered, require=False)
    given = Given(offered.reason, offered.evidence, form=answers is not None, confirmed=offered.confirmed)
    facts = enriched(pack, op.name, by, matter.facts, subject=getattr(target, "ref", ""))
    if answers is not None:
        facts = with_items(facts, answers.facts)
    decisions = [_decided(pack, op.name, by, facts, given), *_implied(matter, op, by, target, payload, given)]
    if decisions[0].form:
        _read(pack, form, by, offered, require=True)
    rehearsal = bool(getattr(payload, "dry_run", False))
    return Judged(pack, facts, tuple(decisions), answers.stored if answers is not None else {}, rehearsal)


def with_items(facts: Facts, items: Mapping[str, Any]) -> Facts:
    """The facts with the answers of a form; items named like a fact the applicant knows best fill it in."""
    named = {key: str(items[key]) for key in ("channel", "purpose", "place") if key in items}
    fresh: dict[str, Any] = {key: text for key, text in named.items() if not getattr(facts, key)}
    return replace(facts, items={**facts.items, **items}, **fresh)


def _read(pack: Pack, form: str, by: Actor, offered: Offered, *, require: bool) -> forms.Answers | None:
    """The answers of the form; None where there is no form, or nothing of it was filled in."""
    if not form or (not offered.form and pack.forms[form].items):
        return None
    return forms.read(pack, form, offered.form, by=by, at_us=offered.at_us, require=require)


def _implied(
    matter: Matter, op: Operation[Any, Any], by: Actor, target: Any, payload: Payload, given: Given
) -> list[Decision]:  # fmt: skip
    """What the regulation says to the deeds it consists of. Of a bulk deed one that is denied is left out there, row
    by row; any other deed is refused with it."""
    whole = replace(given, form=True, confirmed=True)
    said, around = [], dict[tuple[str, int], Facts]()
    for name, part in op.implies(by, target, payload):
        pack, place = matter.of_part(part), (name, part.unit)
        if place not in around:
            around[place] = enriched(pack, name, by, part)
        said.append(decide(pack, name, by, surrounded(part, around[place]), whole))
    if not op.bulk:
        return [_allowed(each) for each in said]
    return [each for each in said if each.allow and not each.missing]


def _decided(pack: Pack, op: str, by: Actor, facts: Facts, given: Given) -> Decision:
    return _allowed(decide(pack, op, by, facts, given))


def _allowed(said: Decision) -> Decision:
    """A decision to go on with; Refused denied or incomplete."""
    if not said.allow:
        raise Refused("denied", articles=said.articles, detail=said.detail)
    if said.missing:
        raise Refused("incomplete", articles=said.articles, missing=said.missing, detail=said.detail)
    return said
