"""One random key per data subject. Destroying it erases that person from values, versions and old copies at once.

Keys are committed before the rows that use them; a key without rows is harmless and swept later.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence

from django.db import IntegrityError, connections, router, transaction

from kedang.kernel.errors import KedangError
from kedang.kernel.sql import write_rows
from kedang.vault import cipher
from kedang.vault.keyring import wrapping_key
from kedang.vault.models import SubjectKey

_COLUMNS = ("subject_ref", "wrapped_key", "key_id")
_TABLE = "vault_subjectkey"
_REWRAP = (
    'UPDATE "vault_subjectkey" SET "wrapped_key" = %s, "key_id" = %s WHERE "subject_ref" = %s AND "wrapped_key" = %s'
)
_AT_ONCE = 5000
_CHECKPOINT_TRIES = 50


class ResidueLeft(KedangError):
    """A key is destroyed, but readers kept SQLite from clearing the write-ahead log; run the erasure again."""

    code = "residue_left"


def create(refs: Sequence[str]) -> list[bytes]:
    """The 32-byte keys of these subjects, made where there is none, in the order of `refs`.

    New keys are committed when this returns, whatever the caller's transaction does. Must not be
    called inside a transaction on the database of the keys (`RuntimeError`).
    """
    keys: dict[str, bytes] = {}
    for part in _parts(list(dict.fromkeys(refs))):
        fresh = {ref: secrets.token_bytes(32) for ref in part}
        keys.update(fresh if _insert(fresh) == len(part) else _all_of(part))
    return [keys[ref] for ref in refs]


def get(refs: Sequence[str]) -> dict[str, bytes | None]:
    """The key of each subject, None where it was destroyed (or never made)."""
    found: dict[str, bytes | None] = dict.fromkeys(refs)
    rings: dict[int, bytes] = {}
    for part in _parts(list(found)):
        rows = SubjectKey.objects.filter(subject_ref__in=part).values_list("subject_ref", "wrapped_key", "key_id")
        for ref, wrapped, key_id in rows:
            if key_id not in rings:
                rings[key_id] = wrapping_key(key_id)[1]
            found[ref] = cipher.open_sealed(rings[key_id], wrapped, _place(ref))
    return found


def destroy(ref: str) -> bool:
    """Destroy one subject's key for good; False when there was none."""
    return destroy_many([ref]) == 1


def destroy_many(refs: Sequence[str]) -> int:
    """Destroy keys for good and return how many there were.

    On SQLite the freed bytes are overwritten and the write-ahead log is cut, else ResidueLeft is
    raised. On PostgreSQL the dead row stays in the file until vacuum; it is only the key as wrapped
    by the ring `subjects`, so `rewrap` and retiring the old ring key finish it off there.
    """
    alias = router.db_for_write(SubjectKey)
    gone = 0
    with transaction.atomic(using=alias, durable=True):
        for part in _parts(list(dict.fromkeys(refs))):
            gone += SubjectKey.objects.using(alias).filter(subject_ref__in=part).delete()[0]
    if connections[alias].vendor == "sqlite":
        _cut_log(alias)
    return gone


def rewrap() -> int:
    """Wrap every key that an older ring key wraps under the current one; return how many."""
    number, key = wrapping_key()
    alias, done = router.db_for_write(SubjectKey), 0
    while old := _wrapped_by_others(number):
        fresh = [(cipher.seal(key, _unwrap(*row), _place(row[0]), number), number, row[0], row[1]) for row in old]
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.executemany(_REWRAP, fresh)
        done += len(old)
    return done


def refs(after: str = "") -> Iterator[str]:
    """All subjects that have a key, in order, for the sweep of keys without rows."""
    while page := list(
        SubjectKey.objects.filter(subject_ref__gt=after)
        .order_by("subject_ref")
        .values_list("subject_ref", flat=True)[:_AT_ONCE]
    ):
        yield from page
        after = page[-1]


def _parts(refs: list[str]) -> Iterator[list[str]]:
    return (refs[at : at + _AT_ONCE] for at in range(0, len(refs), _AT_ONCE))


def _place(ref: str) -> bytes:
    return cipher.aad(_TABLE, ref, "wrapped_key")


def _wrapped_by_others(number: int) -> list[tuple[str, bytes, int]]:
    rows = SubjectKey.objects.exclude(key_id=number).order_by("subject_ref")
    return list(rows.values_list("subject_ref", "wrapped_key", "key_id")[:_AT_ONCE])


def _unwrap(ref: str, wrapped: bytes, key_id: int) -> bytes:
    return cipher.open_sealed(wrapping_key(key_id)[1], wrapped, _place(ref))


def _rows(fresh: dict[str, bytes]) -> list[tuple[str, bytes, int]]:
    number, key = wrapping_key()
    wrapped = cipher.seal_many([key] * len(fresh), list(fresh.values()), [_place(ref) for ref in fresh], number)
    return [(ref, ct, number) for ref, ct in zip(fresh, wrapped, strict=True)]


def _insert(fresh: dict[str, bytes]) -> int:
    """Write new keys by the fast road; 0 when any of the subjects has a key already."""
    alias = router.db_for_write(SubjectKey)
    rows = _rows(fresh)
    try:
        with transaction.atomic(using=alias, durable=True), connections[alias].cursor() as cursor:
            write_rows(cursor, connections[alias].vendor, _TABLE, _COLUMNS, rows)
    except IntegrityError:
        return 0
    return len(fresh)


def _all_of(part: list[str]) -> dict[str, bytes]:
    """Keys of subjects of which some exist: add the missing ones, then read all back."""
    alias = router.db_for_write(SubjectKey)
    held = get(part)
    fresh = {ref: secrets.token_bytes(32) for ref in part if held[ref] is None}
    with transaction.atomic(using=alias, durable=True), connections[alias].cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{_TABLE}" ("subject_ref", "wrapped_key", "key_id") '  # noqa: S608 - names are ours
            'VALUES (%s, %s, %s) ON CONFLICT ("subject_ref") DO NOTHING',
            _rows(fresh),
        )
    return {ref: key for ref, key in get(part).items() if key is not None}


def _cut_log(alias: str) -> None:
    """Move the write-ahead log into the file and cut it to nothing; a reader may need a moment to finish."""
    with connections[alias].cursor() as cursor:
        for _ in range(_CHECKPOINT_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.1)
    raise ResidueLeft("a reader holds the key database open; the freed key is not overwritten yet")
