"""One hash over all current values, in the order of ids: two sites with the same digest hold the same records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet

from kedang.customers import sealing
from kedang.customers.models import Contact, Dossier
from kedang.kernel.packing import frame
from kedang.vault import subjects

AT_ONCE = 2000
DOSSIER = (
    "id", "code", "kind", "name", "short_name", "english_name", "credit_code", "region", "address", "postcode",
    "industry", "org_type", "registered_on", "capital_fen", "capital_currency", "scale", "grade", "business_scope",
    "website", "source", "learned_on", "note", "level", "state", "filed_us", "unit_id", "owner_id",
)  # fmt: skip
SEALED = ("name_ct", "phones_ct", "email_ct")
ERASED = 0
"""Stands for a value whose key is destroyed; a number, so that no text is ever the same."""


def state_digest() -> str:
    """SHA-256 in hex over every value of every dossier and contact, personal ones decrypted.

    Versions, instants of change, kept warnings and what is derived for search are left out: an import that
    was taken back leaves the digest it found. Memory does not grow with the number of customers.
    """
    digest = hashlib.sha256()
    for page in _pages(Dossier.objects.order_by("pk")):
        for part in _dossiers(page):
            digest.update(part)
    for page in _pages(Contact.objects.order_by("pk")):
        for part in _contacts(page):
            digest.update(part)
    return digest.hexdigest()


def _pages(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    after = -1
    while page := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        yield page
        after = page[-1].pk


def _dossiers(page: list[Dossier]) -> Iterator[bytes]:
    refs = {row.pk: sealing.person_ref(row.pk) for row in page if row.identity_ct}
    keys = subjects.get(list(refs.values()))
    for row in page:
        identity = _clear(row, sealing.DOSSIER_TABLE, "identity_ct", keys.get(refs.get(row.pk, "")))
        yield frame("dossier", *(_plain(getattr(row, name)) for name in DOSSIER), identity)


def _contacts(page: list[Contact]) -> Iterator[bytes]:
    """A contact without any value is as good as none: undoing an import empties it."""
    keys = subjects.get([sealing.contact_ref(row.pk) for row in page])
    for row in page:
        if row.post or any(getattr(row, name) for name in SEALED):
            key = keys[sealing.contact_ref(row.pk)]
            clear = (_clear(row, sealing.CONTACT_TABLE, name, key) for name in SEALED)
            yield frame("contact", row.dossier_id, int(row.is_main), row.post, *clear)


def _clear(row: Model, table: str, column: str, key: bytes | None) -> str | int:
    text = sealing.open_value(key, table, int(row.pk), column, getattr(row, column))
    return ERASED if text is None else str(text)


def _plain(value: Any) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value
