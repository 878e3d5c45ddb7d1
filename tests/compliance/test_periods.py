"""Names of periods, in the company's own days."""

from __future__ import annotations

from datetime import date

import pytest

from kedang.governance.compliance.periods import period, recent
from kedang.kernel.errors import Refused


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_whole_company_days(name: str, first: date, last: date) -> None:
    found = period(name)
    assert (found.first, found.last) == (first, last)
    assert found.until_us - found.since_us == ((last - first).days + 1) * 86_400_000_000
    assert found.since_us % 86_400_000_000 == 16 * 3_600_000_000, "midnight in Shanghai is 16:00 UTC"


def test_without_a_name_it_is_the_present_quarter(frozen_clock) -> None:
    frozen_clock.set("2026-06-30T23:59:59+08:00")
    assert period("").name == "2026Q2"
    frozen_clock.set("2026-07-01T00:00:00+08:00")
    assert period("").name == "2026Q3"


@pytest.mark.parametrize("name", ["2026Q5", "2026-13", "26Q1", "2026H3", "2026Q1'", "always", "1999"])
def test_another_text_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        period(name)
    assert (refused.value.code, refused.value.missing) == ("invalid", ("period",))


def test_every_period_offered_can_be_asked_for() -> None:
    for name in recent(date(2026, 11, 22)):
        assert period(name).name == name
    assert recent(date(2026, 1, 5), 3)[:3] == ["2026Q1", "2025Q4", "2025Q3"]
