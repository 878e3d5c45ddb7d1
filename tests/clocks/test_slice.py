"""A seeded slice of the long run: some months of company life against an oracle that reckons in another way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.governance.clocks.models import Alarm, Drawn, Duty
from kedang.kernel.clock import COMPANY_ZONE
from kedang.packs.reckoning import before, due, due_of_day
from kedang.packs.times import Span
from tests.clocks.house import house
from tests.clocks.oracle import oracle_before, oracle_due
from tests.clocks.simulation import Company
from tests.clocks.test_alarms import heads
from tests.clocks.test_reckoning import HOURS, natural, starts, working
from tests.conftest import Clock
from tests.world import World

LOAN = {"urgent": {"title": "加急", "type": "yes_no"}, "pages": {"title": "页数", "type": "number"}}
MORE: dict[str, Any] = {
    "forms": {"loan": {"items": LOAN}},
    "clocks": {
        "thick": {
            "title": "厚卷一周内归还",
            "starts": {"operation": "loan.lend", "where": {"pages": {"min": 100, "max": 300}}},
            "stops": ["loan.back"],
            "within": {"days": 7, "cut_off": "16:00"},
            "overdue": {"every": {"days": 2, "calendar": "working_days"}},
        }
    },
    "rounds": {
        "returns": {
            "title": "每月二十五日前上报",
            "every": {"months": 1},
            "by": {"role": "archivist"},
            "done_by": ["care.report"],
            "within": {"days": 24},
            "remind": [{"before": {"days": 2, "calendar": "working_days", "until": "close"}}],
        }
    },
}
"""What no shipped regulation says: a range that has to be met, a limit inside the period, repeats in working days."""


def test_some_months_agree_with_the_oracle(frozen_clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over Qingming, Labour Day and the end of a quarter, with crashes and days nobody is there."""
    heads(world)
    company = Company(house(**MORE), datetime(2026, 3, 2, 9), 1)  # noqa: DTZ001 - naive company time
    company.live(datetime(2026, 5, 12, 12), 1.5, monkeypatch)  # noqa: DTZ001
    company.compare()
    clocks = Duty.objects.filter(source="clock")
    assert clocks.count() > 10
    assert clocks.filter(name="thick").exists()
    assert Drawn.objects.filter(done_us__gt=0).exists()
    assert company.oracle.crashes
    assert set(Alarm.objects.values_list("kind", flat=True)) == {"remind", "overdue", "repeat", "escalate"}


def test_into_a_year_nobody_announced_each_affected_duty_says_so(
    frozen_clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads(world)
    company = Company(house(**MORE), datetime(2026, 3, 2, 9), 3)  # noqa: DTZ001 - naive company time
    company.rest(datetime(2026, 12, 1, 9), monkeypatch)  # noqa: DTZ001
    company.live(datetime(2027, 1, 20, 12), 2, monkeypatch)  # noqa: DTZ001
    company.compare()
    affected = Duty.objects.filter(due_us=0)
    assert affected.filter(source="clock").exists()
    assert not affected.exclude(problem="calendar:2027").exists()
    seats = {(duty.name, duty.seat) for duty in affected.filter(period="?2027")}
    assert {name for name, _ in seats} == {"heartbeat", "festival"}
    assert not Duty.objects.exclude(due_us=0).filter(problem="", started_us__gt=1798732800000000).exclude(
        name__in=("back_in_time", "urgent_back", "quarterly", "branch_report", "spot_check", "thick", "returns")
    ).exists()  # fmt: skip


@given(st.one_of(working, natural), starts)
def test_every_limit_is_the_oracles(span: Span, start: datetime) -> None:
    naive = start.replace(tzinfo=None)
    assert due(span, start, HOURS).replace(tzinfo=None) == oracle_due(span, naive, HOURS)
    assert due_of_day(span, start.date(), HOURS).replace(tzinfo=None) == oracle_due(
        span, naive.replace(hour=0, minute=0, second=0, microsecond=0), HOURS, day_only=True
    )
    assert start.tzinfo is COMPANY_ZONE


@given(st.one_of(working, natural), starts)
def test_every_instant_before_a_limit_is_the_oracles(span: Span, end: datetime) -> None:
    assert before(span, end, HOURS).replace(tzinfo=None) == oracle_before(span, end.replace(tzinfo=None), HOURS)
