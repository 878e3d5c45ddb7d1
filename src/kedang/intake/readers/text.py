"""Text tables: .csv, .tsv and .txt in any encoding, read block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import polars as pl

from kedang.intake.readers import delimiter as delimiters
from kedang.intake.readers import encoding as encodings
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
    empty_frame,
)
from kedang.intake.readers.lines import cut, frame_of, split_lines
from kedang.intake.readers.records import Record, parse
from kedang.kernel.i18n import N_

_HEAD = 512 * 1024
_ENDLESS = N_("Line %(row)s is longer than %(limit)s characters, so this is not a table. Nothing was read.")
_EMPTY = N_("This file is empty.")
_DAMAGED = N_("%(count)s characters can not be read as %(encoding)s; they are shown as \ufffd in their rows.")


class TextGrid:
    """A text file opened as a grid; see `Grid`."""

    kind = "text"
    sheet = ""
    sheets: tuple[Sheet, ...] = ()

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source, self._limits = source, limits
        self._encoding = encodings.detect(source)
        self.encoding = self._encoding.title
        self.notes: list[Note] = []
        if self._encoding.damaged:
            params = {"count": self._encoding.damaged, "encoding": self.encoding}
            self.notes.append(Note("damaged_text", _DAMAGED, params))
        self._head = self._first_text()
        self.delimiter = delimiters.detect(self._head, limits)
        self._done = 0

    def _first_text(self) -> str:
        """The first half mebibyte of text, cut at the end of a line unless it is all there is."""
        with self._source.open() as stream:
            head = ""
            for text, _ in encodings.decoded(stream, self._encoding):
                head += text
                if len(head) >= _HEAD:
                    self._check_line(1, head[: self._limits.line + 1])
                    return head[: head.rfind("\n", 0, _HEAD) + 1] or head
        if not head.strip("\ufeff \r\n\t\x00"):
            raise Unreadable("empty", _EMPTY)
        return head

    def head(self, count: int = 100) -> list[Line]:
        """The first rows that hold anything, at most `count`."""
        records, _ = parse(self._head, self.delimiter, width=None, final=True, limits=self._limits)
        lines = [
            Line(row, tuple(cell.replace("\x00", "") for cell in record.cells))
            for row, record in enumerate(records, start=1)
            if any(cell.strip() for cell in record.cells)
        ]
        return lines[:count]

    def frames(self, *, after: int, width: int, rows: int = 50_000) -> Iterator[Chunk]:
        """All rows numbered above `after`, `width` cells each, in chunks of `rows`."""
        return regrouped(self._blocks(after, width), rows, width)

    def _blocks(self, after: int, width: int) -> Iterator[Chunk]:
        self._done = 0
        seen, rest = 0, ""
        with self._source.open() as stream:
            for text, done in encodings.decoded(stream, self._encoding):
                self._done = done
                end = _last_break(rest, text)
                if end < 0:
                    rest += text
                    self._check_line(seen + 1, rest)
                    continue
                block, rest = rest + text[:end], text[end:]
                chunk, count, tail = self._block(block, seen, width, final=False)
                rest = tail + rest
                seen += count
                yield _from(chunk, after)
        if rest:
            chunk, _, _ = self._block(rest, seen, width, final=True)
            yield _from(chunk, after)

    def _block(self, text: str, seen: int, width: int, *, final: bool) -> tuple[Chunk, int, str]:
        """Rows of a block, how many records it had, and the tail of a record that goes on in the next."""
        lines = split_lines(text, self.delimiter, self._limits)
        if lines is not None:
            good, odd = cut(lines, self.delimiter, width)
            count, tail = len(lines), ""
        else:
            self._check_line(seen + 1, text)
            records, tail = parse(text, self.delimiter, width=width, final=final, limits=self._limits)
            count = len(records)
            fitting = [(i, list(r.cells)) for i, r in enumerate(records) if len(r.cells) == width and not r.rule]
            good = frame_of(fitting, width)
            odd = [(i, r) for i, r in enumerate(records) if r.cells and (r.rule or len(r.cells) != width)]
        return _finished(good, odd, seen, width, "\x00" in text), count, tail

    def _check_line(self, row: int, text: str) -> None:
        """Refuse one endless line, which would otherwise grow without bound."""
        limit = self._limits.line
        if len(text) > limit and max(map(len, text.replace("\r", "\n").split("\n"))) > limit:
            raise Unreadable("endless_line", _ENDLESS, row=row, limit=limit)

    def progress(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return self._done / max(1, self._source.size)

    def close(self) -> None:
        """Nothing is held between reads."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()


