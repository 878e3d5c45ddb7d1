"""Names, addresses and free text: cleaned, and measured against the norm of Chinese characters."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kedang.standards import check
from kedang.standards.characters import traditional


def rules(standard: str, text: str) -> list[str]:
    return [finding.rule for finding in check(standard, text).findings]


@pytest.mark.parametrize(
    ("standard", "text", "clean"),
    [
        ("text", " 经营：２３Ａ类（不含危险品） ", "经营：23A类（不含危险品）"),
        ("text", "第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("name", "  华为\u3000技术  有限公司\n", "华为 技术 有限公司"),
        ("name", "ＡＢＣ（中国）有限公司", "ABC（中国）有限公司"),
        ("address", "花园街２３０号２楼２０８室", "花园街230号2楼208室"),
        ("address", "雁塔路 1号\t2室", "雁塔路 1号 2室"),
    ],
)
def test_cleaning_changes_no_meaning(standard: str, text: str, clean: str) -> None:
    read = check(standard, text)
    assert (read.value, read.findings) == (clean, ())


@pytest.mark.parametrize("standard", ["text", "address"])
def test_traditional_characters_are_a_warning_outside_names(standard: str) -> None:
    read = check(standard, "國際貿易廣場")
    assert (read.value, read.rule, read.severity) == ("國際貿易廣場", "text.traditional", "warning")
    assert read.findings[0].params["standard"] == "国 际 贸 广 场"


def test_names_keep_the_characters_they_have() -> None:
    for name in ("張國榮", "陶喆", "𠮷田", "李䶮", "黃氏（香港）有限公司"):
        read = check("name", name)
        assert (read.value, read.findings) == (name, ())


def test_characters_that_are_standard_in_a_meaning_of_their_own() -> None:
    assert rules("text", "乾隆年间的著作，哪吒，么麽") == []
    assert {"後", "於", "這", "裏", "爲"} <= set(traditional())
    assert not set("后于这里为着干") & set(traditional())


@pytest.mark.parametrize(
    ("text", "clean", "rule", "params"),
    [
        ("销\u200b售\ufeff", "销售", "text.invisible", {"characters": "U+200B U+FEFF"}),
        ("销\x7f售", "销售", "text.invisible", {"characters": "U+007F"}),
        ("邮政\ue5f1业务", "邮政\ue5f1业务", "text.private_use", {"characters": "U+E5F1"}),
        ("锟斤拷锟斤拷", "锟斤拷锟斤拷", "text.garbled", {}),
        ("经\ufffd营", "经\ufffd营", "text.garbled", {}),
        ("很好😀", "很好😀", "text.symbol", {"characters": "😀"}),
        ("䶮字", "䶮字", "text.rare", {"characters": "䶮"}),
    ],
)
def test_what_a_broken_file_or_a_telephone_leaves_behind(
    text: str, clean: str, rule: str, params: Mapping[str, str]
) -> None:
    read = check("text", text)
    assert (read.value, read.rule, read.severity) == (clean, rule, "warning")
    assert read.findings[0].params == params


def test_a_nul_is_refused() -> None:
    for standard in ("text", "name", "address", "credit_code", "phones"):
        read = check(standard, "abc\x00def")
        assert (read.rule, read.severity) == ("text.nul", "error")


def test_a_name_of_digits_alone_is_questioned() -> None:
    assert rules("name", "12345") == ["name.no_letters"]
    assert rules("name", "3M") == []


def test_an_address_that_is_too_short() -> None:
    assert rules("address", "西安") == ["address.short"]
    assert check("address", "西安").value == "西安"


@pytest.mark.parametrize(
    "text", ["", "  ", "N/A", "n/a", "-", "－", "——", "无", "null", "NULL", "#N/A", "＊", "\u3000", "\ufeff"]
)
@pytest.mark.parametrize("standard", ["text", "name", "credit_code", "date", "capital", "region"])
def test_words_for_nothing_are_nothing(standard: str, text: str) -> None:
    read = check(standard, text)
    assert (read.value, read.findings) == (None, ())
