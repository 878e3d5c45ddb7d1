"""What is folded, how names are spelled, which tokens they get; a column always agrees with one value."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang import search
from kedang.search.folding import fold

USUAL = st.sampled_from("华为技术有限公司行重长厦繁體國際（）()·  ＡＢｃ12 3，-é&|\n\t𠮷がゞ한")
WRITTEN = st.text(alphabet=st.one_of(USUAL, st.characters(codec="utf-8")), max_size=30)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("华为（深圳）有限公司", "华为深圳有限公司"),
        ("華為 技術", "华为技术"),
        ("ＡＢＣ　科技", "abc 科技"),
        ("Nestlé S.A.", "nestle s a"),
        ("3M中国", "3m 中国"),
        ("①号店", "1 号店"),
        ("  ", ""),
        ("|\x00\x1f%_\\", ""),
        ("Cafe\u0301", "cafe"),
    ],
)
def test_writings_of_one_name_fold_to_one_text(written, folded):
    assert fold(written) == folded


def test_a_search_text_holds_name_initials_and_spelling():
    assert search.compose(["华为技术有限公司"], ["C00001234X"]) == (
        "| 华为技术有限公司| hwjsyxgs| huaweijishu| c00001234x|"
    )


def test_characters_with_two_readings_are_found_by_both():
    text = search.compose(["重庆长安汽车"])
    for typed in ("cqcaqc", "zqcaqc", "chongqing", "cqzaqc"):
        assert search.parse(typed).matches(text), typed


def test_plain_parts_are_not_spelled():
    assert search.compose(["甲"], ["北京路一号"]) == "| 甲| j| jia| 北京路一号|"


def test_empty_parts_leave_nothing():
    assert search.compose(["", None], ["（）"]) == ""


def test_tokens_are_what_the_index_needs_and_each_once():
    tokens = search.tokens_of("| 华为华为| abcd| a1|")
    assert tokens == ["华", "为", "华为", "为华", "a", "ab", "abc", "bcd", "a1"]


def test_full_spelling_typed_with_its_legal_form_is_found():
    assert search.parse("huaweijishuyouxiangongsi").matches(search.compose(["华为技术有限公司"]))


@given(WRITTEN)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.lists(WRITTEN, max_size=8), st.lists(WRITTEN, min_size=8, max_size=8))
def test_a_column_of_texts_equals_one_text_after_another(names, codes):
    columns = [pl.Series(values[: len(names)], dtype=pl.String) for values in (names, codes)]
    composed = search.compose_column(columns[:1], columns[1:])
    assert composed.to_list() == [search.compose([name], [code]) for name, code in zip(names, codes, strict=False)]
    expected = [sorted(search.tokens_of(text)) for text in composed]
    assert [sorted(tokens) for tokens in search.tokens_column(composed)] == expected
    assert [sorted(set(words.split())) for words in search.words_column(composed)] == expected
    assert [sorted(set(array[1:-1].split(",")) - {""}) for array in search.array_column(composed)] == expected


def test_more_rows_than_one_slice_keep_their_places():
    texts = [search.compose([f"华为{number}号"]) for number in range(1203)]
    assert [set(words.split()) for words in search.words_column(pl.Series(texts))] == [
        set(search.tokens_of(text)) for text in texts
    ]


def test_nulls_have_no_text_and_no_tokens():
    assert search.compose_column([pl.Series([None], dtype=pl.String)]).to_list() == [""]
    assert search.tokens_column(pl.Series([None, ""], dtype=pl.String)).to_list() == [[], []]


@given(WRITTEN.filter(fold), st.data())
def test_whatever_matches_has_every_token_the_query_asks_for(name, data):
    text = search.compose([name])
    start = data.draw(st.integers(0, len(text) - 1))
    typed = text[start : start + data.draw(st.integers(1, 12))].replace("|", " ")
    query = search.parse(typed)
    if query.matches(text):
        assert set(query.tokens) <= set(search.tokens_of(text))
    if query.exact:
        assert query.matches(text) == (set(query.tokens) <= set(search.tokens_of(text)))


@given(WRITTEN)
def test_every_query_that_can_match_is_narrowed_by_a_token(typed):
    query = search.parse(typed)
    assert bool(query.tokens) == bool(query.patterns)
