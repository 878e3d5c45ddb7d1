"""Reading a whole chain as it stood at one moment, row by row, without holding up any writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from django.db import connections

from kedang.ledger.chains import Chain

_AT_ONCE = 5000


@dataclass(slots=True)
class Snapshot:
    """One read-only view of a database; several streams may be open at once."""

    vendor: str
    _raw: Any
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def stream(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement without parameters, fetched in portions."""
        if self.vendor == "sqlite":
            cursor = self._raw.cursor()
            cursor.arraysize = _AT_ONCE
            cursor.execute(statement)
            return iter(cursor)
        return self._portions(statement)

    def _portions(self, statement: str) -> Iterator[tuple[Any, ...]]:
        with self._raw.cursor(name=f"ledger_{next(self._numbers)}", binary=True) as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(statement)
            yield from cursor


@contextmanager
def snapshot(chain: Chain) -> Iterator[Snapshot]:
    """A view of a chain's database on a connection of its own: no lock a writer would wait for."""
    own = connections.create_connection(chain.alias)
    try:
        own.ensure_connection()
        raw = own.connection
        if own.vendor == "sqlite":
            # Text that somebody broke with the database's own shell shall be reported, not raise here.
            raw.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
            raw.execute("BEGIN")
        else:
            raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Snapshot(own.vendor, raw)
        raw.execute("ROLLBACK")
    finally:
        own.close()
