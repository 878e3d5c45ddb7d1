"""Rows that are no records: group bands, repeated headers, totals and footnotes among the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kedang.intake.layout import Layout
from kedang.intake.readers.grid import Chunk, Ragged, column_names

# 北京市（92所）; 一、国有企业（12家）
GROUP = r"[（(]\s*共?\s*\d+\s*[所家个户条人名项]\s*[)）]\s*$"
TOTAL = r"^\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|(?i:total|subtotal|grand total))\s*[:：]?\s*$"
FOOTNOTE = (
    r"^\s*(?:注|备注|说明|附注|填表人|填表日期|填报人|填报单位|制表人?|制表日期|审核人?|数据来源|资料来源|来源"
    r"|(?i:note|notes|source|prepared by))\s*\d?\s*[:：]|^\s*共\s*\d+\s*[页条行家户所个项]\s*$|^\s*第\s*\d+\s*页"
)
_SPEAKS = rf"{GROUP}|{TOTAL}|{FOOTNOTE}"


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is not read as a record: its number, what it is, and what it says."""

    row: int
    kind: str
    text: str


def split(chunk: Chunk, layout: Layout, mapped: Sequence[int]) -> tuple[Chunk, list[Aside]]:
    """The records of a chunk, and the rows put aside.

    A row is put aside only if it plainly is no record: merged across the table, the header once
    more, a total, or a single cell that speaks of the table or stands in no mapped column
    (`mapped`: indices of the mapped columns).
    """
    names = column_names(layout.width)
    titles = [title.shown for title in layout.titles]
    filled = pl.sum_horizontal(pl.col(name).is_not_null() for name in names)
    said = pl.coalesce(names)
    mapped_filled = pl.sum_horizontal([pl.col(names[i]).is_not_null() for i in mapped] or [pl.lit(0)])
    kind = (
        pl.when(pl.col("row").is_in(list(chunk.bands)) & (filled <= 2))
        .then(pl.lit("band"))
        .when(_is_header(names, titles))
        .then(pl.lit("header"))
        .when((filled == 1) & (said.str.contains(_SPEAKS) | (mapped_filled == 0)))
        .then(pl.lit("remark"))
        .when(said.str.contains(TOTAL))
        .then(pl.lit("total"))
    )
    frame = chunk.frame.with_columns(kind.alias("kind"), said.alias("said"))
    aside = frame.filter(pl.col("kind").is_not_null()).select("row", "kind", "said")
    asides = [Aside(*entry) for entry in aside.iter_rows()]
    ragged = [r for r in chunk.ragged if not _speaks(r)]
    asides += [Aside(r.row, "remark", "".join(r.cells)) for r in chunk.ragged if _speaks(r)]
    records = frame.filter(pl.col("kind").is_null()).drop("kind", "said")
    return Chunk(records, ragged, chunk.marks, chunk.bands), sorted(asides, key=lambda a: a.row)


def _is_header(names: Sequence[str], titles: Sequence[str]) -> pl.Expr:
    same = [
        pl.col(name).str.replace_all(r"\s", "") == title.replace(" ", "")
        for name, title in zip(names, titles, strict=True)
        if not title.startswith("[")
    ]
    return pl.all_horizontal(same) if len(same) > 1 else pl.lit(value=False)


def _speaks(ragged: Ragged) -> bool:
    """Whether a row that does not fit is a remark in one cell."""
    said = [cell for cell in ragged.cells if cell.strip()]
    return len(said) == 1 and pl.Series([said[0]]).str.contains(_SPEAKS).item()
