"""What stands in a row: the value of any field of a dossier or contact, wherever it is kept.

Values with a column are in it, all others in the bag `extra`; personal ones are ciphertext in both. Only this module
tells the two apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kedang.customers import bags, dictionary, sealing, values
from kedang.customers.fields import Field
from kedang.customers.models import Contact, Dossier
from kedang.packs.schema import Pack
from kedang.vault import subjects

Row = Dossier | Contact
Keys = Mapping[str, bytes | None]
"""Keys of persons by their name in the vault; None for one that was destroyed."""


def keys_of(dossier: Dossier, contact: Contact | None) -> Keys:
    """The keys of the persons in a dossier and its main contact, in one question to the vault."""
    refs = [sealing.person_ref(dossier.pk)] if has_person(dossier) else []
    refs += [sealing.contact_ref(contact.pk)] if contact else []
    return subjects.get(refs) if refs else {}


def has_person(dossier: Dossier) -> bool:
    """Whether personal values may stand in the row of a dossier itself."""
    return bool(dossier.identity_ct or dossier.extra)


def holds_personal(dossier: Dossier, pack: Pack) -> bool:
    """Whether a personal value stands in the row of a dossier itself, so that its person has or had a key."""
    if dossier.identity_ct:
        return True
    return any(dictionary.field_of(key, pack).personal for key in bags.read_bag(dossier.extra))


def text_of(row: Row | None, field: Field, keys: Keys) -> str | None:
    """The text of what stands in a field; None where the person behind it was erased."""
    if row is None:
        return ""
    if not field.personal:
        return values.as_text(field, plain_of(row, field))
    return unsealed_text(field, row.pk, sealed_of(row, field), keys.get(sealing.place_of(field.part, row.pk)[1]))


def value_of(row: Row, field: Field, key: bytes | None) -> Any:
    """The clean value of a field; None where the person behind it was erased."""
    return unseal(field, row.pk, sealed_of(row, field), key) if field.personal else plain_of(row, field)


def is_filled(row: Row | None, field: Field) -> bool:
    """Whether anything stands in a field, even what nobody can read any more."""
    if row is None:
        return False
    return bool(sealed_of(row, field)) if field.personal else not values.is_empty(plain_of(row, field))


def plain_of(row: Row, field: Field) -> Any:
    """The clean value of a field that is not personal."""
    if field.extra:
        return values.from_json(field, bags.read_bag(row.extra).get(field.key))
    return values.plain_value(row, field) if field.part == "dossier" else getattr(row, field.column)


def sealed_of(row: Row, field: Field) -> bytes:
    """The ciphertext of a personal field; no bytes where nothing stands."""
    if field.extra:
        return bags.sealed_of(bags.read_bag(row.extra).get(field.key))
    return bytes(getattr(row, field.column))


def put_plain(row: Row, field: Field, value: Any) -> None:
    """Let a clean value stand in a field that is not personal."""
    if field.extra:
        row.extra = bags.write_bag(bags.read_bag(row.extra) | {field.key: values.as_json(value)})
    elif field.part == "dossier":
        for column, stored in values.columns_of({field.key: value}).items():
            setattr(row, column, stored)
    else:
        setattr(row, field.column, value or "")


def put_sealed(row: Row, field: Field, sealed: bytes) -> None:
    """Let a ciphertext stand in a personal field."""
    if field.extra:
        row.extra = bags.write_bag(bags.read_bag(row.extra) | {field.key: bags.in_bag(sealed)})
    else:
        setattr(row, field.column, sealed)


def seal(field: Field, pk: int, value: Any, key: bytes) -> bytes:
    """A personal value as ciphertext bound to its row and field."""
    table = sealing.place_of(field.part, pk)[0]
    return sealing.seal_value(key, table, pk, bound_to(field), bags.as_sealable(field, value))


def unseal(field: Field, pk: int, sealed: bytes, key: bytes | None) -> Any:
    """The personal value behind a ciphertext; None where the person was erased."""
    table, many = sealing.place_of(field.part, pk)[0], field.standard == "phones"
    text = sealing.open_value(key, table, pk, bound_to(field), sealed, many=many)
    return text if text is None or many else values.of_text(field, text)


def unsealed_text(field: Field, pk: int, sealed: bytes, key: bytes | None) -> str | None:
    """The same as text."""
    value = unseal(field, pk, sealed, key)
    return None if value is None else values.as_text(field, value)


def bound_to(field: Field) -> str:
    """The column a ciphertext is bound to."""
    return bags.column_of(field.key) if field.extra else field.column


def texts(
    dossier: Dossier, contact: Contact | None, given: Iterable[Field], keys: Keys | None = None
) -> dict[str, str | None]:
    """Texts of fields of a dossier and its main contact; None where the person behind one was erased."""
    keys = keys_of(dossier, contact) if keys is None else keys
    return {field.key: text_of(dossier if field.part == "dossier" else contact, field, keys) for field in given}
