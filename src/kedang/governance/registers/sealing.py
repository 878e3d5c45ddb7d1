"""Answers as they are kept: codes in plain, free text under the records key, particulars under the row's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.vault import cipher, keyring, subjects

TABLE = "governance_line"


def key_ref(row_id: int) -> str:
    """The vault's name of the persons whose particulars stand in a row."""
    return f"row:{row_id}"


def seal_text(row_id: int, no: int, answers: Mapping[str, Any]) -> bytes:
    """Free text of one line as ciphertext; nothing for no text."""
    if not answers:
        return b""
    number, key = keyring.data_key("records")
    return cipher.seal(key, canonical_json(dict(answers)), _place(row_id, no, "text_ct"), number)


def seal_personal(row_id: int, no: int, answers: Mapping[str, Any], *, first: bool) -> bytes:
    """Particulars of one line under the row's own key, which is made with the `first` that stand in the row.

    Refused(state) once that key was destroyed: nothing more is written about an erased person.
    """
    if not answers:
        return b""
    ref = key_ref(row_id)
    key = subjects.create([ref])[0] if first else subjects.get([ref])[ref]
    if key is None:
        raise Refused("state", detail=N_("The particulars in this row were erased; nothing more is kept about them."))
    return cipher.seal(key, canonical_json(dict(answers)), _place(row_id, no, "personal_ct"))


def open_text(row_id: int, no: int, sealed: bytes) -> dict[str, Any]:
    """The free text of one line."""
    if not sealed:
        return {}
    key = keyring.data_key("records", cipher.key_id_of(sealed))[1]
    found: dict[str, Any] = orjson.loads(cipher.open_sealed(key, sealed, _place(row_id, no, "text_ct")))
    return found


def open_personal(row_id: int, no: int, sealed: bytes, key: bytes | None) -> dict[str, Any] | None:
    """The particulars of one line; None where they were erased."""
    if not sealed:
        return {}
    if key is None:
        return None
    found: dict[str, Any] = orjson.loads(cipher.open_sealed(key, sealed, _place(row_id, no, "personal_ct")))
    return found


def keys_of(row_ids: list[int]) -> dict[int, bytes | None]:
    """The keys of many rows, None where a row has none or it was destroyed."""
    found = subjects.get([key_ref(pk) for pk in row_ids])
    return {pk: found[key_ref(pk)] for pk in row_ids}


def _place(row_id: int, no: int, column: str) -> bytes:
    return cipher.aad(TABLE, f"{row_id}:{no}", column)
