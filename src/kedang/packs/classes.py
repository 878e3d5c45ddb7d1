"""What the conditions on an operation tell apart, so that many deeds are judged by a few questions. Pure.

Two amounts on the same side of every limit of the regulation, or two regions it names nowhere, are one to it: of each
class of values one stands for all, and `decide` gives it the answer it would give every other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from kedang.packs.operations import When
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Range

Told = str | int | frozenset[str]
PLAIN = ("kind", "level", "state", "fields", "sensitivity")


@dataclass(slots=True)
class Classes:
    """The words and the limits that conditions name for one value."""

    words: set[str] = field(default_factory=set)
    bounds: set[int] = field(default_factory=set)
    """Numbers at which the answer of a range changes."""
    every: bool = False
    """Compared with another answer, so that no two values are one."""

    def add(self, wanted: frozenset[str] | Range) -> None:
        """One more condition."""
        if isinstance(wanted, Range):
            self.bounds |= {wanted.min} if wanted.min is not None else set()
            self.bounds |= {wanted.max + 1} if wanted.max is not None else set()
        else:
            self.words |= wanted

    def of(self, value: Told | None) -> Told | None:
        """The value that stands for this one."""
        if self.every or value is None:
            return value
        if isinstance(value, frozenset):
            return value & self.words
        if str(value) in self.words:
            return value
        if not isinstance(value, int) or not self.bounds:
            return ""
        return self._stand_in(value)

    def samples(self) -> tuple[Told | None, ...]:
        """One of each class, and none at all."""
        numbers = {self._stand_in(edge) for bound in self.bounds for edge in (bound - 1, bound)}
        return (None, "", *sorted(self.words), *sorted(numbers))

    def _stand_in(self, number: int) -> int:
        limits = sorted(self.bounds)
        at = bisect_right(limits, number)
        stands = limits[at - 1] if at else limits[0] - 1
        return stands if str(stands) not in self.words else number


@dataclass(frozen=True, slots=True)
class Asked:
    """What the conditions of an operation ask for."""

    plain: frozenset[str] = frozenset()
    """Which of `PLAIN` they ask for at all."""
    fields: frozenset[str] = frozenset()
    """Fields of the dossier they name."""
    values: dict[str, Classes] = field(default_factory=dict)
    items: dict[str, Classes] = field(default_factory=dict)
    times: dict[str, Classes] = field(default_factory=dict)
    """Of quotas."""


def asked_of(pack: Pack, op: str) -> Asked:
    """Everything the rules of an operation and the steps of their flows tell apart."""
    values: dict[str, Classes] = {}
    items: dict[str, Classes] = {}
    times: dict[str, Classes] = {}
    plain: set[str] = set()
    fields: set[str] = set()
    for when in _conditions(pack, op):
        plain |= {name for name in PLAIN if getattr(when, name) is not None}
        fields |= when.fields or frozenset()
        for into, asked in ((values, when.values), (items, when.items), (times, when.times)):
            for name, wanted in (asked or {}).items():
                into.setdefault(name, Classes()).add(wanted)
        for pair in (when.exceeds or {}).items():
            for name in pair:
                items.setdefault(name, Classes()).every = True
    return Asked(frozenset(plain), frozenset(fields), values, items, times)


def _conditions(pack: Pack, op: str) -> Iterator[When]:
    said = pack.operations.get(op)
    for rule in said.rules if said else ():
        steps = pack.flows[rule.flow].steps if rule.flow else ()
        for when in (rule.when, *(step.when for step in steps)):
            if when is not None:
                yield from _within(when)


def _within(when: When) -> Iterator[When]:
    """A condition with those that stand inside it."""
    yield when
    for inner in (*(when.any or ()), *((when.unless,) if when.unless else ())):
        yield from _within(inner)
