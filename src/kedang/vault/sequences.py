"""Ids made by the application, so that a bulk deed knows them before it writes."""

from __future__ import annotations

from django.db import connections, router

from kedang.vault.models import Sequence

_TAKE = (
    'INSERT INTO "vault_sequence" ("name", "next") VALUES (%s, %s) '
    'ON CONFLICT ("name") DO UPDATE SET "next" = "vault_sequence"."next" + %s RETURNING "next"'
)
_LIFT = (
    'INSERT INTO "vault_sequence" ("name", "next") VALUES (%s, %s) '
    'ON CONFLICT ("name") DO UPDATE SET "next" = excluded."next" WHERE "vault_sequence"."next" < excluded."next"'
)


def reserve(name: str, n: int = 1) -> int:
    """Take `n` numbers of a counter and return the first; counting starts at 1.

    The numbers are taken at once, in a transaction of their own (the counter lives in the database of
    the keys), so no other writer waits for the caller's transaction and a rolled back deed leaves a
    gap rather than a number that is given out twice. `ValueError` when `n` is below 1.
    """
    if n < 1:
        raise ValueError("at least one number must be taken")
    with connections[router.db_for_write(Sequence)].cursor() as cursor:
        cursor.execute(_TAKE, [name, n + 1, n])
        return int(cursor.fetchone()[0]) - n


def at_least(name: str, following: int) -> None:
    """Make sure the next number is `following` or higher, as after restoring rows from a backup."""
    with connections[router.db_for_write(Sequence)].cursor() as cursor:
        cursor.execute(_LIFT, [name, following])
