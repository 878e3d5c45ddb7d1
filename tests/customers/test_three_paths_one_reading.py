"""Whatever is typed into whatever field: form, API and import read the same value and find the same fault with it.

Form and API hand raw text to `values.read`; an import reads a column by `checking.read_column`. Random texts, good,
bad and hostile, go both ways for every field of the dictionary, those a regulation adds included.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedang.customers import bags, dictionary, values
from kedang.customers.fields import Field
from kedang.intake.checking import read_column
from kedang.intake.planning import clean
from kedang.packs.checking import under_law
from kedang.packs.grammars import example
from tests.packs.added import source

PACK = under_law(source(), "added.yaml").pack
FIELDS = dict(dictionary.fields(PACK))


def kind_of(field: Field) -> tuple[object, ...]:
    """What the reading of a field goes by; fields alike in it are read alike."""
    return (
        field.standard, field.choices, field.grammar, field.min_chars, field.width, field.personal, field.collect,
        field.column if not field.extra else "",
    )  # fmt: skip


KEYS = sorted({kind_of(field): key for key, field in FIELDS.items()}.values())
GOOD = {
    "credit_code": ["91350100M000100Y43", "９１３５０１００M000100Y43"], "identity_number": ["11010519491231002X"],
    "phones": ["13800138000", "0571-87061501/02", "029-88256789转8120；13800138000"], "email": ["wang@example.com"],
    "postcode": ["710075", "10001"], "date": ["2024-02-29", "2024年2月30日", "45000", "99-1-1", "05/03/2019"],
    "capital": ["500万元", "5000万美元", "壹佰万元整", "1.005", "1e3"], "region": ["610100", "陕西省西安市", "朝阳区"],
    "industry": ["C13", "I6513", "农副食品加工业"], "url": ["https://www.example.com", "javascript:alert(1)"],
    "text": ["普通文字", "漢字", "a\r\nb", "\u200b"], "name": ["西安示例机电有限公司", "１２３", "ＡＢＣ"],
    "address": ["高新区科技路1号", "西安"],
    "code": ["KH-1", "kh20190012", "NULL"], "choice": ["国有", "internal", "机密"],
    "number": ["1,200", "15人", "-3", "1.5", "9" * 18, "1e3", "１２"],
    "money": ["35万元", "¥1,200.505", "-5", "12.3美元"],
    "percent": ["85", "85%", "101", "百分之五", "0"], "yes_no": ["是", "否", "Y", "×", "maybe"],
}  # fmt: skip
HOSTILE = [
    "", " ", "-", "N/A", "无", "\x00", "a\x00b", "\ud800", "'; DROP TABLE x; --", "<script>", "=1+1", "\u202e",
    "锟斤拷",
    "9" * 5000, "0", "00", "NaN", "inf", "١٢٣", "²", "１" * 30, "\n", "null", "true", "[]", "{}", "%(found)s", "٪",
]  # fmt: skip


def texts(field: Field) -> st.SearchStrategy[str]:
    """Texts for a field: such as people write, such as break things, and anything between."""
    written = [*GOOD[field.standard], *(key for key, _ in field.choices)]
    written += [example(field.grammar)] if field.grammar else []
    return st.one_of(
        st.sampled_from(written), st.sampled_from(HOSTILE), st.text(max_size=40),
        st.sampled_from(written).flatmap(lambda text: st.text(max_size=3).map(lambda end: text + end)),
    )  # fmt: skip


def of_a_form(field: Field, text: str) -> tuple[Any, list[tuple[str, str, str]]]:
    """The value and the findings that form and API come to."""
    reading = values.read({field.key: text}, FIELDS)
    return reading.values[field.key], sorted((f.field, f.rule, f.severity) for f in reading.findings)


def of_an_import(field: Field, column: list[str]) -> list[tuple[Any, list[tuple[str, str, str]]]]:
    """The same for a column of a file."""
    read = read_column(field, pl.Series(field.key, column, dtype=pl.String))
    found = [sorted((f.field, f.rule, str(f.severity)) for f in read.findings(text)) for text in column]
    assert read.rule.is_null().to_list() == [not each for each in found]
    worst = [("error" if any(f[2] == "error" for f in each) else "warning") if each else None for each in found]
    assert read.severity.to_list() == worst
    return list(zip((clean(field.key, value) for value in read.value.to_list()), found, strict=True))


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=20)
@given(data=st.data())
def test_one_reading(key: str, data: st.DataObject) -> None:
    field = FIELDS[key]
    column = [
        text for text in data.draw(st.lists(texts(field), min_size=1, max_size=6))
        if "\ud800" not in text and text.encode("utf-8", "ignore").decode() == text
    ]  # fmt: skip
    by_column = of_an_import(field, column)
    for text, (value, found) in zip(column, by_column, strict=True):
        mine, mine_found = of_a_form(field, text)
        assert found == mine_found, text
        if not any(severity == "error" for _, _, severity in found):
            assert values.as_json(value) == values.as_json(mine), text


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=20)
@given(data=st.data())
def test_what_was_read_is_kept_and_said_as_it_is(key: str, data: st.DataObject) -> None:
    field = FIELDS[key]
    value, findings = values.read_one(field, data.draw(texts(field)))
    if any(each.severity == "error" for each in findings) or values.is_empty(value):
        return
    assert values.from_json(field, values.as_json(value)) == value
    again, found = values.read_one(field, values.as_text(field, value))
    assert again == value
    assert not any(each.severity == "error" for each in found)
    seal = bags.sealer(bytes(32), "t", 1)
    raw = bags.pack_bag({key: value}, FIELDS, seal)
    assert bags.open_bag(raw, FIELDS.__getitem__, bags.opener(bytes(32), "t", 1)) == {key: value}
