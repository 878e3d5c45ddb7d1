"""Ciphertext, bags and first versions of many new dossiers at once, each value under the key of its own person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from kedang.customers import bags, dictionary, sealing, values
from kedang.customers.fields import FIELDS, Field
from kedang.kernel.deeds import Version
from kedang.vault import blind, cipher, keyring, subjects
from kedang.vault.sequences import reserve

Rows = Sequence[Mapping[str, Any]]
CONTACT_KEYS = ("contact.name", "contact.post", "contact.phones", "contact.email")
_SEALED_CONTACT = tuple(FIELDS[key] for key in CONTACT_KEYS if FIELDS[key].personal)
_PLAIN_KEYS = frozenset(key for key, field in FIELDS.items() if not field.personal and field.part == "dossier")


@dataclass(frozen=True, slots=True)
class _Beside:
    """The fields without a column of which some row has a value."""

    dossier: tuple[Field, ...] = ()
    contact: tuple[Field, ...] = ()

    @classmethod
    def of(cls, rows: Rows) -> _Beside:
        keys = set().union(*rows) if rows else set()
        if keys <= FIELDS.keys() | {"findings"}:
            return cls()
        own, contact = dictionary.of_part(dictionary.DOSSIER), dictionary.of_part(dictionary.CONTACT)
        return cls(
            tuple(field for key, field in own.items() if field.extra and key in keys),
            tuple(field for key, field in contact.items() if field.extra and key in keys),
        )


class SealedRows:
    """What a chunk of new dossiers holds beside its plain columns, by position, and the index rows that find it."""

    def __init__(self, size: int, beside: _Beside) -> None:
        self.identity: list[bytes] = [b""] * size
        self.bags: list[bytes] = [b""] * size
        self.contacts: list[tuple[Any, ...]] = []
        self.tails: list[tuple[Any, ...]] = []
        self.deltas: list[dict[str, Any]] = [{} for _ in range(size)]
        self.person_keys: dict[int, bytes] = {}
        self._beside = beside

    @classmethod
    def of(cls, rows: Rows, ids: Sequence[int]) -> SealedRows:
        """Seal every personal value of the rows, and fill their bags."""
        self = cls(len(rows), _Beside.of(rows))
        persons = [at for at, row in enumerate(rows) if self._has_person(row)]
        keys = subjects.create([sealing.person_ref(ids[at]) for at in persons]) if persons else []
        for at, key in zip(persons, keys, strict=True):
            self.person_keys[at] = key
            self._identity(at, ids[at], key, rows[at].get("identity_number"))
        if self._beside.dossier:
            for at, row in enumerate(rows):
                self.bags[at] = self._bag(at, sealing.DOSSIER_TABLE, ids[at], row, self._beside.dossier)
        names = (*CONTACT_KEYS, *(field.key for field in self._beside.contact))
        named = [at for at, row in enumerate(rows) if any(name in row for name in names)]
        if named:
            first = reserve("contact", len(named))
            keys = subjects.create([sealing.contact_ref(first + n) for n in range(len(named))])
            for n, (at, key) in enumerate(zip(named, keys, strict=True)):
                self._contact(at, ids[at], first + n, key, rows[at])
        return self

    def first_versions(self, rows: Rows, ids: Sequence[int]) -> list[Version]:
        """The sealed differences of new dossiers: the records key for organisations, the person's own for persons."""
        key_id, records_key = keyring.data_key("records")
        keys, plains, places = [], [], []
        for at, (row, pk) in enumerate(zip(rows, ids, strict=True)):
            delta = self.deltas[at]
            for key, value in row.items():
                if value and key in _PLAIN_KEYS:
                    delta[key] = [None, value]
            keys.append(self.person_keys[at] if row.get("kind") == "person" else records_key)
            plains.append(orjson.dumps(delta, default=date.isoformat, option=orjson.OPT_SORT_KEYS))
            places.append(cipher.aad("ledger_version", f"{pk}:1", "delta"))
        cts = cipher.seal_many(keys, plains, places, key_id)
        return [Version(pk, 1, ct) for pk, ct in zip(ids, cts, strict=True)]

    def _has_person(self, row: Mapping[str, Any]) -> bool:
        if row.get("kind") == "person" or row.get("identity_number"):
            return True
        return any(field.personal and field.key in row for field in self._beside.dossier)

    def _identity(self, at: int, pk: int, key: bytes, number: str | None) -> None:
        if not number:
            return
        self.identity[at] = sealing.seal_value(key, sealing.DOSSIER_TABLE, pk, "identity_ct", number)
        self.deltas[at]["identity_number"] = [None, sealing.in_delta(pk, self.identity[at])]
        self._tails(pk, None, "identity", [number])

    def _contact(self, at: int, pk: int, contact: int, key: bytes, row: Mapping[str, Any]) -> None:
        sealed = {}
        for field in _SEALED_CONTACT:
            column = field.column
            sealed[column] = sealing.seal_value(key, sealing.CONTACT_TABLE, contact, column, row.get(field.key))
            if sealed[column]:
                self.deltas[at][field.key] = [None, sealing.in_delta(contact, sealed[column])]
        post = row.get("contact.post") or ""
        if post:
            self.deltas[at]["contact.post"] = [None, post]
        bag = self._bag(at, sealing.CONTACT_TABLE, contact, row, self._beside.contact, key)
        self.contacts.append(
            (contact, pk, True, sealed["name_ct"], post, sealed["phones_ct"], sealed["email_ct"], bag, 0)
        )
        self._tails(pk, contact, "phone", row.get("contact.phones") or [])

    def _bag(
        self, at: int, table: str, pk: int, row: Mapping[str, Any], given: Sequence[Field], key: bytes | None = None
    ) -> bytes:
        """The bag of one row; what goes in is told in its first version too."""
        key = key or self.person_keys.get(at)
        seal = bags.sealer(key, table, pk) if key else None
        stored: dict[str, Any] = {}
        for field in given:
            if field.key in row and not values.is_empty(row[field.key]):
                stored[field.key] = bags.stored_form(field, row[field.key], seal)
                after = stored[field.key]
                self.deltas[at][field.key] = [None, f"{pk}:{after}" if field.personal else after]
        return bags.write_bag(stored)

    def _tails(self, pk: int, contact: int | None, kind: str, numbers: Sequence[str]) -> None:
        for tail, residual in blind.indexes(kind, numbers):
            self.tails.append((pk, contact, kind, tail, residual))
