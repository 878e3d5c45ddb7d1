"""The fast lane: whole blocks of simple lines cut column by column.

It takes a block only if it is certain to read it exactly as the careful lane would: no stray
carriage return, no overlong line, and every line with a quote a complete record by itself.
"""

from __future__ import annotations

import csv
import re

import polars as pl

from kedang.intake.readers.grid import Limits, column_names
from kedang.intake.readers.records import Record

_ROW = "row"


def well_formed(delimiter: str) -> str:
    """A pattern for a line that is one whole record: each cell bare without quotes, or quoted to its end."""
    d = re.escape(delimiter)
    cell = rf'(?:[^"{d}]*|"(?:[^"]|"")*")'
    return rf"^{cell}(?:{d}{cell})*$"


def split_lines(text: str, delimiter: str, limits: Limits) -> pl.DataFrame | None:
    """The lines of a block as a frame of `row` (from 0), `line` and `quoted`; None: not for this lane."""
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        return None
    parts = text.split("\n")
    if not parts[-1]:
        parts.pop()
    lines = pl.Series("line", parts, dtype=pl.String)
    longest = lines.str.len_chars().max()
    if isinstance(longest, int) and longest > limits.cell:
        return None
    quoted = lines.str.contains('"', literal=True).alias("quoted")
    if '"' in text and not lines.filter(quoted).str.contains(well_formed(delimiter)).all():
        return None
    return pl.DataFrame([lines, quoted]).with_row_index(_ROW)


def cut(lines: pl.DataFrame, delimiter: str, width: int) -> tuple[pl.DataFrame, list[tuple[int, Record]]]:
    """Cells of the lines that have exactly `width` of them, and the records of the others, with their rows."""
    count = pl.col("line").str.count_matches(delimiter, literal=True) + 1
    plain = lines.filter(~pl.col("quoted") & (pl.col("line") != ""))
    fitting = plain.filter(count == width)
    good = [_split(fitting, delimiter, width)]
    odd = [(row, Record(line.split(delimiter))) for row, line, _ in plain.filter(count != width).iter_rows()]
    quoted = lines.filter("quoted")
    if len(quoted):
        records = csv.reader(quoted["line"].to_list(), delimiter=delimiter)
        pairs = list(zip(quoted[_ROW].to_list(), records, strict=True))
        odd += [(row, Record(cells)) for row, cells in pairs if len(cells) != width]
        good.append(frame_of([(row, cells) for row, cells in pairs if len(cells) == width], width))
    return pl.concat(good).sort(_ROW), sorted(odd, key=lambda pair: pair[0])


def _split(lines: pl.DataFrame, delimiter: str, width: int) -> pl.DataFrame:
    if width == 1:
        return lines.select(_ROW, pl.col("line").alias("c0"))
    cells = pl.col("line").str.split_exact(delimiter, width - 1).struct.rename_fields(column_names(width))
    return lines.select(_ROW, cells.alias("cells")).unnest("cells")


def frame_of(rows: list[tuple[int, list[str]]], width: int) -> pl.DataFrame:
    """A frame of numbered rows that all have `width` cells."""
    names = column_names(width)
    columns = list(zip(*(cells for _, cells in rows), strict=True)) or [()] * width
    data = {_ROW: [row for row, _ in rows]} | dict(zip(names, columns, strict=True))
    return pl.DataFrame(data, schema={_ROW: pl.UInt32} | dict.fromkeys(names, pl.String))
