"""Which notices a duty gives, and when. Pure; `sending` sends them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from kedang.kernel import clock
from kedang.packs.parties import Party
from kedang.packs.reckoning import UnknownYear, before, due
from kedang.packs.times import Hours, Span, Watched

MOST_REPEATS = 100_000
"""A safeguard against a repeat of a minute over many years, no limit anybody meets."""


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """A notice whose instant has come."""

    at_us: int
    kind: str
    no: int
    to: tuple[Party, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be sent now, when to look again (0: never), and the year that has to be announced for more."""

    send: tuple[Call, ...]
    next_us: int
    unknown: int = 0


def plan(
    said: Watched, hours: Hours, *, started_us: int, due_us: int, sent: Collection[tuple[str, int, int]], at_us: int
) -> Plan:
    """What a duty that is still open has to send at an instant.

    `sent` holds (kind, no, instant) of what went out. Of several reminders whose instants passed only the newest is
    sent, and none once the limit is over; of repeats only the newest; an escalation is never left out.
    """
    if not due_us:
        return Plan((), 0)
    limit = _Limit(said, hours, started_us, due_us, frozenset(sent))
    now: list[Call] = []
    later: list[int] = []
    for source in (limit.reminders, limit.overdue, limit.repeats, limit.escalations):
        for call in source(at_us):
            if call.at_us > at_us:
                later.append(call.at_us)
            elif (call.kind, call.no) not in limit.gone:
                now.append(call)
    return Plan(tuple(sorted(now)), min(later, default=0), limit.unknown)


class _Limit:
    """One limit with its instants; a year nobody announced is remembered, and what depends on it left out."""

    def __init__(
        self, said: Watched, hours: Hours, started_us: int, due_us: int, sent: frozenset[tuple[str, int, int]]
    ) -> None:
        self.said, self.hours, self.started_us, self.due_us, self.sent = said, hours, started_us, due_us, sent
        self.gone = {(kind, no) for kind, no, _ in sent}
        self.unknown = 0

    def reminders(self, at_us: int) -> Iterator[Call]:
        """The newest of those that came, while the limit runs, and all still to come."""
        found = [
            Call(instant, "remind", no, said.to)
            for no, said in enumerate(self.said.remind)
            if (instant := self._reckon(before, said.before, self.due_us)) and self.started_us <= instant <= self.due_us
        ]
        came = [call.at_us for call in found if call.at_us <= at_us]
        for call in found:
            if call.at_us > at_us or (at_us <= self.due_us and call.at_us == max(came)):
                yield call

    def overdue(self, at_us: int) -> Iterator[Call]:
        """The moment after the limit."""
        yield Call(self.due_us + 1, "overdue", 0, self.said.overdue.notify)

    def repeats(self, at_us: int) -> Iterator[Call]:
        """The newest that came and the next one."""
        every = self.said.overdue.every
        no, instant = max(((no, at) for kind, no, at in self.sent if kind == "repeat"), default=(0, self.due_us))
        newest: Call | None = None
        while every is not None and no < MOST_REPEATS:
            following = self._reckon(due, every, instant)
            if following <= instant:
                break
            no, instant = no + 1, following
            call = Call(instant, "repeat", no, self.said.overdue.notify)
            if instant > at_us:
                yield call
                break
            newest = call
        if newest is not None:
            yield newest

    def escalations(self, at_us: int) -> Iterator[Call]:
        """Each, in the order of the regulation."""
        for no, said in enumerate(self.said.escalate):
            if instant := self._reckon(due, said.after, self.due_us):
                yield Call(max(instant, self.due_us + 1), "escalate", no, said.to)

    def _reckon(self, how: Callable[[Span, datetime, Hours], datetime], span: Span, from_us: int) -> int:
        try:
            return clock.to_us(how(span, clock.from_us(from_us), self.hours))
        except UnknownYear as unknown:
            self.unknown = unknown.year
            return 0
