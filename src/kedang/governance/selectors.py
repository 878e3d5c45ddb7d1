"""Reads of calls: what a person asked for and how far it came."""

from __future__ import annotations

from django.db.models import QuerySet

from kedang.governance.models import PENDING_STATES, Call
from kedang.kernel.actor import Actor


def calls_on(by: Actor, subject: str) -> QuerySet[Call]:
    """The actor's own calls on one subject, newest first."""
    return Call.objects.filter(subject=subject, actor_ref=by.id).order_by("-pk")


def open_call(by: Actor, subject: str) -> Call | None:
    """The actor's call on this subject that waits or runs; None when there is none."""
    return calls_on(by, subject).filter(state__in=PENDING_STATES).first()


def last_call(by: Actor, subject: str) -> Call | None:
    """The actor's newest call on this subject."""
    return calls_on(by, subject).first()


def waiting() -> list[int]:
    """Numbers of all calls that wait for a signature, the oldest first."""
    return list(Call.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))


def numbered(call_id: int) -> Call:
    """The call of a number; `Call.DoesNotExist` without one."""
    return Call.objects.get(pk=call_id)
