"""Working days and public festivals of mainland China, as far as the calendar package knows them. Pure.

Which days are worked is announced a year at a time (调休); a year that was not announced yet is never
guessed: it is `UnknownYear`, and whoever asks says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from lunardate import LunarDate

ONE_DAY = timedelta(days=1)
QINGMING = "清明"
SINCE_2008 = 2008
"""Before this year neither Qingming, Dragon Boat nor Mid-autumn were days off."""
FIRST_YEAR = min(chinese_calendar.constants.holidays).year
LAST_YEAR = max(chinese_calendar.constants.holidays).year


class UnknownYear(ValueError):
    """Nobody has announced yet which days of this year are worked."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the working days of {year} are not known")
        self.year = year


def is_known(year: int) -> bool:
    """Whether the working days of a year are known."""
    return FIRST_YEAR <= year <= LAST_YEAR


def is_workday(day: date, *, unknown: bool | None = None) -> bool:
    """Whether a day is worked, make-up weekends included.

    Raises UnknownYear for a year nobody announced yet, unless `unknown` says what to answer then.
    """
    if not is_known(day.year):
        if unknown is None:
            raise UnknownYear(day.year)
        return unknown
    return bool(chinese_calendar.is_workday(day))  # type: ignore[no-untyped-call]


def on_or_after(day: date) -> date:
    """The day itself when it is worked, else the next one that is."""
    while not is_workday(day):
        day += ONE_DAY
    return day


def on_or_before(day: date) -> date:
    """The day itself when it is worked, else the last one before it that is."""
    while not is_workday(day):
        day -= ONE_DAY
    return day


def after(day: date, count: int) -> date:
    """The so-manieth working day after a day; the day itself is not counted (count 0: on or after it)."""
    if count == 0:
        return on_or_after(day)
    for _ in range(count):
        day = on_or_after(day + ONE_DAY)
    return day


def before(day: date, count: int) -> date:
    """The so-manieth working day before a day (count 0: on or before it)."""
    if count == 0:
        return on_or_before(day)
    for _ in range(count):
        day = on_or_before(day - ONE_DAY)
    return day


def of_year(year: int) -> tuple[date, ...]:
    """All working days of a year, in order."""
    if not is_known(year):
        raise UnknownYear(year)
    return _of_year(year)


def festivals(year: int) -> tuple[tuple[str, date], ...]:
    """The public festivals of a year with their proper day, in order; two may fall on one day.

    Raises UnknownYear where the holidays of the year were not announced: which festivals are public
    is as much the announcement's to say as which days are off.
    """
    if not is_known(year):
        raise UnknownYear(year)
    return tuple(sorted(_festivals(year), key=lambda named: (named[1], named[0])))


def _festivals(year: int) -> Iterator[tuple[str, date]]:
    yield "new_year", date(year, 1, 1)
    yield "spring_festival", LunarDate(year, 1, 1).to_solar_date()
    yield "labour_day", date(year, 5, 1)
    yield "national_day", date(year, 10, 1)
    if year >= SINCE_2008:
        yield "qingming", _qingming(year)
        yield "dragon_boat", LunarDate(year, 5, 5).to_solar_date()
        yield "mid_autumn", LunarDate(year, 8, 15).to_solar_date()


def _qingming(year: int) -> date:
    april = date(year, 4, 1), date(year, 4, 10)
    terms: list[tuple[date, str]] = chinese_calendar.get_solar_terms(*april)  # type: ignore[no-untyped-call]
    return next(day for day, term in terms if term == QINGMING)


@lru_cache(maxsize=64)
def _of_year(year: int) -> tuple[date, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return tuple(day for day in days if is_workday(day))
