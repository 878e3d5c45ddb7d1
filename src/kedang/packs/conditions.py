"""Whether the conditions of a rule or a step hold for the facts of a deed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kedang.kernel.deeds import Facts
from kedang.packs.operations import When
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Range


def holds(pack: Pack, when: When, facts: Facts) -> bool:
    """Whether every condition that is given holds."""
    return all(
        test(pack, getattr(when, name), facts) for name, test in _TESTS.items() if getattr(when, name) is not None
    ) and not (when.unless is not None and holds(pack, when.unless, facts))


def answers(asked: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether each name that is asked for was found with one of the words, or within the range."""
    return all(_answer(wanted, found.get(name)) for name, wanted in asked.items())


def _answer(wanted: frozenset[str] | Range, found: str | int | frozenset[str] | None) -> bool:
    if found is None:
        return False
    if isinstance(wanted, Range):
        return isinstance(found, int) and wanted.holds(found)
    if isinstance(found, frozenset):
        return not wanted.isdisjoint(found)
    return str(found) in wanted


def _word(name: str) -> Callable[[Pack, frozenset[Any], Facts], bool]:
    return lambda pack, allowed, facts: getattr(facts, name) in allowed


def _overlap(name: str) -> Callable[[Pack, frozenset[str], Facts], bool]:
    return lambda pack, allowed, facts: not allowed.isdisjoint(getattr(facts, name))


def _number(name: str) -> Callable[[Pack, Range, Facts], bool]:
    return lambda pack, allowed, facts: allowed.holds(getattr(facts, name))


def _times(pack: Pack, asked: Mapping[str, Range], facts: Facts) -> bool:
    return all(allowed.holds(facts.times.get(name, 0)) for name, allowed in asked.items())


def _uncollected(pack: Pack, asked: bool, facts: Facts) -> bool:
    return any(name not in pack.fields or not pack.fields[name].collect for name in facts.fields)


def _exceeds(pack: Pack, asked: Mapping[str, str], facts: Facts) -> bool:
    return all(_more(facts.items.get(one), facts.items.get(other)) for one, other in asked.items())


def _more(one: Any, other: Any) -> bool:
    """A number that is missing is exceeded by none and exceeds none."""
    return isinstance(one, int) and isinstance(other, int) and one > other


def _sensitivity(pack: Pack, allowed: frozenset[str], facts: Facts) -> bool:
    return any(pack.fields[name].sensitivity in allowed for name in facts.fields if name in pack.fields)


_TESTS: dict[str, Callable[[Pack, Any, Facts], bool]] = {
    **{
        name: _word(name)
        for name in ("level", "state", "kind", "channel", "place", "purpose", "weekday", "unit_kind", "module", "to")
    },
    **{name: _overlap(name) for name in ("fields", "rel")},
    **{name: _number(name) for name in ("rows", "amount")},
    "unit": lambda pack, allowed, facts: not allowed.isdisjoint(facts.unit_codes),
    "workday": lambda pack, allowed, facts: allowed == facts.workday,
    "time": lambda pack, allowed, facts: allowed.holds(facts.minute),
    "items": lambda pack, asked, facts: answers(asked, facts.items),
    "values": lambda pack, asked, facts: answers(asked, facts.values),
    "times": _times,
    "exceeds": _exceeds,
    "uncollected": _uncollected,
    "date": lambda pack, allowed, facts: allowed.holds(facts.date[5:]),
    "day": lambda pack, allowed, facts: bool(facts.date) and allowed.holds(int(facts.date[8:])),
    "any": lambda pack, several, facts: any(holds(pack, one, facts) for one in several),
    "sensitivity": _sensitivity,
}
