"""Ten simulated years of limits under each shipped regulation: no clock missed, early, late or doubled."""

from __future__ import annotations

import os
from datetime import datetime

import pytest
from freezegun import freeze_time

from kedang.governance.clocks.models import Alarm, Duty
from kedang.packs import in_force
from kedang.packs.shipped import list_shipped
from tests.clocks.house import house
from tests.clocks.simulation import Company
from tests.clocks.test_alarms import heads
from tests.clocks.test_slice import MORE
from tests.company import make_company
from tests.databases import Site
from tests.world import make_world

FOUNDED = "2016-01-04T09:00:00+08:00"
YEARS = int(os.environ.get("KEDANG_SOAK_YEARS", "10"))
BEGIN, END = datetime(2016, 1, 4, 9), datetime(2015 + YEARS, 12, 31, 23)  # noqa: DTZ001 - naive company time
ANNOUNCED_UNTIL, UNKNOWN_END = datetime(2026, 12, 1, 9), datetime(2027, 6, 30, 23)  # noqa: DTZ001
DEEDS_A_DAY = 1.0


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("pack", ["clockhouse", *list_shipped()])
def test_ten_years(site: Site, pack: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restarts, days nobody is there, leap days and make-up weekends; then on into a year nobody announced."""
    with freeze_time(FOUNDED):
        if pack == "clockhouse":
            heads(make_world())
            house(**MORE)
        else:
            make_company(pack)
        company = Company(in_force(), BEGIN, seed)
        company.live(END, DEEDS_A_DAY, monkeypatch)
        company.compare()
        _into_the_unknown(company, monkeypatch)
    print(f"\n{pack}: {_figures(company)}")  # noqa: T201 - the figures of a long run


def _into_the_unknown(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each duty whose limit needs the working days of 2027 says so; every other has its limit."""
    company.rest(ANNOUNCED_UNTIL, monkeypatch)
    company.live(UNKNOWN_END, DEEDS_A_DAY, monkeypatch)
    company.compare()
    nameless = Duty.objects.filter(due_us=0).exclude(problem="calendar:2027").exclude(problem="calendar:2028")
    assert not nameless.exists()


def _figures(company: Company) -> str:
    duties = Duty.objects.order_by()
    clocks, rounds = duties.filter(source="clock").count(), duties.filter(source="round").count()
    open_ones, unknown = duties.filter(closed_us=0).count(), duties.filter(due_us=0).count()
    return (
        f"{clocks + rounds} duties ({clocks} of clocks, {rounds} of rounds; {open_ones} open, {unknown} unknown), "
        f"{Alarm.objects.count()} alarms, {company.deeds} deeds, {len(company.oracle.looks)} ticks, "
        f"{len(company.oracle.crashes)} crashes while sending"
    )
