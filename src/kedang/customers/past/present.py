"""What a dossier was, as a person may see it: part of `present`, which slices, masks, and records the look.

Who may not open the dossier today sees nothing of its past, and of a time when it was classified higher than the
person's clearance neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson
from django.db.models import Q

from kedang import ledger
from kedang.customers import consents, dictionary, opening, present, showing
from kedang.customers.chronicle import BESIDE
from kedang.customers.models import Contact, Dossier, Record
from kedang.customers.modules import MODULES
from kedang.customers.past import core, reading
from kedang.customers.past.reading import Then
from kedang.customers.present import ShownDossier
from kedang.customers.showing import ShownValue
from kedang.customers.slots import CONTACT, REMOVED, name_in, parsed
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.people.selectors import names_of, units

HIGHER = N_("At that time the dossier was classified above your clearance.")
NO_DAY = N_("A day is written as year, month and day: 2026-03-02.")
UNKNOWN = N_("This value is not one of this dossier's.")
MOST_RECORDS = 200
"""Of records that were different so many are shown one by one."""
PAGE = 20
SCANNED = 5000
"""Versions looked through for one page of the history of a value."""


@dataclass(frozen=True, slots=True)
class PastValue:
    """A value as it was, and as it is today."""

    slot: str
    was: ShownValue
    now: ShownValue

    @property
    def differs(self) -> bool:
        """Whether it is another today."""
        return self.was.text != self.now.text


@dataclass(frozen=True, slots=True)
class PastHolder:
    """A contact or record as it was; `then` and `today` say whether it stood."""

    slot: str
    title: str
    then: bool
    today: bool
    values: tuple[PastValue, ...]
    main: bool = False

    @property
    def differs(self) -> bool:
        """Whether it is another today, or stands no more, or not yet."""
        return self.then != self.today or any(value.differs for value in self.values)


@dataclass(frozen=True, slots=True)
class ShownPast:
    """The dossier at the end of a day, beside what it is today."""

    day: date
    version: int
    today: ShownDossier
    """Its head and values of the present."""
    level: str
    state: str
    unit: str
    owner: str
    in_bin: bool
    groups: tuple[tuple[str, tuple[PastValue, ...]], ...]
    contacts: tuple[PastHolder, ...]
    records: tuple[PastHolder, ...]
    """Those that stood then and are different today; the others are counted."""
    records_same: int
    records_later: int

    @property
    def by_key(self) -> dict[str, PastValue]:
        """The values of the dossier and its main contact by field."""
        return {value.was.key: value for _, group in self.groups for value in group}

    @property
    def differences(self) -> int:
        """How many values, contacts and records are different today."""
        holders = sum(each.differs for each in (*self.contacts, *self.records))
        return sum(value.differs for value in self.by_key.values()) + holders + self.records_later


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One change of one value: when, who, why, and under which approval."""

    version: int
    entry: int
    at_us: int
    op: str
    by: str
    by_name: str
    reason: str
    call: int
    signers: tuple[str, ...]
    """Names of those who agreed to it."""
    before: ShownValue
    after: ShownValue
    current: bool
    """Whether what it led to is what stands today."""


@dataclass(frozen=True, slots=True)
class ShownSteps:
    """A page of the history of one value, newest first; `next` is the version the page ended with."""

    slot: str
    title: str
    now: ShownValue
    steps: tuple[ShownStep, ...]
    next: int | None


def as_of(by: Actor, dossier: Dossier, day: date) -> ShownPast:
    """The dossier as it stood when a day ended, masked, with what is different today. Leaves a look that says so.

    Raises Refused for a day to come or before the dossier was opened, for an erased person, and where the
    classification of that time or the state of today keeps it from this person.
    """
    opening.require(by, dossier)
    then = reading.at_end_of(dossier, day)
    level = Level.of(then.earlier.get("level") or Level(dossier.level).key)
    if level > by.clearance:
        raise Refused("denied", detail=HIGHER)
    today = present.opened(by, dossier, purpose=purpose_of(day))
    page = _Page.of(by, dossier, then, today)
    fields = sorted({parsed(slot).field for slot in then.earlier})
    ledger.look(by, "open", [dossier.pk], fields=fields, purpose=purpose_of(day))
    records, same, later = page.records(day)
    return ShownPast(
        day=day, version=then.version, today=today, level=level.key, state=page.state, unit=page.unit,
        owner=page.owner, in_bin=bool(then.earlier.get("removed_us")), groups=page.groups(), contacts=page.contacts(),
        records=records, records_same=same, records_later=later,
    )  # fmt: skip


