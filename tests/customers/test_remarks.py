"""A person's number in a remark that is kept in plain is pointed out, one by one and by the column alike."""

from __future__ import annotations

import polars as pl
import pytest

from kedang import standards
from kedang.customers import values
from kedang.customers.dictionary import BUILT_IN
from kedang.customers.fields import Field

NUMBERS = ("王经理手机 138-0013-8000", "证件号610102198001011234", "发 a.wang@example.com", "１３８００１３８０００")
HARMLESS = ("每月 15 日前付款", "2026年3月续约，金额 12000 元", "喜欢喝茶", "")


def note() -> Field:
    return BUILT_IN["note"]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_in_a_note_is_a_warning_and_stays_readable(text: str) -> None:
    value, found = values.read_one(note(), text)
    assert value and [(each.field, each.rule, each.severity) for each in found] == [("note", "text.number", "warning")]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_notes_pass(text: str) -> None:
    assert values.read_one(note(), text)[1] == ()


def test_a_column_of_notes_is_read_alike() -> None:
    texts = [*NUMBERS, *HARMLESS]
    column = standards.check_column(values.standard_of(note()), pl.Series(texts), field="note")
    single = [values.read_one(note(), text) for text in texts]
    rules = [found[0].rule if found else None for _, found in single]
    assert column.rule.to_list() == rules
    assert column.value.to_list() == [value or None for value, _ in single]


def test_important_notes_are_looked_through_and_names_are_not() -> None:
    assert set(values.SCANNED) == {"note", "remark.text"}
    assert values.read_one(BUILT_IN["business_scope"], NUMBERS[0])[1] == ()
