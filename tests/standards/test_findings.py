"""What a finding says to a person."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from kedang import standards
from kedang.standards import CATALOGUE, MESSAGES, check, check_column
from tests.standards.writings import EXAMPLES, HOSTILE

SOURCE = Path(standards.__file__).parent


def test_every_rule_has_its_two_sentences() -> None:
    found = (re.findall(r'(?:error|warning)\("([a-z_.]+)"', path.read_text("utf-8")) for path in SOURCE.glob("*.py"))
    rules = {rule for rules in found for rule in rules}
    assert len(rules) > 40 and rules - set(MESSAGES) == set()


def test_no_sentence_is_without_its_rule() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCE.parent.rglob("*.py") if path.name != "messages.py")
    assert [rule for rule in MESSAGES if f'"{rule}"' not in code] == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_finding_can_be_said(name: str) -> None:
    for text in EXAMPLES[name] + HOSTILE:
        for finding in check(name, text, "the_field").findings:
            assert finding.field == "the_field"
            for sentence in (finding.what(), finding.remedy()):
                assert sentence.endswith(".") and "%(" not in sentence


def test_a_translation_is_filled_with_the_same_words() -> None:
    finding = check("credit_code", "91350100M000100Y4X").findings[0]
    translate = {MESSAGES["credit_code.check"][0]: "校验码应为 %(expected)s"}
    assert finding.what(lambda text: translate[text]) == "校验码应为 3"


def test_a_percent_sign_in_a_cell_is_only_a_percent_sign() -> None:
    assert "%s%(x)s" in check("date", "%s%(x)s").findings[0].what()


def test_what_was_found_is_cut_to_a_length_that_can_be_shown() -> None:
    assert len(check("date", "x" * 100_000).findings[0].found) == 120


def test_a_column_gives_all_findings_of_a_row() -> None:
    code = "01350100M000100Y43"
    column = check_column("credit_code", pl.Series([code, "91350100M000100Y43"]), "credit_code")
    assert column.rule.to_list() == ["credit_code.prefix", None]
    assert [finding.rule for finding in column.findings(code)] == ["credit_code.prefix", "credit_code.check"]
    assert {finding.field for finding in column.findings(code)} == {"credit_code"}
    assert column.findings("91350100M000100Y43") == ()
    assert column.findings(None) == ()


def test_a_code_list_reads_codes_and_titles() -> None:
    grades = standards.code({"a": "重点客户", "b": "普通客户"}, "grade")
    assert [check(grades, text).value for text in ("a", "A", " 重点客户", "ｂ")] == ["a", "a", "a", "b"]
    read = check(grades, "c")
    assert (read.value, read.rule) == (None, "code.unknown")
    assert "重点客户, 普通客户" in read.findings[0].remedy()
    with pytest.raises(ValueError, match="two codes"):
        standards.code({"a": "A", "b": "a"})
