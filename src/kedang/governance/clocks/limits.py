"""The limit of a duty by its pinned edition, and whether a year has to be announced first."""

from __future__ import annotations

from datetime import date

from kedang.governance.clocks import alarms, editions
from kedang.governance.clocks.models import Duty
from kedang.kernel import clock
from kedang.packs.periods import Period
from kedang.packs.reckoning import UnknownYear, due, due_of_day, end_of
from kedang.packs.times import Clock, Hours, Round

BY_CALENDAR = "calendar:"


def reckon(duty: Duty, said: Clock | Round, hours: Hours) -> None:
    """Set the limit, the instant of the first notice, and the problem where either cannot be known yet."""
    duty.problem, duty.due_us, duty.next_us = "", 0, 0
    try:
        duty.due_us = _due_us(duty, said, hours)
    except UnknownYear as unknown:
        duty.problem = f"{BY_CALENDAR}{unknown.year}"
        return
    # Looked at from before its beginning, so that the first notice of all is found.
    ahead = alarms.plan(
        said, hours, started_us=duty.started_us, due_us=duty.due_us, sent=(), at_us=duty.started_us - 1
    )  # fmt: skip
    duty.next_us = ahead.next_us
    if ahead.unknown:
        duty.problem = f"{BY_CALENDAR}{ahead.unknown}"


def again(duty: Duty) -> None:
    """Reckon the limit of a stored duty anew, by the edition it began under."""
    reckon(duty, editions.part_of(duty), editions.pinned(duty).hours)
    if duty.closed_us:
        duty.next_us = 0


def year_of(problem: str) -> int:
    """The year a problem is about; 0 for another problem or none."""
    return int(problem.removeprefix(BY_CALENDAR)) if problem.startswith(BY_CALENDAR) else 0


def _due_us(duty: Duty, said: Clock | Round, hours: Hours) -> int:
    if isinstance(said, Round):
        return clock.to_us(end_of(_period(duty), said.grace, hours, said.within))
    if duty.day_only:
        return clock.to_us(due_of_day(said.within, clock.company_day(duty.started_us), hours))
    return clock.to_us(due(said.within, clock.from_us(duty.started_us), hours))


def _period(duty: Duty) -> Period:
    first: date = clock.company_day(duty.started_us)
    return Period(first, clock.company_day(duty.ends_us), duty.period)
