"""Sends the notices whose instant has come, each exactly once however many workers look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from kedang import messages
from kedang.governance.clocks import alarms, holders, limits
from kedang.governance.clocks.models import Alarm, Duty
from kedang.kernel import clock
from kedang.kernel.i18n import N_

TITLES = {
    "remind": N_("Due %(due)s: %(title)s"),
    "overdue": N_("Overdue since %(due)s: %(title)s"),
    "repeat": N_("Still overdue since %(due)s: %(title)s"),
    "escalate": N_("Overdue since %(due)s, reported to you: %(title)s"),
}
MISSED = N_("Not done in its period, which ended %(due)s: %(title)s")
BATCH = 50
"""So many duties are one transaction: enough that a backlog is soon through, few enough that nobody waits for it."""
LAST = time(23, 59, 59, 999999)


def send(at_us: int) -> int:
    """Send everything that is due at an instant; returns how many notices it stands for."""
    waiting = list(_waiting(at_us).order_by("next_us", "pk").values_list("pk", flat=True))
    books = holders.Books(at_us)
    return sum(_of_duties(waiting[at : at + BATCH], books) for at in range(0, len(waiting), BATCH))


def _waiting(at_us: int) -> QuerySet[Duty]:
    return Duty.objects.filter(closed_us=0, next_us__gt=0, next_us__lte=at_us)


def _of_duties(pks: list[int], books: holders.Books) -> int:
    """Some duties in one transaction: their notices, the record of them, and when to look again.

    A duty somebody else has hold of just now is left to them; where they let go of it, to the next turn.
    """
    with transaction.atomic():
        free = _waiting(books.at_us).filter(pk__in=pks).select_for_update(skip_locked=True)
        duties = list(free.order_by("pk"))
        gone = _gone(duties)
        calls = [(duty, call) for duty in duties for call in _plan(duty, gone[duty.pk], books)]
        Alarm.objects.bulk_create(
            Alarm(duty=duty, kind=call.kind, no=call.no, at_us=call.at_us, sent_us=books.at_us) for duty, call in calls
        )
        messages.post_all([note for duty, call in calls for note in _notes(duty, call, books)])
        Duty.objects.bulk_update(duties, ["next_us", "holder", "problem"])
        return len(calls)


def _gone(duties: list[Duty]) -> dict[int, set[tuple[str, int, int]]]:
    """What went out about each: of its repeats, which may be thousands, only the newest."""
    found: dict[int, set[tuple[str, int, int]]] = {duty.pk: set() for duty in duties}
    sent = Alarm.objects.filter(duty__in=found)
    for duty, kind, no, at_us in sent.exclude(kind="repeat").values_list("duty", "kind", "no", "at_us"):
        found[duty].add((kind, no, at_us))
    newest = Alarm.objects.filter(duty=OuterRef("pk"), kind="repeat").order_by("-no")
    repeated = Duty.objects.filter(pk__in=found).order_by().annotate(
        last=Subquery(newest.values("no")[:1]), last_us=Subquery(newest.values("at_us")[:1])
    )  # fmt: skip
    for duty, last, last_us in repeated.exclude(last=None).values_list("pk", "last", "last_us"):
        found[duty].add(("repeat", last, last_us))
    return found


def _plan(duty: Duty, gone: set[tuple[str, int, int]], books: holders.Books) -> tuple[alarms.Call, ...]:
    plan = alarms.plan(
        books.shelf.part_of(duty), books.shelf.pinned(duty).hours, started_us=duty.started_us, due_us=duty.due_us,
        sent=gone, at_us=books.at_us,
    )  # fmt: skip
    if plan.send:
        holders.settle(duty, books.at_us, books)
    duty.next_us = plan.next_us
    if plan.unknown:  # it goes on when that year is announced
        duty.problem = f"{limits.BY_CALENDAR}{plan.unknown}"
    return plan.send


def _notes(duty: Duty, call: alarms.Call, books: holders.Books) -> Iterator[messages.Note]:
    said = books.shelf.part_of(duty)
    missed = call.kind == "overdue" and duty.source == "round"
    for username in holders.told(duty, call.to, books.at_us, books):
        yield messages.Note(
            username, key=f"duty:{duty.pk}:{call.kind}:{call.no}", title=MISSED if missed else TITLES[call.kind],
            params={"title": said.title, "due": shown_due(duty.due_us), "subject": duty.subject},
            link=f"/duties/{duty.pk}/", at_us=books.at_us, receipt=said.receipt, article=said.article or "",
        )  # fmt: skip


def shown_due(due_us: int) -> str:
    """A limit as people write it: the end of a day is 24:00."""
    at: datetime = clock.from_us(due_us).astimezone(clock.COMPANY_ZONE)
    return f"{at:%Y-%m-%d} 24:00" if at.time() == LAST else f"{at:%Y-%m-%d %H:%M}"
