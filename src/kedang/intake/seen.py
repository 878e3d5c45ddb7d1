"""Rows that repeat an earlier row of the same file, found by hashes in bounded memory (28 bytes a row)."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

_SCHEMA = {
    "name": pl.UInt64,
    "code": pl.UInt64,
    "region": pl.UInt32,
    "numbered": pl.Boolean,
    "row": pl.UInt32,
}


@dataclass
class Seen:
    """The rows of a file taken so far, by credit code or identity number, and by name key and region."""

    _taken: list[pl.DataFrame] = field(default_factory=list)

    def repeats(self, frame: pl.DataFrame) -> dict[int, int]:
        """Rows of `frame` that repeat an earlier row, with the number of that row; the others are taken.

        The rules are those of `matching`: the same code or number, or the same name among customers of
        one kind where either has no code and the regions do not differ; a row with an identity number
        goes by it alone. `frame` has `row`, `kind`, `name_key`, and `region`, `credit_code`,
        `identity_number` where the file has them.
        """
        keyed = _keyed(frame)
        suspects = self._suspects(keyed)
        repeated: dict[int, int] = {}
        if len(suspects):
            repeated = _resolved(self._earlier(suspects), suspects)
        self._taken.append(keyed.filter(~pl.col("row").is_in(list(repeated))))
        if len(self._taken) > 64:
            self._taken = [pl.concat(self._taken)]
        return repeated

    def _suspects(self, keyed: pl.DataFrame) -> pl.DataFrame:
        """Rows whose code or name occurs twice among these and the earlier ones."""
        twice = pl.col("name").is_duplicated() | (pl.col("code").is_duplicated() & pl.col("code").is_not_null())
        earlier = self._earlier(keyed)
        known = pl.col("name").is_in(earlier["name"].unique().implode()) | pl.col("code").is_in(
            earlier["code"].drop_nulls().unique().implode()
        ).fill_null(value=False)
        return keyed.filter(twice | known)

    def _earlier(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Earlier rows that share a code or a name with these."""
        names, codes = rows["name"].unique().implode(), rows["code"].drop_nulls().unique().implode()
        alike = pl.col("name").is_in(names) | pl.col("code").is_in(codes).fill_null(value=False)
        found = [part.filter(alike) for part in self._taken]
        return pl.concat(found) if found else pl.DataFrame(schema=_SCHEMA)


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    codes = [pl.col(name) for name in ("credit_code", "identity_number") if name in frame.columns]
    code = pl.coalesce(codes) if codes else pl.lit(None, pl.String)
    region = pl.col("region").cast(pl.UInt32, strict=False) if "region" in frame.columns else pl.lit(None, pl.UInt32)
    number = pl.col("identity_number") if "identity_number" in frame.columns else pl.lit(None, pl.String)
    return frame.select(
        pl.concat_str("kind", "name_key", separator="\x1f").hash().alias("name"),
        pl.when(code.is_not_null()).then(code.hash()).alias("code"),
        region.fill_null(0).alias("region"),
        number.is_not_null().alias("numbered"),
        pl.col("row").cast(pl.UInt32),
    )


def _resolved(earlier: pl.DataFrame, suspects: pl.DataFrame) -> dict[int, int]:
    """Go through the few suspects in order, one by one."""
    by_name: dict[int, list[tuple[int, int | None, int]]] = {}
    by_code: dict[int, int] = {}
    repeated: dict[int, int] = {}
    for name, code, region, _, row in earlier.iter_rows():
        by_name.setdefault(name, []).append((region, code, row))
        if code is not None:
            by_code.setdefault(code, row)
    for name, code, region, numbered, row in suspects.iter_rows():
        first = by_code.get(code) if code is not None else None
        if first is None and not numbered:
            first = _same_name(by_name.get(name, []), region, code)
        if first is not None:
            repeated[row] = first
            continue
        by_name.setdefault(name, []).append((region, code, row))
        if code is not None:
            by_code[code] = row
    return repeated


def _same_name(rows: list[tuple[int, int | None, int]], region: int, code: int | None) -> int | None:
    for other_region, other_code, row in rows:
        if region and other_region and region != other_region:
            continue
        if code is None or other_code is None:
            return row
    return None
