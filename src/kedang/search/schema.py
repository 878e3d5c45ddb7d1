"""The token index in the database, as steps for the migration of the room that owns the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations import RunPython

from kedang.search.target import Target


def create_sql(vendor: str, target: Target) -> Sequence[str]:
    """The statements that make the empty index.

    SQLite: a contentless FTS5 table without positions; its `ascii` tokenizer splits at spaces and keeps
    every character beyond ASCII, so our tokens survive whole whatever script they are in. PostgreSQL: an
    array column with a GIN index; the C collation makes comparing tokens cheap and equal everywhere.
    """
    if vendor == "postgresql":
        return (
            f'ALTER TABLE "{target.table}" ADD COLUMN "{target.tokens_column}" text[] COLLATE "C" NOT NULL '
            "DEFAULT '{}'",
            f'CREATE INDEX "{gin_index(target)}" ON "{target.table}" USING gin ("{target.tokens_column}") '
            "WITH (fastupdate = on)",
        )
    return (
        f'CREATE VIRTUAL TABLE "{target.fts}" USING fts5'
        f"({target.tokens_column}, content='', columnsize=0, detail=none, tokenize='ascii')",
    )


def drop_sql(vendor: str, target: Target) -> Sequence[str]:
    """The statements that undo `create_sql`."""
    if vendor == "postgresql":
        return (f'ALTER TABLE "{target.table}" DROP COLUMN "{target.tokens_column}"',)
    return (f'DROP TABLE "{target.fts}"',)


def gin_index(target: Target) -> str:
    """The name of the index on PostgreSQL."""
    return f"{target.table}_{target.tokens_column}_gin"


def operations(target: Target, model_name: str) -> list[RunPython]:
    """Migration steps, to stand after the table's `CreateModel`; `model_name` tells the router the database."""

    def forwards(apps: Any, editor: Any) -> None:
        for statement in create_sql(editor.connection.vendor, target):
            editor.execute(statement)

    def backwards(apps: Any, editor: Any) -> None:
        for statement in drop_sql(editor.connection.vendor, target):
            editor.execute(statement)

    return [RunPython(forwards, backwards, hints={"model_name": model_name})]
