"""One hash over all current values, in the order of ids: two sites with the same digest hold the same records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from kedang.customers import sealing
from kedang.customers.models import Contact, Dossier
from kedang.kernel.packing import canonical_json
from kedang.vault import subjects

AT_ONCE = 5000
DOSSIER = (
    "id", "code", "kind", "name", "short_name", "english_name", "credit_code", "region", "address", "postcode",
    "industry", "org_type", "registered_on", "capital_fen", "capital_currency", "scale", "grade", "business_scope",
    "website", "source", "learned_on", "note", "level", "state", "retained_on", "filed_us", "unit_id", "owner_id",
)  # fmt: skip
IDENTITY = ("identity_ct",)
CONTACT = ("id", "dossier_id", "is_main", "post")
PERSONAL = ("name_ct", "phones_ct", "email_ct")


def state_digest() -> str:
    """SHA-256 in hex over every value of every dossier and contact, personal ones decrypted.

    Versions, instants of change, kept warnings and what is derived for search are left out: an import that
    was taken back leaves the digest it found. Memory does not grow with the number of customers.
    """
    digest = hashlib.sha256()
    for page in _pages(Dossier, (*DOSSIER, *IDENTITY)):
        for values in _dossiers(page):
            digest.update(canonical_json(["dossier", *values]))
    for page in _pages(Contact, (*CONTACT, *PERSONAL)):
        for values in _contacts(page):
            digest.update(canonical_json(["contact", *values]))
    return digest.hexdigest()


def _pages(model: type[Model], columns: tuple[str, ...]) -> Iterator[list[tuple[Any, ...]]]:
    rows = model._default_manager.order_by("pk").values_list(*columns)
    after = -1
    while page := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        yield page
        after = page[-1][0]


def _dossiers(page: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    refs = {row[0]: sealing.person_ref(row[0]) for row in page if row[-1]}
    keys = subjects.get(list(refs.values()))
    for *values, identity in page:
        pk = values[0]
        yield (*values, _clear(sealing.DOSSIER_TABLE, pk, IDENTITY[0], keys.get(refs.get(pk, "")), identity))


def _contacts(page: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """A contact without any value is as good as none: undoing an import empties it. Its own id is no value."""
    keys = subjects.get([sealing.contact_ref(row[0]) for row in page])
    for pk, dossier_id, is_main, post, *sealed in page:
        if post or any(sealed):
            key = keys[sealing.contact_ref(pk)]
            clear = [
                _clear(sealing.CONTACT_TABLE, pk, column, key, value)
                for column, value in zip(PERSONAL, sealed, strict=True)
            ]
            yield (dossier_id, is_main, post, *clear)


def _clear(table: str, pk: int, column: str, key: bytes | None, sealed: bytes) -> str | None:
    """The text behind a ciphertext; None where its key is destroyed, which no text is equal to."""
    text = sealing.open_value(key, table, pk, column, sealed)
    return None if text is None else str(text)
