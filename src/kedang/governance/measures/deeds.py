"""Figures of deeds: how often something was done or refused, by the entries of the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from kedang.governance.measures.asking import Question
from kedang.governance.measures.tallies import Figures, Tally, figures_of
from kedang.ledger.models import Entry


def deeds(asked: Question) -> Figures:
    """Entries of the operations in the stretch of time, each counted once, for whoever did it."""
    said = asked.measure
    names, outcome = (said.deeds, "done") if said.deeds else (said.refused or frozenset(), "refused")
    found = Entry.objects.filter(
        op__in=sorted(names), outcome=outcome, at_us__gte=asked.period.since_us, at_us__lt=asked.period.until_us
    )
    return figures_of("count", _tallied(asked, found.values("actor_id", "subject_ref", "unit")))


def _tallied(asked: Question, grouped: object) -> Iterator[tuple[str, Tally]]:
    for each in grouped.annotate(times=Count("pk")).order_by():  # type: ignore[attr-defined]
        unit = each["unit"] or asked.company.homes.get(each["actor_id"], 0)
        for subject in asked.subjects(staff=each["actor_id"], unit=unit, subject=each["subject_ref"]):
            yield subject, Tally(each["times"])
