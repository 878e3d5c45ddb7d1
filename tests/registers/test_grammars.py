"""Codes and numbers by the company's own rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kedang.packs import grammars
from kedang.packs.forms import Grammar, Numbering

DAY = date(2026, 3, 2)


def grammar(*parts: dict[str, Any], **more: Any) -> Grammar:
    return Grammar.model_validate({"title": "合同编号", "parts": parts, **more})


def numbering(*parts: dict[str, Any], **more: Any) -> Numbering:
    return Numbering.model_validate({"parts": parts, **more})


CONTRACT = grammar(
    {"text": "HT"}, {"date": "yyyymmdd"}, {"letters": {"min": 1, "max": 3}}, {"digits": {"min": 2, "max": 4}}
)  # fmt: skip


@pytest.mark.parametrize("text", ["HT20260302A01", "ht20260302abc1234", "HT20240229XY999"])
def test_a_code_that_is_built_so_fits(text: str) -> None:
    assert grammars.matches(CONTRACT, text)


@pytest.mark.parametrize(
    "text",
    ["", "HT", "XX20260302A01", "HT20260230A01", "HT2026030201", "HT20260302ABCD1", "HT20260302A1", "HT20260302A01 ",
     "HT20260302A01-", "HT20260302Ａ01", "HT20261302A01", "HT" + "2" * 300],
)  # fmt: skip
def test_any_other_does_not(text: str) -> None:
    assert not grammars.matches(CONTRACT, text)


def test_a_check_character_finds_a_slip() -> None:
    checked = grammar({"digits": {"min": 6, "max": 6}}, {"check": "mod11_2"})
    whole = "123456" + grammars.check_over("mod11_2", "123456")
    assert grammars.matches(checked, whole)
    for at in range(6):
        wrong = whole[:at] + str((int(whole[at]) + 1) % 10) + whole[at + 1 :]
        assert not grammars.matches(checked, wrong), wrong


@pytest.mark.parametrize("system, over, check", [("mod11_2", "079", "X"), ("mod97_10", "4354111611551114", "31")])
def test_check_characters_are_those_of_the_standard(system: str, over: str, check: str) -> None:
    assert grammars.check_over(system, over) == check


def test_signs_between_do_not_count_for_the_check() -> None:
    assert grammars.check_over("mod37_2", "借-A12-425") == grammars.check_over("mod37_2", "A12425")


def test_a_part_may_be_missing_and_words_may_be_chosen() -> None:
    filed = grammar({"one_of": ["甲", "乙"]}, {"text": "字", "optional": True}, {"either": {"min": 1, "max": 2}})
    assert all(grammars.matches(filed, text) for text in ("甲字1", "乙A", "甲字B2"))
    assert not any(grammars.matches(filed, text) for text in ("丙1", "甲字", "甲字123"))


def test_the_explanation_names_each_piece_and_gives_an_example_that_fits() -> None:
    said = grammars.explain(CONTRACT)
    assert "合同编号" in said
    assert "“HT”" in said
    assert "1-3 letters" in said
    assert grammars.matches(CONTRACT, grammars.example(CONTRACT))
    assert grammars.example(CONTRACT) in said
    checked = grammar({"text": "K"}, {"either": {"min": 4, "max": 4}}, {"check": "mod37_2"})
    assert grammars.matches(checked, grammars.example(checked))


def test_a_number_is_put_together_from_day_unit_serial_answer_and_check() -> None:
    said = numbering(
        {"text": "（"}, {"date": "yyyy"}, {"text": "）"}, {"unit": True}, {"item": "kind"}, {"serial": 4},
        {"check": "mod97_10"},
    )  # fmt: skip
    made = grammars.number(said, day=DAY, unit_code="XA", serial=7, items={"kind": "leak"})
    assert made == "（2026）XAleak0007" + grammars.check_over("mod97_10", "2026XAleak0007")


def test_serials_longer_than_their_place_are_not_cut() -> None:
    assert grammars.number(numbering({"serial": 2}), day=DAY, unit_code="", serial=123, items={}) == "123"


@pytest.mark.parametrize(
    "restart, period", [("never", ""), ("yearly", "2026"), ("monthly", "202603"), ("daily", "20260302")]
)
def test_serials_begin_anew_as_the_regulation_says(restart: str, period: str) -> None:
    assert grammars.period(numbering({"serial": 4}, restart=restart), DAY) == period
