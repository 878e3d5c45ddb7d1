"""Which stored dossier a row means: by credit code or identity number, else by name key and region.

The rules are those of `customers.twins`, for a whole chunk: a person with a number of their own is
told apart by it alone, and a name counts only among customers of one kind, where either has no code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kedang.customers import bulk
from kedang.customers.holders import holders_of
from kedang.customers.models import Dossier

Candidates = Sequence[tuple[int, str, str]]


def match(frame: pl.DataFrame) -> dict[int, int]:
    """Row number to dossier id, for the rows of a frame that have a dossier already, in whatever unit."""
    codes, numbers, regions = (_column(frame, key) for key in ("credit_code", "identity_number", "region"))
    names = _column(frame, "name_key")
    by_code, by_name = bulk.match(filter(None, codes), filter(None, names))
    by_number = holders_of([number for number in numbers if number])
    kinds = _kinds(by_name)
    found: dict[int, int] = {}
    rows = zip(frame["row"].to_list(), codes, numbers, names, regions, frame["kind"].to_list(), strict=True)
    for row, code, number, name, region, kind in rows:
        pk = by_code.get(code) or by_number.get(number)
        if pk is None and not number and name in by_name:
            pk = same_name([each for each in by_name[name] if kinds.get(each[0]) == kind], region, code)
        if pk is not None:
            found[row] = pk
    return found


def _kinds(by_name: Mapping[str, Candidates]) -> dict[int, str]:
    """The kind of each dossier found by name."""
    ids = sorted({pk for candidates in by_name.values() for pk, *_ in candidates})
    return dict(Dossier.objects.filter(pk__in=ids).values_list("pk", "kind")) if ids else {}


def same_name(candidates: Candidates, region: str, code: str) -> int | None:
    """The dossier of the same name: not where both have a code, not in another region; the same region first."""
    fitting = [
        (other_region != region, pk)
        for pk, other_region, other_code in candidates
        if not (code and other_code) and not (region and other_region and region != other_region)
    ]
    return min(fitting)[1] if fitting else None


def _column(frame: pl.DataFrame, key: str) -> list[str]:
    if key not in frame.columns:
        return [""] * len(frame)
    return frame[key].fill_null("").to_list()


def differing(new: Mapping[str, object], stored: Mapping[str, object]) -> list[str]:
    """Fields whose new value is not the stored one; empty new values never differ."""
    return [key for key, value in new.items() if value not in (None, "", []) and value != stored.get(key)]
