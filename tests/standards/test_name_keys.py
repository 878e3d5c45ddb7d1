"""Name keys: one customer written twice meets, two customers never do."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.standards.names import name_key, name_key_column
from tests.standards.writings import CHARACTERS, HOSTILE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华为技术有限公司", "華為技術有限公司"),
        ("华为技术有限公司", "华为技术有限责任公司"),
        ("华为技术有限公司", " 华为 技术　有限公司 "),
        ("假日酒店（中国）有限公司", "假日酒店(中国)有限公司"),
        ("假日酒店【中国】有限公司", "假日酒店[中国]有限公司"),
        ("ＡＢＣ有限公司", "abc有限公司"),
        ("L'Oréal（中国）", "L’Oreal(中国)"),
        ("A·B公司", "A.B公司"),
        ("某某有限责任公司上海分公司", "某某有限公司上海分公司"),
        ("上海某某\u200b有限公司", "上海某某有限公司"),
    ],
)
def test_one_name_in_two_writings(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("江西志豪实业有限公司", "江西劲豪实业有限公司"),
        ("中国工商银行股份有限公司", "中国工商银行股份有限公司西安分行"),
        ("某某有限公司", "某某有限公司分公司"),
        ("某某有限公司", "某某股份有限公司"),
        ("某某集团有限公司", "某某有限公司"),
        ("某某有限公司", "某某厂"),
        ("第1分店", "第2分店"),
        ("A&B公司", "AB公司"),
        ("（）", "——"),
        ("サービス", "サビス"),
    ],
)
def test_two_names_stay_apart(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.lists(st.text(CHARACTERS, max_size=12) | st.text(max_size=12) | st.sampled_from(HOSTILE), max_size=8))
def test_the_column_gives_the_same_keys(names: list[str]) -> None:
    assert name_key_column(pl.Series(names, dtype=pl.String)).to_list() == [name_key(name) for name in names]


@given(st.text(max_size=12))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


def test_an_empty_column_and_empty_cells() -> None:
    assert name_key_column(pl.Series([None, "", "A"])).to_list() == [None, "", "a"]
    assert name_key_column(pl.Series([], dtype=pl.String)).to_list() == []


def test_companies_that_differ_by_one_character_never_meet(shared_data: Path) -> None:
    pairs = pl.read_csv(shared_data / "er/registry_hard_negatives_one_char.csv.gz", infer_schema=False)
    same = name_key_column(pairs["name_a"]) == name_key_column(pairs["name_b"])
    assert len(pairs) > 17_000 and pairs.filter(same).is_empty()
