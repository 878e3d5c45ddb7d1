"""Text tables of every encoding, delimiter and habit come in whole, with the row numbers a person sees."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.intake.readers import Limits, Unreadable, open_grid
from kedang.intake.readers.lines import cut, split_lines
from kedang.intake.readers.records import parse
from tests.intake import samples

ROWS = [samples.TITLES, *samples.companies(40)]
LIMITS = Limits()
ENCODINGS = ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5"]


def read(path: Path, **limits):
    with open_grid(path, limits=replace(LIMITS, **limits)) as grid:
        width = len(grid.head()[0].cells)
        return grid, samples.cells_of(grid, width, after=0), samples.ragged_of(grid, width, after=0)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_delimiter_and_line_end(tmp_path, encoding, delimiter, end):
    rows = ROWS
    if encoding == "big5":
        rows = [
            ["客戶名稱", "電話"],
            ["臺灣積體電路製造股份有限公司", "02-12345678"],
            ["統一企業股份有限公司", "06-2532121"],
        ]
    path = samples.text_file(tmp_path / "a.bin", samples.csv_text(rows, delimiter, end), encoding)
    grid, cells, ragged = read(path)
    assert grid.delimiter == delimiter
    assert [row[1:] for row in cells] == [tuple(cell or None for cell in row) for row in rows]
    assert [row[0] for row in cells] == list(range(1, len(rows) + 1))
    assert not ragged


def test_the_encoding_is_proven_over_the_whole_file(tmp_path):
    plain = "name,phone\n" + "ascii only,1\n" * 200_000
    path = samples.text_file(tmp_path / "a.csv", plain + "龙𠮷机电,2\n", "gb18030")
    grid, cells, _ = read(path)
    assert grid.encoding == "GB18030"
    assert cells[-1] == (200_002, "龙𠮷机电", "2")


def test_a_few_broken_bytes_show_in_their_row_and_nowhere_else(tmp_path):
    raw = "名称,电话\n".encode() + "甲公司,1\n".encode() * 500 + b"\xe4\xb8,2\n" + "乙公司,3\n".encode()
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    grid, cells, _ = read(path)
    assert [note.code for note in grid.notes] == ["damaged_text"]
    assert [row for row in cells if "\ufffd" in row[1]] == [(502, "\ufffd", "2")]
    assert cells[-1] == (503, "乙公司", "3")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (bytes(range(256)) * 64, "binary"),
        (b"\x80\x81\xff\xfe\xfd" * 500 + b"," + bytes(range(128, 256)) * 20, "encoding"),
        (b"%PDF-1.7 ...", "other_kind"),
        (b"\x28\xb5\x2f\xfd\x00\x00", "archive"),
        (b"<html><table><tr><td>1</td></tr></table>", "web_page"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, raw, reason):
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    with pytest.raises(Unreadable) as refusal:
        read(path)
    assert refusal.value.reason == reason
    assert refusal.value.text().endswith((".", "send again."))


def test_rows_that_do_not_fit_are_handed_over_never_shifted_or_dropped(tmp_path):
    text = "名称,电话,地址\n甲,1,x\n乙,2\n丙,3,y,z\n丁,4,w,,\n\n,,\n戊,5,v\n"
    _, cells, ragged = read(samples.text_file(tmp_path / "a.csv", text))
    assert cells[1:] == [(2, "甲", "1", "x"), (5, "丁", "4", "w"), (8, "戊", "5", "v")]
    assert [(r.row, r.rule, r.cells) for r in ragged] == [
        (3, "row.too_few_cells", ("乙", "2")),
        (4, "row.too_many_cells", ("丙", "3", "y", "z")),
    ]


def test_quotes_commas_and_line_breaks_inside_a_cell(tmp_path):
    rows = [["名称", "经营范围"], ["甲", '销售："五金", 建材'], ["乙", "一、零售\r\n二、批发"], ["丙", "普通"]]
    _, cells, ragged = read(samples.text_file(tmp_path / "a.csv", samples.csv_text(rows)))
    assert [row[1:] for row in cells] == [tuple(row) for row in rows]
    assert [row[0] for row in cells] == [1, 2, 3, 4]
    assert not ragged


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path):
    lines = ["名称,电话,地址"] + [f"公司{n},{n},路{n}号" for n in range(1, 400)]
    lines[5] = '公司5,"5,路5号'
    text = "\n".join(lines) + "\n"
    _, cells, ragged = read(samples.text_file(tmp_path / "a.csv", text))
    assert len(cells) == 399
    assert [(r.row, r.rule) for r in ragged] == [(6, "row.quote_open")]
    assert cells[5] == (7, "公司6", "6", "路6号")


def test_an_open_quote_that_meets_a_later_one_does_not_swallow_the_rows_between(tmp_path):
    lines = ["名称,电话,地址"] + [f"公司{n},{n},路{n}号" for n in range(1, 10)]
    lines[3] = '公司3,"3,路3号'
    lines[7] = '公司7,7","路7号'
    _, cells, ragged = read(samples.text_file(tmp_path / "a.csv", "\n".join(lines) + "\n"))
    assert [r.row for r in ragged][0] == 4
    assert {row[1] for row in cells} >= {"公司4", "公司5", "公司6", "公司8"}


def test_an_endless_line_is_refused_in_bounded_memory(tmp_path):
    path = samples.text_file(tmp_path / "a.csv", "名称,电话\n" + "甲" * 300_000)
    with pytest.raises(Unreadable) as refusal:
        read(path, line=100_000)
    assert refusal.value.reason == "endless_line"
    one = samples.text_file(tmp_path / "b.csv", "x" * 3_000_000)
    with pytest.raises(Unreadable):
        read(one, line=1_000_000)


def test_a_cell_longer_than_any_spreadsheet_holds_is_a_finding(tmp_path):
    text = "名称,备注\n甲," + "很长" * 20_000 + "\n乙,短\n"
    _, cells, ragged = read(samples.text_file(tmp_path / "a.csv", text))
    assert [(r.row, r.rule) for r in ragged] == [(2, "row.cell_too_long")]
    assert cells[-1] == (3, "乙", "短")


def test_nul_characters_are_taken_out_and_marked(tmp_path):
    path = samples.text_file(tmp_path / "a.csv", "名称,电话\n甲\x00公司,1\n乙,2\n" + "丙,3\n" * 200)
    with open_grid(path) as grid:
        chunk = next(iter(grid.frames(after=1, width=2)))
    assert chunk.frame.row(0) == (2, "甲公司", "1")
    assert [(m.row, m.column, m.rule) for m in chunk.marks] == [(2, 0, "cell.nul")]


def test_one_column_of_names_keeps_the_commas_in_them(tmp_path):
    text = "Beijing Foo Co., Ltd.\n甲公司\n乙公司\n丙公司\n"
    _, cells, ragged = read(samples.text_file(tmp_path / "a.txt", text))
    assert [row[1] for row in cells] == ["Beijing Foo Co., Ltd.", "甲公司", "乙公司", "丙公司"]
    assert not ragged


def test_chunks_end_at_fixed_row_numbers_whatever_the_blocks_were(tmp_path, monkeypatch):
    path = samples.text_file(tmp_path / "a.csv", samples.csv_text([samples.TITLES, *samples.companies(2500)]))
    ends = {}
    for block in (999, 100_000):
        monkeypatch.setattr("kedang.intake.readers.encoding._BLOCK", block)
        with open_grid(path) as grid:
            ends[block] = [c.frame["row"].max() for c in grid.frames(after=1, width=len(samples.TITLES), rows=1000)]
    assert ends[999] == ends[100_000] == [1000, 2000, 2501]


CELL = st.text(alphabet='ab"；  中\n', max_size=6)
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(TABLE, st.sampled_from([",", "\t"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_what_is_written_by_the_rules_is_read_back(rows, delimiter, quoting):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    records, tail = parse(out.getvalue(), delimiter, width=len(rows[0]), final=True, limits=LIMITS)
    assert [list(r.cells) for r in records] == rows
    assert not tail


@given(st.text(alphabet='ab,"\r\n 中', max_size=80), st.integers(1, 4))
def test_the_fast_lane_reads_exactly_what_the_careful_lane_reads(text, width):
    """Whatever the fast lane takes on, it gives the same cells for the same rows."""
    lines = split_lines(text, ",", LIMITS)
    if lines is None:
        return
    good, odd = cut(lines, ",", width)
    records, _ = parse(text, ",", width=width, final=True, limits=LIMITS)
    slow = {index: list(r.cells) for index, r in enumerate(records) if r.cells}
    assert all(not record.rule for record in records)
    fast = {row: list(cells) for row, *cells in good.iter_rows()} | {row: list(r.cells) for row, r in odd}
    assert fast == slow


@given(st.text(alphabet='ab,"\r\n中', min_size=1, max_size=120), st.integers(1, 60))
def test_cutting_the_text_anywhere_changes_nothing(text, at):
    """The careful lane gives the same records whether the text comes in one piece or in two."""
    tight = replace(LIMITS, record_lines=1000)
    whole, _ = parse(text, ",", width=None, final=True, limits=tight)
    end = text.rfind("\n", 0, at) + 1
    first, tail = parse(text[:end], ",", width=None, final=False, limits=tight)
    second, _ = parse(tail + text[end:], ",", width=None, final=True, limits=tight)
    assert [*first, *second] == whole


def test_the_malformed_registry_rows_are_all_handed_over(shared_data):
    _, cells, ragged = read(shared_data / "registry_malformed.csv")
    assert len(cells) == 1
    assert [r.row for r in ragged] == [2, 3, 4, 5, 6, 7]
    assert {r.params["count"] for r in ragged} == {13}
