"""What has become of a duty, read from its instants and the present one; nothing stores it. Pure."""

from __future__ import annotations

from typing import Protocol

OPEN, IN_TIME, LATE, OVERDUE, MISSED, UNKNOWN, VOID = (
    "open", "in_time", "late", "overdue", "missed", "unknown", "void",
)  # fmt: skip
STATES = (OPEN, IN_TIME, LATE, OVERDUE, MISSED, UNKNOWN, VOID)
LEFT = "left"


class Timed(Protocol):
    """What of a duty its state depends on."""

    source: str
    due_us: int
    stopped_us: int
    problem: str


def state_of(duty: Timed, at_us: int) -> str:
    """`open`, `in_time` or `late` when it was done, `overdue` (a clock) or `missed` (a period) when it was not.

    `unknown`: the limit depends on a year whose working days nobody announced. `void`: whose duty it was has left.
    """
    if not duty.due_us:
        return UNKNOWN
    if duty.stopped_us:
        return IN_TIME if duty.stopped_us <= duty.due_us else LATE
    if duty.problem == LEFT:
        return VOID
    if at_us <= duty.due_us:
        return OPEN
    return MISSED if duty.source == "round" else OVERDUE
