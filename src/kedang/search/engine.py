"""The ways to read one page of hits. Each gives the same page; they differ in what they look at.

*matches*: take all rows that have the tokens, check, filter, sort. *walk*: read the order's own index from
where the page starts, checking row by row, in windows of bounded size. *planner*: leave it to the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count, QuerySet, Window

from kedang.search.cursors import Order, Place
from kedang.search.expressions import Contains, HasTokens, RowBefore, Unindexed, fenced, steered
from kedang.search.query import Query
from kedang.search.target import Target

COUNTED = 1000
"""Totals are exact up to here."""
WINDOWS = (4096, 16384, 65536)
"""Rows of the order's index that the walk reads, one window after the other, before it gives up."""
COUNT_WINDOW = 16384


@dataclass(frozen=True, slots=True)
class Rows:
    """Hits in order as `(value, id)`, at most one more than asked for."""

    hits: Sequence[tuple[Any, int]]
    total: int | None = None


class Engine:
    """One search on one connection: the restricted rows, the query, the order and the page."""

    def __init__(
        self, connection: Any, target: Target, rows: QuerySet[Any], query: Query, order: Order, after: Place | None,
        limit: int,
    ) -> None:  # fmt: skip
        self.connection = connection
        self.target = target
        self.rows = rows.using(connection.alias).order_by()
        self.query = query
        self.order = order
        self.after = after
        self.limit = limit

    def checked(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Only rows whose search text holds every pattern."""
        for pattern in self.query.patterns:
            rows = rows.filter(Contains(self.target.text_column, pattern))
        return rows

    def hits(self) -> QuerySet[Any]:
        """All hits, by the token index and the check."""
        rows = self.rows.filter(HasTokens(self.target, self.query.tokens)) if self.query.tokens else self.rows
        return self.checked(rows)

    def _by_tokens(self) -> QuerySet[Any]:
        if self.connection.vendor == "sqlite":
            return steered(self.hits(), "NOT INDEXED")
        return fenced(self.checked(self.rows), self.target, self.query.tokens)

    def matches(self, *, steer: bool) -> Rows:
        """All rows with the tokens, checked and sorted; with `steer` no index but that of the tokens is used."""
        rows = self._beyond(self._by_tokens() if steer else self.hits(), self.after)
        direction = "-" if self.order.descending else ""
        page = rows.annotate(_by=Unindexed(self.order.field), _all=Window(Count("*")))
        page = page.order_by(f"{direction}_by", f"{direction}pk").values_list("_by", "pk", "_all")
        found = list(page[: self.limit + 1])
        return Rows([(value, pk) for value, pk, _ in found], found[0][2] if found else 0)

    def walk(self, start: Place | None, end: Place | None, wanted: int) -> list[tuple[Any, int]]:
        """The first `wanted` hits after `start` and up to `end`, along the order's index."""
        page = self._window(start, end).order_by(*self._order_by())
        return list(page.values_list(self.order.field, "pk")[:wanted])

    def boundary(self, start: Place | None, rows: int) -> Place | None:
        """The row that lies `rows` further in the order, hit or not; None beyond the last."""
        every = self.rows.model._default_manager.using(self.connection.alias).all()
        further = self._steered(self._beyond(every, start)).order_by(*self._order_by())
        place = list(further.values_list(self.order.field, "pk")[rows : rows + 1])
        return Place(*place[0]) if place else None

    def count_in_window(self) -> tuple[int, bool]:
        """Hits among the first rows of the order, up to the cap, and whether those were all rows."""
        end = self.boundary(None, COUNT_WINDOW)
        # In order, or PostgreSQL may hope to find that many sooner by reading the table from its start.
        counted = self._window(None, end).order_by(*self._order_by()).values("pk")[: COUNTED + 1].count()
        return counted, end is None

    def _window(self, start: Place | None, end: Place | None) -> QuerySet[Any]:
        rows = self._beyond(self.checked(self.rows), start)
        if end is not None:
            rows = rows.filter(RowBefore(self.order.field, _opposite(self.order.sign) + "=", end.value, end.pk))
        return self._steered(rows)

    def _beyond(self, rows: QuerySet[Any], start: Place | None) -> QuerySet[Any]:
        if start is None:
            return rows
        return rows.filter(RowBefore(self.order.field, self.order.sign, start.value, start.pk))

    def _order_by(self) -> tuple[str, str]:
        direction = "-" if self.order.descending else ""
        return f"{direction}{self.order.field}", f"{direction}pk"

    def _steered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.connection.vendor != "sqlite" or self.order.field in ("id", "pk"):
            return rows
        return steered(rows, f'INDEXED BY "{_order_index(self.connection, self.target.table, self.order.field)}"')


def _opposite(sign: str) -> str:
    return ">" if sign == "<" else "<"


_order_indexes: dict[tuple[str, str], str] = {}


def _order_index(connection: Any, table: str, field: str) -> str:
    """The index that sorts the table by a field; a walk without one would read everything."""
    if (table, field) not in _order_indexes:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l.name, count(*) FROM pragma_index_list(%s) AS l, pragma_index_info(l.name) AS i "
                "WHERE NOT l.partial GROUP BY l.name HAVING max(i.seqno = 0 AND i.name = %s) "
                "AND max(i.seqno = 1 AND i.name <> 'id') = 0 ORDER BY 2 DESC",
                [table, field],
            )
            names = cursor.fetchall()
        if not names:
            raise ImproperlyConfigured(f"{table} has no index on ({field}, id), so it cannot be listed in that order")
        _order_indexes[table, field] = names[0][0]
    return _order_indexes[table, field]
