"""A record in the middle of a change: which values move, and how row, columns and difference are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kedang.customers import bags, sealing, slots, values
from kedang.customers.dictionary import Fields, field_of
from kedang.customers.fields import Field
from kedang.customers.models import Dossier, Record
from kedang.customers.modules import MODULES, Module
from kedang.customers.records import reading, selectors
from kedang.customers.values import Reading
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force
from kedang.vault import subjects
from kedang.vault.sequences import reserve


@dataclass
class Draft:
    """The record, what stands in its bag, and the difference so far by slot."""

    dossier: Dossier
    record: Record
    stored: bags.Stored
    new: bool = False
    delta: dict[str, list[Any]] = field(default_factory=dict)
    _secret: bytes | None = None

    @classmethod
    def of_new(cls, dossier: Dossier, module: str, by: str, at_us: int) -> Draft:
        """A record about to be added."""
        record = Record(
            id=reserve("record", 1), dossier=dossier, module=module, no=selectors.next_no(dossier, module),
            day=clock.company_day(at_us), by_ref=by, created_us=at_us, updated_us=at_us,
        )  # fmt: skip
        return cls(dossier, record, {}, new=True)

    @classmethod
    def of(cls, dossier: Dossier, record: Record) -> Draft:
        """A stored record."""
        return cls(dossier, record, bags.read_bag(record.bag))

    @property
    def module(self) -> Module:
        """The part of the dossier it belongs to."""
        return MODULES[self.record.module]

    @property
    def status(self) -> str:
        """Where it stands after the change."""
        return str(self.stored.get(self.module.status) or "") if self.module.status else ""

    def apply(self, read: Reading) -> None:
        """Take the values that differ from what is stored; equal ones are no change.

        Refused(state) for a step back in its life, or where the person in it was erased.
        """
        listed = reading.fields_of(self.module)
        self._begin(read)
        for key, value in read.values.items():
            if key == self.module.status:
                self._require_forward(str(value or ""))
            self._take(listed, key, value)
        self._settle()

    def put(self, stored: Mapping[str, Any]) -> None:
        """Set values as they stand in a bag or a version, ciphertext for ciphertext; None empties one."""
        for key, after in stored.items():
            before = self.stored.get(key)
            if before != after:
                self._change(field_of(key), before, after)
        self._settle()

    def lacking(self) -> list[str]:
        """Keys of what it must have and has not."""
        needed = reading.required(self.module, self.dossier, self.status)
        return [key for key in sorted(needed) if self.stored.get(key) in (None, "", [])]

    def remove(self, at_us: int) -> None:
        """Take the record out of the dossier; it stays where it is, unseen."""
        self.delta[slots.name_in(self.record.slot, slots.REMOVED)] = [self.record.removed_us or None, at_us]
        self.record.removed_us = at_us

    def save(self, at_us: int) -> None:
        """Write the row; the version is the caller's."""
        self.record.bag = bags.write_bag(self.stored)
        self.record.updated_us = at_us
        self.record.save(force_insert=self.new, force_update=not self.new)

    def _begin(self, read: Reading) -> None:
        """A new record begins at the first step of its life unless it says otherwise."""
        status = self.module.status
        if self.new and status and not read.values.get(status):
            read.values[status] = self.module.statuses[0][0]

    def _require_forward(self, wanted: str) -> None:
        order = [key for key, _ in self.module.statuses]
        now = self.status
        if not now or not wanted or wanted == now:
            return
        if now in self.module.closing or order.index(wanted) < order.index(now):
            raise Refused("state", detail=N_("A record goes forward in its life and not back; add a new one."))

    def _take(self, listed: Fields, key: str, value: Any) -> None:
        spec, before = listed[key], self.stored.get(key)
        if not spec.personal:
            after = bags.stored_form(spec, value)
            if before != after:
                self._change(spec, before, after)
        elif (self._opened(spec, before) if before else None) != (None if values.is_empty(value) else value):
            seal = bags.sealer(self._key(), sealing.RECORD_TABLE, self.record.pk)
            self._change(spec, before, bags.stored_form(spec, value, seal))

    def _change(self, spec: Field, before: Any, after: Any) -> None:
        self.stored[spec.key] = after
        sides = [before, after]
        if spec.personal:
            sides = [sealing.in_delta(self.record.pk, bags.sealed_of(side)) for side in sides]
        self.delta[slots.name_in(self.record.slot, spec.key)] = sides

    def _opened(self, spec: Field, before: Any) -> Any:
        return bags.opened(spec, before, bags.opener(self._key(), sealing.RECORD_TABLE, self.record.pk))

    def _key(self) -> bytes:
        """The key of the persons in this record: made with the first such value, and never again."""
        if self._secret is None:
            ref = sealing.record_ref(self.record.pk)
            sealed = [key for key, stored in self.stored.items() if stored and field_of(key).personal]
            self._secret = subjects.get([ref])[ref] if sealed else subjects.create([ref])[0]
        if self._secret is None:
            raise Refused("state", detail=N_("This person was erased; nothing more is kept about them."))
        return self._secret

    def _settle(self) -> None:
        """Keep the columns that lists are sorted, summed and told by in step with the bag."""
        module, record = self.module, self.record
        record.day = self._date(module.day) or clock.company_day(record.created_us)
        record.amount_fen = self.stored.get(module.amount) if module.amount else None
        record.status = self.status
        record.expires_on = self._date(module.expires)

    def _date(self, key: str) -> date | None:
        text = self.stored.get(key) if key else None
        return date.fromisoformat(text) if text else None


def digests(record: Record, keys: Iterable[str]) -> dict[str, str]:
    """A digest per value of what is stored now: what an applicant was looking at."""
    stored = bags.read_bag(record.bag)
    return {key: hashlib.sha256(canonical_json(stored.get(key))).hexdigest()[:32] for key in keys}


def clear_texts(record: Record, keys: Iterable[str] | None = None) -> dict[str, str | None]:
    """The values of a record as texts, in clear; None where a person was erased."""
    return texts_of([record], keys)[record.pk]


def texts_of(records: Iterable[Record], keys: Iterable[str] | None = None) -> dict[int, dict[str, str | None]]:
    """The same of many records, by their ids; the keys of all their persons are fetched at once."""
    wanted, pack = None if keys is None else frozenset(keys), in_force()
    rows = {record.pk: (record, bags.read_bag(record.bag)) for record in records}
    sealed = [pk for pk, (_, stored) in rows.items() if any(field_of(key, pack).personal for key in stored)]
    secrets = subjects.get([sealing.record_ref(pk) for pk in sealed])
    return {
        pk: {
            key: _text(record, field_of(key, pack), each, secrets)
            for key, each in stored.items()
            if wanted is None or key in wanted
        }
        for pk, (record, stored) in rows.items()
    }  # fmt: skip


def _text(record: Record, spec: Field, stored: Any, secrets: Mapping[str, bytes | None]) -> str | None:
    secret = secrets.get(sealing.record_ref(record.pk))
    value = bags.opened(spec, stored, bags.opener(secret, sealing.RECORD_TABLE, record.pk))
    return None if value is None else values.as_text(spec, value)
