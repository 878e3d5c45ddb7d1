"""Time limits: how long, reckoned how, from which deed to which; and what comes round again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kedang.packs.parties import Party
from kedang.packs.vocabulary import (
    Count,
    DayOfYear,
    DeedRef,
    FieldRef,
    Flag,
    Model,
    Name,
    Percent,
    Range,
    RoleRef,
    Tagged,
    TimeOfDay,
    Word,
)

Calendar = Literal["calendar_days", "working_days"]


class Span(Model):
    """A length of time and where it ends (自然日、工作日、当天、次日、月末).

    `days: 0` is the same day, `days: 1` the next. Without `until` the span ends at the hour it began;
    with it at that time of its last day: a time, `close` (the company's closing hour) or `midnight` (24:00).
    """

    minutes: Count = 0
    hours: Count = 0
    days: Count = 0
    months: Count = 0
    years: Count = 0
    calendar: Calendar = "calendar_days"
    until: TimeOfDay | Literal["close", "midnight"] | None = None
    month_end: Literal["clip", "next"] = "clip"
    """A month after 31 January: the last of February, or the first of March."""
    cut_off: TimeOfDay | Literal["close"] | None = None
    """What begins after this time of day counts as begun the next (working) day."""
    if_day_off: Literal["keep", "next", "previous"] = "keep"
    """Where the last day is no working day."""


class Reminder(Model):
    """A notice before the end."""

    before: Span
    to: tuple[Party, ...] = (Party(person="holder"),)


class Overdue(Model):
    """What follows from the end of a limit: who is told, how often again, and what the late may not do meanwhile."""

    notify: tuple[Party, ...] = (Party(person="holder"),)
    every: Span | None = None
    block: frozenset[DeedRef] = frozenset()
    """Deeds the holder may not do while late."""
    does: DeedRef | None = None
    """A deed the product itself does when the limit of a clock passes: it moves the row (期满退回公海、到期失效)."""


class Escalation(Model):
    """Somebody higher is told after so long."""

    after: Span
    to: tuple[Party, ...] = Field(min_length=1)


class Start(Model):
    """What sets a clock going: a deed, from its own instant or from a date that stands in its form or in the dossier.

    A clock may also start at every change of one of `fields`.
    """

    operation: DeedRef
    fields: frozenset[FieldRef] = frozenset()
    from_item: Name | None = None
    from_field: FieldRef | None = None
    where: Annotated[dict[Name, frozenset[Word] | Range], Field(default_factory=dict)]
    """Items of the deed's form that must have one of these answers, or lie within this range."""


class Watched(Tagged):
    """What clocks and rounds have in common."""

    title: Word
    remind: tuple[Reminder, ...] = ()
    overdue: Overdue = Overdue()
    escalate: tuple[Escalation, ...] = ()
    receipt: Flag = False
    """Whoever is told has to confirm having read it."""


class Clock(Watched):
    """From one deed to another within a span (时限). A clock that no deed stops judges the deed that starts it:
    done later than the span after `from_item` or `from_field`, it was late."""

    starts: Start
    stops: frozenset[DeedRef] = frozenset()
    within: Span
    holder: Party = Party(person="applicant")
    sample: Percent = 100
    """Of a hundred starts so many are watched, chosen by the start's number, not by people."""


class Every(Model):
    """How often: exactly one unit of time. Periods follow the calendar (weeks begin on Monday); `begin` moves years."""

    days: Count = 0
    weeks: Count = 0
    months: Count = 0
    years: Count = 0
    festivals: Flag = False
    """Once for each public festival."""
    on: Calendar = "calendar_days"
    """With `days`: only working days count as periods."""
    begin: DayOfYear = "01-01"


class Sample(Model):
    """A share of all, but at least so many (抽查)."""

    share: Percent
    at_least: Count = 0
    of: Literal["dossiers", "rows", "staff"] = "dossiers"
    register_: Word | None = Field(default=None, alias="register")


class Round(Watched):
    """What comes round again (每季、每半年、每天): in each period the party does one of the deeds, or the period is
    missed. A heartbeat is a round of one day."""

    every: Every
    for_each: Literal["company", "branch", "department", "unit", "staff", "holder"] = "company"
    """`staff`: everybody who works here; `holder`: each holder of one of `roles`; each has a duty of their own."""
    roles: frozenset[RoleRef] = frozenset()
    by: Party
    done_by: frozenset[DeedRef] = Field(min_length=1)
    at_least: Annotated[int, Field(strict=True, ge=1)] = 1
    sample: Sample | None = None
    grace: Span | None = None
    """So long after the period it still counts."""
    within: Span | None = None
    """The limit lies inside the period, counted from its first day (每月二十五日前: `days: 24`)."""


class Hours(Model):
    """The company's day."""

    open: TimeOfDay = "09:00"
    close: TimeOfDay = "18:00"


class TimeRange(Model):
    """A part of the day in company time, `from` included, `to` not; may run over midnight."""

    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay

    def holds(self, minute: int) -> bool:
        """Whether a minute of the day lies in it."""
        start, end = _minute(self.from_), _minute(self.to)
        return start <= minute < end if start <= end else minute >= start or minute < end


class DateRange(Model):
    """A part of the year, both days included; may run over New Year."""

    from_: DayOfYear = Field(alias="from")
    to: DayOfYear

    def holds(self, day: str) -> bool:
        """Whether a day (`MM-DD`) lies in it; no day lies in none."""
        if not day:
            return False
        return self.from_ <= day <= self.to if self.from_ <= self.to else day >= self.from_ or day <= self.to


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
