"""A contact in the middle of a change: which values move, and how row, blind index and difference are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kedang.customers import dictionary, sealing, slots, standing, values
from kedang.customers.contacts import selectors
from kedang.customers.fields import Field
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.values import Reading
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.vault import blind, subjects
from kedang.vault.sequences import reserve

PHONES = "contact.phones"
REACHED_BY = ("contact.name", PHONES, "contact.email")
"""Without one of these there is nobody."""


@dataclass
class Draft:
    """The contact and the difference so far by slot."""

    dossier: Dossier
    contact: Contact
    new: bool = False
    delta: dict[str, list[Any]] = field(default_factory=dict)
    phones: list[str] | None = None
    """The numbers after the change, in memory only; None where they did not change."""
    former: Contact | None = None
    """The main contact so far, where another becomes it."""
    _secret: bytes | None = None

    @classmethod
    def of_new(cls, dossier: Dossier) -> Draft:
        """A contact about to be added: the main one where there is none."""
        contact = Contact(id=reserve("contact", 1), dossier=dossier, is_main=False)
        draft = cls(dossier, contact, new=True)
        draft._secret = subjects.create([sealing.contact_ref(contact.pk)])[0]
        return draft

    @property
    def slot(self) -> str:
        """How the versions of the dossier name this contact."""
        return slots.holder_of(slots.CONTACT, self.contact.pk)

    def apply(self, read: Reading) -> None:
        """Take the values that differ from what is stored; equal ones are no change. Refused(state) for an erased
        person."""
        for key, value in read.values.items():
            spec = dictionary.field_of(key)
            if spec.personal:
                self._take_sealed(spec, value)
                continue
            before, after = values.as_json(standing.plain_of(self.contact, spec)), values.as_json(value)
            if before != after:
                standing.put_plain(self.contact, spec, value)
                self._note(key, before, after)

    def lead(self) -> None:
        """Make it the main contact; whoever was it so far stays one of the others."""
        self.former = Contact.objects.filter(dossier=self.dossier, is_main=True).exclude(pk=self.contact.pk).first()
        if self.former is not None:
            self.delta[slots.name_in(slots.holder_of(slots.CONTACT, self.former.pk), slots.LEAD)] = [True, None]
        self._note(slots.LEAD, None, True)
        self.contact.is_main = True

    def remove(self, at_us: int) -> None:
        """Take the contact out of the dossier; it stays where it is, unseen and found by no number."""
        if self.contact.is_main:
            self._note(slots.LEAD, True, None)
            self.contact.is_main = False
        self._note(slots.REMOVED, None, at_us)
        self.contact.removed_us = at_us
        self.phones = []

    def is_nobody(self) -> bool:
        """Whether neither a name nor a way to reach the person is left."""
        return not any(standing.is_filled(self.contact, dictionary.field_of(key)) for key in REACHED_BY)

    def lacks(self, key: str) -> bool:
        """Whether a field stands empty after the change."""
        return not standing.is_filled(self.contact, dictionary.field_of(key))

    def save(self) -> None:
        """Write rows and blind index; the version is the caller's."""
        if self.former is not None:
            Contact.objects.filter(pk=self.former.pk).update(is_main=False)
        self.contact.save(force_insert=self.new, force_update=not self.new)
        if self.phones is not None:
            index(self.contact, self.phones)

    def _note(self, word: str, before: Any, after: Any) -> None:
        self.delta[slots.name_in(self.slot, word)] = [before, after]

    def _take_sealed(self, spec: Field, value: Any) -> None:
        stored, pk = standing.sealed_of(self.contact, spec), self.contact.pk
        if not stored and values.is_empty(value):
            return
        if values.as_json(standing.unseal(spec, pk, stored, self._key())) == values.as_json(value):
            return
        sealed = standing.seal(spec, pk, value, self._key())
        standing.put_sealed(self.contact, spec, sealed)
        self._note(spec.key, sealing.in_delta(pk, stored), sealing.in_delta(pk, sealed))
        if spec.key == PHONES:
            self.phones = value or []

    def _key(self) -> bytes:
        """The person's key, made with the contact and never twice."""
        if self._secret is None:
            ref = sealing.contact_ref(self.contact.pk)
            self._secret = subjects.get([ref])[ref]
        if self._secret is None:
            raise Refused("state", detail=N_("This person was erased; nothing more is kept about them."))
        return self._secret


def index(contact: Contact, phones: Iterable[str]) -> None:
    """Let a contact be found by these numbers and no others."""
    Tail.objects.filter(dossier_id=contact.dossier_id, contact=contact, kind="phone").delete()
    Tail.objects.bulk_create(
        Tail(dossier_id=contact.dossier_id, contact=contact, kind="phone", tail=tail, residual=residual)
        for tail, residual in blind.indexes("phone", list(phones))
    )


def digests(contact: Contact, keys: Iterable[str]) -> dict[str, str]:
    """A digest per value of what is stored now: what an applicant was looking at."""
    found = [spec for key in keys if (spec := dictionary.known(key)) and spec.part == dictionary.CONTACT]
    return {spec.key: hashlib.sha256(_raw(contact, spec)).hexdigest()[:32] for spec in found}


def texts(contacts: Iterable[Contact]) -> dict[int, dict[str, str | None]]:
    """The values of contacts as texts in clear, by id and field key; None where the person was erased."""
    rows = list(contacts)
    if not rows:
        return {}
    keys = subjects.get([sealing.contact_ref(row.pk) for row in rows])
    listed = dictionary.of_part(dictionary.CONTACT)
    return {row.pk: {key: standing.text_of(row, spec, keys) for key, spec in listed.items()} for row in rows}


def _raw(contact: Contact, spec: Field) -> bytes:
    if spec.personal:
        return standing.sealed_of(contact, spec)
    return canonical_json(values.as_json(standing.plain_of(contact, spec)))


def moved_names(target: selectors.Held, keys: Iterable[str]) -> set[str]:
    """The slots in which a change of these fields would show: of the main contact also the dossier's own."""
    named = {slots.name_in(target.slot, key) for key in keys}
    if not target.contact.is_main:
        return named
    return named | set(keys) | {slots.name_in(target.slot, slots.LEAD)}
