"""Each row is asked of the gate like a single deed; equal questions are asked once.

Values of a row come into the question as far as the regulation tells them apart (`packs.classes`), so a million rows
are a handful of questions. Where a quota counts the deed, each row uses up one of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from kedang.intake import items
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import EMPTY, Facts, Filled
from kedang.kernel.levels import Level
from kedang.packs.classes import Asked, Classes, Told, asked_of
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.schema import Pack
from kedang.people import units
from kedang.standards import Finding

CHANNEL = "import"
MOST_VARIED = 4
"""Of so many fields that conditions name, every combination is asked for; of more each alone, and all but each."""
MOST_QUESTIONS = 5000


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
    enrich: Callable[[str, Facts, str], Facts] = lambda op, facts, subject: facts
    answers: Callable[[str, Mapping[str, str]], Filled] = lambda op, raw: Filled()
    _said: dict[Any, Finding | None] = field(default_factory=dict)
    _asked: dict[str, Asked] = field(default_factory=dict)
    _filled: dict[Any, Filled] = field(default_factory=dict)
    _used: dict[Any, Mapping[str, int]] = field(default_factory=dict)
    _spent: Counter[Any] = field(default_factory=Counter)
    _others: dict[int, Judge] = field(default_factory=dict)

    def begin(self) -> None:
        """Rows are judged, perhaps again: what was written counts by now, what was not counts no more."""
        self._used.clear()
        for other in self._others.values():
            other._used.clear()
        if self.signed is not None:
            self._spent.clear()

    def of(self, unit: int) -> Judge:
        """The judge of deeds in another unit, whose branch may have set values of the regulation for itself."""
        if unit == self.unit:
            return self
        if unit not in self._others:
            self._others[unit] = Judge(
                units.pack_for(unit), self.actor, self.given, unit, self.mine, self.signed, self.enrich, self.answers
            )
            self._others[unit]._spent = self._spent
        return self._others[unit]

    def asked(self, op: str) -> Asked:
        """What the regulation tells apart."""
        if op not in self._asked:
            self._asked[op] = asked_of(self.pack, op)
        return self._asked[op]

    def filled(self, op: str, texts: Mapping[str, str]) -> Filled:
        """The answers of the form that the columns of a row give, read once for each combination."""
        names = items.of(self.pack, op, texts)
        raw = tuple((names[key], text) for key, text in texts.items() if key in names and text)
        if (op, raw) not in self._filled:
            self._filled[op, raw] = self.answers(op, dict(raw))
        return self._filled[op, raw]

    def opening(
        self, kind: str, level: str, fields: frozenset[str], values: Mapping[str, Any] = EMPTY,
        answers: Mapping[str, Told] = EMPTY,
    ) -> Facts:  # fmt: skip
        """What the gate has to know of a dossier to be opened in the unit of the batch."""
        rel = {"in_scope"} | ({"same_unit"} if self.unit == self.actor.unit else set())
        return Facts(
            unit=self.unit,
            level=int(Level.of(level)),
            state="new",
            kind=kind,
            fields=fields,
            channel=CHANNEL,
            rel=frozenset(rel | ({"owner"} if self.mine else set())),
            values=values,
            items=self.classed("customer.open", answers),
        )

    def known(self, op: str, values: Mapping[str, str | int]) -> dict[str, Any]:
        """Values of a dossier as far as the rules test them."""
        tested = self.asked(op).values
        return {key: tested[key].of(value) for key, value in values.items() if key in tested}

    def classed(self, op: str, answers: Mapping[str, Told]) -> dict[str, Told]:
        """Answers of a form as far as the rules test them."""
        tested = self.asked(op).items
        stand = {name: tested[name].of(answer) for name, answer in answers.items() if name in tested}
        return {name: answer for name, answer in stand.items() if answer is not None}

    def counted(self, op: str) -> bool:
        """Whether a quota counts the operation, so that rows differ by how many came before them."""
        return any(op in quota.operations for quota in self.pack.quotas.values())

    def ask(self, op: str, facts: Facts, subject: str = "") -> Finding | None:
        """The refusal of a deed as a finding that names the articles; None where it is allowed.

        An allowed row uses up one of every quota that counts the operation.
        """
        times = self._times(op, facts, subject)
        stands = {name: self._limits(op, name).of(number) for name, number in times.items()}
        question = (op, facts, tuple(stands.items()))
        if question not in self._said:
            whole = replace(self.given, form=True, confirmed=True)
            known = replace(self.enrich(op, facts, subject), times=times)
            self._said[question] = _finding(decide(self.pack, op, self.actor, known, whole), self.signed)
        if times and self._said[question] is None:
            self._spend(op, subject)
        return self._said[question]

    def _times(self, op: str, facts: Facts, subject: str) -> dict[str, int]:
        """What was used of each quota, rows of this batch with it."""
        if not self.counted(op):
            return {}
        per_subject = any(quota.per == "dossier" for quota in self.pack.quotas.values() if op in quota.operations)
        key = (op, subject if per_subject else "")
        if key not in self._used:
            self._used[key] = self.enrich(op, facts, subject).times
        return {name: used + self._spent[name, self._whose(name, subject)] for name, used in self._used[key].items()}

    def _spend(self, op: str, subject: str) -> None:
        for name, quota in self.pack.quotas.items():
            if op in quota.operations:
                self._spent[name, self._whose(name, subject)] += 1

    def _whose(self, quota: str, subject: str) -> str:
        return subject if self.pack.quotas[quota].per == "dossier" else ""

    def _limits(self, op: str, quota: str) -> Classes:
        """Where one more or less makes a difference: at the quota's own end and where a rule tests it."""
        tested = self.asked(op).times.get(quota, Classes())
        return Classes(bounds=tested.bounds | {self.pack.quotas[quota].most})


