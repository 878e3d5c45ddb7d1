"""A dossier in the middle of a change: which fields move, and how row, contact and version are written.

The draft is the one place where a change of a single dossier is put together, so that row,
contact, blind index, sealed difference and version number always agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kedang.customers import dictionary, sealing, selectors, slots, standing, values
from kedang.customers.fields import Field
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.values import Reading
from kedang.kernel.deeds import Version
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.ledger import versions_of
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.models import Staff
from kedang.vault import blind, subjects
from kedang.vault.sequences import reserve

OF_RECORDS = N_("This field belongs to records; add or change a record.")


@dataclass
class Draft:
    """The dossier, its main contact, and the difference so far (`{field: [before, after]}`)."""

    dossier: Dossier
    contact: Contact | None
    delta: dict[str, list[Any]] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)
    """Clean values of personal fields that changed, in memory only, for index and comparison."""
    new: bool = False
    retired: Contact | None = None
    """The main contact so far, whose person was erased and who is followed by another."""
    _pack: Pack = field(default_factory=in_force)

    @classmethod
    def of_new(cls, dossier: Dossier) -> Draft:
        """A dossier about to be opened."""
        return cls(dossier, None, new=True)

    @classmethod
    def of(cls, dossier: Dossier) -> Draft:
        """A stored dossier with its main contact."""
        return cls(dossier, selectors.main_contact(dossier.pk))

    def apply(self, reading: Reading, *, fill_only: bool = False) -> None:
        """Take the values that differ from what is stored; equal ones are no change.

        `fill_only` takes only values of fields that are empty so far. Refused(invalid) for another kind:
        the kind decides which key seals the history, so it stays. Refused(state) for an erased person.
        """
        self._take_kind(reading.values.get("kind"))
        for key, value in reading.values.items():
            if (key == "kind" and not self.new) or (fill_only and self.holds(key)):
                continue
            self._apply(self._field(key), value)
        self._keep_warnings(reading)
        if "name" in self.delta:
            self.dossier.name_key = values.name_key_of(self.dossier.name)

    def assign(self, unit_id: int, owner: Staff | None) -> None:
        """Move to a unit and a first responsible person."""
        before, after = self.dossier.owner, owner
        if (before.pk if before else None) != (after.pk if after else None):
            self.delta["owner"] = [before.username if before else None, after.username if after else None]
            self.dossier.owner = owner
        if unit_id != self.dossier.unit_id:
            self.delta["unit"] = [self.dossier.unit_id, unit_id]
            self.dossier.unit_id = unit_id

    def file(self, at_us: int) -> None:
        """Mark as filed."""
        self.delta["filed_us"] = [self.dossier.filed_us or None, at_us]
        self.dossier.filed_us = at_us

    def restore(self, delta: Mapping[str, Sequence[Any]]) -> None:
        """Set fields back to what they were before a version, ciphertext for ciphertext.

        `KeyError` for a difference that no import makes.
        """
        for key, (before, after) in delta.items():
            self.delta[key] = [after, before]
            if key == "findings":
                self.dossier.findings = before or ""
                continue
            self._restore(self._field(key), before)
        if "name" in delta:
            self.dossier.name_key = values.name_key_of(self.dossier.name)

    def holds(self, key: str) -> bool:
        """Whether the field has a value after the change."""
        field = self._field(key)
        return standing.is_filled(self.contact if field.part == dictionary.CONTACT else self.dossier, field)

    def sets(self, key: str) -> bool:
        """Whether the change gives the field a value it did not have."""
        return key in self.delta and self.delta[key][1] is not None

    def insert(self) -> Version:
        """Write the opened dossier; the version is its first."""
        self.dossier.version_no = 1
        self.dossier.save(force_insert=True)
        self._write_contact()
        return self._version()

    def update(self, at_us: int) -> Version:
        """Write the change and number it."""
        self.dossier.version_no += 1
        self.dossier.updated_us = at_us
        self.dossier.save(force_update=True)
        self._write_contact()
        return self._version()

    def _take_kind(self, kind: str | None) -> None:
        if self.new:
            self.dossier.kind = kind or "organisation"
        elif kind and kind != self.dossier.kind:
            raise Refused(
                "invalid", missing=("kind",), detail=N_("The kind of a customer does not change; open a new dossier.")
            )

    def _keep_warnings(self, reading: Reading) -> None:
        touched = {key for key in reading.values if key in self.delta}
        kept = [f for f in reading.warnings if self.new or f.field in touched]
        findings = values.kept_warnings(self.dossier.findings, touched, kept)
        if findings != self.dossier.findings and not self.new:
            self.delta["findings"] = [self.dossier.findings or None, findings or None]
        self.dossier.findings = findings

    def _field(self, key: str) -> Field:
        """A field of the dossier or of its main contact; Refused(invalid) for one of a record."""
        field = dictionary.field_of(key, self._pack)
        if field.part not in (dictionary.DOSSIER, dictionary.CONTACT):
            raise Refused("invalid", missing=(key,), detail=OF_RECORDS)
        return field

    def _apply(self, field: Field, value: Any) -> None:
        row = self._holder(field, value)
        if row is None:
            return
        if field.personal:
            self._apply_sealed(row, field, value)
            return
        before = None if self.new and row is self.dossier else values.as_json(standing.plain_of(row, field))
        after = values.as_json(value)
        if before != after:
            standing.put_plain(row, field, value)
            self.delta[field.key] = [before, after]

    def _apply_sealed(self, row: standing.Row, field: Field, value: Any) -> None:
        stored = standing.sealed_of(row, field)
        secret = self._secret(row, field)
        if values.as_json(standing.unseal(field, row.pk, stored, secret)) == values.as_json(value):
            return
        sealed = standing.seal(field, row.pk, value, secret)
        standing.put_sealed(row, field, sealed)
        self.delta[field.key] = [sealing.in_delta(row.pk, stored), sealing.in_delta(row.pk, sealed)]
        self.plain[field.key] = value

    def _holder(self, field: Field, value: Any) -> standing.Row | None:
        """The row that takes a value; None where nothing is there and nothing is to come."""
        empty = values.is_empty(value)
        if field.part == dictionary.DOSSIER:
            idle = field.personal and empty and not standing.is_filled(self.dossier, field)
            return None if idle else self.dossier
        if self.contact is None or self._is_erased(self.contact):
            if empty:
                return None
            self.retired = self.contact
            self.contact = Contact(id=reserve("contact", 1), dossier_id=self.dossier.pk)
            subjects.create([sealing.contact_ref(self.contact.pk)])
        return self.contact

    def _secret(self, row: standing.Row, field: Field) -> bytes:
        """The person's key. It is made with the person and never twice: Refused(state) once it was destroyed."""
        ref = sealing.place_of(field.part, row.pk)[1]
        secret = subjects.get([ref])[ref] if self._has_key(row) else subjects.create([ref])[0]
        if secret is None:
            raise Refused("state", detail=N_("This person was erased; nothing more is kept about them."))
        return secret

    def _has_key(self, row: standing.Row) -> bool:
        """Whether a key was made for the person in this row before."""
        if not isinstance(row, Dossier) or (row.kind == "person" and not self.new):
            return True
        return standing.holds_personal(row, self._pack)

    def _is_erased(self, contact: Contact) -> bool:
        """Whether the person of a stored contact was erased; one just made here was not."""
        if contact._state.adding:
            return False
        ref = sealing.contact_ref(contact.pk)
        return subjects.get([ref])[ref] is None

    def _restore(self, field: Field, before: Any) -> None:
        row: standing.Row | None = self.contact if field.part == dictionary.CONTACT else self.dossier
        if row is None:
            return
        if not field.personal:
            standing.put_plain(row, field, values.from_json(field, before))
            return
        holder, sealed = sealing.from_delta(before)
        sealed = sealed if holder == row.pk else b""
        standing.put_sealed(row, field, sealed)
        ref = sealing.place_of(field.part, row.pk)[1]
        self.plain[field.key] = standing.unseal(field, row.pk, sealed, subjects.get([ref])[ref])

    def _write_contact(self) -> None:
        if self.retired is not None:
            Contact.objects.filter(pk=self.retired.pk).update(is_main=False)
            Tail.objects.filter(contact=self.retired).delete()
        if self.contact is not None and any(key.startswith("contact.") for key in self.delta):
            self.contact.save()
        if "contact.phones" in self.delta:
            self._index("phone", self.plain.get("contact.phones") or [], self.contact)
        if "identity_number" in self.delta:
            number = self.plain.get("identity_number")
            self._index("identity", [number] if number else [], None)

    def _index(self, kind: str, numbers: list[str], contact: Contact | None) -> None:
        Tail.objects.filter(dossier=self.dossier, kind=kind, contact=contact).delete()
        Tail.objects.bulk_create(
            Tail(dossier=self.dossier, contact=contact, kind=kind, tail=tail, residual=residual)
            for tail, residual in blind.indexes(kind, numbers)
        )

    def _version(self) -> Version:
        dossier = self.dossier
        key_id, key = sealing.delta_key(dossier.kind, dossier.pk, new=self.new)
        sealed = sealing.seal_delta(key_id, key, dossier.pk, dossier.version_no, self.delta)
        return Version(dossier.pk, dossier.version_no, sealed)


