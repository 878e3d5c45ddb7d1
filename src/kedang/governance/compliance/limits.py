"""How the duties of a clock or a round ended that fell due in a period; each number up to `MOST`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import F, Q, QuerySet, Sum

from kedang.governance.clocks.models import Duty
from kedang.governance.compliance.periods import Period
from kedang.governance.compliance.watching import MOST, Limits


def of(name: str, period: Period, at_us: int) -> Limits:
    """The numbers of `clock:<name>` or `round:<name>`."""
    return Limits(**{key: _number(duties(name, key, period, at_us)) for key in ENDINGS})


def _number(found: QuerySet[Duty]) -> int:
    """How many they are; what was kept in an import stands in one duty for many (`clocks.many`)."""
    if not (more := found.filter(source="clock", needed__gt=1).aggregate(more=Sum(F("needed") - 1))["more"]):
        return found[:MOST].count()
    return min(found[:MOST].count() + int(more), MOST)


def duties(name: str, ending: str, period: Period, at_us: int) -> QuerySet[Duty]:
    """The duties behind one number, the latest due first."""
    source, _, which = name.partition(":")
    known = Q(due_us__gte=period.since_us, due_us__lt=period.until_us)
    if ending == "unknown":
        known = Q(due_us=0, started_us__gte=period.since_us, started_us__lt=period.until_us) & ~Q(problem="")
    return Duty.objects.filter(known & ENDINGS[ending](at_us), source=source, name=which).order_by("-due_us", "-id")


def _missed(at_us: int) -> Q:
    """Not done when it was due; what was given up before that was not missed."""
    return Q(stopped_us=0, due_us__lt=at_us) & (Q(closed_us=0) | Q(closed_us__gt=F("due_us")))


ENDINGS: Mapping[str, Callable[[int], Q]] = {
    "due": lambda at_us: Q(),
    "kept": lambda at_us: Q(stopped_us__gt=0, stopped_us__lte=F("due_us")),
    "late": lambda at_us: Q(stopped_us__gt=F("due_us")),
    "missed": _missed,
    "running": lambda at_us: Q(stopped_us=0, closed_us=0, due_us__gte=at_us),
    "unknown": lambda at_us: Q(stopped_us=0),
}
