"""Personal values and version differences as ciphertext; the keys they live and die by.

Organisations' public particulars are sealed in versions under the records key; everything about a
natural person (a contact, or a dossier of kind person) under that person's own key, so that
destroying one key erases the person from rows, versions and ledger alike.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import orjson

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.vault import cipher, keyring, subjects

DOSSIER_TABLE = "customers_dossier"
CONTACT_TABLE = "customers_contact"
RECORD_TABLE = "customers_record"


def contact_ref(contact_id: int) -> str:
    """The vault's name of a contact person."""
    return f"contact:{contact_id}"


def person_ref(dossier_id: int) -> str:
    """The vault's name of the natural person a dossier is about."""
    return f"person:{dossier_id}"


def record_ref(record_id: int) -> str:
    """The vault's name of what a record says of persons."""
    return f"record:{record_id}"


def seal_value(key: bytes, table: str, pk: int, column: str, value: Any) -> bytes:
    """Ciphertext of one value, bound to its row and column; an empty value is no ciphertext."""
    if value in (None, "", []):
        return b""
    text = "\n".join(value) if isinstance(value, list) else str(value)
    return cipher.seal(key, text.encode(), cipher.aad(table, pk, column))


def open_value(key: bytes | None, table: str, pk: int, column: str, sealed: bytes, *, many: bool = False) -> Any:
    """The value behind a ciphertext; None when the person's key was destroyed."""
    if not sealed:
        return [] if many else ""
    if key is None:
        return None
    text = cipher.open_sealed(key, bytes(sealed), cipher.aad(table, pk, column)).decode()
    return text.split("\n") if many else text


def delta_key(kind: str, dossier_id: int, *, new: bool = False) -> tuple[int, bytes]:
    """Key id and key for the differences of a dossier: the person's own, or the records key.

    The key of a person is made with the dossier (`new`) and never again: where it was destroyed nothing
    more can be written about that person, Refused(state).
    """
    if kind != "person":
        return keyring.data_key("records")
    ref = person_ref(dossier_id)
    key = subjects.create([ref])[0] if new else subjects.get([ref])[ref]
    if key is None:
        raise Refused("state", detail=N_("This person was erased; nothing more is kept about them."))
    return 0, key


def seal_delta(key_id: int, key: bytes, dossier_id: int, no: int, delta: dict[str, Any]) -> bytes:
    """A version's difference `{field: [before, after]}` as ciphertext bound to dossier and number."""
    return cipher.seal(key, canonical_json(delta), cipher.aad("ledger_version", f"{dossier_id}:{no}", "delta"), key_id)


def open_delta(kind: str, dossier_id: int, no: int, sealed: bytes) -> dict[str, Any] | None:
    """The difference of a version; None when the person was erased."""
    sealed = bytes(sealed)
    if kind == "person":
        key = subjects.get([person_ref(dossier_id)]).get(person_ref(dossier_id))
        if key is None:
            return None
    else:
        key = keyring.data_key("records", cipher.key_id_of(sealed))[1]
    plain = cipher.open_sealed(key, sealed, cipher.aad("ledger_version", f"{dossier_id}:{no}", "delta"))
    delta: dict[str, Any] = orjson.loads(plain)
    return delta


def in_delta(pk: int, sealed: bytes) -> str | None:
    """A personal value inside a difference: the row that held it and its ciphertext, under the person's key."""
    return f"{pk}:{b64encode(bytes(sealed)).decode()}" if sealed else None


def from_delta(text: str | None) -> tuple[int, bytes]:
    """The row and the ciphertext that `in_delta` wrote down."""
    pk, _, sealed = (text or "0:").partition(":")
    return int(pk), b64decode(sealed)


def place_of(part: str, pk: int) -> tuple[str, str]:
    """Table and vault name of the person behind a personal field of this part, by the id of its row."""
    if part == "contact":
        return CONTACT_TABLE, contact_ref(pk)
    return (DOSSIER_TABLE, person_ref(pk)) if part == "dossier" else (RECORD_TABLE, record_ref(pk))


def seal_supplier(kind: str, dossier_id: int, call: int, name: str) -> bytes:
    """Who outside supplied the values of a deed, bound to dossier and deed; one ciphertext serves all its rows."""
    key_id, key = delta_key(kind, dossier_id)
    return cipher.seal(key, name.encode(), _supplier_place(dossier_id, call), key_id)


def open_supplier(kind: str, dossier_id: int, call: int, sealed: bytes) -> str | None:
    """The name behind it; empty where none was given, None when the person the dossier is about was erased."""
    if not sealed:
        return ""
    if kind == "person":
        key = subjects.get([person_ref(dossier_id)])[person_ref(dossier_id)]
    else:
        key = keyring.data_key("records", cipher.key_id_of(bytes(sealed)))[1]
    if key is None:
        return None
    return cipher.open_sealed(key, bytes(sealed), _supplier_place(dossier_id, call)).decode()


def _supplier_place(dossier_id: int, call: int) -> bytes:
    return cipher.aad("customers_origin", f"{dossier_id}:{call}", "supplier_ct")
