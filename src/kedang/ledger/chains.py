"""The two chains of the ledger: deeds with the records, looks in a database of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from kedang.ledger import rows
from kedang.ledger.models import Anchor, Block, Entry, Look, LookAnchor, LookBlock, LookSealed, Sealed

HEADS_PLACE = "anchors"


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: its tables, the hashed columns of its records, and where it lives."""

    name: str
    alias: str
    table: str
    columns: tuple[str, ...]
    blocks: str
    sealed: str
    anchors: str
    heads_file: str

    @property
    def connection(self) -> BaseDatabaseWrapper:
        """This thread's connection to the chain's database."""
        return connections[self.alias]

    @property
    def selected(self) -> str:
        """The hashed columns as a select list of alias `e`."""
        return ", ".join(f"e.{name}" for name in self.columns)


DEEDS = Chain(
    "deeds", DEFAULT_DB_ALIAS, Entry._meta.db_table, rows.ENTRY, Block._meta.db_table,
    Sealed._meta.db_table, Anchor._meta.db_table, "heads.jsonl",
)  # fmt: skip
LOOKS = Chain(
    "looks", "looks", Look._meta.db_table, rows.LOOK, LookBlock._meta.db_table,
    LookSealed._meta.db_table, LookAnchor._meta.db_table, "heads-looks.jsonl",
)  # fmt: skip
CHAINS = (DEEDS, LOOKS)

_NEXT = {
    "sqlite": "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0) + 1, 0",
    "postgresql": "SELECT nextval(pg_get_serial_sequence(%s, 'id')), pg_current_xact_id()::text::bigint",
}


def next_place(cursor: Any, chain: Chain) -> tuple[int, int]:
    """Id and transaction of the record about to be written, known beforehand so that its leaf can hold both.

    The caller is in a transaction: on SQLite it holds the write lock, so the id stays free.
    """
    cursor.execute(_NEXT[chain.connection.vendor], [chain.table])
    number, xid = cursor.fetchone()
    return int(number), int(xid)
