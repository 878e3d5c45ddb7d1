"""What every reader gives: a raw grid of text cells with the row numbers a person sees.

Nothing is interpreted here. A cell is the text as it stands in the file, an empty cell is None, a
row that can not be laid under the header is handed over as `Ragged` with the reason, and whatever
the reader did on its own (a hidden sheet left aside, an encoding guessed) is a `Note`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

import polars as pl

from kedang.kernel.errors import KedangError

MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of the machine. Sizes in bytes, lengths in characters, time in seconds."""

    text_bytes: int = 2048 * MEBI
    workbook_bytes: int = 160 * MEBI
    unpacked_bytes: int = 1536 * MEBI
    ratio: int = 100
    entries: int = 4096
    sheets: int = 256
    columns: int = 1024
    cell: int = 32_767
    line: int = 4 * MEBI
    record_lines: int = 200
    memory_bytes: int = 1792 * MEBI
    seconds: int = 300


class Source(Protocol):
    """A file that can be read from its start as often as needed, wherever it is kept."""

    @property
    def name(self) -> str:
        """The name the file came with."""

    @property
    def size(self) -> int:
        """Its length in bytes."""

    def open(self) -> BinaryIO:
        """A new stream at the first byte."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file on disk."""

    path: Path

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.name

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """A new stream at the first byte."""
        return self.path.open("rb")


class Unreadable(KedangError):
    """The file is refused as a whole. `sentence` is the English source of what to tell the person."""

    code = "unreadable"

    def __init__(self, reason: str, sentence: str, **params: object) -> None:
        super().__init__(sentence % params)
        self.reason = reason
        self.sentence = sentence
        self.params: Mapping[str, object] = params

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the reader's language."""
        return translate(self.sentence) % self.params


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader decided by itself and the person should know."""

    code: str
    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the reader's language."""
        return translate(self.sentence) % self.params


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook as its tab shows it."""

    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the head sample: its number, its cells, and whether it is one cell merged across the table."""

    row: int
    cells: tuple[str, ...]
    band: bool = False


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row that does not fit under the header, with the rule it breaks and its cells as they stand."""

    row: int
    cells: tuple[str, ...]
    rule: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell the reader has doubts about: column counted from zero, `rule` says why."""

    row: int
    column: int
    rule: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive rows: `frame` has `row` (UInt32) and `c0`, `c1`, … (String, None where empty)."""

    frame: pl.DataFrame
    ragged: Sequence[Ragged] = ()
    marks: Sequence[Mark] = ()
    bands: frozenset[int] = frozenset()


class Grid(Protocol):
    """An open file. `head` may be asked as often as needed, `frames` walks the whole file once."""

    kind: str
    encoding: str
    delimiter: str
    sheets: tuple[Sheet, ...]
    sheet: str
    notes: list[Note]

    def head(self, count: int = 100) -> list[Line]:
        """The first rows that hold anything, at most `count`."""

    def frames(self, *, after: int, width: int, rows: int = 50_000) -> Iterator[Chunk]:
        """All rows numbered above `after`, `width` cells each, in chunks of `rows`; blank rows are left out."""

    def progress(self) -> float:
        """How much of the file has been read, from 0 to 1."""

    def close(self) -> None:
        """Let go of the file and of any process behind it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *reason: Any) -> None: ...


def column_names(width: int) -> list[str]:
    """Names of the cell columns of a frame."""
    return [f"c{index}" for index in range(width)]


def empty_frame(width: int) -> pl.DataFrame:
    """A frame without rows, of the shape every chunk has."""
    return pl.DataFrame(schema={"row": pl.UInt32} | dict.fromkeys(column_names(width), pl.String))
