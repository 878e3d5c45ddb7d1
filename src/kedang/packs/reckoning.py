"""From when something began to when it has to be done. Pure: no database, no clock, no zone of the machine.

A limit is an instant, and what is done at that very instant is in time. The end of a day is its last
microsecond, so that a limit of `24:00` still lies on the day it belongs to.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from kedang.kernel.clock import COMPANY_ZONE
from kedang.packs import workdays
from kedang.packs.periods import Period, needs_calendar, period_of, periods_between
from kedang.packs.times import Hours, Span
from kedang.packs.workdays import UnknownYear

__all__ = ["Period", "UnknownYear", "before", "due", "due_of_day", "end_of", "needs_calendar", "period_of",
           "periods_between"]  # fmt: skip
ONE_DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def due(span: Span, start: datetime, hours: Hours) -> datetime:
    """The last instant at which something that began at `start` is in time.

    In working days the day of the beginning is not counted, what begins on a day off has the whole of its last
    working day, and hours and minutes run within the company's hours alone. A limit that would have ended before it
    began (until closing time, begun in the evening) is that of the next day. Raises UnknownYear where working days of
    a year nobody announced are asked for, ValueError for a `start` without zone.
    """
    begun, counted = _begun(span, _local(start), hours)
    at = _ended(span, begun, hours, counted)
    while at < begun:
        counted = _next_day(span, counted)
        at = _ended(span, begun, hours, counted)
    return at


def due_of_day(span: Span, day: date, hours: Hours) -> datetime:
    """The last instant in time where only the day of the beginning is known: its hours are all given."""
    if span.hours or span.minutes:
        return due(span.model_copy(update={"cut_off": None}), _at(day + ONE_DAY, time()), hours)
    whole = span.model_copy(update={"cut_off": None, "until": span.until or "midnight"})
    return due(whole, _at(day, time()), hours)


def before(span: Span, end: datetime, hours: Hours) -> datetime:
    """The instant so long before an end; with `until` at that time of its day."""
    local = _local(end)
    day = _months(span, local.date(), -1)
    if span.calendar == "working_days":
        day = workdays.before(day, span.days)
    else:
        day -= timedelta(days=span.days)
    at = _at(day, local.time()) - timedelta(hours=span.hours, minutes=span.minutes)
    return _until(span, at.date(), hours) if span.until else at


def end_of(period: Period, grace: Span | None, hours: Hours, within: Span | None = None) -> datetime:
    """The last instant at which a deed counts for a period; `within` ends before the period does, never after."""
    if within is not None:
        return min(due_of_day(within, period.first, hours), _end_of_day(period.last))
    if grace is None:
        return _end_of_day(period.last)
    return due_of_day(grace, period.last, hours)


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(COMPANY_ZONE)


def _begun(span: Span, start: datetime, hours: Hours) -> tuple[datetime, date]:
    """When it counts as begun, and the day from which days are counted."""
    day = start.date()
    if span.cut_off is None:
        return start, day
    if span.calendar == "working_days" and not workdays.is_workday(day):
        day = workdays.on_or_after(day)
    elif start > _until(span, day, hours, at=span.cut_off):
        day = _next_day(span, day)
    return (start, day) if day == start.date() else (_at(day, time()), day)


def _next_day(span: Span, day: date) -> date:
    return workdays.after(day, 1) if span.calendar == "working_days" else day + ONE_DAY


def _ended(span: Span, begun: datetime, hours: Hours, counted: date) -> datetime:
    working = span.calendar == "working_days"
    day = _months(span, counted, 1)
    last = workdays.after(day, span.days) if working else day + timedelta(days=span.days)
    at = _at(last, begun.time())
    if working and not workdays.is_workday(day):
        at = _end_of_day(last) if span.days or span.months or span.years else _at(last, time())
    if span.hours or span.minutes:
        at = _later(span, at, hours)
    if span.until:
        at = _until(span, at.date(), hours)
    return _on_working_day(span, at, begun)


def _later(span: Span, at: datetime, hours: Hours) -> datetime:
    """Hours and minutes added: by the clock, or within the company's hours of working days."""
    left = timedelta(hours=span.hours, minutes=span.minutes)
    if span.calendar == "calendar_days" or hours.open >= hours.close:
        return at + left
    while True:
        day = workdays.on_or_after(at.date())
        opens = _until(span, day, hours, at=hours.open)
        begins = opens if day != at.date() else max(at, opens)
        room = _until(span, day, hours, at=hours.close) - begins
        if left <= room:
            return begins + left
        left -= max(room, timedelta())
        at = _at(day + ONE_DAY, time())


def _on_working_day(span: Span, at: datetime, begun: datetime) -> datetime:
    """Where the last day is a day off and the pack moves it: until the hour it names, else the end of that day."""
    if span.if_day_off == "keep" or workdays.is_workday(at.date()):
        return at
    if span.if_day_off == "previous":
        moved = _last_of(span, workdays.on_or_before(at.date()), at)
        if moved >= begun:
            return moved
    return _last_of(span, workdays.on_or_after(at.date()), at)


def _last_of(span: Span, day: date, at: datetime) -> datetime:
    return _at(day, at.time()) if span.until else _end_of_day(day)


def _months(span: Span, day: date, sign: int) -> date:
    """A day so many months and years later (or earlier), by the span's rule for months that are shorter."""
    count = sign * (span.months + 12 * span.years)
    if not count:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    length = monthrange(year, month + 1)[1]
    if day.day <= length:
        return date(year, month + 1, day.day)
    clipped = date(year, month + 1, length)
    return clipped if span.month_end == "clip" else clipped + ONE_DAY


def _until(span: Span, day: date, hours: Hours, at: str | None = None) -> datetime:
    word = at or span.until or "midnight"
    word = hours.close if word == "close" else word
    return _end_of_day(day) if word in ("midnight", "24:00") else _at(day, time.fromisoformat(word))


def _end_of_day(day: date) -> datetime:
    return _at(day + ONE_DAY, time()) - INSTANT


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=COMPANY_ZONE)
