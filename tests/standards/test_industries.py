"""Industry codes of GB/T 4754-2017."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kedang.standards import check, industry


def test_the_published_counts() -> None:
    assert (len(industry.sections()), len(industry.divisions())) == (20, 97)
    assert sorted(code[1:] for code in industry.divisions()) == [f"{number:02d}" for number in range(1, 98)]
    assert {code[0] for code in industry.divisions()} == set(industry.sections()) == set("ABCDEFGHIJKLMNOPQRST")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C", "C"),
        ("c13", "C13"),
        ("C13", "C13"),
        ("I6513", "I6513"),
        ("6513", "I6513"),
        ("13.0", "C13"),
        ("1", "A01"),
        ("C 制造业", "C"),
        ("C制造业", "C"),
        ("制造业", "C"),
        ("制造", "C"),
        ("J金融业", "J"),
        ("I65 软件和信息技术服务业", "I65"),
        ("软件和信息技术服务业", "I65"),
        ("农、林、牧、渔业", "A"),
        ("农林牧渔", "A"),
        ("批发和零售业", "F"),
        ("房地产业", "K"),
        ("教育", "P"),
        ("卫生", "Q84"),
    ],
)
def test_codes_and_titles(text: str, code: str) -> None:
    read = check("industry", text)
    assert (read.value, read.findings) == (code, ())
    assert industry.title_of(code)


def test_a_letter_that_does_not_fit_its_digits() -> None:
    read = check("industry", "C65")
    assert (read.value, read.rule, read.severity) == ("I65", "industry.section", "warning")


@pytest.mark.parametrize("text", ["Z", "98", "00", "C98", "不知道", "A1-B2", "65131"])
def test_what_is_no_industry(text: str) -> None:
    read = check("industry", text)
    assert (read.value, read.rule, read.severity) == (None, "industry.unknown", "error")


def test_the_published_tree_is_covered(shared_data: Path) -> None:
    with (shared_data / "codes/gbt4754_2017_tree.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["code"] for row in rows if check("industry", row["code"]).value != row["code"]] == []
    titles = {row["code"]: row["name"] for row in rows if row["level"] in ("1", "2")}
    titles["S96"] = "基层群众自治组织及其他组织"  # as the amendment of 2019 has it
    assert {
        code: (title, industry.title_of(code)) for code, title in titles.items() if industry.title_of(code) != title
    } == {}
