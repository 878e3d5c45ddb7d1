"""The process that opens a spreadsheet: alone, with bounded memory and time, and nothing else to lose.

A workbook can be a bomb, and the parser is native code. So this file runs as a script of its own,
without the product's packages, settings or secrets: it takes a request and the file's bytes on
standard input and answers with framed JSON messages on standard output. Whatever happens in here,
the worker on the other side stays alive and says one sentence about it.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

import orjson
import python_calamine

FRAME = struct.Struct(">I")
BATCH = 2000
LARGEST_EXACT = 1e15
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ROOTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}


class Refuse(Exception):
    """Stop with a reason the parent has a sentence for."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.params = {"reason": reason, **params}


def main() -> None:
    """Answer one request; every ending is a message, unless the system ends this process first."""
    spec, file = _request(sys.stdin.buffer)
    _bounded(spec)
    try:
        _serve(spec, file)
    except Refuse as no:
        send(t="refused", **no.params)
    except MemoryError:
        send(t="refused", reason="too_large")
    except python_calamine.PasswordError:
        send(t="refused", reason="encrypted")
    except BrokenPipeError:
        return
    except BaseException as wrong:  # a panic of the native parser is no Exception
        send(t="refused", reason="broken", detail=str(wrong)[:200])


def _request(received: BinaryIO) -> tuple[dict[str, Any], io.BytesIO]:
    (length,) = FRAME.unpack(received.read(FRAME.size))
    spec: dict[str, Any] = orjson.loads(received.read(length))
    return spec, io.BytesIO(received.read())


