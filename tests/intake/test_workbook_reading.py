"""Workbooks of every program come in as the person sees them, and hostile ones cost a sentence, not a worker."""

from __future__ import annotations

import datetime as dt
import os
import resource
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from kedang.intake.readers import Limits, Unreadable, open_grid, workbook
from tests.intake import samples

TABLE: list[list[object]] = [["名称", "电话", "备注"], ["甲公司", "13900000001", None], ["乙公司", None, "很好"]]
WANTED = [(1, "名称", "电话", "备注"), (2, "甲公司", "13900000001", None), (3, "乙公司", None, "很好")]


def read(path, sheet=None, **limits):
    with open_grid(path, sheet=sheet, limits=replace(Limits(), **limits)) as grid:
        width = len(grid.head()[0].cells)
        return grid, samples.cells_of(grid, width, after=0)


@pytest.mark.parametrize("make", [samples.xlsx, samples.xls, samples.ods])
@pytest.mark.parametrize("name", ["名单.xlsx", "名单.csv", "x"])
def test_every_format_whatever_the_name_says(tmp_path, make, name):
    grid, cells = read(make(tmp_path / name, TABLE))
    assert cells == WANTED
    assert grid.kind == make.__name__


def test_numbers_dates_and_truth_are_written_as_seen(tmp_path):
    row = [10001.0, 1.5, 0.0000001, -3, True, 123456789012345.0]
    path = samples.xlsx(tmp_path / "a.xlsx", [["a"] * 6, row])
    assert read(path)[1][1][1:] == ("10001", "1.5", "0.0000001", "-3", "TRUE", "123456789012345")
    book = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["日期", "时间"])
    sheet.write_datetime(1, 0, dt.datetime(2020, 2, 29), book.add_format({"num_format": "yyyy/m/d"}))  # noqa: DTZ001
    sheet.write_datetime(
        1,
        1,
        dt.datetime(2020, 2, 29, 8, 30),  # noqa: DTZ001
        book.add_format({"num_format": "yyyy/m/d hh:mm"}),
    )
    sheet.write_formula(2, 0, "=1+1", value=2)
    book.close()
    assert read(tmp_path / "b.xlsx")[1][1:] == [(2, "2020-02-29", "2020-02-29 08:30:00"), (3, "2", None)]


def test_a_long_number_that_lost_its_digits_is_marked(tmp_path):
    path = samples.xlsx(tmp_path / "a.xlsx", [["身份证号"], [440102198001021230], ["440102198001021230"]])
    with open_grid(path) as grid:
        chunk = next(iter(grid.frames(after=1, width=1)))
    assert [(m.row, m.column, m.rule) for m in chunk.marks] == [(2, 0, "cell.long_number")]
    assert chunk.frame.row(1) == (3, "440102198001021230")


def test_rows_keep_their_numbers_over_blank_rows_and_a_table_that_starts_late(tmp_path):
    table: list[list[str | None]] = [[], [], [None, "名称", "电话"], [None, None, None], [None, "甲", "1"]]
    _, cells = read(samples.xlsx(tmp_path / "a.xlsx", table))
    assert cells == [(3, "名称", "电话"), (5, "甲", "1")]


def test_cells_merged_down_hold_for_each_row_and_bands_are_told(tmp_path):
    table: list[list[str | None]] = [
        ["省份", "名称"],
        ["陕西", "甲"],
        [None, "乙"],
        ["广东", "丙"],
        [None, None],
        ["浙江", "丁"],
    ]
    merges = [(1, 0, 2, 0, "陕西"), (4, 0, 4, 1, "合并行")]
    path = samples.xlsx(tmp_path / "a.xlsx", table, merges=merges)
    with open_grid(path) as grid:
        chunk = next(iter(grid.frames(after=1, width=2)))
    assert chunk.frame.rows() == [
        (2, "陕西", "甲"),
        (3, "陕西", "乙"),
        (4, "广东", "丙"),
        (5, "合并行", None),
        (6, "浙江", "丁"),
    ]
    assert chunk.bands == {5}


def test_hidden_sheets_are_left_out_and_said_to_be(tmp_path):
    path = samples.xlsx(tmp_path / "a.xlsx", [["说明"]], sheets=[("旧", TABLE, True), ("新", TABLE, False)])
    grid, cells = read(path)
    assert (grid.sheet, cells) == ("新", WANTED)
    assert {note.code: note.params["sheets"] for note in grid.notes} == {
        "hidden_sheets": "旧",
        "other_sheets": "Sheet1",
    }
    assert read(path, sheet="旧")[1] == WANTED
    with pytest.raises(Unreadable) as refusal:
        read(path, sheet="没有")
    assert refusal.value.reason == "no_such_sheet"


def test_a_value_beyond_the_header_makes_its_row_ragged(tmp_path):
    path = samples.xlsx(tmp_path / "a.xlsx", [["名称", "电话"], ["甲", "1"], ["乙", "2", "多"]])
    with open_grid(path) as grid:
        chunk = next(iter(grid.frames(after=1, width=2)))
    assert chunk.frame.rows() == [(2, "甲", "1")]
    assert [(r.row, r.rule, r.cells) for r in chunk.ragged] == [(3, "row.too_many_cells", ("乙", "2", "多"))]


