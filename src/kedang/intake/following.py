"""What a chunk consisted of, as the regulation sees it: deeds that are alike together, for what follows from them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kedang.customers import dictionary
from kedang.customers.ops import tested as tested_fields
from kedang.intake import items
from kedang.intake.judging import Judge
from kedang.intake.planning import OPEN, Plan, tested
from kedang.kernel.deeds import Part


def parts(plan: Plan, codes: Sequence[str], judge: Judge, owner: str) -> list[Part]:
    """The deeds of a chunk that were done; `codes` are those of the dossiers it opened, in the order of its rows."""
    return [*_opened(plan.opening, codes, judge, owner), *(change.part for change in plan.changes)]


def refused(plan: Plan) -> list[tuple[str, str]]:
    """Operation and articles of what was refused, each once."""
    return sorted({(op, articles) for _, op, articles in plan.refused})


def _opened(opening: pl.DataFrame, codes: Sequence[str], judge: Judge, owner: str) -> list[Part]:
    """New dossiers by what limits run from: the dates, the answers of the form, the fields a limit asks for."""
    if not codes:
        return []
    starts = [said.starts for said in judge.pack.clocks.values() if said.starts.operation == OPEN]
    dates = sorted({start.from_field for start in starts if start.from_field} & set(opening.columns))
    answered = list(items.of(judge.pack, OPEN, opening.columns)) if starts else []
    asked = sorted(frozenset[str]().union(*(start.fields for start in starts)) & set(opening.columns))
    named = opening.select(
        *dates, *answered, *(pl.col(key).is_not_null().alias(f"?{key}") for key in asked),
        subject=pl.Series([f"dossier:{code}" for code in codes]),
    )  # fmt: skip
    by = [name for name in named.columns if name != "subject"]
    tests = tested_fields(judge.pack)
    every = frozenset(opening.columns) & dictionary.fields(judge.pack).keys()
    if not by:
        return [Part(OPEN, named["subject"].to_list(), judge.unit, owner, every, opened=True)]
    made = []
    for keys, rows in named.group_by(by, maintain_order=True):
        found = dict(zip(by, keys, strict=True))
        filled = judge.filled(OPEN, {key: str(found[key]) for key in answered if found[key]})
        told = {key: value for key in dates if (value := tested(tests, key, found[key])) is not None}
        fields = every - {key for key in asked if not found[f"?{key}"]}
        made.append(
            Part(OPEN, rows["subject"].to_list(), judge.unit, owner, fields, filled.stored, told, opened=True)
        )  # fmt: skip
    return made
