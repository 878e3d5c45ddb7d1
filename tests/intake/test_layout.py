"""The table is found under its titles, among group rows and footnotes, in any program's habit."""

from __future__ import annotations

import pytest

from kedang.intake import body, layout, mapping
from kedang.intake.headers import column_letter, header
from kedang.intake.readers import open_grid
from tests.intake import samples

UNIVERSITIES = [
    ["附件1：", "", "", ""],
    ["全国普通高等学校名单\n（截至2025年6月20日）", "", "", ""],
    ["序号", "学校名称", "所在地", "办学层次"],
    ["北京市（2所）", "", "", ""],
    ["1", "测试大学", "北京市", "本科"],
    ["2", "样本大学", "北京市", "本科"],
    ["天津市（1所）", "", "", ""],
    ["3", "示例学院", "天津市", "专科"],
    ["合计", "3", "", ""],
    ["注：数据为虚构", "", "", ""],
]


def opened(path):
    """Layout, mapping, records and rows put aside of a file."""
    with open_grid(path) as grid:
        lines = grid.head()
        found = layout.find(lines, trim=grid.kind == "text")
        meant = mapping.guess(found, lines)
        chunks = [
            body.split(chunk, found, meant.columns) for chunk in grid.frames(after=found.header_row, width=found.width)
        ]
    records = [row for chunk, _ in chunks for row in chunk.frame.iter_rows()]
    return found, meant, records, [aside for _, asides in chunks for aside in asides], chunks


def test_title_rows_group_rows_totals_and_footnotes_are_no_records(tmp_path):
    merges = [(row, 0, row, 3, UNIVERSITIES[row][0]) for row in (0, 1, 3, 6, 9)]
    for path in (
        samples.xlsx(tmp_path / "a.xlsx", UNIVERSITIES, merges=merges),
        samples.text_file(tmp_path / "a.csv", samples.csv_text(UNIVERSITIES), "gb18030"),
        samples.ods(tmp_path / "a.ods", UNIVERSITIES),
    ):
        found, _, records, asides, _ = opened(path)
        assert (found.header_row, [title.shown for title in found.titles]) == (3, UNIVERSITIES[2])
        assert [row[2] for row in records] == ["测试大学", "样本大学", "示例学院"]
        assert [aside.row for aside in asides] == [4, 7, 9, 10]
        assert [note.code for note in found.notes] == ["rows_above"]


def test_a_row_with_a_name_alone_is_a_record(tmp_path):
    text = "序号,名称,电话\n1,甲医院,029-12345678\n,乙医院,\n2,丙医院,\n"
    _, _, records, asides, _ = opened(samples.text_file(tmp_path / "a.csv", text))
    assert [row[2] for row in records] == ["甲医院", "乙医院", "丙医院"]
    assert not asides


def test_a_header_repeated_on_each_page_is_no_record(tmp_path):
    rows = [["名称", "电 话"], ["甲公司", "1"], ["名称", "电话"], ["乙公司", "2"]]
    _, _, records, asides, _ = opened(samples.xlsx(tmp_path / "a.xlsx", rows))
    assert [row[1] for row in records] == ["甲公司", "乙公司"]
    assert [(aside.row, aside.kind) for aside in asides] == [(3, "header")]


def test_a_header_of_two_rows_gives_the_lower_titles(tmp_path):
    rows: list[list[str | None]] = [
        ["客户名称", "联系人", None, "地址"],
        [None, "姓名", "手机", None],
        ["甲公司", "测试一", "13900000001", "测试路1号"],
        ["乙公司", "测试二", "13900000002", "测试路2号"],
    ]
    merges = [(0, 0, 1, 0, "客户名称"), (0, 1, 0, 2, "联系人"), (0, 3, 1, 3, "地址")]
    for path in (
        samples.xlsx(tmp_path / "a.xlsx", rows, merges=merges),
        samples.text_file(tmp_path / "a.csv", samples.csv_text([[c or "" for c in row] for row in rows])),
    ):
        found, meant, records, _, _ = opened(path)
        assert [title.shown for title in found.titles] == ["客户名称", "姓名", "手机", "地址"]
        assert len(records) == 2
        assert {use.field for use in meant.uses} == {"name", "contact.name", "contact.phones", "address"}


def test_a_file_without_a_header_keeps_its_first_row(tmp_path):
    rows = [[f"第{n}测试机电有限公司", f"1390000000{n}"] for n in range(8)]
    found, meant, records, _, _ = opened(samples.text_file(tmp_path / "a.csv", samples.csv_text(rows)))
    assert found.header_row == 0
    assert len(records) == 8
    assert {use.field: use.columns for use in meant.uses} == {"name": (0,), "contact.phones": (1,)}
    assert not meant.certain


def test_equal_titles_stay_apart_and_missing_ones_have_a_letter(tmp_path):
    rows = [["名称", "电话", "电话", "", "地址"], ["甲公司", "1", "2", "x", "测试路1号"]]
    found, *_ = opened(samples.text_file(tmp_path / "a.csv", samples.csv_text(rows)))
    assert [title.shown for title in found.titles] == ["名称", "电话", "电话 (2)", "[D]", "地址"]


def test_empty_columns_at_the_right_of_a_text_file_are_no_columns(tmp_path):
    found, _, records, _, _ = opened(samples.text_file(tmp_path / "a.csv", "名称,电话,,\n甲公司,1,,\n"))
    assert found.width == 2
    assert records == [(2, "甲公司", "1")]


@pytest.mark.parametrize(
    ("typed", "key", "unit"),
    [
        ("省    份", "省份", ""),
        ("企业\n名称", "企业名称", ""),
        ("＊客户名称（必填）", "客户名称", ""),
        ("注册资本（万元）", "注册资本(万元)", "万元"),
        ("注册资金(人民币万元)", "注册资金(人民币万元)", "人民币万元"),
        ("Company_Name", "companyname", ""),
        ("电话：", "电话", ""),
    ],
)
def test_titles_are_compared_without_their_dress(typed, key, unit):
    assert (header(typed).key, header(typed).unit) == (key, unit)


def test_the_digest_of_a_layout_does_not_depend_on_its_dress(tmp_path):
    one, *_ = opened(samples.text_file(tmp_path / "a.csv", "名称,电 话\n甲公司,1\n"))
    two, *_ = opened(samples.xlsx(tmp_path / "a.xlsx", [["某某名单"], ["名称 ", "电话："], ["甲公司", "1"]]))
    other, *_ = opened(samples.text_file(tmp_path / "b.csv", "名称,手机\n甲公司,1\n"))
    assert one.digest == two.digest != other.digest


def test_column_letters():
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_the_real_lists_are_found(shared_data):
    wanted = {
        "listed/szse_A股列表_2025-10.xlsx": (1, 2875),
        "listed/sse_GPLIST_2025-10.xls": (1, 1696),
        "lists/全国高等学校名单_2025-06-20.xls": (3, 2919),
        "lists/hospital_wuhan2020map.csv": (1, 2081),
    }
    for name, (row, count) in wanted.items():
        found, _, records, _, _ = opened(shared_data / name)
        assert (found.header_row, len(records)) == (row, count), name