def questions(
    pack: Pack, opening: Facts, changing: Facts | None, columns: frozenset[str], fixed: Mapping[str, str | int] = EMPTY
) -> list[tuple[str, Facts]]:
    """Every question the rows of a batch can put, so that the batch asks for all signatures a row could need.

    What stands in a file is known when it is read; here a mapped column stands for everything the regulation tells
    apart in it. `fixed` are values that the batch gives every new dossier.
    """
    asked = [("customer.open", facts) for facts in _openings(pack, opening, columns, fixed)]
    if changing is not None:
        asked += [("customer.amend", facts) for facts in _changes(pack, changing, columns)]
    return asked


def _openings(
    pack: Pack, facts: Facts, columns: frozenset[str], fixed: Mapping[str, str | int]
) -> Sequence[Facts]:  # fmt: skip
    """The opening of a dossier in every way a row may differ that the regulation takes notice of."""
    told, free = asked_of(pack, "customer.open"), columns - fixed.keys()
    kinds = tuple(pack.kinds) if "kind" in told.plain and {"kind", "identity_number"} & free else (facts.kind,)
    kinds = (str(fixed["kind"]),) if "kind" in fixed else kinds
    levels = _levels(told) if "level" in free else (int(Level.of(str(fixed.get("level", Level(facts.level).key)))),)
    found = [
        replace(facts, fields=fields, kind=kind, level=level)
        for fields in _subsets(pack, told, facts.fields) for kind in kinds for level in levels
    ]  # fmt: skip
    for name, classes in told.values.items():
        if name in columns:
            samples = (classes.of(fixed[name]),) if name in fixed else classes.samples()
            found = [_with_value(one, name, value) for one in found for value in samples][:MOST_QUESTIONS]
    return _answered(pack, "customer.open", found, columns)


def _changes(pack: Pack, facts: Facts, columns: frozenset[str]) -> Sequence[Facts]:
    """The change of a dossier in every such way; whatever stands in it by now may be in any of them."""
    told = asked_of(pack, "customer.amend")
    states = tuple(dict.fromkeys(state for kind in pack.kinds.values() for state in kind.states))
    found = [
        replace(facts, fields=fields, kind=kind, level=level, state=state)
        for fields in _subsets(pack, told, facts.fields)
        for kind in (tuple(pack.kinds) if "kind" in told.plain else (facts.kind,))
        for level in _levels(told)
        for state in (states if "state" in told.plain else (facts.state,))
    ]
    for name, classes in told.values.items():
        found = [_with_value(one, name, value) for one in found for value in classes.samples()][:MOST_QUESTIONS]
    return _answered(pack, "customer.amend", found, columns)


def _answered(pack: Pack, op: str, found: Sequence[Facts], columns: frozenset[str]) -> Sequence[Facts]:
    told = asked_of(pack, op).items
    for name in items.of(pack, op, columns).values():
        if name in told:
            found = [_with_item(one, name, answer) for one in found for answer in told[name].samples()][:MOST_QUESTIONS]
    return found


def _levels(told: Asked) -> tuple[int, ...]:
    """Every classification, or the lowest to stand for all where nothing depends on it."""
    return tuple(int(level) for level in Level) if "level" in told.plain else (int(min(Level)),)


def _with_value(facts: Facts, name: str, value: Told | None) -> Facts:
    known = {key: told for key, told in facts.values.items() if key != name}
    return replace(facts, values=known if value is None or isinstance(value, frozenset) else known | {name: value})


def _with_item(facts: Facts, name: str, answer: Told | None) -> Facts:
    return facts if answer is None else replace(facts, items={**facts.items, name: answer})


def _subsets(pack: Pack, told: Asked, fields: frozenset[str]) -> list[frozenset[str]]:
    """The sets of fields a row may have, as far as conditions name them or ask how sensitive they are."""
    if not {"fields", "sensitivity"} & told.plain:
        return [fields]
    named = set(told.fields & fields)
    if "sensitivity" in told.plain:
        named |= set({pack.fields[key].sensitivity: key for key in sorted(fields & pack.fields.keys())}.values())
        fields = frozenset(named)
    most = len(named) if len(named) <= MOST_VARIED else 1
    chosen = [frozenset(some) for count in range(most + 1) for some in combinations(sorted(named), count)]
    rest = fields - named
    return list(dict.fromkeys([fields, *(some | rest for some in chosen), *(fields - some for some in chosen)]))


def _finding(said: Decision, signed: tuple[Any, ...] | None) -> Finding | None:
    articles = ", ".join(said.articles)
    if not said.allow:
        return Finding("", "gate.denied", "error", "", {"detail": said.detail, "articles": articles})
    if said.missing:
        return Finding("", "gate.incomplete", "error", "", {"missing": ", ".join(said.missing), "articles": articles})
    if signed is not None and any(step not in signed for step in said.steps):
        return Finding("", "gate.signature_unavailable", "error", "", {"articles": articles})
    return None
