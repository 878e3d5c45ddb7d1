"""Amounts of capital as registers write them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.standards import check, check_column


@pytest.mark.parametrize(
    ("text", "fen", "currency"),
    [
        ("200(万元人民币)", 200_000_000, "CNY"),
        ("93,128.8319(万元人民币)", 93_128_831_900, "CNY"),
        ("5000(万美元)", 5_000_000_000, "USD"),
        ("5000（万元美元）", 5_000_000_000, "USD"),
        ("1000万元", 1_000_000_000, "CNY"),
        ("￥1,000,000", 100_000_000, "CNY"),
        ("1,000,000.50元", 100_000_050, "CNY"),
        ("500万人民币", 500_000_000, "CNY"),
        ("500万人民币元", 500_000_000, "CNY"),
        ("500(万元(港币))", 500_000_000, "HKD"),
        ("500(万香港元)", 500_000_000, "HKD"),
        ("10万瑞士法郎", 10_000_000, "CHF"),
        ("29(万日元)", 29_000_000, "JPY"),
        ("美元500万", 500_000_000, "USD"),
        ("1.5亿元", 15_000_000_000, "CNY"),
        ("５０万元", 50_000_000, "CNY"),
        ("壹佰万元整", 100_000_000, "CNY"),
        ("人民币伍拾万元整", 50_000_000, "CNY"),
        ("一亿二千万元", 12_000_000_000, "CNY"),
        ("一千零五万元", 1_005_000_000, "CNY"),
        ("10.5 (万美元 )", 10_500_000, "USD"),
        ("0.000001(万)", 1, "CNY"),
    ],
)
def test_amounts(text: str, fen: int, currency: str) -> None:
    read = check("capital", text)
    assert (read.value, read.findings) == ((fen, currency), ())


def test_no_unit_at_all_is_read_as_yuan_with_a_warning() -> None:
    for text in ("100", "100()"):
        read = check("capital", text)
        assert (read.value, read.rule, read.severity) == ((10_000, "CNY"), "capital.unit", "warning")


def test_what_is_finer_than_a_hundredth_is_rounded_with_a_warning() -> None:
    read = check("capital", "0.0000005万元")
    assert (read.value, read.rule) == ((1, "CNY"), "capital.rounded")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1,0000000(万)", "capital.shape"),
        ("王明双", "capital.shape"),
        ("-5万元", "capital.shape"),
        ("5万元/10万元", "capital.shape"),
        ("美元5万元人民币", "capital.currencies"),
        ("999999999999万亿元", "capital.range"),
        ("1E+99元", "capital.range"),
    ],
)
def test_what_is_no_amount(text: str, rule: str) -> None:
    read = check("capital", text)
    assert (read.value, read.rule, read.severity) == (None, rule, "error")


@given(st.integers(0, 10**9 - 1), st.integers(0, 10**6 - 1))
def test_no_digit_of_an_amount_is_lost(whole: int, part: int) -> None:
    text = f"{whole:,}.{part:06d}(万元人民币)"
    assert check("capital", text).value == (whole * 10**6 + part, "CNY")
    assert check_column("capital", pl.Series([text])).value.to_list() == [
        {"fen": whole * 10**6 + part, "currency": "CNY"}
    ]


def test_a_column_holds_whole_numbers() -> None:
    column = check_column("capital", pl.Series(["1万元", None, "x"]))
    assert column.value.dtype == pl.Struct({"fen": pl.Int64, "currency": pl.String})
    assert column.value.to_list() == [{"fen": 1_000_000, "currency": "CNY"}, None, None]


def test_amounts_of_a_real_register(shared_data: Path) -> None:
    texts = pl.read_csv(shared_data / "registry_malformed.csv", infer_schema=False, truncate_ragged_lines=True)
    assert set(check_column("capital", texts["注册资金"]).severity.to_list()) <= {"error", None}
