"""A day is the company's day, on every host, at every edge of the calendar."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.kernel import clock
from tests.conftest import Clock

DAY_US = 86_400_000_000
SHANGHAI = timezone(timedelta(hours=8))
EDGES = (
    ("2026-01-31T23:59:59.999999+08:00", date(2026, 1, 31)),
    ("2026-02-01T00:00:00+08:00", date(2026, 2, 1)),
    ("2028-02-28T23:59:59+08:00", date(2028, 2, 28)),
    ("2028-02-29T00:00:00+08:00", date(2028, 2, 29)),
    ("2028-02-29T23:59:59+08:00", date(2028, 2, 29)),
    ("2026-12-31T16:00:00+00:00", date(2027, 1, 1)),
    ("2026-03-08T02:30:00-05:00", date(2026, 3, 8)),
)  # fmt: skip


@pytest.fixture(params=["Asia/Shanghai", "America/New_York", "UTC"])
def host_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The clock of the machine is set to this zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ") if before is None else os.environ.__setitem__("TZ", before)
    time.tzset()


@pytest.mark.parametrize(("instant", "day"), EDGES)
def test_the_day_of_an_instant_is_that_of_the_company(
    host_zone: str, frozen_clock: Clock, instant: str, day: date
) -> None:
    frozen_clock.set(instant)
    assert clock.company_day(clock.now_us()) == day
    first, following = clock.day_bounds_us(day)
    assert first <= clock.now_us() < following
    assert clock.company_day(first) == day
    assert clock.company_day(following - 1) == day
    assert clock.company_day(following) == day + timedelta(days=1)


@given(st.integers(0, 4_102_444_800_000_000))
def test_an_instant_comes_back_to_the_microsecond(us: int) -> None:
    assert clock.to_us(clock.from_us(us)) == us
    assert clock.to_us(clock.from_us(us).astimezone(SHANGHAI)) == us


@given(st.dates(date(1992, 1, 1), date(2100, 1, 1)))
def test_days_follow_each_other_without_gap(day: date) -> None:
    first, following = clock.day_bounds_us(day)
    assert following - first == DAY_US, "the company's zone has had no summer time since 1991"
    assert clock.day_bounds_us(day + timedelta(days=1))[0] == following
    assert clock.from_us(first).astimezone(SHANGHAI).time().isoformat() == "00:00:00"


def test_an_instant_without_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="zone"):
        clock.to_us(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
