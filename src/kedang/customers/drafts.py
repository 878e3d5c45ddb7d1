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
from kedang.kernel.packing import canonical_json
from kedang.ledger import versions_of
from kedang.people.models import Staff
from kedang.standards import names
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

    @classmethod
    def of_new(cls, dossier: Dossier) -> Draft:
        """A dossier about to be opened."""
        return cls(dossier, None, new=True)

    @classmethod
    def of(cls, dossier: Dossier) -> Draft:
        """A stored dossier with its main contact."""
        return cls(dossier, selectors.main_contact(dossier.pk))

    def apply(self, reading: Reading) -> None:
        """Take the values that differ from what is stored; equal ones are no change."""
        for key, value in reading.values.items():
            if key == "kind" and self.new:
                self.dossier.kind = value or "organisation"
        for key, value in reading.values.items():
            if FIELDS[key].personal or FIELDS[key].part == "contact":
                self._apply_sealed(key, value)
            else:
                self._apply_plain(key, value)
        touched = {key for key in reading.values if key in self.delta}
        kept = [f for f in reading.warnings if self.new or f.field in touched]
        findings = values.kept_warnings(self.dossier.findings, touched, kept)
        if findings != self.dossier.findings and not self.new:
            self.delta["findings"] = [self.dossier.findings or None, findings or None]
        self.dossier.findings = findings
        if "name" in self.delta:
            self.dossier.name_key = names.name_key(self.dossier.name)

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
        """Set fields back to what they were before a version, ciphertext for ciphertext."""
        for key, (before, after) in delta.items():
            spec = FIELDS.get(key)
            self.delta[key] = [after, before]
            if key == "owner":
                self.dossier.owner = Staff.objects.filter(username=before).first()
            elif key == "unit":
                self.dossier.unit_id = before
            elif key == "findings":
                self.dossier.findings = before or ""
            elif spec is not None and (spec.personal or spec.part == "contact"):
                self._restore_sealed(spec, before)
            elif spec is not None:
                for column, value in values.columns_of({key: values.from_json(spec, before)}).items():
                    setattr(self.dossier, column, value)
        if "name" in delta:
            self.dossier.name_key = names.name_key(self.dossier.name)

    def holds(self, key: str) -> bool:
        """Whether the field has a value after the change."""
        spec = FIELDS[key]
        row = self.contact if spec.part == "contact" else self.dossier
        return row is not None and bool(getattr(row, spec.column))

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
        if spec.part == "contact":
            if self.contact is None:
                if not value:
                    return
                self.contact = Contact(id=reserve("contact", 1), dossier_id=self.dossier.pk)
            if not spec.personal:
                self._apply_contact_plain(self.contact, key, str(value or ""))
                return
            row: Any = self.contact
            table, ref = sealing.CONTACT_TABLE, sealing.contact_ref(self.contact.pk)
        else:
            row, table, ref = self.dossier, sealing.DOSSIER_TABLE, sealing.person_ref(self.dossier.pk)
        key_bytes = subjects.create([ref])[0]
        sealed_before = bytes(getattr(row, spec.column))
        before = sealing.open_value(
            key_bytes, table, row.pk, spec.column, sealed_before, many=spec.standard == "phones"
        )
        if (before or None) == (value or None):
            return
        sealed = sealing.seal_value(key_bytes, table, row.pk, spec.column, value)
        setattr(row, spec.column, sealed)
        self.delta[key] = [sealing.in_delta(sealed_before), sealing.in_delta(sealed)]
        self.plain[key] = value

    def _restore_sealed(self, spec: Field, before: Any) -> None:
        row: Any = self.contact if spec.part == "contact" else self.dossier
        if row is None:
            return
        if not spec.personal:
            setattr(row, spec.column, before or "")
            return
        sealed = sealing.from_delta(before)
        setattr(row, spec.column, sealed)
        table, ref = (
            (sealing.CONTACT_TABLE, sealing.contact_ref(row.pk)) if spec.part == "contact"
            else (sealing.DOSSIER_TABLE, sealing.person_ref(row.pk))
        )  # fmt: skip
        key = subjects.get([ref])[ref]
        self.plain[spec.key] = sealing.open_value(
            key, table, row.pk, spec.column, sealed, many=spec.standard == "phones"
        )

    def _apply_contact_plain(self, contact: Contact, key: str, value: str) -> None:
        column = FIELDS[key].column
        if getattr(contact, column) != value:
            self.delta[key] = [getattr(contact, column) or None, value or None]
            setattr(contact, column, value)

    def _write_contact(self) -> None:
        if self.contact is not None and any(key.startswith("contact.") for key in self.delta):
            self.contact.save()
        if "contact.phones" in self.delta:
            self._index("phone", self.plain["contact.phones"], self.contact)
        if "identity_number" in self.delta:
            number = self.plain["identity_number"]
            self._index("identity", [number] if number else [], None)

    def _index(self, kind: str, numbers: list[str], contact: Contact | None) -> None:
        Tail.objects.filter(dossier=self.dossier, kind=kind).delete()
        for number in numbers:
            Tail.objects.create(
                dossier=self.dossier, contact=contact, kind=kind,
                tail=blind.tail_index(kind, number), residual=blind.residual_index(kind, number),
            )  # fmt: skip

    def _version(self) -> Version:
        dossier = self.dossier
        key_id, key = sealing.delta_key(dossier.kind, dossier.pk)
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
