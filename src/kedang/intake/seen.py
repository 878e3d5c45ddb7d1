"""Rows that repeat an earlier row of the same file, found by hashes in bounded memory (32 bytes a row)."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

_SCHEMA = {
    "name": pl.UInt64,
    "code": pl.UInt64,
    "number": pl.UInt64,
    "region": pl.UInt32,
    "row": pl.UInt32,
}
_KEYS = ("name", "code", "number")


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
        """Rows whose name, code or number occurs twice among these and the earlier ones."""
        earlier = self._earlier(keyed)
        twice = pl.any_horizontal(pl.col(key).is_duplicated() & pl.col(key).is_not_null() for key in _KEYS)
        return keyed.filter(twice | _alike(earlier))

    def _earlier(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Earlier rows that share a name, code or number with these."""
        found = [part.filter(_alike(rows)) for part in self._taken]
        return pl.concat(found) if found else pl.DataFrame(schema=_SCHEMA)


def _alike(rows: pl.DataFrame) -> pl.Expr:
    """Whether a row shares a key with any of these."""
    return pl.any_horizontal(
        pl.col(key).is_in(rows[key].drop_nulls().unique().implode()).fill_null(value=False) for key in _KEYS
    )


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    region = pl.col("region").cast(pl.UInt32, strict=False) if "region" in frame.columns else pl.lit(None, pl.UInt32)
    return frame.select(
        pl.concat_str("kind", "name_key", separator="\x1f").hash().alias("name"),
        _hash(frame, "credit_code").alias("code"),
        _hash(frame, "identity_number").alias("number"),
        region.fill_null(0).alias("region"),
        pl.col("row").cast(pl.UInt32),
    )


def _hash(frame: pl.DataFrame, key: str) -> pl.Expr:
    if key not in frame.columns:
        return pl.lit(None, pl.UInt64)
    return pl.when(pl.col(key).is_not_null()).then(pl.col(key).hash())


def _resolved(earlier: pl.DataFrame, suspects: pl.DataFrame) -> dict[int, int]:
    """Go through the few suspects in order, one by one."""
    known = _Known()
    for entry in earlier.iter_rows():
        known.add(*entry)
    repeated: dict[int, int] = {}
    for entry in suspects.iter_rows():
        first = known.twin(*entry)
        if first is None:
            known.add(*entry)
        else:
            repeated[entry[-1]] = first
    return repeated


class _Known:
    """Rows by their keys, with the number of the first row that had each."""

    def __init__(self) -> None:
        self._names: dict[int, list[tuple[int, bool, int]]] = {}
        self._codes: dict[int, int] = {}
        self._numbers: dict[int, int] = {}

    def add(self, name: int, code: int | None, number: int | None, region: int, row: int) -> None:
        """Take a row in."""
        self._names.setdefault(name, []).append((region, code is not None, row))
        if code is not None:
            self._codes.setdefault(code, row)
        if number is not None:
            self._numbers.setdefault(number, row)

    def twin(self, name: int, code: int | None, number: int | None, region: int, row: int) -> int | None:
        """The row that this one repeats."""
        if code is not None and code in self._codes:
            return self._codes[code]
        if number is not None:
            return self._numbers.get(number)
        for other_region, other_coded, other_row in self._names.get(name, ()):
            elsewhere = region and other_region and region != other_region
            if not elsewhere and not (code is not None and other_coded):
                return other_row
        return None
