"""Earlier values out of the sealed versions, the newest first and never more of them than are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kedang import ledger
from kedang.customers import bags, dictionary, sealing, selectors, standing, values
from kedang.customers.fields import Field
from kedang.customers.models import Contact, Dossier, Record
from kedang.customers.past import core
from kedang.customers.past.core import State
from kedang.customers.slots import CONTACT, parsed
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.vault import subjects

AT_ONCE = 500
"""Versions read in one go."""
ERASED = N_("This person was erased; nothing more is kept about them.")
LATER = N_("A day that is over or today; nothing is known of a day to come.")
BEFORE = N_("On that day there was no dossier of this customer yet.")


@dataclass(frozen=True, slots=True)
class Step:
    """One version with the ledger entry that wrote it; contacts stand under their own numbers."""

    no: int
    entry: Any
    delta: dict[str, list[Any]]
    raw: Mapping[str, list[Any]]
    """As it was written, the main contact's values under `contact.`."""


@dataclass(slots=True)
class Then:
    """What was different at an earlier time: slots with what stood there (None: nothing), and who was main contact."""

    version: int
    main: int
    earlier: State = field(default_factory=dict)


def steps(dossier: Dossier, *, before: int | None = None) -> Iterator[Step]:
    """Versions from the newest (or from the one before `before`) back to the first.

    Refused(state) where the person the dossier is about was erased: nothing of what was can be read.
    """
    return (step for step, _ in _with_main(dossier) if before is None or step.no < before)


def at_end_of(dossier: Dossier, day: date) -> Then:
    """How the dossier stood when a day of the company ended.

    Refused(invalid) for a day to come, or one before the dossier was opened.
    """
    first, until_us = clock.day_bounds_us(day)
    if first > clock.now_us():
        raise Refused("invalid", missing=("as_of",), detail=LATER)
    if dossier.created_us >= until_us:
        raise Refused("invalid", missing=("as_of",), detail=BEFORE)
    return _until(dossier, lambda step: step.entry.at_us < until_us)


def after_version(dossier: Dossier, number: int) -> Then:
    """How the dossier stood after its version of that number. Refused(invalid) for a number it never had."""
    if not 1 <= number <= dossier.version_no:
        raise Refused("invalid", missing=("version",), detail=N_("The dossier has no such version."))
    return _until(dossier, lambda step: step.no <= number)


def clear(slot: str, stored: Any, keys: Mapping[str, bytes | None]) -> str | None:
    """The text behind a stored value of a field; None where its person was erased. `keys` as `keys_of` gives them."""
    spec = spec_of(slot)
    if stored is None or spec is None:
        return ""
    if not spec.personal:
        return values.as_text(spec, values.from_json(spec, stored))
    row, sealed = sealing.from_delta(stored)
    return standing.unsealed_text(spec, row, sealed, keys.get(sealing.place_of(spec.part, row)[1]))


def keys_of(found: Iterable[tuple[str, Any]]) -> dict[str, bytes | None]:
    """The keys of all persons in some stored values by slot, asked for at once."""
    refs = set()
    for slot, stored in found:
        spec = spec_of(slot)
        if spec is not None and spec.personal and stored:
            refs.add(sealing.place_of(spec.part, sealing.from_delta(stored)[0])[1])
    return subjects.get(sorted(refs)) if refs else {}


def spec_of(slot: str) -> Field | None:
    """The field a slot holds; None for what a version keeps beside the fields."""
    return dictionary.known(parsed(slot).field)


def is_personal(slot: str) -> bool:
    """Whether a slot holds a value sealed under a person's key."""
    spec = spec_of(slot)
    return spec is not None and spec.personal


def sides_of(step: Step, slot: str) -> list[Any] | None:
    """Before and after of a value in a version; None where it did not touch it.

    `contact.phones` follows whoever was the main contact.
    """
    if slot in step.delta:
        return step.delta[slot]
    return step.raw.get(slot)


def now_of(dossier: Dossier, slot: str) -> Any:
    """What stands in a slot today, in the form that differences have; None for nothing."""
    named = parsed(slot)
    if named.no and named.module == CONTACT:
        contact = Contact.objects.filter(dossier=dossier, pk=named.no).first()
        return now_in(named.holder, contact).get(slot) if contact else None
    if named.no:
        record = Record.objects.filter(dossier=dossier, module=named.module, no=named.no).first()
        return now_in(named.holder, record).get(slot) if record else None
    if dictionary.part_of(slot) == CONTACT:
        main = selectors.main_contact(dossier.pk)
        return now_in(CONTACT, main).get(slot) if main else None
    return _own(dossier, slot)


def _own(dossier: Dossier, key: str) -> Any:
    """A value of the dossier's own row."""
    spec = dictionary.field_of(key)
    if spec.personal:
        return sealing.in_delta(dossier.pk, standing.sealed_of(dossier, spec))
    return values.as_json(standing.plain_of(dossier, spec))


def now_in(holder: str, row: Contact | Record) -> State:
    """What stands in a contact or record, by slot, in the form that differences have."""
    found: State = {}
    if isinstance(row, Contact):
        for key, spec in dictionary.of_part("contact").items():
            if not spec.extra and (stored := getattr(row, spec.column)):
                found[_slot(holder, key)] = sealing.in_delta(row.pk, stored) if spec.personal else stored
    bag = row.extra if isinstance(row, Contact) else row.bag
    for key, stored in bags.read_bag(bag).items():
        sealed = is_personal(key)
        found[_slot(holder, key)] = sealing.in_delta(row.pk, bags.sealed_of(stored)) if sealed else stored
    return found


def _slot(holder: str, key: str) -> str:
    return f"{holder}.{key.partition('.')[2]}"


def _until(dossier: Dossier, reached: Any) -> Then:
    """Undo versions until one is reached that had been written by then."""
    found = Then(0, _main_of(dossier))
    for step, main in _with_main(dossier):
        if reached(step):
            found.version = step.no
            break
        found.earlier |= core.earlier([step.delta])
        found.main = main
    return found


def _with_main(dossier: Dossier) -> Iterator[tuple[Step, int]]:
    """Each version with the main contact before it."""
    main = _main_of(dossier)
    for no, entry, raw in _opened(dossier):
        named, main = core.named(raw, main, is_personal)
        yield Step(no, entry, named, raw), main


def _opened(dossier: Dossier) -> Iterator[tuple[int, Any, dict[str, Any]]]:
    last = dossier.version_no + 1
    while page := list(ledger.versions_of(dossier.pk).filter(no__lt=last).order_by("-no")[:AT_ONCE]):
        entries = {entry.id: entry for entry in ledger.entries_by_id({version.entry_id for version in page})}
        for version in page:
            delta = sealing.open_delta(dossier.kind, dossier.pk, version.no, version.delta_ct)
            if delta is None:
                raise Refused("state", detail=ERASED)
            yield version.no, entries[version.entry_id], delta
        last = page[-1].no


def _main_of(dossier: Dossier) -> int:
    main = selectors.main_contact(dossier.pk)
    return main.pk if main else 0
