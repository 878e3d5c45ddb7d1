"""A seeded slice of the long run: some months of company life against an oracle that reckons in another way."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.governance.clocks.models import Duty
from kedang.kernel.clock import COMPANY_ZONE
from kedang.packs.reckoning import due, due_of_day
from kedang.packs.times import Span
from tests.clocks.house import house
from tests.clocks.simulation import Company, oracle_due
from tests.clocks.test_reckoning import HOURS, natural, starts, working
from tests.conftest import Clock
from tests.world import World

DETERMINISTIC = ("back_in_time", "urgent_back", "entered", "call_back", "renamed", "quarterly", "branch_report",
                 "heartbeat", "festival")  # fmt: skip


def test_some_months_agree_with_the_oracle(frozen_clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over Qingming, Labour Day and the end of a quarter, with crashes and days nobody is there."""
    pack = house(only=DETERMINISTIC)
    company = Company(pack, datetime(2026, 3, 2, 9), 1)  # noqa: DTZ001 - naive company time
    company.live(datetime(2026, 5, 12, 12), 1.5, monkeypatch)  # noqa: DTZ001
    company.compare()
    assert Duty.objects.filter(source="clock").count() > 10


def test_into_a_year_nobody_announced_each_affected_duty_says_so(
    frozen_clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = house(only=DETERMINISTIC)
    company = Company(pack, datetime(2026, 3, 2, 9), 3)  # noqa: DTZ001 - naive company time
    company.now = datetime(2026, 12, 1, 9)  # noqa: DTZ001
    company.tick(monkeypatch, crash=False)
    company.live(datetime(2027, 1, 20, 12), 2, monkeypatch)  # noqa: DTZ001
    company._compare_clocks()
    affected = Duty.objects.filter(due_us=0)
    assert affected.filter(source="clock").exists()
    assert not affected.exclude(problem="calendar:2027").exists()
    seats = {(duty.name, duty.seat) for duty in affected.filter(period="?2027")}
    assert {name for name, _ in seats} == {"heartbeat", "festival"}
    assert not Duty.objects.exclude(due_us=0).filter(problem="", started_us__gt=1798732800000000).exclude(
        name__in=("back_in_time", "urgent_back", "quarterly", "branch_report")
    ).exists()  # fmt: skip


@given(st.one_of(working, natural), starts)
def test_every_limit_is_the_oracles(span: Span, start: datetime) -> None:
    naive = start.replace(tzinfo=None)
    assert due(span, start, HOURS).replace(tzinfo=None) == oracle_due(span, naive, HOURS)
    assert due_of_day(span, start.date(), HOURS).replace(tzinfo=None) == oracle_due(
        span, naive.replace(hour=0, minute=0, second=0, microsecond=0), HOURS, day_only=True
    )
    assert start.tzinfo is COMPANY_ZONE
