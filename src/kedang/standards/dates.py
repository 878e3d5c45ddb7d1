"""Dates as people write them, read as calendar days.

Year first, as in China; a spreadsheet's serial day counts from 1899-12-30; the time of day in a
time stamp is dropped. A two-digit year is read as the nearest one in the past, with a warning.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import polars as pl

from kedang.kernel import clock
from kedang.standards.finding import Read, error, refuse, warning
from kedang.standards.folding import ascii_form
from kedang.standards.standard import Standard

EARLIEST, LATEST = 1800, 2199
_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIAL_FIRST, _SERIAL_LAST = 10000, 73050  # 1927-05-18 to 2099-12-31
_CLOCK = (
    r"(?:[上下]午)?[0-9]{1,2}[:时][0-9]{1,2}(?:[:分](?:[0-9]{1,2}秒?)?)?(?:\.[0-9]+)?"
    r" ?(?:[AP]M|Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_YEAR, _ONE_OR_TWO = r"([0-9]{4}|[0-9]{2})", r"([0-9]{1,2})"
_PARTED = re.compile(rf"{_YEAR}([-/.]){_ONE_OR_TWO}\2{_ONE_OR_TWO}(?:[T ]{_CLOCK})?", re.IGNORECASE)
_CHINESE = re.compile(rf"{_YEAR}年{_ONE_OR_TWO}月{_ONE_OR_TWO}(?:[日号](?: ?{_CLOCK})?)?", re.IGNORECASE)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{6}|\.0+)?")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_PARTIAL = re.compile(r"([0-9]{4})(?:[-/.年](?:[0-9]{1,2}月?)?)?")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_GAPS = re.compile(r"\s*([-/.年月日号])\s*")
_PLAIN = r"^(?:1[89]|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]$"


def define(text: str) -> Read:
    """Read one date; the value is a `datetime.date`."""
    plain = _western_numerals(_GAPS.sub(r"\1", ascii_form(text)))
    if match := _PARTED.fullmatch(plain):
        return _day(text, match[1], match[3], match[4])
    if match := _CHINESE.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _day(text, match[1], match[2], match[3])
    if (match := _SERIAL.fullmatch(plain)) and _SERIAL_FIRST <= int(match[1]) <= _SERIAL_LAST:
        return Read(_SERIAL_ORIGIN + timedelta(days=int(match[1])))
    if match := _YEAR_LAST.fullmatch(plain):
        return _year_last(text, int(match[4]), int(match[1]), int(match[3]))
    if _PARTIAL.fullmatch(plain):
        return refuse(error("date.partial", text))
    return refuse(error("date.shape", text))


def _western_numerals(text: str) -> str:
    """二〇一九年三月十五日 → 2019年3月15日."""
    if text.isascii():
        return text
    return _TENS.sub(_ten, text).translate(_NUMERALS)


def _ten(match: re.Match[str]) -> str:
    return (match[1] or "一") + (match[2] or "零")


def _day(text: str, year: str, month: str, day: str) -> Read:
    number = int(year) if len(year) == 4 else _nearest_past(int(year))
    value = _calendar_day(number, int(month), int(day))
    if value is None:
        return refuse(error("date.no_such_day", text))
    if len(year) == 2:
        return Read(value, (warning("date.two_digit_year", text, read=value.isoformat()),))
    if not EARLIEST <= number <= LATEST:
        return Read(value, (warning("date.range", text, earliest=EARLIEST, latest=LATEST),))
    return Read(value)


def _nearest_past(two_digits: int) -> int:
    this_year = clock.company_day(clock.now_us()).year
    return this_year - (this_year - two_digits) % 100


def _year_last(text: str, year: int, first: int, second: int) -> Read:
    """A Western order: read it where only one order makes a day, else ask."""
    days = {day for day in (_calendar_day(year, first, second), _calendar_day(year, second, first)) if day}
    if len(days) != 1:
        return refuse(error("date.order" if days else "date.no_such_day", text))
    value = days.pop()
    return Read(value, (warning("date.year_last", text, read=value.isoformat()),))


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plain(texts: pl.Expr) -> pl.Expr:
    return pl.when(texts.str.contains(_PLAIN)).then(texts).str.to_date("%Y-%m-%d", strict=False)


STANDARD = Standard("date", define, _plain, dtype=pl.Date())
