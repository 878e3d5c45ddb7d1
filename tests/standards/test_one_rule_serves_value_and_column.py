"""One definition of each rule serves one value and a whole column: both always say the same."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedang import standards
from kedang.standards import CATALOGUE, Read, Standard
from tests.standards.writings import EXAMPLES, HOSTILE, NOTHING, texts_near

GRADES = standards.code({"a": "重点客户", "b": "普通客户"}, "grade")
EVERY = [*CATALOGUE.values(), GRADES]


def assert_same(standard: Standard, texts: list[str | None]) -> None:
    """Value, rule and severity of each row are those of the one text, whatever else is in the column."""
    column = standards.check_column(standard, pl.Series(texts, dtype=pl.String), "f")
    rows = zip(column.value.to_list(), column.rule.to_list(), column.severity.to_list(), strict=True)
    for text, row in zip(texts, rows, strict=True):
        read = standards.check(standard, text, "f")
        assert row == (stored(read), read.rule, read.severity), text
        assert column.findings(text) == read.findings


def stored(read: Read) -> object:
    """A value as a column holds it: an amount is a struct of its two parts."""
    if isinstance(read.value, tuple):
        return dict(zip(("fen", "currency"), read.value, strict=True))
    return read.value


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.name)
def test_value_and_column_agree_on_known_writings(standard: Standard) -> None:
    assert_same(standard, [*EXAMPLES.get(standard.name, ["a", "重点客户", "c"]), *NOTHING, *HOSTILE, None])


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.name)
def test_value_and_column_agree_on_any_text(standard: Standard) -> None:
    @settings(max_examples=150)
    @given(st.lists(texts_near(standard.name) | st.none(), max_size=8))
    def agree(texts: list[str | None]) -> None:
        assert_same(standard, texts)

    agree()


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.name)
def test_value_and_column_agree_on_naughty_strings(standard: Standard, shared_data: Path) -> None:
    assert_same(standard, json.loads((shared_data / "hostile/blns/blns.json").read_text("utf-8")))


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.name)
def test_a_column_that_is_empty_or_says_nothing_reads_as_nothing(standard: Standard) -> None:
    empty = standards.check_column(standard, pl.Series([], dtype=pl.String))
    assert (len(empty.value), len(empty.rule), len(empty.severity)) == (0, 0, 0)
    nothing = standards.check_column(standard, pl.Series([None, "", "N/A"], dtype=pl.String))
    assert nothing.value.to_list() == [standard.empty] * 3
    assert nothing.rule.null_count() == 3


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.name)
@given(data=st.data())
def test_a_value_is_kept_unless_there_is_an_error(standard: Standard, data: st.DataObject) -> None:
    read = standards.check(standard, data.draw(texts_near(standard.name)))
    assert read.value == standard.empty if not read.ok else read.value is not None or not read.findings
    assert sorted(finding.severity for finding in read.findings) == [finding.severity for finding in read.findings]


@pytest.mark.parametrize("standard", EVERY, ids=lambda standard: standard.name)
@given(data=st.data())
def test_a_stored_value_reads_as_itself(standard: Standard, data: st.DataObject) -> None:
    """What was stored once may be shown in a form and saved again without changing."""
    read = standards.check(standard, data.draw(texts_near(standard.name)))
    shown = fen(read.value) if standard.name == "money" else written(read.value)
    again = standards.check(standard, shown)
    assert again.value == read.value


def fen(value: int | None) -> str | None:
    """A sum as a form shows it."""
    if value is None:
        return None
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"


def written(value: object) -> str | None:
    """A value as a form or a spreadsheet shows it."""
    if isinstance(value, list):
        return "、".join(value)
    if isinstance(value, tuple):
        fen, currency = value
        return f"{fen // 100}.{fen % 100:02d} {currency}"
    return None if value is None else str(value)


def test_half_a_character_is_an_error_and_not_a_crash() -> None:
    for standard in EVERY:
        assert standards.check(standard, "\ud800").rule == "text.unreadable"


def test_a_clean_column_asks_nothing_of_python() -> None:
    """The column form of a clean column is expressions only; that is what makes an import fast."""
    clean = {
        "credit_code": "91350100M000100Y43",
        "identity_number": "360426199101010071",
        "phones": "0571-87061501",
        "email": "name@example.com",
        "postcode": "710000",
        "date": "2019-03-05",
        "capital": "93,128.8319(万元人民币)",
        "region": "610100",
        "industry": "I6513",
        "url": "http://www.example.com/a",
        "text": "销售：五金交电、日用百货（不含危险品）。",
        "name": "上海某某（集团）有限公司",
        "address": "成都市武侯区少陵横街１４２号附17号1层",
        "number": "1200",
        "money": "1200.50",
        "percent": "85%",
        "yes_no": "yes",
        "code": "KH20190012",
    }
    assert set(clean) == set(CATALOGUE)
    for name, text in clean.items():
        read = standards.check_column(name, pl.Series([text]))
        assert not read.reads, name
        assert read.value.to_list() == [stored(standards.check(name, text))]
