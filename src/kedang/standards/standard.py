"""A data standard: one definition that reads one text and a whole column.

Every rule lives in `define`, a function of one text. The column form adds `plain`: a Polars
expression that gives the value of a text which is plainly in order and null for every other. Only
the distinct texts of the rest go through `define`, so no finding is ever decided in two places, and
a clean column costs no Python at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from kedang.standards.finding import ColumnRead, Read, error, refuse
from kedang.standards.folding import is_blank

PlainForm = Callable[[pl.Expr], pl.Expr]
_STRING = pl.String()


@dataclass(frozen=True, slots=True)
class Standard:
    """A named data standard; `empty` is the value of a cell that says nothing."""

    name: str
    define: Callable[[str], Read]
    plain: PlainForm
    dtype: pl.DataType = _STRING
    empty: Any = None

    def one(self, text: str | None) -> Read:
        """Read one text. Words that stand for "nothing" (N/A, 无, -) are an empty cell, no finding."""
        if text is None:
            return Read(self.empty)
        if "\x00" in text:
            return refuse(error("text.nul", text.replace("\x00", "\N{SYMBOL FOR NULL}")), self.empty)
        if not text.isascii() and not _encodable(text):
            return refuse(error("text.unreadable", ascii(text)), self.empty)
        if is_blank(text):
            return Read(self.empty)
        return self.define(text)

    def column(self, texts: pl.Series, field: str = "") -> ColumnRead:
        """Read a whole column of texts; row by row the same answer as `one`."""
        frame = texts.cast(pl.String).alias("text").to_frame()
        # Lazily, so that what several rules share (the bytes of a code) is worked out once.
        frame = frame.lazy().with_columns(value=self.plain(pl.col("text")).cast(self.dtype)).collect()
        odd = frame.lazy().filter(pl.col("value").is_null()).select("text").unique().collect()["text"]
        reads = {text: self.one(text) for text in odd.to_list() if text is not None}
        if reads:
            frame = frame.join(self._answers(reads), on="text", how="left", maintain_order="left")
            frame = frame.with_columns(pl.coalesce("value", "odd"))
        else:
            frame = frame.with_columns(rule=pl.lit(None, pl.String), severity=pl.lit(None, pl.String))
        value = frame["value"] if self.empty is None else frame["value"].fill_null(pl.Series([self.empty]))
        return ColumnRead(value, frame["rule"], frame["severity"], field, reads)

    def _answers(self, reads: dict[str, Read]) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "text": list(reads),
                "odd": pl.Series([self._stored(read.value) for read in reads.values()], dtype=self.dtype),
                "rule": pl.Series([read.rule for read in reads.values()], dtype=pl.String),
                "severity": pl.Series([read.severity for read in reads.values()], dtype=pl.String),
            },
            schema_overrides={"text": pl.String},
        )

    def _stored(self, value: Any) -> Any:
        """A value in the shape a series takes: a pair becomes a struct."""
        if isinstance(self.dtype, pl.Struct) and value is not None:
            return dict(zip((part.name for part in self.dtype.fields), value, strict=True))
        return value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
