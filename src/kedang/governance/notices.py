"""Sending the notices that were posted, as the worker does it every few seconds."""

from __future__ import annotations

from kedang.kernel import clock
from kedang.messages.delivery import deliver
from kedang.people.models import Staff


def send() -> int:
    """Send what is due to everybody who still works here; returns how many copies got through."""
    return deliver(clock.now_us(), may_reach=works_here)


def works_here(username: str) -> bool:
    """Whether this person's account is open: who left learns nothing more."""
    return Staff.objects.filter(username=username, is_active=True).exists()
