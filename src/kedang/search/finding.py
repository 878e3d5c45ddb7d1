"""Finding: the plan is chosen by what a capped probe of the index says, never by hope.

Few matches: take them all and sort. Many: walk the order's index, where hits are dense, in windows of
bounded size. Where a filter is so narrow or so at odds with the term that the walk stays empty, the
database's own planner gets a short chance, then a longer walk, then its chance up to the time limit;
only then an answer may be incomplete, and says so.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from kedang.search import cost
from kedang.search.cursors import Order, Place
from kedang.search.engine import COUNTED, WINDOWS, Engine, Rows
from kedang.search.limits import OutOfTime, limited
from kedang.search.query import parse
from kedang.search.target import Found, Target

FIRST_CHANCE_MS = 25
TIME_LIMIT_MS = 3000


def find(
    target: Target, queryset: QuerySet[Any], text: str, *, limit: int = 50, after: str | None = None,
    order: str = "-updated_us",
) -> Found:  # fmt: skip
    """The ids of one page of hits among the rows of `queryset`, which must already be restricted.

    `queryset` is unsliced and of the target's own model; its ordering is ignored. `text` is what a person
    typed (see `parse`); a blank one lists everything. `order` names an indexed field, `after` the cursor of
    the page before. Raises `Refused("invalid")` for a cursor that is not of this order.
    """
    began = time.perf_counter()
    query, by = parse(text), Order.of(order)
    connection = connections[queryset.db]
    place = Place.of(after, by) if after else None
    if queryset.query.is_empty() or not (query.patterns or query.blank):
        return Found([], None, 0, True, "nothing", _since(began))
    engine = Engine(connection, target, queryset, query, by, place, limit)
    found = _few(engine) if _is_rare(engine) else _many(engine)
    return replace(found, ms=_since(began))


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)


def _is_rare(engine: Engine) -> bool:
    if engine.query.blank:
        return False
    rows = cost.size(engine.connection, engine.target)
    limit = cost.threshold(rows, filtered=_filtered(engine), least=COUNTED + 1)
    return cost.has_fewer(engine.connection, engine.target, engine.query.tokens, limit, rows)


def _filtered(engine: Engine) -> bool:
    return bool(engine.rows.query.where)


def _few(engine: Engine) -> Found:
    rows = engine.matches(steer=True)
    return _found(engine, rows, "matches", _count_all(engine, rows))


def _count_all(engine: Engine, rows: Rows) -> tuple[int, bool]:
    total = rows.total or 0
    if engine.after is not None:
        total = engine.hits().values("pk")[: COUNTED + 1].count()
    return min(total, COUNTED), total <= COUNTED


def _many(engine: Engine) -> Found:
    """Walk, with the planner's chances in between."""
    hits: list[tuple[Any, int]] = []
    start = engine.after
    for number, window in enumerate(WINDOWS):
        end = engine.boundary(start, window)
        hits += engine.walk(start, end, engine.limit + 1 - len(hits))
        if len(hits) > engine.limit or end is None:
            return _found(engine, Rows(hits), "walk", _count_some(engine, len(hits), end))
        start = end
        if number == 0 and _filtered(engine) and (found := _planned(engine, FIRST_CHANCE_MS)):
            return found
    return _planned(engine, TIME_LIMIT_MS) or _found(engine, Rows(hits), "partial", (len(hits), False))


def _planned(engine: Engine, ms: int) -> Found | None:
    try:
        with limited(engine.connection, ms):
            rows = engine.matches(steer=False)
            return _found(engine, rows, "planner", _count_all(engine, rows))
    except OutOfTime:
        return None


def _count_some(engine: Engine, seen: int, end: Place | None) -> tuple[int, bool]:
    """What is surely reached: the probe's cap where tokens decide alone, else hits in a bounded window."""
    if end is None and engine.after is None and seen <= engine.limit:
        return seen, True  # the walk has met every row
    if engine.query.exact and not _filtered(engine):
        return COUNTED, False
    counted, all_rows = engine.count_in_window()
    if counted > COUNTED:
        return COUNTED, False
    return max(counted, seen), all_rows


def _found(engine: Engine, rows: Rows, plan: str, total: tuple[int, bool]) -> Found:
    page = rows.hits[: engine.limit]
    more = len(rows.hits) > engine.limit
    following = Place(*page[-1]).word(engine.order) if more and page else None
    return Found([pk for _, pk in page], following, total[0], total[1], plan, 0.0)
