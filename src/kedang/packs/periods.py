"""The periods in which something comes round again: days, weeks, months, years, festivals. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kedang.packs import workdays
from kedang.packs.times import Every

ONE_DAY = timedelta(days=1)
FESTIVAL_DAYS = 30
"""What is done for a festival is done in so many days up to its own day, and after the festival before it."""
PARTS_OF_YEAR = {3: "Q", 6: "H"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of whole days, both included; `key` names it among all periods of its round."""

    first: date
    last: date
    key: str = ""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


def period_of(every: Every, day: date) -> Period | None:
    """The period a day falls in; None on a day between periods (a day off, or no festival near).

    Raises UnknownYear where that depends on working days or festivals nobody announced yet.
    """
    return next(iter(periods_between(every, day, day)), None)


def periods_between(every: Every, first: date, last: date) -> list[Period]:
    """All periods that share a day with the stretch from `first` to `last`, in order; those that fall on
    one stretch of days (two festivals on one day) both."""
    return [period for period in _kind(every)(every, first, last) if period.last >= first and period.first <= last]


def needs_calendar(every: Every) -> bool:
    """Whether the periods depend on what is announced year by year."""
    return every.festivals or bool(every.days and every.on == "working_days")


def _kind(every: Every) -> Callable[[Every, date, date], Iterator[Period]]:
    if every.festivals:
        return _festivals
    if every.days:
        return _working_days if every.on == "working_days" else _days
    return _weeks if every.weeks else _months


def _days(every: Every, first: date, last: date) -> Iterator[Period]:
    at = first.toordinal() - (first.toordinal() - 1) % every.days
    while at <= last.toordinal():
        day = date.fromordinal(at)
        yield _named(day, date.fromordinal(at + every.days - 1), day.isoformat(), every.days, "d")
        at += every.days


def _working_days(every: Every, first: date, last: date) -> Iterator[Period]:
    """So many working days each, counted anew every year."""
    for year in range(first.year, last.year + 1):
        worked = workdays.of_year(year)
        for at in range(0, len(worked), every.days):
            group = worked[at : at + every.days]
            yield _named(group[0], group[-1], group[0].isoformat(), every.days, "w")


def _weeks(every: Every, first: date, last: date) -> Iterator[Period]:
    weeks = (first.toordinal() - 1) // 7
    at = (weeks - weeks % every.weeks) * 7 + 1
    while at <= last.toordinal():
        day = date.fromordinal(at)
        year, week, _ = day.isocalendar()
        yield _named(day, date.fromordinal(at + 7 * every.weeks - 1), f"{year}-W{week:02}", every.weeks, "x")
        at += 7 * every.weeks


def _months(every: Every, first: date, last: date) -> Iterator[Period]:
    step = every.months or 12 * every.years
    month, day = (int(part) for part in every.begin.split("-"))
    index = first.year * 12 + first.month - month
    index -= index % step + step
    while (begin := _month_day(index + month - 1, day)) <= last:
        end = _month_day(index + step + month - 1, day) - ONE_DAY
        yield Period(begin, end, _month_key(every, begin, step))
        index += step


def _month_day(index: int, day: int) -> date:
    """The day of a month counted from year 0; the last of a month that is shorter."""
    year, month = divmod(index, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day - 1), after - ONE_DAY)


def _month_key(every: Every, begin: date, step: int) -> str:
    plain = every.begin == "01-01"
    if plain and step in PARTS_OF_YEAR:
        return f"{begin.year}{PARTS_OF_YEAR[step]}{(begin.month - 1) // step + 1}"
    if plain and step == 12:
        return str(begin.year)
    if plain and step == 1:
        return f"{begin.year}-{begin.month:02}"
    return f"{begin.isoformat()}/{step}m"


def _festivals(every: Every, first: date, last: date) -> Iterator[Period]:
    previous, begin = date.min, date.min
    # The year before only tells where the first period begins; where nobody knows it, thirty days are the limit anyway.
    for year in range(first.year - 1, last.year + 2):
        if not workdays.is_known(year) and not (first.year <= year <= last.year):
            continue
        for name, day in workdays.festivals(year):
            if day != previous:
                begin = max(previous + ONE_DAY, day - timedelta(days=FESTIVAL_DAYS - 1))
            yield Period(begin, day, f"{year}-{name}")
            previous = day


def _named(first: date, last: date, key: str, count: int, unit: str) -> Period:
    return Period(first, last, key if count == 1 else f"{key}/{count}{unit}")
