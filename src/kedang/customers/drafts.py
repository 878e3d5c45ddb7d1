"""A dossier in the middle of a change: which fields move, and how row, contact and version are written.

The draft is the one place where a change of a single dossier is put together, so that row,
contact, blind index, sealed difference and version number always agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kedang.customers import sealing, selectors, values
from kedang.customers.fields import FIELDS, Field
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.values import Reading
from kedang.kernel.deeds import Version
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.ledger import versions_of
from kedang.people.models import Staff
from kedang.vault import blind, subjects
from kedang.vault.sequences import reserve


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
            if FIELDS[key].personal or FIELDS[key].part == "contact":
                self._apply_sealed(key, value)
            else:
                self._apply_plain(key, value)
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
            spec = FIELDS[key]
            if spec.personal or spec.part == "contact":
                self._restore_sealed(spec, before)
                continue
            for column, value in values.columns_of({key: values.from_json(spec, before)}).items():
                setattr(self.dossier, column, value)
        if "name" in delta:
            self.dossier.name_key = values.name_key_of(self.dossier.name)

    def holds(self, key: str) -> bool:
        """Whether the field has a value after the change."""
        spec = FIELDS[key]
        row = self.contact if spec.part == "contact" else self.dossier
        return row is not None and getattr(row, spec.column) not in ("", b"", None)

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

    def _apply_plain(self, key: str, value: Any) -> None:
        spec = FIELDS[key]
        before = None if self.new else values.as_json(values.plain_value(self.dossier, spec))
        after = values.as_json(value)
        if before == after:
            return
        for column, stored in values.columns_of({key: value}).items():
            setattr(self.dossier, column, stored)
        self.delta[key] = [before, after]

    def _apply_sealed(self, key: str, value: Any) -> None:
        spec = FIELDS[key]
        row = self._holder(spec, value)
        if row is None:
            return
        if not spec.personal:
            self._apply_contact_plain(row, key, str(value or ""))
            return
        table, ref = sealing.place_of(spec.part, row.pk)
        stored = bytes(getattr(row, spec.column))
        secret = self._secret(spec, ref, stored)
        before = sealing.open_value(secret, table, row.pk, spec.column, stored, many=spec.standard == "phones")
        if (before or None) == (value or None):
            return
        sealed = sealing.seal_value(secret, table, row.pk, spec.column, value)
        setattr(row, spec.column, sealed)
        self.delta[key] = [sealing.in_delta(row.pk, stored), sealing.in_delta(row.pk, sealed)]
        self.plain[key] = value

    def _holder(self, spec: Field, value: Any) -> Any:
        """The row that takes a sealed value; None where nothing is there and nothing is to come."""
        if spec.part != "contact":
            return self.dossier if value or self.dossier.identity_ct else None
        if self.contact is None or self._is_erased(self.contact):
            if not value:
                return None
            self.retired = self.contact
            self.contact = Contact(id=reserve("contact", 1), dossier_id=self.dossier.pk)
            subjects.create([sealing.contact_ref(self.contact.pk)])
        return self.contact

    def _secret(self, spec: Field, ref: str, stored: bytes) -> bytes:
        """The person's key. It is made with the person and never twice: Refused(state) once it was destroyed."""
        made_before = bool(stored) or spec.part == "contact" or (self.dossier.kind == "person" and not self.new)
        secret = subjects.get([ref])[ref] if made_before else subjects.create([ref])[0]
        if secret is None:
            raise Refused("state", detail=N_("This person was erased; nothing more is kept about them."))
        return secret

    def _is_erased(self, contact: Contact) -> bool:
        """Whether the person of a stored contact was erased; one just made here was not."""
        if contact._state.adding:
            return False
        ref = sealing.contact_ref(contact.pk)
        return subjects.get([ref])[ref] is None

    def _restore_sealed(self, spec: Field, before: Any) -> None:
        row: Any = self.contact if spec.part == "contact" else self.dossier
        if row is None:
            return
        if not spec.personal:
            setattr(row, spec.column, before or "")
            return
        holder, sealed = sealing.from_delta(before)
        sealed = sealed if holder == row.pk else b""
        setattr(row, spec.column, sealed)
        table, ref = sealing.place_of(spec.part, row.pk)
        self.plain[spec.key] = sealing.open_value(
            subjects.get([ref])[ref], table, row.pk, spec.column, sealed, many=spec.standard == "phones"
        )

    def _apply_contact_plain(self, contact: Contact, key: str, value: str) -> None:
        column = FIELDS[key].column
        if getattr(contact, column) != value:
            self.delta[key] = [getattr(contact, column) or None, value or None]
            setattr(contact, column, value)

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
        Tail.objects.filter(dossier=self.dossier, kind=kind).delete()
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
    for version in versions_of(dossier.pk):
        if version.no > base_version:
            delta = sealing.open_delta(dossier.kind, dossier.pk, version.no, version.delta_ct)
            moved |= set(delta or {})
    return moved


def digests(dossier: Dossier, keys: Iterable[str]) -> dict[str, str]:
    """A digest per field of what is stored now: what an applicant was looking at."""
    contact = selectors.main_contact(dossier.pk)
    out: dict[str, str] = {}
    for key in keys:
        if (spec := FIELDS.get(key)) is None:
            continue
        if spec.part == "contact" or spec.personal:
            row: Any = contact if spec.part == "contact" else dossier
            stored = getattr(row, spec.column) if row is not None else b""
            raw = stored.encode() if isinstance(stored, str) else bytes(stored)
        else:
            raw = canonical_json(values.as_json(values.plain_value(dossier, spec)))
        out[key] = hashlib.sha256(raw).hexdigest()[:32]
    return out
