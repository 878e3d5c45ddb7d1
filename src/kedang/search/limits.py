"""A time limit on reading statements, on either database, inside or outside a transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, transaction

STEPS_BETWEEN_LOOKS = 20_000


class OutOfTime(Exception):
    """The statement was stopped at its time limit; nothing else happened."""


@contextmanager
def limited(connection: Any, ms: int) -> Iterator[None]:
    """Stop statements of the block that run longer than `ms` milliseconds, by raising `OutOfTime`."""
    limit = _postgresql if connection.vendor == "postgresql" else _sqlite
    with limit(connection, ms):
        yield


@contextmanager
def _sqlite(connection: Any, ms: int) -> Iterator[None]:
    connection.ensure_connection()
    end = time.monotonic() + ms / 1000
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, STEPS_BETWEEN_LOOKS)
    try:
        yield
    except OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise OutOfTime from error
    finally:
        connection.connection.set_progress_handler(None, 0)


@contextmanager
def _postgresql(connection: Any, ms: int) -> Iterator[None]:
    try:
        with transaction.atomic(using=connection.alias):
            before = _swap_timeout(connection, f"{ms}ms")
            yield
            _swap_timeout(connection, before)  # an outer transaction goes on with its own limit
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":  # query_canceled
            raise
        raise OutOfTime from error


def _swap_timeout(connection: Any, value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        before = str(cursor.fetchone()[0])
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])
        return before
