"""Spreadsheets (.xlsx .xlsm .xlsb .xls .ods), read by a child process and received as a grid."""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

import orjson
import polars as pl

from kedang.intake.readers.child import FRAME
from kedang.intake.readers.grid import (
    Chunk,
    Limits,
    Line,
    Mark,
    Note,
    Ragged,
    Sheet,
    Source,
    Unreadable,
    column_names,
)
from kedang.intake.readers.text import regrouped
from kedang.kernel.i18n import N_

_CHILD = Path(__file__).with_name("child.py")
_SENTENCES = {
    "encrypted": N_("This workbook is protected by a password. Remove the password and send it again."),
    "broken": N_("This workbook is damaged or is not what its name says. Open it, save it as .xlsx and send it again."),
    "bomb": N_("This workbook unpacks to far more than its size, as a bomb would. Nothing was read."),
    "too_large": N_("This workbook needs more memory than one file may take. Save the sheet as .csv and send that."),
    "too_slow": N_("This workbook takes too long to open. Save the sheet as .csv and send that."),
    "too_many_sheets": N_("This workbook has %(count)s sheets; %(limit)s are the most we read."),
    "too_many_columns": N_("This sheet has %(count)s columns; %(limit)s are the most we read."),
    "no_such_sheet": N_("This workbook has no sheet “%(sheet)s”."),
    "archive": N_("This is a compressed archive. Unpack it and send the table inside."),
    "empty": N_("This workbook holds no table."),
}
_HIDDEN = N_("Hidden sheets are not read: %(sheets)s.")
_OTHERS = N_("Only the sheet “%(sheet)s” is read; there are also %(sheets)s.")
_TOO_LARGE = N_("This workbook is larger than %(limit)s MB. Save the sheet as .csv and send that.")


