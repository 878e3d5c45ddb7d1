"""What the engines say differently, as expressions of Django's query compiler."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.sql.datastructures import BaseTable

from kedang.search.target import Target


class Contains(Func):
    """Byte for byte: the column contains the pattern. Never LIKE, which is blind to case on SQLite."""

    output_field = BooleanField()
    template = "%(function)s(%(expressions)s) > 0"

    def __init__(self, column: str, pattern: str) -> None:
        super().__init__(F(column), Value(pattern))

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="INSTR", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRPOS", **extra)


class HasTokens(Func):
    """The row has all the tokens, by the token index."""

    output_field = BooleanField()

    def __init__(self, target: Target, tokens: tuple[str, ...]) -> None:
        super().__init__(F("pk"))
        self.target = target
        self.tokens = tokens

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        fts = connection.ops.quote_name(self.target.fts)
        return f"{sql} IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)", (*params, match_words(self.tokens))  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        quote = connection.ops.quote_name
        pk: Any = self.source_expressions[0]
        column = f"{quote(pk.alias)}.{quote(self.target.tokens_column)}"
        return f"{column} @> %s::text[]", (list(self.tokens),)


class RowBefore(Func):
    """`(order, id)` lies before or after a given pair; a row comparison, which an index can follow."""

    output_field = BooleanField()

    def __init__(self, field: str, sign: str, value: Any, pk: int) -> None:
        super().__init__(F(field), F("pk"), Value(value), Value(pk))
        self.sign = sign

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        column, pk, value, number = (sql for sql, _ in parts)
        params = tuple(param for _, given in parts for param in given)
        return f"({column}, {pk}) {self.sign} ({value}, {number})", params

    as_postgresql = as_sqlite


class Unindexed(Func):
    """The same value, but no index can deliver its order."""

    template = "COALESCE(%(expressions)s)"

    def __init__(self, field: str) -> None:
        super().__init__(F(field), F(field))


class _SteeredTable(BaseTable):
    """The table of a query with SQLite's word on which index to use after it."""

    def __init__(self, table: str, alias: str, word: str) -> None:
        super().__init__(table, alias)
        self.word = word

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().as_sql(compiler, connection)
        return f"{sql} {self.word}", params


class _FencedTable(BaseTable):
    """The table of a query cut down to the rows with all the tokens, before anything else (PostgreSQL).

    `OFFSET 0` keeps the planner from mixing other indexes in: for a rare term and a broad filter it would
    build a bitmap of the whole filter.
    """

    def __init__(self, table: str, alias: str, target: Target, tokens: tuple[str, ...]) -> None:
        super().__init__(table, alias)
        self.target = target
        self.tokens = tokens

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        quote = connection.ops.quote_name
        rows = f"SELECT * FROM {quote(self.table_name)} WHERE {quote(self.target.tokens_column)} @> %s::text[]"  # noqa: S608
        return f"({rows} OFFSET 0) {quote(self.table_alias)}", [list(self.tokens)]


def steered(queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
    """The queryset with `NOT INDEXED` or `INDEXED BY …` after its table (SQLite)."""
    copy, table, alias = _opened(queryset)
    copy.query.alias_map[alias] = _SteeredTable(table, alias, word)
    return copy


def fenced(queryset: QuerySet[Any], target: Target, tokens: tuple[str, ...]) -> QuerySet[Any]:
    """The queryset over nothing but the rows that have all the tokens (PostgreSQL)."""
    copy, table, alias = _opened(queryset)
    copy.query.alias_map[alias] = _FencedTable(table, alias, target, tokens)
    return copy


def _opened(queryset: QuerySet[Any]) -> tuple[QuerySet[Any], str, str]:
    copy = queryset.all()
    alias = copy.query.get_initial_alias()
    return copy, copy.query.alias_map[alias].table_name, alias


def match_words(tokens: tuple[str, ...]) -> str:
    """The tokens as FTS5's query language: all of them."""
    return " AND ".join(f'"{token}"' for token in tokens)