def _bounded(spec: dict[str, Any]) -> None:
    """Limits the kernel enforces: address space, processor time, no files written, no core dump."""
    for kind, most in (
        (resource.RLIMIT_AS, spec["memory_bytes"]),
        (resource.RLIMIT_CPU, spec["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def send(**message: Any) -> None:
    """Write one framed message."""
    raw = orjson.dumps(message)
    sys.stdout.buffer.write(FRAME.pack(len(raw)) + raw)
    sys.stdout.buffer.flush()


def _serve(spec: dict[str, Any], file: io.BytesIO) -> None:
    kind = _kind(file, spec)
    file.seek(0)
    workbook = python_calamine.CalamineWorkbook.from_filelike(file)
    sheets = [
        {"name": meta.name, "hidden": meta.visible != python_calamine.SheetVisibleEnum.Visible}
        for meta in workbook.sheets_metadata
        if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    if len(sheets) > spec["sheets"]:
        raise Refuse("too_many_sheets", count=len(sheets), limit=spec["sheets"])
    sheet = _chosen(workbook, sheets, spec["sheet"])
    if sheet.width > spec["columns"]:
        raise Refuse("too_many_columns", count=sheet.width, limit=spec["columns"])
    send(t="open", kind=kind, sheets=sheets, sheet=sheet.name, rows=sheet.total_height, width=sheet.width)
    _send_rows(sheet, spec["cell"])
    send(t="end")


def _kind(file: io.BytesIO, spec: dict[str, Any]) -> str:
    """`xlsx xlsb ods xls`, by what the file holds; archives are measured before anything is unpacked."""
    start = file.read(len(_OLE))
    if start == _OLE:
        if _ENCRYPTED in file.getvalue():
            raise Refuse("encrypted")
        return "xls"
    if not start.startswith(b"PK"):
        return "xls"
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename.lower().replace("\\", "/").lstrip("/") for entry in entries}
            _measure(entries, file.getbuffer().nbytes, spec)
            if "meta-inf/manifest.xml" in names and _locked(archive):
                raise Refuse("encrypted")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, KeyError, RuntimeError) as wrong:
        raise Refuse("broken", detail=str(wrong)[:200]) from wrong
    kind = next((kind for root, kind in _ROOTS.items() if root in names), "")
    if not kind and not any(name.startswith("xl/") or name.endswith("workbook.xml") for name in names):
        raise Refuse("archive")
    return kind or "xlsx"


def _measure(entries: list[zipfile.ZipInfo], packed: int, spec: dict[str, Any]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > spec["entries"] or unpacked > spec["unpacked_bytes"]:
        raise Refuse("bomb")
    if unpacked > 8 * 1024 * 1024 and unpacked > packed * spec["ratio"]:
        raise Refuse("bomb")


def _locked(archive: zipfile.ZipFile) -> bool:
    name = next(name for name in archive.namelist() if name.lower() == "meta-inf/manifest.xml")
    with archive.open(name) as manifest:
        return b"encryption-data" in manifest.read(4 * 1024 * 1024)


def _chosen(
    workbook: python_calamine.CalamineWorkbook, sheets: list[dict[str, Any]], wanted: str | None
) -> python_calamine.CalamineSheet:
    """The sheet asked for; else the first visible one that holds a table, else the first that holds anything."""
    visible = [sheet["name"] for sheet in sheets if not sheet["hidden"]]
    if wanted is not None:
        if wanted not in {sheet["name"] for sheet in sheets}:
            raise Refuse("no_such_sheet", sheet=wanted)
        return workbook.get_sheet_by_name(wanted)
    fallback = None
    for name in visible:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height >= 2:
            return sheet
        fallback = fallback or (sheet if sheet.height else None)
    if fallback is None:
        raise Refuse("empty")
    return fallback


def _send_rows(sheet: python_calamine.CalamineSheet, longest: int) -> None:
    merged = Merged(sheet)
    numbers: list[int] = []
    rows: list[list[str | None]] = []
    marks: list[tuple[int, int, str]] = []
    bands: list[int] = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = merged.filled(number, [written(cell) for cell in cells])
        if any(row):
            numbers.append(number)
            rows.append(row)
            marks += doubts(number, cells, longest)
            if number in merged.bands:
                bands.append(number)
        if len(rows) >= BATCH:
            _send_batch(numbers, rows, marks, bands)
            numbers, rows, marks, bands = [], [], [], []
    if rows:
        _send_batch(numbers, rows, marks, bands)


def _send_batch(
    numbers: list[int], rows: list[list[str | None]], marks: list[tuple[int, int, str]], bands: list[int]
) -> None:
    send(t="rows", numbers=numbers, columns=list(zip(*rows, strict=True)), marks=marks, bands=bands)


class Merged:
    """Merged cells: one that spans rows holds for each of them, one across a row makes it a band."""

    def __init__(self, sheet: python_calamine.CalamineSheet) -> None:
        ranges = sheet.merged_cell_ranges or []
        first = (sheet.start or (0, 0))[1]
        width = max(1, sheet.width)
        self.bands = {top + 1 for (top, left), (low, right) in ranges if top == low and _spans(left, right, width)}
        self._coming = sorted(
            ((top + 1, low + 1, left - first) for (top, left), (low, _) in ranges if low > top and left >= first),
            reverse=True,
        )
        self._open: list[tuple[int, int, str]] = []

    def filled(self, number: int, row: list[str | None]) -> list[str | None]:
        """The row with the values that reach down into it."""
        self._open = [entry for entry in self._open if entry[0] >= number]
        for _, column, value in self._open:
            if row[column] is None:
                row[column] = value
        while self._coming and self._coming[-1][0] <= number:
            _, low, column = self._coming.pop()
            reaching = row[column] if column < len(row) else None
            if reaching is not None:
                self._open.append((low, column, reaching))
        return row


def _spans(left: int, right: int, width: int) -> bool:
    return right - left + 1 >= max(2, width * 0.6)


def written(cell: object) -> str | None:
    """A cell as text: numbers in full and without a spurious fraction, dates in ISO form, empty as None."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return None if cell is None else str(cell)


def number_text(value: float) -> str:
    """`10001.0` as 10001, `1e-07` as 0.0000001; whole numbers in full, even where digits are already lost."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def doubts(number: int, cells: list[Any], longest: int) -> Iterator[tuple[int, int, str]]:
    """Cells whose value is not what the person typed, or that no table should hold."""
    for column, cell in enumerate(cells):
        if type(cell) is float and abs(cell) >= LARGEST_EXACT:
            yield number, column, "cell.long_number"
        elif type(cell) is str and (len(cell) > longest or "\x00" in cell):
            yield number, column, "cell.nul" if len(cell) <= longest else "row.cell_too_long"


if __name__ == "__main__":
    main()
