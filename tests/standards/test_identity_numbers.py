"""Resident identity numbers, GB 11643-1999, against an oracle."""

from __future__ import annotations

from datetime import date

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from kedang.standards import check, regions
from kedang.standards.identity_number import born_on, check_character, is_male

VALID = "360426199101010071"


def rules(text: str) -> list[str]:
    return [finding.rule for finding in check("identity_number", text).findings]


def sealed(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


def test_the_usual_writings() -> None:
    assert check("identity_number", "44011320141005001x").value == "44011320141005001X"
    assert check("identity_number", "３６0426 19910101 0071").value == VALID
    assert rules(VALID) == []


@given(st.integers(0, 17), st.sampled_from("0123456789"))
def test_no_single_slip_passes(place: int, digit: str) -> None:
    slip = VALID[:place] + digit + VALID[place + 1 :]
    assert (slip == VALID) == (rules(slip) == [])


@given(st.integers(0, 16))
def test_no_swap_of_neighbours_passes(place: int) -> None:
    swap = VALID[:place] + VALID[place + 1] + VALID[place] + VALID[place + 2 :]
    assert (swap == VALID) == (rules(swap) == [])


def test_a_wrong_check_is_a_warning_kept_with_the_value() -> None:
    read = check("identity_number", "360426199101010072")
    assert (read.value, read.rule, read.severity) == ("360426199101010072", "identity_number.check", "warning")


@given(
    st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.sampled_from(["110105", "610113", "440304"])
)
def test_the_oracle_agrees(born: date, order: int, region: str) -> None:
    number = sealed(f"{region}{born:%Y%m%d}{order:03d}")
    assert ric.calc_check_digit(number) == number[-1]
    with freeze_time("2026-03-02T09:00:00+08:00"):
        assert rules(number) == []
    assert born_on(number) == born
    assert is_male(number) == (order % 2 == 1)


@pytest.mark.parametrize("digits", ["19911301", "19910230", "00000000"])
def test_days_that_never_were(digits: str) -> None:
    assert rules(sealed(f"360426{digits}007")) == ["identity_number.date"]


def test_nobody_is_born_tomorrow() -> None:
    number = sealed("36042620260303007")
    with freeze_time("2026-03-02T15:59:59+00:00"):
        assert rules(number) == ["identity_number.date"]
    with freeze_time("2026-03-02T16:00:00+00:00"):
        assert rules(number) == []


def test_people_older_than_any_are_questioned() -> None:
    with freeze_time("2026-03-02T09:00:00+08:00"):
        assert rules(sealed("11010118950101001")) == ["identity_number.age"]
        assert rules(sealed("11010118960101001")) == []


def test_regions_that_are_no_more_are_good() -> None:
    assert regions.get("120224") is not None
    retired = next(code for code, names in regions.all_regions().items() if names[-1].last in range(1985, 1995))
    assert rules(sealed(f"{retired}19820101007")) == []
    assert rules(sealed("99042619911201007")) == ["identity_number.region"]


def test_the_old_number_of_fifteen_digits() -> None:
    read = check("identity_number", "130503670401001")
    assert (read.value, read.rule, read.severity) == ("130503670401001", "identity_number.old", "warning")
    assert born_on("130503670401001") == date(1967, 4, 1)
    assert rules("130503671301001") == ["identity_number.date"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("3.60426E+17", "identity_number.float"),
        ("360426199101010000.0", "identity_number.float"),
        ("36042619910101007", "identity_number.shape"),
        ("T60426199101010078", "identity_number.shape"),
    ],
)
def test_what_is_no_number(text: str, rule: str) -> None:
    read = check("identity_number", text)
    assert (read.value, read.rule, read.severity) == (None, rule, "error")
