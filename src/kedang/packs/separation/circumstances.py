"""Under which circumstances a deed may be asked for: the facts an applicant can bring about by choosing well. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kedang.kernel.deeds import Facts
from kedang.packs.operations import Rule, When
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Range

GIVEN = frozenset({"founding", "self"})
"""Relations nobody can bring about: a company is founded once, and what is done to others is not done to oneself."""
SINGLE = ("state", "kind", "channel", "place", "purpose", "weekday", "unit_kind", "module", "to")
SETS = ("fields", "rel")
Choice = Mapping[str, Any]


def choices(pack: Pack, operation: str, **fixed: Any) -> Iterator[Facts]:
    """The plain circumstances, those each condition asks for, and each two of them together; `fixed` stays."""
    plain = Facts(rel=frozenset({"in_scope"}))
    seen: set[str] = set()
    for choice in _choices(pack.operations[operation].rules):
        facts = replace(_with(plain, choice), **{name: value for name, value in fixed.items() if name != "rel"})
        facts = replace(facts, rel=facts.rel | fixed.get("rel", frozenset()))
        if repr(facts) not in seen:
            seen.add(repr(facts))
            yield facts


def _choices(rules: tuple[Rule, ...]) -> tuple[Choice, ...]:
    single: list[Choice] = [{}]
    for rule in rules:
        for when in _conditions(rule.when):
            single.append(_choice(when))
    pairs = [_joined(one, other) for one in single for other in single if one is not other]
    return tuple([*single, *pairs])


def _conditions(when: When | None) -> Iterator[When]:
    if when is not None:
        yield when
        yield from _conditions(when.unless)
        for one in when.any or ():
            yield from _conditions(one)


def _choice(when: When) -> Choice:
    """What makes a condition hold."""
    chosen: dict[str, Any] = {name: _first(getattr(when, name)) for name in SINGLE if getattr(when, name)}
    for name in SETS:
        if words := frozenset(getattr(when, name) or ()) - GIVEN:
            chosen[name] = words
    if when.level:
        chosen["level"] = int(min(when.level))
    for name in ("rows", "amount"):
        if (wanted := getattr(when, name)) is not None:
            chosen[name] = _number(wanted)
    for name in ("items", "values"):
        if asked := getattr(when, name):
            chosen[name] = {key: _answer(wanted) for key, wanted in asked.items()}
    if when.workday is not None:
        chosen["workday"] = when.workday
    if when.time is not None:
        hours, minutes = when.time.from_.split(":")
        chosen["minute"] = int(hours) * 60 + int(minutes)
    if when.date is not None:
        chosen["date"] = f"2026-{when.date.from_}"
    if when.unit:
        chosen["unit_codes"] = frozenset(when.unit)
    return chosen


def _joined(one: Choice, other: Choice) -> Choice:
    """Both, as far as both can be; where they differ the second counts."""
    joined = {**one, **other}
    for name in (*SETS, "unit_codes"):
        if name in one and name in other:
            joined[name] = one[name] | other[name]
    for name in ("items", "values"):
        if name in one and name in other:
            joined[name] = {**one[name], **other[name]}
    return joined


def _with(facts: Facts, choice: Choice) -> Facts:
    rel = facts.rel | choice.get("rel", frozenset())
    return replace(facts, **{**choice, "rel": rel})


def _first(words: frozenset[Any]) -> Any:
    return min(words, key=str)


def _answer(wanted: frozenset[Any] | Range) -> Any:
    return _number(wanted) if isinstance(wanted, Range) else _first(wanted)


def _number(wanted: Range) -> int:
    return wanted.min if wanted.min is not None else min(wanted.max or 0, 1)
