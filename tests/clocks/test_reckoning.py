"""How limits are reckoned, against days looked up in the calendar by hand and against properties that always hold."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.kernel.clock import COMPANY_ZONE
from kedang.packs import workdays
from kedang.packs.periods import FESTIVAL_DAYS, Period, period_of, periods_between
from kedang.packs.reckoning import UnknownYear, before, due, due_of_day, end_of
from kedang.packs.times import Every, Hours, Span

HOURS = Hours(open="08:30", close="17:30")
LAST = ".999999"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COMPANY_ZONE)


@pytest.mark.parametrize(
    ("span", "start", "end"),
    [
        # natural days
        (Span(days=3), "2026-09-29T10:00", "2026-10-02T10:00"),
        (Span(days=3, until="close"), "2026-09-29T10:00", "2026-10-02T17:30"),
        (Span(days=0, until="midnight"), "2026-03-02T10:00", "2026-03-02T23:59:59.999999"),
        (Span(days=1, until="24:00"), "2026-03-02T23:59:59", "2026-03-03T23:59:59.999999"),
        (Span(hours=24), "2026-02-28T23:59:59", "2026-03-01T23:59:59"),
        # lent after closing time, to be back by closing time: the next day's
        (Span(days=0, until="close"), "2026-03-02T18:00", "2026-03-03T17:30"),
        # working days over National Day 2026: 1 to 7 October off, Saturday 10 October worked
        (Span(days=2, calendar="working_days"), "2026-09-29T10:00", "2026-10-08T10:00"),
        (Span(days=4, calendar="working_days"), "2026-09-29T10:00", "2026-10-10T10:00"),
        # Saturday 14 February 2026 is worked; Spring Festival is off until the 23rd
        (Span(days=1, calendar="working_days"), "2026-02-13T09:00", "2026-02-14T09:00"),
        (Span(days=2, calendar="working_days"), "2026-02-13T09:00", "2026-02-24T09:00"),
        # begun on a Sunday: the whole of the first working day, and what lasts until the hour it says
        (Span(days=1, calendar="working_days"), "2026-03-08T11:00", "2026-03-09T23:59:59.999999"),
        (Span(days=1, calendar="working_days", until="close"), "2026-03-08T11:00", "2026-03-09T17:30"),
        (Span(days=0, calendar="working_days", until="close"), "2026-03-08T11:00", "2026-03-09T17:30"),
        # months and leap days
        (Span(months=1), "2026-01-31T12:00", "2026-02-28T12:00"),
        (Span(months=1, month_end="next"), "2026-01-31T12:00", "2026-03-01T12:00"),
        (Span(months=1), "2024-01-31T12:00", "2024-02-29T12:00"),
        (Span(years=1), "2024-02-29T12:00", "2025-02-28T12:00"),
        (Span(years=1, month_end="next"), "2024-02-29T12:00", "2025-03-01T12:00"),
        (Span(years=4), "2024-02-29T12:00", "2028-02-29T12:00"),
        (Span(months=1), "2026-12-31T12:00", "2027-01-31T12:00"),
        # cut-off: after 16:00 it is tomorrow's; before it is today's
        (Span(days=1, cut_off="16:00", until="close"), "2026-03-02T16:00", "2026-03-03T17:30"),
        (Span(days=1, cut_off="16:00", until="close"), "2026-03-02T16:01", "2026-03-04T17:30"),
        (Span(days=1, cut_off="16:00", until="close", calendar="working_days"), "2026-03-06T16:01", "2026-03-10T17:30"),
        (Span(days=1, cut_off="close", until="close", calendar="working_days"), "2026-03-07T08:00", "2026-03-10T17:30"),
        # hours within the company's day
        (Span(hours=4, calendar="working_days"), "2026-03-06T15:30", "2026-03-09T10:30"),
        (Span(minutes=30, calendar="working_days"), "2026-03-02T07:00", "2026-03-02T09:00"),
        (Span(hours=9, calendar="working_days"), "2026-03-02T08:30", "2026-03-02T17:30"),
        # the last day is a day off
        (Span(days=3, if_day_off="next"), "2026-09-29T10:00", "2026-10-08T23:59:59.999999"),
        (Span(days=3, if_day_off="previous"), "2026-09-29T10:00", "2026-09-30T23:59:59.999999"),
        (Span(days=3, if_day_off="next", until="close"), "2026-09-29T10:00", "2026-10-08T17:30"),
        (Span(days=0, if_day_off="previous", until="close"), "2026-03-07T10:00", "2026-03-09T17:30"),
    ],
)
def test_a_limit_ends_on_the_day_looked_up_by_hand(span: Span, start: str, end: str) -> None:
    assert due(span, at(start), HOURS) == at(end)


def test_where_only_the_day_is_known_its_hours_are_given() -> None:
    assert due_of_day(Span(days=1), date(2026, 3, 2), HOURS) == at("2026-03-03T23:59:59.999999")
    assert due_of_day(Span(days=1, cut_off="12:00", until="close"), date(2026, 3, 2), HOURS) == at("2026-03-03T17:30")
    assert due_of_day(Span(hours=24), date(2026, 3, 2), HOURS) == at("2026-03-04T00:00")
    assert due_of_day(Span(months=1), date(2026, 1, 31), HOURS) == at("2026-02-28T23:59:59.999999")
    assert due_of_day(Span(days=2, calendar="working_days"), date(2026, 9, 30), HOURS) == at(
        "2026-10-09T23:59:59.999999"
    )


def test_a_reminder_comes_so_long_before_the_end() -> None:
    end = at("2026-10-09T17:30")
    assert before(Span(days=1), end, HOURS) == at("2026-10-08T17:30")
    assert before(Span(days=2, calendar="working_days"), end, HOURS) == at("2026-09-30T17:30")
    assert before(Span(days=1, until="09:00"), end, HOURS) == at("2026-10-08T09:00")
    assert before(Span(hours=2), end, HOURS) == at("2026-10-09T15:30")
    assert before(Span(months=1), at("2026-03-31T12:00"), HOURS) == at("2026-02-28T12:00")


def test_an_unknown_year_is_reported_and_never_guessed() -> None:
    late = at(f"{workdays.LAST_YEAR}-12-30T10:00")
    with pytest.raises(UnknownYear) as unknown:
        due(Span(days=5, calendar="working_days"), late, HOURS)
    assert unknown.value.year == workdays.LAST_YEAR + 1
    with pytest.raises(UnknownYear):
        due(Span(days=5, if_day_off="next"), late, HOURS)
    assert due(Span(days=5), late, HOURS) == late + timedelta(days=5)
    assert due(Span(years=30), late, HOURS).year == workdays.LAST_YEAR + 30
    with pytest.raises(UnknownYear):
        workdays.is_workday(date(workdays.LAST_YEAR + 1, 3, 1))
    assert workdays.is_workday(date(workdays.LAST_YEAR + 1, 3, 1), unknown=True)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due(Span(days=1), datetime(2026, 3, 2, 10), HOURS)  # noqa: DTZ001 - the point of the test


def test_the_zone_of_the_caller_and_of_the_machine_do_not_matter() -> None:
    start = at("2026-01-31T23:59:59")
    elsewhere = start.astimezone(ZoneInfo("America/New_York"))
    assert due(Span(months=1), elsewhere, HOURS) == due(Span(months=1), start, HOURS) == at("2026-02-28T23:59:59")
    script = (
        "from datetime import datetime; from kedang.packs.reckoning import due; from kedang.packs.times import *;"
        "print(due(Span(months=1, until='close'), datetime.fromisoformat('2026-01-31T23:59:59+08:00'), Hours()))"
    )
    for zone in ("UTC", "America/New_York", "Pacific/Auckland"):
        ran = subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", script], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
        )
        assert ran.stdout.strip() == "2026-02-28 18:00:00+08:00", zone


starts = st.datetimes(datetime(2006, 1, 1), datetime(2023, 6, 30)).map(lambda t: t.replace(tzinfo=COMPANY_ZONE))  # noqa: DTZ001
untils = st.sampled_from([None, "close", "midnight", "09:15"])
working = st.builds(
    Span, days=st.integers(0, 40), calendar=st.just("working_days"), until=untils,
    cut_off=st.sampled_from([None, "16:00", "close"]), months=st.integers(0, 2), hours=st.sampled_from([0, 0, 3, 30]),
)  # fmt: skip
natural = st.builds(
    Span, days=st.integers(0, 40), months=st.integers(0, 14), years=st.integers(0, 2), until=untils,
    hours=st.integers(0, 50), month_end=st.sampled_from(["clip", "next"]), cut_off=st.sampled_from([None, "16:00"]),
    if_day_off=st.sampled_from(["keep", "next", "previous"]),
)  # fmt: skip


@given(working, starts)
def test_a_limit_in_working_days_never_ends_on_a_day_off(span: Span, start: datetime) -> None:
    assert workdays.is_workday(due(span, start, HOURS).date())


@given(st.one_of(working, natural), starts)
def test_a_limit_never_ends_before_it_began(span: Span, start: datetime) -> None:
    assert due(span, start, HOURS) >= start


@given(st.one_of(working, natural), starts, st.timedeltas(timedelta(), timedelta(days=9)))
def test_who_begins_later_is_never_due_earlier(span: Span, start: datetime, later: timedelta) -> None:
    sooner, last = due(span, start, HOURS), due(span, start + later, HOURS)
    if span.if_day_off == "keep":
        assert sooner <= last
    else:  # moved to another day it lasts until the end of that day
        assert sooner.date() <= last.date()


@given(st.integers(1, 40), starts)
def test_so_many_working_days_lie_between(days: int, start: datetime) -> None:
    """Counted the other way round, day by day."""
    end = due(Span(days=days, calendar="working_days"), start, HOURS).date()
    worked = sum(workdays.is_workday(start.date() + timedelta(days=n)) for n in range(1, (end - start.date()).days + 1))
    assert worked == days


@given(st.dates(date(2006, 1, 1), date(2024, 6, 30)), st.builds(
    Every, days=st.sampled_from([0, 1, 3]), on=st.sampled_from(["calendar_days", "working_days"]),
) | st.builds(Every, weeks=st.integers(1, 3)) | st.builds(
    Every, months=st.integers(1, 12), begin=st.sampled_from(["01-01", "04-01", "02-29", "12-31", "01-15"])
) | st.builds(Every, years=st.integers(1, 3), begin=st.sampled_from(["01-01", "07-01", "02-29"])))  # fmt: skip
def test_periods_follow_each_other_without_gap_or_overlap(day: date, every: Every) -> None:
    if not (every.days or every.weeks or every.months or every.years):
        every = every.model_copy(update={"days": 1})
    found = periods_between(every, day, day + timedelta(days=400 if every.days < 3 else 40))
    assert len({period.key for period in found}) == len(found)
    for one, next_one in zip(found, found[1:], strict=False):
        gap = [one.last + timedelta(days=n) for n in range(1, (next_one.first - one.last).days)]
        assert one.last < next_one.first
        assert not gap or (every.on == "working_days" and not any(workdays.is_workday(off) for off in gap))
    if every.on == "calendar_days":
        assert period_of(every, day) == found[0]
        assert day in found[0]


def test_periods_are_called_as_people_call_them() -> None:
    day = date(2026, 8, 15)
    named = {
        "2026-08-15": Every(days=1), "2026-W33": Every(weeks=1), "2026-08": Every(months=1), "2026Q3": Every(months=3),
        "2026H2": Every(months=6), "2026": Every(years=1), "2026-04-01/12m": Every(years=1, begin="04-01"),
    }  # fmt: skip
    for key, every in named.items():
        period = period_of(every, day)
        assert period is not None
        assert period.key == key
    assert period_of(Every(days=1, on="working_days"), day) is None  # a Saturday
    assert period_of(Every(months=3), day) == Period(date(2026, 7, 1), date(2026, 9, 30), "2026Q3")
    assert period_of(Every(months=1, begin="01-31"), date(2026, 3, 30)) == Period(
        date(2026, 2, 28), date(2026, 3, 30), "2026-02-28/1m"
    )


def test_every_festival_has_its_period_also_the_lunar_ones() -> None:
    found = periods_between(Every(festivals=True), date(2026, 1, 1), date(2026, 12, 1))
    assert [(period.key, period.last.isoformat()) for period in found] == [
        ("2026-new_year", "2026-01-01"),
        ("2026-spring_festival", "2026-02-17"),
        ("2026-qingming", "2026-04-05"),
        ("2026-labour_day", "2026-05-01"),
        ("2026-dragon_boat", "2026-06-19"),
        ("2026-mid_autumn", "2026-09-25"),
        ("2026-national_day", "2026-10-01"),
    ]
    assert all((period.last - period.first).days < FESTIVAL_DAYS for period in found)
    assert found[6].first == date(2026, 9, 26)
    both = periods_between(Every(festivals=True), date(2020, 10, 1), date(2020, 10, 1))
    assert [period.key for period in both] == ["2020-mid_autumn", "2020-national_day"]
    assert both[0].first == both[1].first == date(2020, 9, 2)
    with pytest.raises(UnknownYear):
        periods_between(Every(festivals=True), date(workdays.LAST_YEAR + 1, 2, 1), date(workdays.LAST_YEAR + 1, 2, 1))


def test_the_days_off_of_a_festival_are_days_off() -> None:
    for year in range(2008, workdays.LAST_YEAR + 1):
        for name, day in workdays.festivals(year):
            assert not workdays.is_workday(day), (name, day)


def test_a_period_may_have_a_grace() -> None:
    period = period_of(Every(months=1), date(2026, 9, 10))
    assert period is not None
    assert end_of(period, None, HOURS) == at("2026-09-30T23:59:59.999999")
    assert end_of(period, Span(days=5, until="close"), HOURS) == at("2026-10-05T17:30")
    assert end_of(period, Span(days=2, calendar="working_days"), HOURS) == at("2026-10-09T23:59:59.999999")
