"""Writing the token index, always inside the caller's transaction.

A bulk load makes its tokens by the column. On PostgreSQL it copies `array_column(search_text)` into the
`tokens` column together with the row itself and does not come here; on SQLite it calls `put_words` with
`words_column(search_text)` in the transaction of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from kedang.search.target import Target
from kedang.search.tokens import array, words

BATCH = 5000


def put(connection: Any, target: Target, rows: Iterable[tuple[int, str]]) -> None:
    """Index new rows `(id, search_text)`, whose ids the index does not hold yet."""
    if connection.vendor == "postgresql":
        _set_arrays(connection, target, rows)
        return
    put_words(connection, target, ((pk, words(text)) for pk, text in rows))


def put_words(connection: Any, target: Target, rows: Iterable[tuple[int, str]]) -> None:
    """On SQLite: index new rows `(id, words)` whose tokens were made by the column."""
    insert = f'INSERT INTO "{target.fts}"(rowid, "{target.tokens_column}") VALUES (?, ?)'  # noqa: S608 - names are ours
    _sqlite(connection, insert, rows)


def remove(connection: Any, target: Target, rows: Iterable[tuple[int, str]]) -> None:
    """Forget rows `(id, search_text as it is indexed)`; a wrong text would leave false tokens behind."""
    if connection.vendor == "postgresql":
        _set_arrays(connection, target, ((pk, "") for pk, _ in rows))
        return
    delete = (
        f'INSERT INTO "{target.fts}"("{target.fts}", rowid, "{target.tokens_column}") '  # noqa: S608 - names are ours
        "VALUES ('delete', ?, ?)"
    )
    _sqlite(connection, delete, ((pk, words(text)) for pk, text in rows))


def replace(connection: Any, target: Target, pk: int, old_text: str, new_text: str) -> None:
    """Index a row anew after its search text changed from `old_text` to `new_text`."""
    if old_text == new_text:
        return
    if connection.vendor != "postgresql":
        remove(connection, target, [(pk, old_text)])
    put(connection, target, [(pk, new_text)])


def rebuild(connection: Any, target: Target) -> int:
    """Make the whole index anew from the stored search texts; returns the number of rows.

    Needed when the tokeniser changed. One transaction of the caller; searches on PostgreSQL go on meanwhile.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{target.fts}"("{target.fts}") VALUES (\'delete-all\')')  # noqa: S608
    last = done = 0
    while rows := _texts_after(connection, target, last):
        put(connection, target, rows)
        last, done = rows[-1][0], done + len(rows)
    return done


def settle(connection: Any, target: Target) -> None:
    """After a bulk load, outside any transaction: fold pending entries into the index, renew what planning knows.

    Without statistics SQLite takes any index for a good one, and PostgreSQL reads a long list of pending
    tokens at every search. On PostgreSQL the role must own the table; otherwise autovacuum does it by and by.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(f'INSERT INTO "{target.fts}"("{target.fts}", rank) VALUES (\'merge\', 2000)')  # noqa: S608
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute(f'ANALYZE "{target.table}"')
            return
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass",
            [f'"{target.table}"'],
        )
        if cursor.fetchone() == (True,):
            cursor.execute(f'VACUUM (ANALYZE) "{target.table}"')


def _sqlite(connection: Any, statement: str, rows: Iterable[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        raw = cursor.connection.cursor()  # the driver's own: Django's would rewrite marks row by row
        raw.executemany(statement, rows)


def _set_arrays(connection: Any, target: Target, rows: Iterable[tuple[int, str]]) -> None:
    statement = (
        f'UPDATE "{target.table}" AS t SET "{target.tokens_column}" = new.tokens::text[] '  # noqa: S608 - names are ours
        "FROM unnest(%s::bigint[], %s::text[]) AS new(id, tokens) WHERE t.id = new.id"
    )
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, BATCH)):
            cursor.execute(statement, [[pk for pk, _ in batch], [array(text) for _, text in batch]])


def _texts_after(connection: Any, target: Target, last: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id, "{target.text_column}" FROM "{target.table}" WHERE id > %s ORDER BY id LIMIT {BATCH}',  # noqa: S608
            [last],
        )
        return list(cursor.fetchall())
