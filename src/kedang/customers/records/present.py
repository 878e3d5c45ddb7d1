"""Records as a person may see them: sliced, opened, masked, and one look for each page.

The outside of it is `customers.present`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kedang import ledger
from kedang.customers import consents, opening, showing, slots
from kedang.customers.models import Dossier, Record
from kedang.customers.modules import MODULES
from kedang.customers.records import drafts, reading, selectors
from kedang.customers.records.selectors import Held, Tally
from kedang.customers.showing import ShownValue
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.selectors import names_of

MOST = 200


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record as this person may see it."""

    id: int
    ref: str
    slot: str
    module: str
    no: int
    day: str
    """The day it happened or was entered; ISO."""
    amount_fen: int | None
    status: str
    headline: str
    values: Mapping[str, ShownValue]
    """By field key, in the order of the dictionary; empty ones are left out."""
    by: str
    by_name: str
    created_us: int
    updated_us: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of records, latest day first, the cursor of the next one, and what all of them come to."""

    rows: Sequence[ShownRecord]
    next: str | None
    tally: Tally


def records(by: Actor, dossier: Dossier, module: str, *, after: str | None = None, limit: int = 50) -> RecordPage:
    """A page of the records of a module; one look. NotVisible for a module there is none of."""
    if module not in MODULES:
        raise NotVisible(f"module:{module}")
    return timeline(by, dossier, modules=(module,), after=after, limit=limit)


def timeline(
    by: Actor, dossier: Dossier, *, modules: Sequence[str] = (), after: str | None = None, limit: int = 50
) -> RecordPage:
    """A page of what happened with a customer across modules (default: all), latest day first; one look."""
    opening.require(by, dossier)
    found, following = selectors.page(selectors.standing(dossier, *modules), after, max(1, min(limit, MOST)))
    shown = _shown(by, dossier, found)
    _look(by, dossier, shown, modules)
    counted = [tally for key, tally in selectors.tallies(dossier).items() if not modules or key in modules]
    return RecordPage(
        shown, following, Tally(sum(each.count for each in counted), sum(each.amount_fen for each in counted))
    )


def by_module(by: Actor, dossier: Dossier, modules: Sequence[str], *, limit: int = 10) -> dict[str, RecordPage]:
    """The first page of each of several modules, for a tab that lists them; one look for all."""
    opening.require(by, dossier)
    counted = selectors.tallies(dossier)
    found = {
        key: selectors.page(selectors.standing(dossier, key), None, limit) if key in counted else ([], None)
        for key in modules
    }
    shown = _shown(by, dossier, [row for rows, _ in found.values() for row in rows])
    _look(by, dossier, shown, modules)
    return {
        key: RecordPage([each for each in shown if each.module == key], following, counted.get(key, Tally()))
        for key, (_, following) in found.items()
    }


def record(by: Actor, held: Held) -> ShownRecord:
    """One record on its own page; one look."""
    opening.require(by, held.dossier)
    shown = _shown(by, held.dossier, [held.record])
    _look(by, held.dossier, shown, ())
    return shown[0]


def editable(by: Actor, held: Held) -> dict[str, str]:
    """Values for an edit form: plain ones as text, masked personal ones left out (blank means unchanged)."""
    opening.require(by, held.dossier)
    clear = drafts.clear_texts(held.record)
    hidden = _hidden(held.dossier, held.record, clear)
    shown = {
        key: clear.get(key) or "" for key, field in reading.fields_of(held.module).items()
        if not showing.is_masked(by, field) and slots.name_in(held.record.slot, key) not in hidden
    }  # fmt: skip
    ledger.look(by, "open", [held.dossier.pk], fields=[key for key, text in shown.items() if text])
    return shown


def texts(by: Actor, held: Held, keys: Iterable[str]) -> dict[str, str]:
    """Some values as this person may see them, beside a change that is proposed; one look."""
    wanted = list(keys)
    clear = drafts.clear_texts(held.record, wanted)
    ledger.look(by, "open", [held.dossier.pk], fields=sorted(clear))
    hidden = _hidden(held.dossier, held.record, clear)
    return {
        key: showing.stands(by, key, text, hidden.get(slots.name_in(held.record.slot, key), "")).text
        for key, text in clear.items()
    }


def _hidden(dossier: Dossier, row: Record, clear: Iterable[str]) -> dict[str, str]:
    """By slot, what stands in place of values whose person does not agree to it."""
    return consents.withheld(dossier, [slots.name_in(row.slot, key) for key in clear])


def _look(by: Actor, dossier: Dossier, shown: Sequence[ShownRecord], modules: Sequence[str]) -> None:
    fields = {key for row in shown for key in row.values}
    ledger.look(by, "open", [dossier.pk], fields=sorted(fields or modules))


def _shown(by: Actor, dossier: Dossier, rows: Sequence[Record]) -> list[ShownRecord]:
    clear, pack = drafts.texts_of(rows), in_force()
    names = names_of({row.by_ref for row in rows})
    filled = [slots.name_in(row.slot, key) for row in rows for key in clear[row.pk]]
    hidden = consents.withheld(dossier, filled, pack=pack)
    listed = {key: reading.fields_of(MODULES[key], pack) for key in {row.module for row in rows}}
    return [
        _row(
            by,
            dossier,
            row,
            _in_order(clear[row.pk], listed[row.module]),
            hidden,
            names.get(row.by_ref, row.by_ref),
            pack,
        )
        for row in rows
    ]


def _in_order(clear: Mapping[str, str | None], listed: Iterable[str]) -> dict[str, str | None]:
    """The values in the order of the dictionary, those it no longer lists behind."""
    return {key: clear[key] for key in (*(key for key in listed if key in clear), *clear)}


def _row(
    by: Actor, dossier: Dossier, row: Record, clear: Mapping[str, str | None], hidden: Mapping[str, str], by_name: str,
    pack: Pack,
) -> ShownRecord:  # fmt: skip
    shown = {
        key: showing.stands(by, key, text, hidden.get(slots.name_in(row.slot, key), ""), pack)
        for key, text in clear.items()
    }
    headline = MODULES[row.module].headline
    return ShownRecord(
        id=row.pk, ref=selectors.record_subject(dossier.code, row.module, row.no), slot=row.slot, module=row.module,
        no=row.no, day=row.day.isoformat(), amount_fen=row.amount_fen, status=row.status,
        headline=shown[headline].text if headline in shown else "", values=shown, by=row.by_ref, by_name=by_name,
        created_us=row.created_us, updated_us=row.updated_us,
    )  # fmt: skip
