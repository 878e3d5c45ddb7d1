"""Who is late with what at an instant: read from the limits, so that no job has to turn anything over first."""

from __future__ import annotations

from kedang.governance.clocks.models import Duty


def late_of(username: str, at_us: int) -> frozenset[str]:
    """Names of the clocks and rounds on which a person is late at an instant."""
    if not username:
        return frozenset()
    late = Duty.objects.filter(holder=username, closed_us=0, due_us__gt=0, due_us__lt=at_us)
    return frozenset(late.values_list("name", flat=True).distinct())