def fields_changed_since(dossier: Dossier, base_version: int) -> set[str]:
    """Fields that later versions than `base_version` touched."""
    moved: set[str] = set()
    for version in versions_of(dossier.pk).filter(no__gt=base_version):
        delta = sealing.open_delta(dossier.kind, dossier.pk, version.no, version.delta_ct)
        moved |= set(delta or {})
    return moved | _of_the_main(dossier, moved)


def _of_the_main(dossier: Dossier, moved: Iterable[str]) -> set[str]:
    """The main contact's values by the names the dossier's own form has for them; all where another leads now."""
    held = [slot for slot in map(slots.parsed, moved) if slot.module == slots.CONTACT]
    if any(slot.field == f"{slots.CONTACT}.{slots.LEAD}" for slot in held):
        return set(dictionary.of_part(dictionary.CONTACT))
    main = selectors.main_contact(dossier.pk) if held else None
    return {slot.field for slot in held if main is not None and slot.no == main.pk}


def digests(dossier: Dossier, keys: Iterable[str]) -> dict[str, str]:
    """A digest per field of what is stored now: what an applicant was looking at."""
    contact = selectors.main_contact(dossier.pk)
    pack = in_force()
    out: dict[str, str] = {}
    for key in keys:
        field = dictionary.known(key, pack)
        if field is not None and field.part in (dictionary.DOSSIER, dictionary.CONTACT):
            row = contact if field.part == dictionary.CONTACT else dossier
            out[key] = hashlib.sha256(_raw(row, field)).hexdigest()[:32]
    return out


def _raw(row: standing.Row | None, field: Field) -> bytes:
    """What stands in a field, as bytes."""
    if row is None:
        return b""
    if field.personal:
        return standing.sealed_of(row, field)
    plain = standing.plain_of(row, field)
    if field.extra:
        return b"" if plain is None else canonical_json(values.as_json(plain))
    return canonical_json(values.as_json(plain)) if field.part == dictionary.DOSSIER else plain.encode()
