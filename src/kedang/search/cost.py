"""How much there is, before anything is read: the figures that choose a plan."""

from __future__ import annotations

import time
from math import isqrt, prod
from typing import Any

from kedang.search.expressions import match_words
from kedang.search.target import Target

STATISTICS_AGE_S = 300.0
_frequencies: dict[tuple[str, str, str], tuple[float, dict[str, float]]] = {}


def size(connection: Any, target: Target) -> int:
    """The rows of the table, from above and at once: the highest id."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT max(id) FROM "{target.table}"')  # noqa: S608 - names are ours
        return int(cursor.fetchone()[0] or 0)


def threshold(rows: int, *, filtered: bool, least: int) -> int:
    """Matches from which walking the order finds a page sooner than sorting the matches.

    Without filters a page of 50 is full after 50 N / m rows of the walk, against m rows to sort: equal at
    sqrt(50 N). Filters thin out the walk only; an index of the order that also holds the columns of the
    usual filters pays most of that back, and at twice as many matches both cost about the same.
    """
    return max(least, isqrt(50 * rows) * (2 if filtered else 1))


def has_fewer(connection: Any, target: Target, tokens: tuple[str, ...], limit: int, rows: int) -> bool:
    """Whether fewer than `limit` rows have all the tokens; looks at no more of them than that."""
    if connection.vendor != "postgresql":
        return _count_matches(connection, target, tokens, limit) < limit
    known = _common(connection, target)
    # The bitmap of a common token costs more to build than the answer is worth: trust the statistics. Tokens
    # of one word come together more often than their shares multiplied say, so this errs towards probing.
    if prod(known.get(token, 0.0) for token in tokens) * rows >= 2 * limit:
        return False
    return _count_arrays(connection, target, tokens, limit) < limit


def _count_matches(connection: Any, target: Target, tokens: tuple[str, ...], limit: int) -> int:
    statement = (
        f'SELECT count(*) FROM (SELECT 1 FROM "{target.fts}" '  # noqa: S608 - names are ours
        f'WHERE "{target.fts}" MATCH %s LIMIT %s)'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [match_words(tokens), limit])
        return int(cursor.fetchone()[0])


def _count_arrays(connection: Any, target: Target, tokens: tuple[str, ...], limit: int) -> int:
    statement = (
        f'SELECT count(*) FROM (SELECT 1 FROM "{target.table}" '  # noqa: S608 - names are ours
        f'WHERE "{target.tokens_column}" @> %s::text[] LIMIT %s) AS few'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(tokens), limit])
        return int(cursor.fetchone()[0])


def _common(connection: Any, target: Target) -> dict[str, float]:
    """The share of rows that has each common token, as the server's own statistics tell."""
    key = (str(connection.settings_dict["HOST"]), str(connection.settings_dict["NAME"]), target.table)
    read_at, known = _frequencies.get(key, (-STATISTICS_AGE_S, {}))
    if time.monotonic() - read_at < STATISTICS_AGE_S:
        return known
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats "
            "WHERE schemaname = current_schema() AND tablename = %s AND attname = %s",
            [target.table, target.tokens_column],
        )
        row = cursor.fetchone()
    known = dict(zip(row[0], row[1], strict=False)) if row and row[0] else {}
    _frequencies[key] = (time.monotonic(), known)
    return known