def day_of(text: str) -> date:
    """A day as it is written in an address or a command; Refused(invalid) for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("invalid", missing=("as_of",), detail=NO_DAY) from None


def purpose_of(day: date) -> str:
    """How a look at an earlier day is told from one at today."""
    return f"as of {day.isoformat()}"


def steps_of(
    by: Actor, dossier: Dossier, slot: str, *, limit: int = PAGE, before: int | None = None
) -> ShownSteps:  # fmt: skip
    """What happened to one value, newest first: who, when, why, by whose signatures. Leaves a look.

    Refused(invalid) for a slot that is no value.
    """
    opening.require(by, dossier)
    spec = reading.spec_of(slot)
    if spec is None:
        raise Refused("invalid", missing=("field",), detail=UNKNOWN)
    found, following = _touching(dossier, slot, limit, before)
    now = reading.now_of(dossier, slot)
    keys = reading.keys_of([(slot, now), *((slot, side) for _, sides in found for side in sides)])
    names = _names(entry for entry, _ in found)
    hidden = consents.withheld(dossier, [slot]).get(slot, "")
    shown = []
    for step, sides in found:
        was, became = (showing.shown(by, spec, reading.clear(slot, side, keys), instead=hidden) for side in sides)
        shown.append(_step(step, names, was, became, sides[1] == now))
    ledger.look(by, "open", [dossier.pk], fields=[spec.key, "history"])
    value = showing.shown(by, spec, reading.clear(slot, now, keys), instead=hidden)
    return ShownSteps(slot, spec.title, value, tuple(shown), following)


def _touching(
    dossier: Dossier, slot: str, limit: int, before: int | None
) -> tuple[list[tuple[reading.Step, list[Any]]], int | None]:
    """The versions that touched a value, and where the next page goes on."""
    found: list[tuple[reading.Step, list[Any]]] = []
    for at, step in enumerate(reading.steps(dossier, before=before)):
        if len(found) == limit or at == SCANNED:
            return found, step.no + 1
        if (sides := reading.sides_of(step, slot)) is not None:
            found.append((step, sides))
    return found, None


def _names(steps: Iterable[reading.Step]) -> Mapping[str, str]:
    wanted: set[str] = set()
    for step in steps:
        wanted |= {step.entry.actor_id, *(one for text in _signers(step.entry) for one in text.split(" for "))}
    return names_of(wanted)


def _signers(entry: Any) -> list[str]:
    signers: list[str] = orjson.loads(bytes(entry.body)).get("signers", [])
    return signers


def _step(
    step: reading.Step, names: Mapping[str, str], was: ShownValue, became: ShownValue, current: bool
) -> ShownStep:  # fmt: skip
    entry = step.entry
    return ShownStep(
        version=step.no, entry=entry.id, at_us=entry.at_us, op=entry.op, by=entry.actor_id,
        by_name=names.get(entry.actor_id, entry.actor_id),
        reason=str(orjson.loads(bytes(entry.body)).get("reason", "")), call=entry.call_id,
        signers=tuple(" / ".join(names.get(one, one) for one in text.split(" for ")) for text in _signers(entry)),
        before=was, after=became, current=current,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Page:
    """One earlier day of one dossier on its way to being shown."""

    by: Actor
    dossier: Dossier
    then: Then
    today: ShownDossier
    keys: Mapping[str, bytes | None]

    @classmethod
    def of(cls, by: Actor, dossier: Dossier, then: Then, today: ShownDossier) -> _Page:
        return cls(by, dossier, then, today, reading.keys_of(then.earlier.items()))

    @property
    def state(self) -> str:
        """Filed, or its place in the life of a customer."""
        earlier = self.then.earlier
        filed = earlier.get("filed_us", self.dossier.filed_us)
        return "filed" if filed else str(earlier.get("state") or self.dossier.state)

    @property
    def unit(self) -> str:
        """The unit it belonged to."""
        was = self.then.earlier.get("unit")
        return next((unit.name for unit in units() if unit.pk == was), self.today.unit) if was else self.today.unit

    @property
    def owner(self) -> str:
        """Who was first responsible."""
        if "owner" not in self.then.earlier:
            return self.today.owner
        was = self.then.earlier["owner"]
        return str(names_of({was}).get(was, was)) if was else ""

    def groups(self) -> tuple[tuple[str, tuple[PastValue, ...]], ...]:
        """The values of the dossier and of who was main contact then, grouped as today."""
        return tuple((title, tuple(self._value(value) for value in group)) for title, group in self.today.groups)

    def _value(self, today: ShownValue) -> PastValue:
        slot = today.key
        if dictionary.part_of(slot) == CONTACT:
            return self._of_main(today)
        return PastValue(slot, self._was(slot, today), replace(today, warnings=()))

    def _of_main(self, today: ShownValue) -> PastValue:
        """A value of the main contact of that time, who may be another than today's."""
        was = self._main_then().get(today.key)
        return PastValue(today.key, was if was is not None else _empty(today), replace(today, warnings=()))

    def _was(self, slot: str, today: ShownValue) -> ShownValue:
        spec = reading.spec_of(slot)
        if slot not in self.then.earlier or spec is None:
            return replace(today, warnings=())
        hidden = consents.withheld(self.dossier, [slot]).get(slot, "")
        text = reading.clear(slot, self.then.earlier[slot], self.keys)
        return showing.shown(self.by, spec, text, instead=hidden)

    def _main_then(self) -> dict[str, ShownValue]:
        row = Contact.objects.filter(dossier=self.dossier, pk=self.then.main).first()
        if row is None:
            return {}
        holder = self._holder(row, f"{CONTACT}#{row.pk}", "", {})
        return {value.was.key: value.was for value in holder.values}

    def contacts(self) -> tuple[PastHolder, ...]:
        """Everybody who was a contact then or is one today, the main one of that time first.

        Who was main contact then and is so today stands among the values of the dossier.
        """
        rows = Contact.objects.filter(dossier=self.dossier).order_by("pk").exclude(pk=self.then.main, is_main=True)
        found = []
        for row in rows:
            slot = f"{CONTACT}#{row.pk}"
            shown = self._holder(row, slot, N_("Contact"), {"main": row.pk == self.then.main})
            if shown.then or (shown.today and shown.values):
                found.append(shown)
        return tuple(sorted(found, key=lambda each: not each.main))

    def records(self, day: date) -> tuple[tuple[PastHolder, ...], int, int]:
        """Records that stood then and are different today, how many are the same, how many came later."""
        until_us = clock.day_bounds_us(day)[1]
        today = clock.company_day(clock.now_us())
        rows = Record.objects.filter(Q(expires_on=None) | Q(expires_on__gte=today), dossier=self.dossier)
        later = rows.filter(created_us__gte=until_us, removed_us=0).count()
        touched = sorted({parsed(slot).holder for slot in self.then.earlier} - {""})
        ids = {_at(holder) for holder in touched if not holder.startswith(CONTACT)}
        then = rows.filter(created_us__lt=until_us)
        changed = [row for row in then.order_by("-day", "-pk") if (row.module, row.no) in ids] if ids else []
        same = then.filter(removed_us=0).count() - sum(not row.removed_us for row in changed)
        shown = [self._holder(row, row.slot, MODULES[row.module].title, {}) for row in changed[:MOST_RECORDS]]
        return tuple(each for each in shown if each.then), same, later

    def _holder(self, row: Contact | Record, slot: str, title: str, more: Mapping[str, bool]) -> PastHolder:
        """A contact or record with each value it had or has."""
        now = reading.now_in(slot, row)
        earlier = {name: value for name, value in self.then.earlier.items() if name.startswith(f"{slot}.")}
        was = core.over(now, earlier)
        keys = reading.keys_of((*now.items(), *was.items()))
        hidden = consents.withheld(self.dossier, {*now, *was})
        out = []
        for name in dict.fromkeys((*was, *now)):
            spec = reading.spec_of(name)
            if spec is not None:
                texts = (reading.clear(name, state.get(name), keys) for state in (was, now))
                sides = (showing.shown(self.by, spec, text, instead=hidden.get(name, "")) for text in texts)
                out.append(PastValue(name_in(slot, spec.key), *sides))
        removed = f"{slot}.{REMOVED}"
        gone = earlier.get(removed, row.removed_us)
        stood = not gone and any(value.was.text for value in out)
        return PastHolder(slot, title, stood, not row.removed_us, tuple(out), **more)


def _empty(today: ShownValue) -> ShownValue:
    return replace(today, text="", masked=False, warnings=())


def _at(holder: str) -> tuple[str, int]:
    module, _, number = holder.partition("#")
    return module, int(number)


def title_of(slot: str) -> str:
    """What a slot is called: its field's title, or what a version keeps beside the fields."""
    spec = reading.spec_of(slot)
    return spec.title if spec is not None else BESIDE.get(slot, slot)
