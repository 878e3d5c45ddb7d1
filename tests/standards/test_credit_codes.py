"""Unified social credit codes, GB 32100-2015, against the standard's own vector, real codes and an oracle."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from kedang.standards import check, check_column
from kedang.standards.credit_code import ALPHABET, check_character, organisation_check

VALID = "91350100M000100Y43"


def rules(text: str) -> list[str]:
    return [finding.rule for finding in check("credit_code", text).findings]


def sealed(first_eight: str, organisation: str) -> str:
    """A code whose both checks hold."""
    body = first_eight + organisation + organisation_check(organisation)
    return body + check_character(body)


def test_the_check_character_of_the_standard() -> None:
    assert check_character("91350100M000100Y4") == "3"
    assert organisation_check("M000100Y") == "4"


def test_a_sum_of_zero_asks_for_zero() -> None:
    """The formula 31 − Σ mod 31 gives 31 for a sum of 0; the character is then 0."""
    zero = next(code for n in range(200) if (code := sealed("91350100", f"MA{n:06d}"))[-1] == "0")
    assert rules(zero) == []


@pytest.mark.parametrize("written", [VALID.lower(), f" {VALID} ", "91350100 M000100Y 43", "９１350100M000100Y43"])
def test_the_ways_people_write_a_code(written: str) -> None:
    assert check("credit_code", written).value == VALID
    assert rules(written) == []


@pytest.mark.parametrize("prefix", [*"123456789", "A", "N", "Y"])
def test_every_registering_department(prefix: str) -> None:
    assert rules(sealed(prefix + "1110000", "MA000001")) == []


@pytest.mark.parametrize("prefix", ["0", "B", "X"])
def test_no_such_department(prefix: str) -> None:
    code = sealed(prefix + "1110000", "MA000001")
    assert rules(code) == ["credit_code.prefix"]
    assert check("credit_code", code).value == code


@given(st.integers(0, 16), st.sampled_from(ALPHABET))
def test_every_single_slip_is_found_and_the_code_kept(place: int, char: str) -> None:
    slip = VALID[:place] + char + VALID[place + 1 :]
    read = check("credit_code", slip)
    assert read.value == slip
    assert (slip == VALID) == (not read.findings)
    assert slip == VALID or "credit_code.check" in rules(slip)


def test_the_inner_check_is_looked_at_by_itself() -> None:
    body = "91350100M000100Y5"
    read = check("credit_code", body + check_character(body))
    assert [(f.rule, f.params["expected"], f.severity) for f in read.findings] == [
        ("credit_code.inner_check", "4", "warning")
    ]


def test_a_letter_in_place_of_an_inner_check_of_zero() -> None:
    """A letter other than X counts nothing there; it must not pass for the 0 it stands in for."""
    zero = next(number for n in range(200) if organisation_check(number := f"MA{n:06d}") == "0")
    body = "91350100" + zero + "B"
    code = body + check_character(body)
    assert rules(code) == ["credit_code.inner_check"]
    assert check_column("credit_code", pl.Series([code])).rule.to_list() == ["credit_code.inner_check"]


def test_x_in_the_body_is_not_ten() -> None:
    """Inside the organisation code X counts 33; only as its check does it count ten."""
    assert organisation_check("X0000000") == "0123456789X"[-33 * 3 % 11]
    assert rules(sealed("91350100", "MAX00001")) == []


@pytest.mark.parametrize(
    "old", ["320404000009558", "3204040000095", "32040400000", "321281NA000558X", "企独苏苏办字第001234号"]
)
def test_old_numbers_are_kept_with_a_warning(old: str) -> None:
    read = check("credit_code", old)
    assert (read.value, rules(old), read.severity) == (old, ["credit_code.old"], "warning")


def test_a_number_that_a_spreadsheet_spoiled() -> None:
    assert check("credit_code", "9.1350100000100E+17").rule == "credit_code.float"
    assert check("credit_code", "9.1350100000100E+17").value is None
    assert check("credit_code", "913501000001000000.0").rule == "credit_code.float"
    assert check("credit_code", "320404000009558.0").value == "320404000009558"


def test_letters_that_no_code_has() -> None:
    read = check("credit_code", "91350100M000100Y4O")
    assert (read.rule, read.findings[0].params["characters"]) == ("credit_code.alphabet", "O")


@pytest.mark.parametrize("text", ["营业执照", "91350100M000100Y43#", "1", "1" * 40])
def test_what_is_no_code_at_all(text: str) -> None:
    read = check("credit_code", text)
    assert (read.value, read.rule, read.severity) == (None, "credit_code.shape", "error")


def test_regions_of_the_past_and_of_development_zones_are_good() -> None:
    assert rules(sealed("91110103", "MA000001")) == []
    assert rules(sealed("91110302", "MA000001")) == []
    assert rules(sealed("91999999", "MA000001")) == ["credit_code.region"]


@given(st.text(ALPHABET, min_size=8, max_size=8), st.sampled_from(["110105", "440300", "610100", "320594"]))
def test_the_oracle_agrees(organisation: str, region: str) -> None:
    """python-stdnum is right but for prefixes N and Y, which it does not know."""
    code = sealed("91" + region, organisation)
    assert uscc.is_valid(code) and rules(code) == []
    assert not uscc.is_valid(sealed("N2" + region, organisation)) and rules(sealed("N2" + region, organisation)) == []


def test_the_vectors_of_the_oracle(shared_data: Path) -> None:
    text = (shared_data / "id_vectors/stdnum_test_cn_uscc.doctest").read_text("utf-8")
    codes = re.findall(r"^\.\.\. ([0-9A-Z]{18})$", text, re.MULTILINE)
    assert len(codes) == 200
    assert [code for code in codes if rules(code)] == []


def test_real_codes_that_pass(shared_data: Path) -> None:
    with (shared_data / "id_vectors/uscc_passing_check_sample.csv").open(encoding="utf-8") as lines:
        codes = [row["code"] for row in csv.DictReader(lines)]
    odd = [code for code in codes if set(rules(code)) - {"credit_code.inner_check", "credit_code.region"}]
    assert odd == []


def test_real_codes_that_fail_are_warned_about_and_kept(shared_data: Path) -> None:
    expected = {"len15": "old", "len13": "old", "len11": "old", "len10": "length", "len12": "length", "len1": "shape"}
    with (shared_data / "id_vectors/uscc_failing_check_in_the_wild.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            read = check("credit_code", row["code"])
            found = [finding.rule.removeprefix("credit_code.") for finding in read.findings]
            if row["why"] == "checksum":
                assert "check" in found, row["code"]
            elif row["why"] in expected and row["code"].isascii():
                assert expected[row["why"]] in found, row["code"]
            assert read.value is not None or not read.ok or row["code"] in ("", "-", "/", "无")