class WorkbookGrid:
    """A spreadsheet opened as a grid; see `Grid`. It holds a child process until it is closed."""

    encoding = ""
    delimiter = ""

    def __init__(self, source: Source, limits: Limits, sheet: str | None) -> None:
        if source.size > limits.workbook_bytes:
            raise Unreadable("too_large", _TOO_LARGE, limit=limits.workbook_bytes // (1024 * 1024))
        self._source, self._limits, self._wanted = source, limits, sheet
        self._held: deque[dict[str, Any]] = deque()
        self._walked = False
        self._reader = _Reader(source, limits, sheet)
        opened = self._first()
        self.kind: str = opened["kind"]
        self.sheet: str = opened["sheet"]
        self.sheets = tuple(Sheet(s["name"], s["hidden"]) for s in opened["sheets"])
        self.notes = self._notes()
        self._rows, self._seen = max(1, opened["rows"]), 0

    def _first(self) -> dict[str, Any]:
        try:
            return self._reader.receive()
        except Unreadable:
            self.close()
            raise

    def _notes(self) -> list[Note]:
        hidden = [s.name for s in self.sheets if s.hidden]
        others = [s.name for s in self.sheets if not s.hidden and s.name != self.sheet]
        notes = []
        if others:
            notes.append(Note("other_sheets", _OTHERS, {"sheet": self.sheet, "sheets": "、".join(others)}))
        if hidden:
            notes.append(Note("hidden_sheets", _HIDDEN, {"sheets": "、".join(hidden)}))
        return notes

    def head(self, count: int = 100) -> list[Line]:
        """The first rows that hold anything, at most `count`."""
        while sum(len(m["numbers"]) for m in self._held) < count and self._more():
            pass
        lines: list[Line] = []
        for message in self._held:
            bands = set(message["bands"])
            for number, *cells in zip(message["numbers"], *message["columns"], strict=True):
                lines.append(Line(number, tuple(cell or "" for cell in cells), number in bands))
        return lines[:count]

    def _more(self) -> bool:
        message = self._reader.receive()
        if message["t"] == "rows":
            self._held.append(message)
            return True
        self._reader.ended = True
        return False

    def frames(self, *, after: int, width: int, rows: int = 50_000) -> Iterator[Chunk]:
        """All rows numbered above `after`, `width` cells each, in chunks of `rows`."""
        if self._walked:
            self.close()
            self._held.clear()
            self._reader = _Reader(self._source, self._limits, self._wanted)
            self._first()
        self._walked = True
        return regrouped(self._chunks(after, width), rows, width)

    def _chunks(self, after: int, width: int) -> Iterator[Chunk]:
        while self._held or self._more():
            message = self._held.popleft()
            self._seen = message["numbers"][-1]
            yield _chunk(message, after, width)

    def progress(self) -> float:
        """How much of the sheet has been read, from 0 to 1."""
        return float(min(1.0, self._seen / self._rows))

    def close(self) -> None:
        """End the child process."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()


def _chunk(message: dict[str, Any], after: int, width: int) -> Chunk:
    """A batch of rows as a chunk; values beyond the header make their row ragged."""
    names = column_names(width)
    columns = [*message["columns"][:width], *([[None] * len(message["numbers"])] * (width - len(message["columns"])))]
    data = {"row": message["numbers"]} | dict(zip(names, columns, strict=True))
    frame = pl.DataFrame(data, schema={"row": pl.UInt32} | dict.fromkeys(names, pl.String))
    beyond = _beyond(message, width)
    ragged = [Ragged(row, cells, "row.too_many_cells", {"count": len(cells), "width": width}) for row, cells in beyond]
    long = {row for row, _, rule in message["marks"] if rule == "row.cell_too_long"}
    ragged += [Ragged(row, _cells(message, row), "row.cell_too_long") for row in sorted(long)]
    kept = frame.filter((pl.col("row") > after) & ~pl.col("row").is_in([r.row for r in ragged]))
    marks = [Mark(row, column, rule) for row, column, rule in message["marks"] if row > after and column < width]
    blank = pl.any_horizontal(pl.col(name).str.strip_chars().str.len_bytes() > 0 for name in names)
    cleaned = kept.filter(blank).with_columns(pl.col(n).str.replace_all("\x00", "", literal=True) for n in names)
    ragged = sorted((r for r in ragged if r.row > after), key=lambda r: r.row)
    return Chunk(cleaned, ragged, marks, frozenset(message["bands"]))


def _beyond(message: dict[str, Any], width: int) -> list[tuple[int, tuple[str, ...]]]:
    rows = zip(message["numbers"], *message["columns"][width:], strict=True)
    return [(row, _cells(message, row)) for row, *extra in rows if any(extra)]


def _cells(message: dict[str, Any], row: int) -> tuple[str, ...]:
    at = message["numbers"].index(row)
    return tuple((column[at] or "")[:32_767] for column in message["columns"])


class _Reader:
    """The child process and the messages it sends."""

    def __init__(self, source: Source, limits: Limits, sheet: str | None) -> None:
        spec = {name: getattr(limits, name) for name in Limits.__slots__} | {"sheet": sheet}
        self._limits = limits
        self.ended = False
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-I", str(_CHILD)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "MALLOC_ARENA_MAX": "1"}, close_fds=True,
        )  # fmt: skip
        self._feeder = threading.Thread(target=self._feed, args=(source, orjson.dumps(spec)), daemon=True)
        self._feeder.start()

    def _feed(self, source: Source, spec: bytes) -> None:
        stdin = cast(BinaryIO, self._child.stdin)
        with contextlib.suppress(BrokenPipeError, ValueError), source.open() as stream:
            stdin.write(FRAME.pack(len(spec)) + spec)
            while block := stream.read(1024 * 1024):
                stdin.write(block)
        with contextlib.suppress(BrokenPipeError, ValueError):
            stdin.close()

    def receive(self) -> dict[str, Any]:
        """The next message; raises Unreadable for a refusal, a death or a silence of the child."""
        if self.ended:
            return {"t": "end"}
        header = self._read(FRAME.size)
        message: dict[str, Any] = orjson.loads(self._read(FRAME.unpack(header)[0]))
        if message["t"] == "refused":
            raise _refusal(message)
        return message

    def _read(self, count: int) -> bytes:
        stdout = cast(BinaryIO, self._child.stdout)
        got = bytearray()
        with selectors.DefaultSelector() as waiting:
            waiting.register(stdout, selectors.EVENT_READ)
            while len(got) < count:
                if not waiting.select(timeout=self._limits.seconds):
                    self.close()
                    raise _refusal({"reason": "too_slow"})
                block = os.read(stdout.fileno(), count - len(got))
                if not block:
                    raise self._death()
                got += block
        return bytes(got)

    def _death(self) -> Unreadable:
        """The child ended without a word: the system stopped it, for time or for memory."""
        code = self._child.wait()
        return _refusal({"reason": "too_slow" if code in (-24, -9) else "too_large"})

    def close(self) -> None:
        """Stop the child if it still runs, and wait until it is gone."""
        if self._child.poll() is None:
            self._child.kill()
        self._feeder.join()
        for pipe in (self._child.stdout, self._child.stdin):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError, OSError):
                    pipe.close()
        self._child.wait()
        self.ended = True


def _refusal(message: dict[str, Any]) -> Unreadable:
    reason = message["reason"]
    params = {key: value for key, value in message.items() if key not in ("t", "reason")}
    return Unreadable(reason, _SENTENCES[reason], **params)
