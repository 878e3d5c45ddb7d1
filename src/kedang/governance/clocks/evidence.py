"""What a clock or round proves: how its duties ended, and the duties behind each number."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from kedang.governance.clocks.models import Duty
from kedang.governance.clocks.states import STATES, state_of
from kedang.kernel import clock


@dataclass(frozen=True, slots=True)
class Ended:
    """Ids of duties by what became of them; a clock or round without any proves nothing."""

    ids: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def count(self, state: str) -> int:
        """How many ended so."""
        return len(self.ids.get(state, ()))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(len(ids) for ids in self.ids.values())


def of_clock(name: str, from_us: int, to_us: int, at_us: int | None = None) -> Ended:
    """The duties of a clock whose limit, or where none is known whose beginning, lies in a stretch of time."""
    return _of("clock", name, from_us, to_us, at_us)


def of_round(name: str, from_us: int, to_us: int, at_us: int | None = None) -> Ended:
    """The same of a round; what was not done in its period is `missed`."""
    return _of("round", name, from_us, to_us, at_us)


def _of(source: str, name: str, from_us: int, to_us: int, at_us: int | None) -> Ended:
    at = clock.now_us() if at_us is None else at_us
    found: dict[str, list[int]] = {state: [] for state in STATES}
    for duty in _within(Duty.objects.filter(source=source, name=name), from_us, to_us):
        found[state_of(duty, at)].append(duty.pk)
    return Ended({state: tuple(ids) for state, ids in found.items() if ids})


def _within(duties: QuerySet[Duty], from_us: int, to_us: int) -> QuerySet[Duty]:
    known = Q(due_us__gte=from_us, due_us__lt=to_us)
    return duties.filter(known | Q(due_us=0, started_us__gte=from_us, started_us__lt=to_us)).order_by("due_us", "pk")
