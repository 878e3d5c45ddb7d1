"""One hash over all current values, in the order of ids: two sites with the same digest hold the same records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from kedang.customers import bags, sealing
from kedang.customers.dictionary import known
from kedang.customers.models import Attachment, Contact, Dossier, Record
from kedang.kernel.packing import canonical_json
from kedang.vault import subjects

AT_ONCE = 5000
DOSSIER = (
    "id", "code", "kind", "name", "short_name", "english_name", "credit_code", "region", "address", "postcode",
    "industry", "org_type", "registered_on", "capital_fen", "capital_currency", "scale", "grade", "business_scope",
    "website", "source", "learned_on", "note", "level", "state", "retained_on", "filed_us", "unit_id", "owner_id",
)  # fmt: skip
IDENTITY = ("extra", "identity_ct")
CONTACT = ("id", "dossier_id", "is_main", "removed_us", "post")
PERSONAL = ("name_ct", "phones_ct", "email_ct")
EXTRA = ("extra",)
RECORD = ("id", "dossier_id", "module", "no", "removed_us")
BAG = ("bag",)
ATTACHMENT = ("id", "dossier_id", "slot", "kind", "level", "blob__sha256", "removed_us")


def state_digest() -> str:
    """SHA-256 in hex over every value of every dossier, contact and record, personal ones decrypted, and the digest
    of every attached file.

    Versions, instants of change, kept warnings and what is derived for search are left out: an import that
    was taken back leaves the digest it found. Memory does not grow with the number of customers.
    """
    digest = hashlib.sha256()
    for page in _pages(Dossier, (*DOSSIER, *IDENTITY)):
        for each in _dossiers(page):
            digest.update(canonical_json(["dossier", *each]))
    for page in _pages(Contact, (*CONTACT, *PERSONAL, *EXTRA)):
        for each in _contacts(page):
            digest.update(canonical_json(["contact", *each]))
    for page in _pages(Record, (*RECORD, *BAG)):
        for each in _records(page):
            digest.update(canonical_json(["record", *each]))
    for page in _pages(Attachment, ATTACHMENT):
        for _, *plain, removed_us in page:
            digest.update(canonical_json(["attachment", *plain, bool(removed_us)]))
    return digest.hexdigest()


def _pages(model: type[Model], columns: tuple[str, ...]) -> Iterator[list[tuple[Any, ...]]]:
    rows = model._default_manager.order_by("pk").values_list(*columns)
    after = -1
    while page := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        yield page
        after = page[-1][0]


def _dossiers(page: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    refs = {row[0]: sealing.person_ref(row[0]) for row in page if row[-1] or row[-2]}
    keys = subjects.get(list(refs.values()))
    for *values, extra, identity in page:
        pk, key = values[0], keys.get(refs.get(values[0], ""))
        bag = _bag(sealing.DOSSIER_TABLE, pk, key, extra)
        yield (*values, _clear(sealing.DOSSIER_TABLE, pk, IDENTITY[-1], key, identity), *bag)


def _contacts(page: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """A contact without any value is as good as none: undoing an import empties it. Its own id is no value."""
    keys = subjects.get([sealing.contact_ref(row[0]) for row in page])
    for pk, dossier_id, is_main, removed_us, post, *sealed, extra in page:
        if post or extra or any(sealed):
            key = keys[sealing.contact_ref(pk)]
            clear = [
                _clear(sealing.CONTACT_TABLE, pk, column, key, value)
                for column, value in zip(PERSONAL, sealed, strict=True)
            ]
            yield (dossier_id, is_main, bool(removed_us), post, *clear, *_bag(sealing.CONTACT_TABLE, pk, key, extra))


def _records(page: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    keys = subjects.get([sealing.record_ref(row[0]) for row in page])
    for pk, dossier_id, module, no, removed_us, bag in page:
        values = _bag(sealing.RECORD_TABLE, pk, keys[sealing.record_ref(pk)], bag)
        yield (dossier_id, module, no, bool(removed_us), *values)


def _bag(table: str, pk: int, key: bytes | None, raw: bytes) -> list[Any]:
    """What stands in a bag, by key, personal values decrypted; nothing for no bag."""
    unseal = bags.opener(key, table, pk)
    out = []
    for name, stored in sorted(bags.read_bag(raw).items()):
        field = known(name)
        sealed = field is not None and field.personal
        out.append([name, unseal(field, bags.sealed_of(stored)) if field is not None and sealed else stored])
    return out


def _clear(table: str, pk: int, column: str, key: bytes | None, sealed: bytes) -> str | None:
    """The text behind a ciphertext; None where its key is destroyed, which no text is equal to."""
    text = sealing.open_value(key, table, pk, column, sealed)
    return None if text is None else str(text)
