"""Figures of limits and rounds: how many were kept, and how many were not. What has ended never changes again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q, QuerySet, Sum

from kedang.governance.clocks.models import Duty
from kedang.governance.clocks.states import LEFT
from kedang.governance.compliance.periods import Period
from kedang.governance.measures.asking import Question
from kedang.governance.measures.tallies import Figures, Tally, figures_of
from kedang.governance.models import Call

CLOCKWORK = "system:clockwork"
KEPT = Q(stopped_us__gt=0, stopped_us__lte=F("due_us"))


def limits(asked: Question) -> Figures:
    """`in_time` and `done` in percent of all that ended; `late` and `missed` counted."""
    said = asked.measure
    source, name = ("clock", said.in_time or said.late) if said.in_time or said.late else ("round", said.done)
    name = name or said.missed or ""
    percent = bool(said.in_time or said.done)
    return figures_of("percent" if percent else "count", _tallied(asked, source, name, percent))


def broken(source: str, name: str, period: Period, at_us: int) -> QuerySet[Duty]:
    """Duties whose limit lies in a stretch of time and was not kept, in the order of their limits. Where the product
    itself took the row back when the limit passed (期满收回), nobody broke anything."""
    lapsed = Call.objects.filter(cause__startswith="duty:", actor_ref=CLOCKWORK).values("pk")
    found = _ended(source, name, period).filter(_not_kept(at_us)).exclude(stopped_call__in=lapsed)
    return found.order_by("due_us", "pk")


def _tallied(asked: Question, source: str, name: str, percent: bool) -> Iterator[tuple[str, Tally]]:
    grouped = _ended(source, name, asked.period).values("holder", "seat", "unit", "subject", "about")
    kept = Sum("needed", filter=KEPT, default=0) if source == "clock" else Count("pk", filter=KEPT)
    counted = grouped.annotate(kept=kept, broken=Count("pk", filter=_not_kept(asked.at_us)))
    for each in counted.order_by():
        whole, part = (each["kept"] + each["broken"], each["kept"]) if percent else (each["broken"], 0)
        if not whole:
            continue
        thing = next((each[key] for key in ("subject", "about") if each[key].startswith("dossier:")), "")
        staff = each["holder"] or each["seat"].partition("staff:")[2]
        for subject in asked.subjects(staff=staff, unit=each["unit"], subject=thing):
            yield subject, Tally(whole, part)


def _ended(source: str, name: str, period: Period) -> QuerySet[Duty]:
    return Duty.objects.filter(source=source, name=name, due_us__gte=period.since_us, due_us__lt=period.until_us)


def _not_kept(at_us: int) -> Q:
    never = Q(stopped_us=0, due_us__lt=at_us) & ~Q(problem=LEFT)
    return Q(due_us__gt=0) & (never | Q(stopped_us__gt=F("due_us")))
