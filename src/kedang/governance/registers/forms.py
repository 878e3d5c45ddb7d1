"""Forms of the company: from what a person typed to answers the regulation can test and a register can keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext

from kedang.governance.measures.scores import points_for
from kedang.governance.measures.tallies import COMPANY
from kedang.governance.registers.items import items_of as items_of
from kedang.governance.registers.models import Line as KeptLine
from kedang.governance.registers.models import Row
from kedang.governance.registers.problems import Problem, problem
from kedang.governance.registers.typed import Answer, Asked, Wrong
from kedang.governance.registers.typed import fact as _fact
from kedang.governance.registers.typed import read as _typed
from kedang.governance.registers.wording import masked, names_in, worded
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import EMPTY, Line
from kedang.kernel.errors import Invalid
from kedang.packs import scoring
from kedang.packs.forms import Answered, Form, Item
from kedang.packs.schema import Pack
from kedang.people.units import upwards

Facts = Mapping[str, str | int | frozenset[str]]
FREE_TEXT = frozenset({"text", "long_text"})


@dataclass(frozen=True, slots=True)
class Answers:
    """A form that was filled in. `stored` is what waits and is kept, `facts` what the regulation may test."""

    form: str = ""
    facts: Facts = field(default_factory=lambda: EMPTY)
    stored: Mapping[str, Answer] = field(default_factory=lambda: EMPTY)

    def files(self, pack: Pack) -> tuple[str, ...]:
        """Tokens of the files that belong to it."""
        items = pack.forms[self.form].items if self.form else {}
        return tuple(
            str(self.stored[name]) for name, item in items.items() if item.type == "file" and name in self.stored
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """Answers by how they are kept."""

    plain: Mapping[str, Answer]
    text: Mapping[str, Answer]
    personal: Mapping[str, Answer]


def read(
    pack: Pack, form_name: str, raw: Mapping[str, Any], *, by: Actor, at_us: int, require: bool = True
) -> Answers:  # fmt: skip
    """Read a form as `by` filled it in; raises Invalid with a problem for each item that cannot stand so.

    `require=False` lets required items be empty: enough to ask the regulation what it thinks of the rest. Money
    is written in yuan; an item that is not asked (`only_if`) is passed over.
    """
    form = pack.forms[form_name]
    stored, wrong = _each(pack, form, raw, by, at_us)
    facts = {name: _fact(form.items[name], answer, at_us) for name, answer in stored.items()}
    asked = live(form, facts)
    found = [problem(name, "form.unknown", items=", ".join(form.items)) for name in sorted(set(raw) - set(form.items))]
    found += [problem_ for name, problem_ in wrong.items() if name in asked]
    if require:
        found += _empty(form, asked, facts, wrong)
    if found:
        raise Invalid(found)
    kept = {name: answer for name, answer in stored.items() if name in asked}
    kept |= _computed(pack, form, asked, {name: facts[name] for name in kept}, by, at_us)
    return Answers(form_name, facts_of(pack, form_name, kept, at_us), kept)


def facts_of(pack: Pack, form_name: str, stored: Mapping[str, Any], at_us: int) -> Facts:
    """What the regulation may test of answers that were kept, as of an instant: days count from its day."""
    items = pack.forms[form_name].items if form_name in pack.forms else {}
    return {name: _fact(items[name], answer, at_us) for name, answer in stored.items() if name in items}


def facts_of_row(pack: Pack, row: Row, at_us: int) -> Facts:
    """What the regulation may test of the answers that stand in a row, whichever form they came with."""
    items = items_of(pack, row.register)
    return {name: _fact(items[name], answer, at_us) for name, answer in row.items.items() if name in items}


def files_in(line: KeptLine, items: Mapping[str, Item]) -> list[str]:
    """Tokens of the files a line of a register names."""
    kept: dict[str, Any] = orjson.loads(line.plain)
    return [str(answer) for name, answer in kept.items() if name in items and items[name].type == "file"]


def split(pack: Pack, form_name: str, stored: Mapping[str, Any]) -> Parts:
    """Codes and numbers; free text; particulars of persons."""
    items = pack.forms[form_name].items if form_name in pack.forms else {}
    parts: tuple[dict[str, Any], dict[str, Any], dict[str, Any]] = ({}, {}, {})
    for name, answer in stored.items():
        item = items.get(name)
        parts[2 if item is None or item.personal else 1 if item.type in FREE_TEXT else 0][name] = answer
    return Parts(*parts)


def lines(pack: Pack, form_name: str, raw: Mapping[str, Any], *, by: Actor) -> tuple[Line, ...]:
    """Answers as they were typed, by the titles of the form, for whoever has to sign over them; particulars masked."""
    items = pack.forms[form_name].items if form_name in pack.forms else {}
    given = {name: raw[name] for name in items if raw.get(name) not in (None, "", [])}
    names = names_in(items, given)
    out = []
    for name, answer in given.items():
        text = worded(pack, items[name], answer, names)
        text = gettext(text) if items[name].type == "yes_no" else text
        out.append(Line(items[name].title, after=masked(text) if items[name].personal else text, field=name))
    return tuple(out)


def live(form: Form, facts: Facts) -> frozenset[str]:
    """Items that are asked, given what was answered: those whose `only_if` holds among items that are asked."""
    asked = dict(form.items)
    while gone := [name for name, item in asked.items() if item.only_if and not answered(item.only_if, facts, asked)]:
        for name in gone:
            del asked[name]
    return frozenset(asked)


def answered(condition: Answered, facts: Facts, among: Mapping[str, Item]) -> bool:
    """Whether another item was answered as a condition wants it."""
    found = facts.get(condition.item) if condition.item in among else None
    if found is None:
        return False
    if condition.range is not None:
        return isinstance(found, int) and condition.range.holds(found)
    if condition.is_ is not None:
        return not condition.is_.isdisjoint(found if isinstance(found, frozenset) else {str(found)})
    return True


def _each(
    pack: Pack, form: Form, raw: Mapping[str, Any], by: Actor, at_us: int
) -> tuple[dict[str, Answer], dict[str, Problem]]:  # fmt: skip
    stored: dict[str, Answer] = {}
    wrong: dict[str, Problem] = {}
    for name, item in form.items.items():
        if item.type == "computed" or name not in raw:
            continue
        try:
            answer = _typed(Asked(pack, name, item, by, at_us), raw[name])
        except Wrong as no:
            wrong[name] = no.found
            continue
        if answer is not None:
            stored[name] = answer
    return stored, wrong


def _empty(form: Form, asked: frozenset[str], facts: Facts, wrong: Mapping[str, Problem]) -> list[Problem]:
    among = {name: form.items[name] for name in asked}
    out = []
    for name, item in form.items.items():
        wanted = item.required or (item.required_if is not None and answered(item.required_if, facts, among))
        if wanted and item.type != "computed" and name in asked and name not in facts and name not in wrong:
            out.append(problem(name, "form.required", title=item.title))
    return out


def _computed(
    pack: Pack, form: Form, asked: frozenset[str], facts: Facts, by: Actor, at_us: int
) -> dict[str, Answer]:  # fmt: skip
    """What nobody fills in: tables and scores over the answers, and over what was computed before."""
    known, out = dict(facts), dict[str, Answer]()
    for name, item in form.items.items():
        if item.type != "computed" or name not in asked:
            continue
        found = scoring.table_value(pack, item.table, known) if item.table else None
        if item.score:
            found = points_for(pack, item.score, _scored(pack, form, item.score, known, by), known, at_us)
        if item.formula:
            found = scoring.formula(item.formula, known)
        if found is not None:
            known[name] = out[name] = found
    return out


def _scored(pack: Pack, form: Form, score: str, known: Facts, by: Actor) -> str:
    """Whose score a form asks for: of the unit, person or dossier it names first, or else of who fills it in."""
    of = pack.scores[score].of
    if of == "company":
        return COMPANY
    named = next((known[name] for name, item in form.items.items() if item.type == of and name in known), "")
    if not named and of == "unit":
        named = next((unit.code for unit in upwards(by.unit)[:1]), "")
    return f"{of}:{named or (by.id if of == 'staff' else '')}"
