"""Fields of a regulation: in a part that exists, narrowed only where that means something, under no reserved word."""

from __future__ import annotations

import pytest

from kedang.packs.checking import check_bytes
from tests.packs.added import ADDED, source

CASES = [
    ("searched", "tax_office: {title: 主管税务机关, category: basic, standard: text,",
     "tax_office: {title: 主管税务机关, category: basic, standard: text, sensitivity: personal,"),
    ("narrowed_text", "standard: yes_no}\n  branches", "standard: yes_no, options: [是, 否]}\n  branches"),
    ("narrowed_text", "standard: number}", "standard: number, min_chars: 2}"),
    ("repeated_words", "options: [国有, 民营, 外资]", "options: [国有, 民营, 国有]"),
    ("exactly_one", "options: [国有, 民营, 外资]", "options: [国有], min_chars: 2"),
    ("reserved", "  branches:", "  findings:"),
    ("choice", "  contract.share:", "  contracts.share:"),
    ("pattern", "  branches:", "  branches_13800138000:"),
]  # fmt: skip
RULES = {rule for rule, _, _ in CASES}
IN_THE_PRODUCT = {"field_standard", "field_category", "field_personal", "field_choices", "field_nature"}
"""Tried in tests/customers/test_dictionary_entries: they ask what the product's own fields are."""


@pytest.mark.parametrize(("rule", "was", "now"), CASES)
def test_a_field_that_cannot_be_is_named(rule: str, was: str, now: str) -> None:
    changed = ADDED.replace(was, now)
    assert changed != ADDED
    _, problems = check_bytes(source(changed), "a.yaml")
    assert rule in {each.rule for each in problems}
    assert all(each.line > 0 for each in problems)


def test_every_kind_of_field_may_be_added() -> None:
    pack, problems = check_bytes(source(), "a.yaml")
    assert problems == []
    assert pack is not None
