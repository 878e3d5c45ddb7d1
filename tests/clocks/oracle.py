"""Every limit, period and notice reckoned anew in another way than the product reckons it.

It counts days one by one in naive local time, names the period of each single day and puts equal names together, and
looks up for each notice who looked first when it was due; it shares nothing with the reckoning but the calendar's own
table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

import chinese_calendar
from lunardate import LunarDate

from kedang.packs.times import Every, Hours, Span, Watched

DAY = timedelta(days=1)
OFFSET = timedelta(hours=8)
KNOWN = {day.year for day in chinese_calendar.constants.holidays}
Notices = dict[tuple[str, int], tuple[int, int]]
"""(kind, number) to the instant it is for and the instant it goes out."""


class NotAnnounced(Exception):
    """The oracle's own word for a year nobody knows."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


def us(local: datetime) -> int:
    """Naive company time as a stored instant."""
    return int((local - OFFSET).replace(tzinfo=UTC).timestamp()) * 1_000_000 + local.microsecond


def local_of(instant: int) -> datetime:
    """A stored instant as naive company time."""
    local = datetime.fromtimestamp(instant // 1_000_000, UTC).replace(tzinfo=None) + OFFSET
    return local + timedelta(microseconds=instant % 1_000_000)


@cache
def works(day: date) -> bool:
    """From the tables themselves."""
    if day.year not in KNOWN:
        raise NotAnnounced(day.year)
    if day in chinese_calendar.constants.workdays:
        return True
    return day.weekday() < 5 and day not in chinese_calendar.constants.holidays


def minute_of(word: str, hours: Hours) -> int:
    word = {"close": hours.close, "midnight": "24:00"}.get(word, word)
    return int(word[:2]) * 60 + int(word[3:])


def at_minute(day: date, minute: int) -> datetime:
    """24:00 is the last microsecond of the day."""
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - naive company time throughout
    return start + timedelta(minutes=minute) - timedelta(microseconds=minute == 1440)


def shifted(day: date, months: int, rule: str) -> date:
    """Month by month, and the day looked for downwards."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        if months > 0:
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        else:
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    for number in range(day.day, 0, -1):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        return found if number == day.day or rule == "clip" else found + DAY
    raise AssertionError


# Limits


def oracle_due(span: Span, start: datetime, hours: Hours, *, day_only: bool = False) -> datetime:
    """Counted day by day."""
    working = span.calendar == "working_days"
    day, minutes = start.date(), span.hours * 60 + span.minutes
    until = span.until
    if day_only:
        if minutes:
            start, day = at_minute(day, 0) + DAY, day + DAY
        else:
            start, until = at_minute(day, 0), until or "24:00"
    elif span.cut_off is not None:
        moved = day
        if working and not works(day):
            while not works(moved):
                moved += DAY
        elif start > at_minute(day, minute_of(span.cut_off, hours)):
            moved += DAY
            while working and not works(moved):
                moved += DAY
        if moved != day:
            start, day = at_minute(moved, 0), moved
    for extra in range(400):
        end = _counted(span, start, day, hours, until, minutes, extra)
        if end >= start:
            return end
    raise AssertionError


def oracle_before(span: Span, end: datetime, hours: Hours) -> datetime:
    """Counted back day by day."""
    working = span.calendar == "working_days"
    day, left = shifted(end.date(), -(span.months + 12 * span.years), span.month_end), span.days
    while left:
        day -= DAY
        left -= 1 if not working or works(day) else 0
    while working and not works(day):
        day -= DAY
    at = datetime.combine(day, end.time()) - timedelta(minutes=span.hours * 60 + span.minutes)
    return at_minute(at.date(), minute_of(span.until, hours)) if span.until else at


def _counted(
    span: Span, start: datetime, day: date, hours: Hours, until: str | None, minutes: int, extra: int
) -> datetime:
    working = span.calendar == "working_days"
    for _ in range(extra):
        day += DAY
        while working and not works(day):
            day += DAY
    last = shifted(day, span.months + 12 * span.years, span.month_end)
    begun_off = working and not works(last)
    left = span.days
    while left:
        last += DAY
        left -= 1 if not working or works(last) else 0
    while working and not works(last):
        last += DAY
    end = datetime.combine(last, start.time())
    if begun_off:
        whole = span.days or span.months or span.years
        end = at_minute(last, 1440 if whole else 0)
    if minutes:
        end = _minutes(end, minutes, working, hours)
    if until:
        end = at_minute(end.date(), minute_of(until, hours))
    if span.if_day_off != "keep" and not works(end.date()):
        end = _off(span, end, start, until, hours)
    return end


def _minutes(end: datetime, minutes: int, working: bool, hours: Hours) -> datetime:
    if not working:
        return end + timedelta(minutes=minutes)
    opens, closes = minute_of(hours.open, hours), minute_of(hours.close, hours)
    rest = timedelta(seconds=end.second, microseconds=end.microsecond)
    end -= rest
    if not (works(end.date()) and opens <= end.hour * 60 + end.minute < closes):
        rest = timedelta()  # begun outside the company's hours: it runs from the full minute of opening
    while minutes:
        inside = works(end.date()) and opens <= end.hour * 60 + end.minute < closes
        end += timedelta(minutes=1)
        minutes -= inside
    return end + rest


def _off(span: Span, end: datetime, start: datetime, until: str | None, hours: Hours) -> datetime:
    minute = minute_of(until, hours) if until else 1440
    back = end.date()
    while not works(back):
        back -= DAY
    if span.if_day_off == "previous" and at_minute(back, minute) >= start:
        return at_minute(back, minute)
    on = end.date()
    while not works(on):
        on += DAY
    return at_minute(on, minute)


# Periods


def periods(every: Every, first: date, last: date) -> Iterator[tuple[str, date, date]]:
    """Every day of a stretch is named, equal names are put together; `?<year>` where nobody can name its days."""
    found: dict[str, tuple[date, date]] = {}
    wide = 40 if every.days or every.festivals else 400 * max(1, every.years)
    day = first - DAY * wide
    while day <= last + DAY * wide:
        try:
            for label in labels(every, day):
                found[label] = (found.get(label, (day, day))[0], day)
        except NotAnnounced as unknown:
            if first <= day <= last:
                found[f"?{unknown.year}"] = date(unknown.year, 1, 1), date(unknown.year, 12, 31)
        day += DAY
    yield from ((label, begin, end) for label, (begin, end) in found.items() if end >= first and begin <= last)


@cache
def festivals_on(day: date) -> tuple[str, ...]:
    """Which festivals a day is, from its own lunar date and solar term."""
    if day.year not in KNOWN:
        raise NotAnnounced(day.year)
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    named = {(1, 1): "new_year", (5, 1): "labour_day", (10, 1): "national_day"}.get((day.month, day.day))
    moon = {(1, 1): "spring_festival", (5, 5): "dragon_boat", (8, 15): "mid_autumn"}.get((lunar.month, lunar.day))
    term = [name for _, name in chinese_calendar.get_solar_terms(day, day)]
    found = [named, None if lunar.is_leap_month else moon, "qingming" if "清明" in term else None]
    return tuple(sorted(name for name in found if name))


def labels(every: Every, day: date) -> tuple[str, ...]:
    """The names of the periods a day belongs to."""
    if every.festivals:
        return _festival_labels(day)
    if every.days:
        if every.on == "working_days":
            return (f"{day.year} work {_worked(day) // every.days}",) if works(day) else ()
        return (str((day.toordinal() - 1) // every.days),)
    if every.weeks:
        return (str((day - timedelta(days=day.weekday())).toordinal() // 7 // every.weeks),)
    return (str(_month_number(every, day)),)


@cache
def _worked(day: date) -> int:
    """How many days of its year before it are worked."""
    return sum(works(date(day.year, 1, 1) + DAY * n) for n in range((day - date(day.year, 1, 1)).days))


def _festival_labels(day: date) -> tuple[str, ...]:
    if day.year not in KNOWN:
        raise NotAnnounced(day.year)
    for ahead in range(30):
        coming = day + DAY * ahead
        if coming.year not in KNOWN:
            return ()
        if names := festivals_on(coming):
            return tuple(f"{coming.year}-{name}" for name in names)
    return ()


def _month_number(every: Every, day: date) -> int:
    month, begin = (int(part) for part in every.begin.split("-"))
    number = day.year * 12 + day.month - month
    first = begin
    while True:
        try:
            edge = date(day.year, day.month, first)
            break
        except ValueError:
            first -= 1
    return (number - (day < edge)) // (every.months or 12 * every.years)


# Notices


def notices(
    said: Watched, hours: Hours, *, started: int, due: int, created: int, closed: int, looks: Sequence[int]
) -> Notices:
    """All that goes out about a duty, given when somebody looked (in order): each at the first look when it is due.

    Of reminders only the newest at that look, and none after the limit; of repeats only the newest; nothing once
    nothing is expected any more.
    """

    def look(instant: int) -> int:
        place = bisect_left(looks, max(instant, created))
        at = looks[place] if place < len(looks) else 0
        return 0 if closed and at >= closed else at

    found: Notices = {}
    reminders = _reminders(said, hours, started, due)
    for no, instant in reminders.items():
        at = look(instant)
        if 0 < at <= due and not any(instant < other <= at for other in reminders.values()):
            found["remind", no] = instant, at
    ends = [("overdue", 0, due + 1)]
    for no, one in enumerate(said.escalate):
        instant = _from(one.after, due, hours)
        ends += [("escalate", no, max(instant, due + 1))] if instant else []
    found |= {(kind, no): (instant, look(instant)) for kind, no, instant in ends if look(instant)}
    if said.overdue.every is not None:
        no, instant, following = 0, due, _from(said.overdue.every, due, hours)
        while instant < following and (at := look(following)):
            while instant < following <= at:
                no, instant, following = no + 1, following, _from(said.overdue.every, following, hours)
            found["repeat", no] = instant, at
    return found


def _reminders(said: Watched, hours: Hours, started: int, due: int) -> dict[int, int]:
    found = {}
    for no, one in enumerate(said.remind):
        try:
            instant = us(oracle_before(one.before, local_of(due), hours))
        except NotAnnounced:
            continue
        if started <= instant <= due:
            found[no] = instant
    return found


def _from(span: Span, instant: int, hours: Hours) -> int:
    """So long after an instant; 0 where nobody knows."""
    try:
        return us(oracle_due(span, local_of(instant), hours))
    except NotAnnounced:
        return 0
