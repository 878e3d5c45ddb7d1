"""A value that passes a form passes an import, and the other way round; repeats are found as one would by hand."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.customers import values
from kedang.customers.fields import FIELDS
from kedang.intake import checking
from kedang.intake.mapping import Mapping, Use
from kedang.intake.planning import clean
from kedang.intake.readers import Chunk, Mark
from kedang.intake.seen import Seen
from kedang.packs.shipped import load_shipped

WORDS = [
    "", " ", "N/A", "华为技术有限公司", "㈱测试", "x" * 300, "名" * 201, "91610131MA6TX8XU4R", "440102198001021230",
    "13912345678", "029-88888888转8120、13900000001", "2020-02-29", "2021-02-29", "20200101", "100(万元人民币)",
    "100", "陕西省西安市", "新城区", "C13", "J 金融业", "710000", "a@b.cn", "www.a.cn", "公开", "绝密", "个人",
    "=1+1", "<script>", "臺灣", "\u200b零宽", "\ue000", "\ufffd", "😀", "a\nb", "１２３",
]  # fmt: skip
TEXTS = st.one_of(st.none(), st.sampled_from(WORDS), st.text(max_size=30))


@pytest.fixture(scope="module")
def pack():
    return load_shipped("records")


@pytest.mark.parametrize("key", sorted(FIELDS))
@given(texts=st.lists(TEXTS, min_size=1, max_size=12))
def test_a_column_is_read_as_each_of_its_values_is(key, texts):
    field = FIELDS[key]
    read = checking.read_column(field, pl.Series(texts, dtype=pl.String))
    for at, text in enumerate(texts):
        value, findings = values.read_one(field, text or "")
        bad = any(finding.severity == "error" for finding in findings)
        assert (read.severity[at] == "error") is bad, (key, text)
        if not bad:
            given_value = read.value[at].to_list() if isinstance(read.value[at], pl.Series) else read.value[at]
            assert values.as_json(clean(key, given_value)) == values.as_json(value), (key, text)
        rules = {finding.rule for finding in read.findings(text)}
        assert rules == {finding.rule for finding in findings}, (key, text)


def chunk_of(rows: list[list[str | None]], marks: list[Mark] | None = None) -> Chunk:
    frame = pl.DataFrame(
        {"row": range(2, len(rows) + 2)} | {f"c{n}": [row[n] for row in rows] for n in range(len(rows[0]))},
        schema={"row": pl.UInt32} | {f"c{n}": pl.String for n in range(len(rows[0]))},
    )
    return Chunk(frame, marks=marks or [])


def checked(pack, rows, *uses, marks=None, defaults=None):
    return checking.check(chunk_of(rows, marks), Mapping(tuple(uses)), pack, defaults)


def test_columns_of_one_field_are_joined(pack):
    rows: list[list[str | None]] = [
        ["甲公司", "北京", "北京市", "100", "美元", "029-88888888", "13900000001"],
        ["乙公司", None, "西安市", "1,200", None, None, "13900000002"],
        ["丙公司", "陕西省", "西安市", None, "人民币", None, None],
    ]
    block = checked(
        pack,
        rows,
        Use("name", (0,)),
        Use("region", (1, 2)),
        Use("capital", (3,), unit="万", currency=4),
        Use("contact.phones", (5, 6)),
    )
    frame = block.frame
    assert frame["region"].to_list() == ["110000", "610100", "610100"]
    assert [clean("capital", value) for value in frame["capital"].to_list()] == [
        (100_000_000, "USD"),
        (1_200_000_000, "CNY"),
        None,
    ]
    assert frame["contact.phones"].to_list() == [["+862988888888", "+8613900000001"], ["+8613900000002"], None]
    assert not frame["bad"].any()


def test_warnings_stand_as_a_dossier_keeps_them(pack):
    rows: list[list[str | None]] = [["甲公司", "610100100012345", "100"], ["乙公司", None, "5万元"]]
    block = checked(pack, rows, Use("name", (0,)), Use("credit_code", (1,)), Use("capital", (2,)))
    assert block.frame["warnings"].to_list() == ["capital:capital.unit credit_code:credit_code.old", ""]


def test_a_number_that_lost_its_digits_is_an_error_only_where_digits_matter(pack):
    rows: list[list[str | None]] = [["甲", "440102198001021230", "100000"]] * 2
    marks = [Mark(2, 1, "cell.long_number"), Mark(3, 2, "cell.long_number")]
    block = checked(pack, rows, Use("name", (0,)), Use("identity_number", (1,)), Use("capital", (2,)), marks=marks)
    assert [f.rule for f in block.findings(0) if f.severity == "error"] == ["cell.long_number"]
    assert block.frame["bad"].to_list() == [True, any(f.severity == "error" for f in block.findings(1))]
    assert "cell.long_number" not in {f.rule for f in block.findings(1)}


def test_what_the_pack_requires_is_missed_by_row(pack):
    block = checked(pack, [["甲公司"], [None], ["N/A"]], Use("name", (0,)))
    assert block.frame["bad"].to_list() == [False, True, True]
    assert [f.rule for f in block.findings(1)] == ["field.required"]


def by_hand(rows: list[tuple[str, str, str, str, str]]) -> set[int]:
    """The repeats, found by comparing each row with each one taken before."""
    taken: list[tuple[str, str, str, str, str]] = []
    repeated = set()
    for at, row in enumerate(rows):
        kind, name, code, number, region = row
        twin = any(
            (code and code == other[2])
            or (number and number == other[3])
            or (
                not number
                and (kind, name) == (other[0], other[1])
                and not (code and other[2])
                and not (region and other[4] and region != other[4])
            )
            for other in taken
        )
        if twin:
            repeated.add(at)
        else:
            taken.append(row)
    return repeated


ROW = st.tuples(
    st.sampled_from(["organisation", "person"]),
    st.sampled_from(["甲", "乙", "丙"]),
    st.sampled_from(["", "", "A1", "A2", "A3"]),
    st.sampled_from(["", "", "N1", "N2"]),
    st.sampled_from(["", "610100", "440300"]),
)


@given(st.lists(ROW, max_size=14), st.integers(1, 5))
def test_repeats_are_the_same_in_one_chunk_or_in_many(rows, size):
    frame = pl.DataFrame(
        rows, schema=["kind", "name_key", "credit_code", "identity_number", "region"], orient="row"
    ).with_row_index("row")
    frame = frame.with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
        for name in ("credit_code", "identity_number", "region")
    )
    whole = set(Seen().repeats(frame))
    seen, cut = Seen(), set()
    for at in range(0, len(frame), size):
        cut |= set(seen.repeats(frame.slice(at, size)))
    assert whole == cut == by_hand(rows)
