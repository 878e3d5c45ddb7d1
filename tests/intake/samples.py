"""Tables as people send them, made by seed: every format, encoding and habit, none of it real."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from xlwt.Workbook import Workbook

from kedang.intake.readers import Grid, Ragged

TITLES = [
    "客户名称",
    "统一社会信用代码",
    "成立日期",
    "注册资本(万元)",
    "省份",
    "城市",
    "地址",
    "联系人",
    "手机",
    "邮箱",
]
PLACES = (("陕西省", "西安市"), ("广东省", "深圳市"), ("浙江省", "杭州市"), ("北京市", ""))
TRADES = ("机电设备", "医疗器械", "软件", "食品", "建材", "物流", "环保科技", "新材料")
BASE31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(number: int) -> str:
    """A unified credit code with right check characters, its own (GB 32100) and the inner one (GB 11714)."""
    organisation = f"MA{number % 1_000_000:06d}"
    values = (int(char, 36) for char in organisation)
    inner = (
        11 - sum(value * weight for value, weight in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    ) % 11
    body = f"91610104{organisation}{'X' if inner == 10 else inner}"
    total = sum(BASE31.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + BASE31[(31 - total % 31) % 31]


def companies(count: int, seed: int = 1) -> list[list[str]]:
    """Rows under TITLES: believable, distinct, without a single real person or company."""
    rng = random.Random(seed)
    rows = []
    for number in range(1, count + 1):
        province, city = rng.choice(PLACES)
        name = f"{city or province}{'金木水火土乾坤震巽坎'[number % 10]}{number:05d}{rng.choice(TRADES)}有限公司"
        day = f"{rng.randint(1990, 2024)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        address = f"{province}{city}测试路{rng.randint(1, 999)}号"
        phone = f"13{rng.randint(0, 10**9 - 1):09d}"
        rows.append([
            name, credit_code(number + seed * 100_000), day, str(rng.randint(1, 9000)), province, city, address,
            f"测试{number}", phone, f"user{number}@example.com",
        ])  # fmt: skip
    return rows


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    """Rows as a spreadsheet program writes them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file in an encoding of Python's name."""
    path.write_bytes(text.encode(encoding))
    return path


def xlsx(
    path: Path,
    rows: Sequence[Sequence[object]],
    *,
    sheets: Sequence[tuple[str, Sequence[Sequence[object]], bool]] = (),
    merges: Sequence[tuple[int, int, int, int, str]] = (),
) -> Path:
    """A workbook: `rows` on the first sheet, further `sheets` as (name, rows, hidden), merged cells."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_numbers": False})
    for name, table, hidden in (("Sheet1", rows, False), *sheets):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
        if hidden:
            sheet.hide()
        if name == "Sheet1":
            for merge in merges:
                sheet.merge_range(*merge)
    book.close()
    return path


def xls(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """An old workbook (BIFF 8)."""
    book = Workbook()
    sheet = book.add_sheet("表1")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))
    return path


def ods(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """An OpenDocument spreadsheet, written by hand: the smallest that programs accept."""
    cells = "".join(
        "<table:table-row>" + "".join(_ods_cell(cell) for cell in row) + "</table:table-row>" for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="表1">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_cell(cell: object) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{cell}"'
        return f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>"
    text = escape(str(cell))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def cells_of(grid: Grid, width: int, after: int = 1) -> list[tuple[Any, ...]]:
    """Every row of a grid below a row, as (number, *cells)."""
    return [row for chunk in grid.frames(after=after, width=width) for row in chunk.frame.iter_rows()]


def ragged_of(grid: Grid, width: int, after: int = 1) -> list[Ragged]:
    """Every row that did not fit."""
    return [row for chunk in grid.frames(after=after, width=width) for row in chunk.ragged]
