"""The history of a dossier, page by page: what was done, by whom, and each value before and after, masked.

Like `present`, whose outside it is part of: it opens stored differences, masks them, and records the look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from kedang import ledger
from kedang.customers import bags, consents, masks, opening, sealing, slots, values
from kedang.customers.attachments import wording
from kedang.customers.dictionary import known
from kedang.customers.fields import Field
from kedang.customers.models import Dossier
from kedang.customers.showing import ERASED, is_masked
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.people.selectors import names_of, units
from kedang.vault import subjects

BESIDE = {
    "state": N_("State"),
    "retained_on": N_("Retained since"),
    "filed_us": N_("Filed on"),
    "unit": N_("Unit"),
    "owner": N_("Account manager"),
    "removed_us": N_("Removed"),
    slots.REMOVED: N_("Removed"),
    slots.LEAD: N_("Main contact"),
}
"""What a version keeps beside the fields of the dictionary."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One value of a version: what it was and what it became."""

    key: str
    """Its slot, as `customers.slots` names it."""
    title: str
    before: str
    after: str
    holder: str = ""
    """The record or contact it is in (`contract#3`); empty for the dossier itself."""
    field: str = ""
    """The field's key; empty for what is no field."""


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One entry of the history of a dossier."""

    entry: int
    at_us: int
    op: str
    by: str
    by_name: str
    reason: str
    version: int
    changes: tuple[ShownChange, ...]
    sealed_block: int | None
    refused: bool = False
    """Somebody tried and the gate said no: nothing was changed."""
    articles: tuple[str, ...] = ()
    """The articles a refusal named."""


def history(by: Actor, dossier: Dossier, *, limit: int = PAGE, before: int | None = None) -> list[ShownEvent]:
    """A page of what happened to the dossier, newest first; `before` is the entry the page before ended with."""
    opening.require(by, dossier)
    entries = ledger.history_page(dossier.ref, dossier.pk, limit=limit, before=before)
    ids = [entry.id for entry in entries]
    versions = {each.entry_id: each for each in ledger.versions_of(dossier.pk).filter(entry_id__in=ids)}
    past = Past.of(by, dossier, versions.values())
    names, blocks = names_of({entry.actor_id for entry in entries}), ledger.blocks_of(ids)
    events = [_event(past, entry, versions.get(entry.id), names, blocks.get(entry.id)) for entry in entries]
    ledger.look(by, "open", [dossier.pk], fields=["history"])
    return events


@dataclass(frozen=True, slots=True)
class Past:
    """Some versions of a dossier, opened to be shown: for whom, and the keys of the persons in them."""

    by: Actor
    dossier: Dossier
    deltas: Mapping[int, Mapping[str, Sequence[Any]]]
    """By number of the version; a person's that was erased is empty."""
    keys: Mapping[str, bytes | None]
    hidden: Mapping[str, str]
    """What stands in place of values, by slot, whose person's consent is not in force."""

    @classmethod
    def of(cls, by: Actor, dossier: Dossier, versions: Iterable[Any]) -> Past:
        """Open these versions of the dossier."""
        deltas = {
            each.no: sealing.open_delta(dossier.kind, dossier.pk, each.no, each.delta_ct) or {} for each in versions
        }
        refs = {ref for delta in deltas.values() for name, pair in delta.items() for ref in _refs(name, pair)}
        hidden = consents.withheld(dossier, {name for delta in deltas.values() for name in delta})
        return cls(by, dossier, deltas, subjects.get(sorted(refs)), hidden)

    def changes(self, no: int) -> tuple[ShownChange, ...]:
        """What a version changed; nothing where the person was erased."""
        delta = self.deltas.get(no, {})
        return tuple(self._change(name, pair) for name, pair in sorted(delta.items()) if name != "findings")

    def text(self, field: Field, side: Any) -> str:
        """One side of a change as this person may see it."""
        if side is None:
            return ""
        if not field.personal:
            return values.as_text(field, values.from_json(field, side))
        text = self._opened(field, side)
        if text is None:
            return ERASED
        return masks.masked(field, text) if is_masked(self.by, field) else text

    def _change(self, name: str, pair: Sequence[Any]) -> ShownChange:
        slot = slots.parsed(name)
        field = known(slot.field)
        if field is None:
            word = slot.field.rpartition(".")[2] if slot.no else name
            if name.startswith(wording.MARK):
                return ShownChange(name, wording.TITLE, *(wording.told(side) if side else "" for side in pair))
            before, after = (_beside(word, side) for side in pair)
            return ShownChange(name, BESIDE.get(word, word), before, after, slot.holder)
        instead = self.hidden.get(name, "")
        before, after = (instead if instead and side is not None else self.text(field, side) for side in pair)
        return ShownChange(name, field.title, before, after, slot.holder, field.key)

    def _opened(self, field: Field, side: Any) -> str | None:
        pk, sealed = sealing.from_delta(side)
        table, ref = sealing.place_of(field.part, pk)
        column = bags.column_of(field.key) if field.extra else field.column
        value = sealing.open_value(self.keys.get(ref), table, pk, column, sealed, many=field.standard == "phones")
        return None if value is None else "、".join(value) if isinstance(value, list) else str(value)


def _refs(name: str, pair: Sequence[Any]) -> list[str]:
    """The vault's names of the persons whose values a change holds."""
    field = known(slots.parsed(name).field)
    if field is None or not field.personal:
        return []
    return [sealing.place_of(field.part, sealing.from_delta(side)[0])[1] for side in pair if side]


def _beside(word: str, side: Any) -> str:
    """What a version keeps beside the fields: a day, a unit, a person, a mark."""
    if side is None or side is False:
        return ""
    if word in ("filed_us", "removed_us", slots.REMOVED):
        return clock.company_day(side).isoformat()
    if word == slots.LEAD:
        return "✓"
    if word == "unit":
        return next((unit.name for unit in units() if unit.pk == side), str(side))
    return names_of({side}).get(side, side) if word == "owner" else str(side)


def _event(past: Past, entry: Any, version: Any, names: Mapping[str, str], block: int | None) -> ShownEvent:
    body = orjson.loads(bytes(entry.body))
    return ShownEvent(
        entry=entry.id, at_us=entry.at_us, op=entry.op, by=entry.actor_id,
        by_name=names.get(entry.actor_id, entry.actor_id), reason=str(body.get("reason", "")),
        version=version.no if version else 0, changes=past.changes(version.no) if version else (),
        sealed_block=block, refused=entry.outcome == "refused", articles=tuple(body.get("articles", ())),
    )  # fmt: skip
