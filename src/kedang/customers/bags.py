"""Values without a column of their own, together in one field of their row: canonical JSON by field key.

A plain value stands there in its `values.as_json` form, a personal one as base64 of its ciphertext, sealed under the
key of its person and bound to table, row and `extra.<key>`; so a value moved to another row or field does not open.
What is empty is not there, and a bag of nothing is no bytes.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from kedang.customers import sealing, values
from kedang.customers.fields import Field
from kedang.kernel.packing import canonical_json

Seal = Callable[[Field, Any], bytes]
"""A value of a field as ciphertext; empty bytes for an empty value."""
Open = Callable[[Field, bytes], Any]
"""The value behind a ciphertext of a field; None where the person was erased."""
Stored = dict[str, Any]
"""Values by field key as they stand in the bag."""


def pack_bag(given: Mapping[str, Any], fields: Mapping[str, Field], seal: Seal | None = None) -> bytes:
    """Clean values by field key as the bytes of a bag. KeyError for a field not among `fields`, TypeError for a
    personal value without a way to seal it."""
    return write_bag({key: stored_form(fields[key], value, seal) for key, value in given.items()})


def write_bag(stored: Mapping[str, Any]) -> bytes:
    """The bytes of a bag whose values are in their stored form already; empty ones are left out."""
    kept = {key: value for key, value in stored.items() if value not in (None, "", [])}
    return canonical_json(kept) if kept else b""


def read_bag(raw: bytes) -> Stored:
    """What stands in a bag, personal values still sealed; see `sealed_of` and `open_bag`."""
    found: Stored = orjson.loads(bytes(raw)) if raw else {}
    return found


def open_bag(raw: bytes, field_of: Callable[[str], Field], unseal: Open) -> dict[str, Any]:
    """Clean values by field key; None where the person behind a value was erased."""
    return {key: opened(field_of(key), value, unseal) for key, value in read_bag(raw).items()}


def stored_form(field: Field, value: Any, seal: Seal | None = None) -> Any:
    """A clean value in the form it has in a bag; None for an empty one."""
    if not field.personal:
        return values.as_json(value)
    if seal is None:
        raise TypeError(f"{field.key} is personal and needs a key")
    return in_bag(seal(field, value))


def opened(field: Field, stored: Any, unseal: Open) -> Any:
    """The clean value behind its form in a bag; None where the person was erased."""
    return unseal(field, sealed_of(stored)) if field.personal else values.from_json(field, stored)


def in_bag(sealed: bytes) -> str | None:
    """A ciphertext in the form it has in a bag."""
    return b64encode(bytes(sealed)).decode() if sealed else None


def sealed_of(stored: Any) -> bytes:
    """The ciphertext of a personal value out of a bag; no bytes where none stands."""
    return b64decode(stored) if stored else b""


def column_of(key: str) -> str:
    """What a sealed value of a bag is bound to beside its table and row."""
    return f"extra.{key}"


def sealer(key: bytes, table: str, pk: int) -> Seal:
    """Seals values of one row under one person's key."""
    return lambda field, value: sealing.seal_value(key, table, pk, column_of(field.key), as_sealable(field, value))


def opener(key: bytes | None, table: str, pk: int) -> Open:
    """Opens values of one row; `key` None: the person was erased."""

    def unseal(field: Field, sealed: bytes) -> Any:
        many = field.standard == "phones"
        text = sealing.open_value(key, table, pk, column_of(field.key), sealed, many=many)
        return text if text is None or many else values.of_text(field, text)

    return unseal


def as_sealable(field: Field, value: Any) -> Any:
    """A clean value as the text that is sealed; several telephones stay a list."""
    return value if field.standard == "phones" else values.as_text(field, value)


def personal_keys(stored: Iterable[str], field_of: Callable[[str], Field]) -> list[str]:
    """Which keys of a bag hold ciphertext."""
    return [key for key in stored if field_of(key).personal]