def _last_break(rest: str, text: str) -> int:
    """Where the last complete line of a block ends; -1 without one. A final CR may be half of CRLF."""
    end = text.rfind("\n") + 1
    if not end and "\n" not in rest:
        end = text.rfind("\r", 0, max(0, len(text) - 1)) + 1
    return end or -1


def _finished(good: pl.DataFrame, odd: list[tuple[int, Record]], seen: int, width: int, nul: bool) -> Chunk:
    """Number the rows, forgive empty cells beyond the header, name what is wrong with the others."""
    spare = [(row, list(r.cells[:width])) for row, r in odd if _only_empty_beyond(r, width)]
    if spare:
        good = pl.concat([good, frame_of(spare, width)]).sort("row")
    ragged = [_ragged(seen + row + 1, r, width) for row, r in odd if not _only_empty_beyond(r, width)]
    good = good.with_columns((pl.col("row") + (seen + 1)).cast(pl.UInt32))
    marks: list[Mark] = []
    if nul:
        good, marks = _without_nul(good, width)
    return Chunk(_blank_to_none(good, width), [r for r in ragged if any(c.strip() for c in r.cells)], marks)


def _only_empty_beyond(record: Record, width: int) -> bool:
    return not record.rule and len(record.cells) > width and not any(c.strip() for c in record.cells[width:])


def _ragged(row: int, record: Record, width: int) -> Ragged:
    count = len(record.cells)
    rule = record.rule or ("row.too_many_cells" if count > width else "row.too_few_cells")
    return Ragged(row, tuple(c.replace("\x00", "") for c in record.cells), rule, {"count": count, "width": width})


def _without_nul(frame: pl.DataFrame, width: int) -> tuple[pl.DataFrame, list[Mark]]:
    """Take out NUL characters, which no database text may hold, and mark their cells."""
    marks = [
        Mark(row, index, "cell.nul")
        for index, name in enumerate(column_names(width))
        for row in frame.filter(pl.col(name).str.contains("\x00", literal=True)).get_column("row")
    ]
    cleaned = [pl.col(name).str.replace_all("\x00", "", literal=True) for name in column_names(width)]
    return frame.with_columns(cleaned), marks


def _blank_to_none(frame: pl.DataFrame, width: int) -> pl.DataFrame:
    names = column_names(width)
    frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names)
    return frame.filter(pl.any_horizontal(pl.col(name).str.strip_chars().str.len_bytes() > 0 for name in names))


def _from(chunk: Chunk, after: int) -> Chunk:
    """Only the rows numbered above `after`."""
    first = chunk.frame.get_column("row").min()
    starts = [first] if isinstance(first, int) else []
    starts += [ragged.row for ragged in chunk.ragged[:1]]
    if not starts or min(starts) > after:
        return chunk
    return Chunk(
        chunk.frame.filter(pl.col("row") > after),
        [r for r in chunk.ragged if r.row > after],
        [m for m in chunk.marks if m.row > after],
        frozenset(row for row in chunk.bands if row > after),
    )


def regrouped(chunks: Iterator[Chunk], rows: int, width: int) -> Iterator[Chunk]:
    """The same rows in chunks that end after every `rows` row numbers, so that a chunk's number is stable."""
    held: list[Chunk] = []
    limit = rows
    for chunk in chunks:
        held.append(chunk)
        last = _last_row(chunk)
        while last > limit:
            below, above = _parted(_joined(held, width), limit)
            yield below
            held, limit = [above], limit + rows
    rest = _joined(held, width)
    if len(rest.frame) or rest.ragged:
        yield rest


def _last_row(chunk: Chunk) -> int:
    last = chunk.frame.get_column("row").max()
    return max(last if isinstance(last, int) else 0, chunk.ragged[-1].row if chunk.ragged else 0)


def _joined(chunks: list[Chunk], width: int) -> Chunk:
    return Chunk(
        pl.concat([c.frame for c in chunks]) if chunks else empty_frame(width),
        [r for c in chunks for r in c.ragged],
        [m for c in chunks for m in c.marks],
        frozenset().union(*(c.bands for c in chunks)),
    )


def _parted(chunk: Chunk, limit: int) -> tuple[Chunk, Chunk]:
    """The rows up to a row number, and those above it."""
    below = Chunk(
        chunk.frame.filter(pl.col("row") <= limit),
        [r for r in chunk.ragged if r.row <= limit],
        [m for m in chunk.marks if m.row <= limit],
        frozenset(row for row in chunk.bands if row <= limit),
    )
    return below, _from(chunk, limit)
