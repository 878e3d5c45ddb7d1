"""Telephone cells as people fill them, against an oracle and real cells."""

from __future__ import annotations

import csv
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.standards import check, phones


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13800138000", ["+8613800138000"]),
        ("138 0013 8000", ["+8613800138000"]),
        ("138-0013-8000", ["+8613800138000"]),
        ("013800138000", ["+8613800138000"]),
        ("+86 13800138000", ["+8613800138000"]),
        ("13800138000.0", ["+8613800138000"]),
        ("１３８００１３８０００", ["+8613800138000"]),
        ("0571-87061501", ["+8657187061501"]),
        ("057187061501", ["+8657187061501"]),
        ("(0571)87061501", ["+8657187061501"]),
        ("（0571）87061501", ["+8657187061501"]),
        ("0571 8706 1501", ["+8657187061501"]),
        ("86-571-87061501", ["+8657187061501"]),
        ("+86-(0)571-87061501", ["+8657187061501"]),
        ("0596—8546913", ["+865968546913"]),
        ("010-62345678", ["+861062345678"]),
        ("02162345678", ["+862162345678"]),
        ("0571-87061501转8120", ["+8657187061501;ext=8120"]),
        ("0592-5911111-8120", ["+865925911111;ext=8120"]),
        ("010-62345678 ext. 12", ["+861062345678;ext=12"]),
        ("400-800-8820", ["4008008820"]),
        ("400 800 8820 转 1", ["4008008820;ext=1"]),
        ("95588", ["95588"]),
        ("12345", ["12345"]),
        ("+852 2345 6789", ["+85223456789"]),
        ("0085223456789", ["+85223456789"]),
    ],
)
def test_one_number(cell: str, numbers: list[str]) -> None:
    read = check("phones", cell)
    assert (read.value, read.findings) == (numbers, ())


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("0571-85463999，0571-85463993", ["+8657185463999", "+8657185463993"]),
        ("0571-85463999、13800138000", ["+8657185463999", "+8613800138000"]),
        ("13800138000/13900139000", ["+8613800138000", "+8613900139000"]),
        ("13800138000 13900139000", ["+8613800138000", "+8613900139000"]),
        ("13800138000\n13900139000", ["+8613800138000", "+8613900139000"]),
        ("13800138000；13800138000", ["+8613800138000"]),
        ("0571-87068001，87010630", ["+8657187068001", "+8657187010630"]),
        ("0571-8778388387022776", ["+8657187783883", "+8657187022776"]),
        ("0571-882222220571-88122222", ["+8657188222222", "+8657188122222"]),
        ("1380013800013900139000", ["+8613800138000", "+8613900139000"]),
        ("0571-87061501/02/3", ["+8657187061501", "+8657187061502", "+8657187061503"]),
        ("（白天）0592-5911111-8120（晚间）0592-8570120", ["+865925911111;ext=8120", "+865928570120"]),
        ("电话：021-62345678 手机：13800138000", ["+862162345678", "+8613800138000"]),
    ],
)
def test_several_numbers_in_one_cell(cell: str, numbers: list[str]) -> None:
    read = check("phones", cell)
    assert (read.value, read.findings) == (numbers, ())


def test_a_number_without_its_area_is_kept_as_it_is() -> None:
    read = check("phones", "7359051（急诊科）")
    assert (read.value, read.rule, read.severity) == (["7359051"], "phones.no_area", "warning")


@pytest.mark.parametrize(
    "cell", ["0571-646236", "87151966871519977", "12800138000", "1380013800", "见名片", "026-62345678"]
)
def test_what_holds_no_number_is_an_error_with_a_remedy(cell: str) -> None:
    read = check("phones", cell)
    assert (read.value, read.rule, read.severity) == ([], "phones.shape", "error")
    assert "0571-87061501" in read.findings[0].remedy()


def test_the_good_number_beside_a_bad_one_is_kept_and_the_bad_one_named() -> None:
    read = check("phones", "13800138000；1390013")
    assert read.value == ["+8613800138000"]
    assert [(f.rule, f.params["part"]) for f in read.findings] == [("phones.part_unread", "1390013")]


def test_a_run_that_can_be_cut_in_two_ways_is_not_guessed() -> None:
    assert check("phones", "0571-870615028706150").value == []


def test_tails() -> None:
    assert phones.tail("+8657187061501;ext=8120") == "1501"
    assert phones.tail("+8613800138000") == "8000"
    assert phones.subscriber("4008008820;ext=1") == "4008008820"


LANDLINES = st.one_of(
    st.from_regex(r"0(10|2[0-57-9])-?[2-8][0-9]{7}", fullmatch=True),
    st.from_regex(r"0[3-9][0-9]{2}-?[2-8][0-9]{6,7}", fullmatch=True),
)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True) | LANDLINES)
def test_the_oracle_writes_the_same_number(cell: str) -> None:
    number = phonenumbers.parse(cell, "CN")
    assert check("phones", cell).value == [phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)]


@given(st.from_regex(r"[-0-9 +/、，()转]{3,20}", fullmatch=True))
def test_every_number_read_from_a_cell_stands_in_it(cell: str) -> None:
    """Nothing is made up: the digits of each number occur in the cell, in order."""
    digits = "".join(char for char in cell if char.isdigit())
    for number in check("phones", cell).value:
        rest = iter(digits)
        assert all(digit in rest for digit in phones.subscriber(number).removeprefix("+86")[-7:] if "/" not in cell)


def test_the_cells_of_real_lists(shared_data: Path) -> None:
    with (shared_data / "id_vectors/phones_in_the_wild.csv").open(encoding="utf-8") as lines:
        cells = [row["phone_raw"] for row in csv.DictReader(lines)]
    reads = [check("phones", cell) for cell in cells]
    unread = {cell for cell, read in zip(cells, reads, strict=True) if not read.ok}
    assert unread == {"0571-646236", "0571-801717", "87151966871519977"}
    assert sum(len(read.value) for read in reads) > len(cells)