def children() -> set[str]:
    """Processes that are still this one's; a test server may be among them."""
    return {number for task in Path("/proc/self/task").iterdir() for number in (task / "children").read_text().split()}


def test_a_grid_can_be_walked_again_and_leaves_no_process(tmp_path):
    before = children()
    path = samples.xlsx(tmp_path / "a.xlsx", [TABLE[0], *([["甲", "1", ""]] * 5000)])
    with open_grid(path) as grid:
        first = samples.cells_of(grid, 3)
        assert samples.cells_of(grid, 3) == first
        assert len(first) == 5000
        assert grid.progress() == 1.0
        next(iter(grid.frames(after=1, width=3)))
    assert children() == before


def bomb(path, *, entry="xl/worksheets/sheet1.xml", size=300_000_000):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(entry, "w") as out:
            for _ in range(size // 1_000_000):
                out.write(b" " * 1_000_000)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    with pytest.raises(Unreadable) as refusal:
        read(bomb(tmp_path / "a.xlsx"))
    assert refusal.value.reason == "bomb"


def test_a_bomb_that_lies_about_its_size_meets_the_limits_of_its_process(tmp_path):
    path = bomb(tmp_path / "a.xlsx", size=60_000_000)
    raw = bytearray(path.read_bytes())
    true = (60_000_000).to_bytes(4, "little")
    assert raw.count(true) >= 1
    path.write_bytes(bytes(raw).replace(true, (1000).to_bytes(4, "little")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreadable):
        read(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024


def test_a_sheet_that_needs_too_much_memory_ends_its_own_process_only(tmp_path):
    table = [["名称", "值"]] + [[f"公司{n}", "x" * 4000 + str(n)] for n in range(12_000)]
    path = samples.xlsx(tmp_path / "a.xlsx", table)
    with pytest.raises(Unreadable) as refusal:
        read(path, memory_bytes=64 * 1024 * 1024, ratio=10_000)
    assert refusal.value.reason in ("too_large", "broken")
    assert read(samples.xlsx(tmp_path / "b.xlsx", TABLE))[1] == WANTED


def test_a_workbook_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    before = children()
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import sys, time; sys.stdin.buffer.read(); time.sleep(600)")
    monkeypatch.setattr(workbook, "_CHILD", stuck)
    with pytest.raises(Unreadable) as refusal:
        read(samples.xlsx(tmp_path / "a.xlsx", TABLE), seconds=1)
    assert refusal.value.reason == "too_slow"
    assert children() == before


def test_entities_are_never_expanded(tmp_path):
    path = samples.xlsx(tmp_path / "a.xlsx", TABLE)
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    strings = parts["xl/sharedStrings.xml"].decode()
    strings = strings.replace("?>", "?>" + laughs, 1).replace("甲公司", "&b;&f;")
    parts["xl/sharedStrings.xml"] = strings.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    try:
        _, cells = read(path)
    except Unreadable as refusal:
        assert refusal.reason == "broken"
    else:
        assert "haha" not in str(cells) and "root:" not in str(cells)


@pytest.mark.parametrize("cut", [100, 2000, -100])
def test_a_damaged_workbook_is_refused_with_a_sentence(tmp_path, cut):
    path = samples.xlsx(tmp_path / "a.xlsx", TABLE)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unreadable) as refusal:
        read(path)
    assert refusal.value.reason in ("broken", "archive")


def test_the_limits_on_size_sheets_and_columns(tmp_path):
    path = samples.xlsx(
        tmp_path / "a.xlsx", [["x"] * 30, ["y"] * 30], sheets=[("b", TABLE, False), ("c", TABLE, False)]
    )
    for limit, reason in (
        ({"columns": 20}, "too_many_columns"),
        ({"sheets": 2}, "too_many_sheets"),
        ({"workbook_bytes": 1000}, "too_large"),
    ):
        with pytest.raises(Unreadable) as refusal:
            read(path, **limit)
        assert refusal.value.reason == reason


def test_no_hostile_file_kills_the_reader(shared_data, tmp_path):
    hostile = shared_data / "hostile"
    packed = hostile / "calamine_tests.tar.zst"
    if packed.exists() and (unpacked := _unpacked(packed, tmp_path)):
        files = [path for path in unpacked.rglob("*") if path.is_file()]
    else:
        files = []
    files += [path for path in hostile.rglob("*") if path.is_file()]
    outcomes: dict[Path, int | str] = {}
    for path in files:
        try:
            with open_grid(path) as grid:
                width = max((len(line.cells) for line in grid.head()), default=1)
                outcomes[path] = len(samples.cells_of(grid, width, after=0))
        except Unreadable as refusal:
            assert refusal.text()
            outcomes[path] = refusal.reason
    assert len(outcomes) == len(files) > 60
    assert not {reason for reason in outcomes.values() if isinstance(reason, str)} - {
        "archive",
        "binary",
        "broken",
        "empty",
        "encrypted",
        "other_kind",
        "too_large",
        "web_page",
    }
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_000_000


def _unpacked(packed, folder):
    """The spreadsheets of an archive, where the system can unpack it."""
    plain = folder / "tests.tar"
    if os.system(f"zstd -q -d {packed} -o {plain}") != 0:  # noqa: S605 - a fixed path of the test data
        return None
    with tarfile.open(plain) as archive:
        archive.extractall(folder / "calamine", filter="data")
    return folder / "calamine"
