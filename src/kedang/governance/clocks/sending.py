"""Sends the notices whose instant has come, each exactly once however many workers look."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from kedang import messages
from kedang.governance.clocks import alarms, editions, holders
from kedang.governance.clocks.models import Alarm, Duty
from kedang.kernel import clock
from kedang.kernel.i18n import N_
from kedang.packs.times import Watched

TITLES = {
    "remind": N_("Due %(due)s: %(title)s"),
    "overdue": N_("Overdue since %(due)s: %(title)s"),
    "repeat": N_("Still overdue since %(due)s: %(title)s"),
    "escalate": N_("Overdue since %(due)s, reported to you: %(title)s"),
}
MISSED = N_("Not done in its period, which ended %(due)s: %(title)s")
LAST = time(23, 59, 59, 999999)


def send(at_us: int) -> int:
    """Send everything that is due at an instant; returns how many notices it stands for."""
    waiting = Duty.objects.filter(closed_us=0, next_us__gt=0, next_us__lte=at_us).order_by("next_us", "pk")
    return sum(_of_duty(pk, at_us) for pk in list(waiting.values_list("pk", flat=True)))


def _of_duty(pk: int, at_us: int) -> int:
    """One duty in one transaction: its notices, the record of them, and when to look again."""
    with transaction.atomic():
        duty = Duty.objects.select_for_update().filter(pk=pk, closed_us=0, next_us__gt=0, next_us__lte=at_us).first()
        if duty is None:
            return 0
        said = editions.part_of(duty)
        sent = set(duty.alarms.values_list("kind", "no", "at_us"))
        plan = alarms.plan(
            said, editions.pinned(duty).hours, started_us=duty.started_us, due_us=duty.due_us, sent=sent, at_us=at_us
        )
        if plan.send:
            holders.settle(duty, at_us)
        for call in plan.send:
            _send(duty, said, call, at_us)
        duty.next_us = plan.next_us
        duty.save(update_fields=["next_us", "holder"])
        return len(plan.send)


def _send(duty: Duty, said: Watched, call: alarms.Call, at_us: int) -> None:
    Alarm.objects.create(duty=duty, kind=call.kind, no=call.no, at_us=call.at_us, sent_us=at_us)
    missed = call.kind == "overdue" and duty.source == "round"
    for username in holders.told(duty, call.to, at_us):
        messages.post(
            username, key=f"duty:{duty.pk}:{call.kind}:{call.no}", title=MISSED if missed else TITLES[call.kind],
            params={"title": said.title, "due": shown_due(duty.due_us), "subject": duty.subject},
            link=f"/duties/{duty.pk}/", at_us=at_us, receipt=said.receipt, article=said.article or "",
        )  # fmt: skip


def shown_due(due_us: int) -> str:
    """A limit as people write it: the end of a day is 24:00."""
    at: datetime = clock.from_us(due_us).astimezone(clock.COMPANY_ZONE)
    return f"{at:%Y-%m-%d} 24:00" if at.time() == LAST else f"{at:%Y-%m-%d %H:%M}"
