"""One clock for the whole product, in microseconds of UTC, with the company's own day.

Stored instants are integers (`*_us`): SQLite has no time zones and both databases then agree to
the microsecond. What a *day* is (entry by the next day, return before 24:00) is computed here in
the company's zone and never in the database.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now_us() -> int:
    """The present instant in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


def now() -> datetime:
    """The present instant as an aware datetime in UTC."""
    return from_us(now_us())


def from_us(us: int) -> datetime:
    """The aware UTC datetime of a stored instant."""
    return _EPOCH + timedelta(microseconds=us)


def to_us(at: datetime) -> int:
    """The stored form of an aware datetime; a naive one is refused with `ValueError`."""
    if at.tzinfo is None:
        raise ValueError("a stored instant needs a time zone")
    return (at - _EPOCH) // timedelta(microseconds=1)


def company_day(us: int) -> date:
    """The calendar day, in the company's zone, on which an instant falls."""
    return from_us(us).astimezone(COMPANY_ZONE).date()


def day_bounds_us(day: date) -> tuple[int, int]:
    """First instant of a company day and first instant of the day after it."""
    start = datetime(day.year, day.month, day.day, tzinfo=COMPANY_ZONE)
    after = day + timedelta(days=1)
    return to_us(start), to_us(datetime(after.year, after.month, after.day, tzinfo=COMPANY_ZONE))
