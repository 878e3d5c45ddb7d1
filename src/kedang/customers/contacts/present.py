"""Contacts as a person may see them: opened, masked, and one look for each page.

The outside of it is `customers.present`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kedang import ledger
from kedang.customers import consents, dictionary, opening, showing, slots
from kedang.customers.contacts import drafts, selectors
from kedang.customers.contacts.selectors import Held
from kedang.customers.models import Contact, Dossier
from kedang.customers.showing import ShownValue
from kedang.kernel.actor import Actor

MOST = 200
"""Contacts shown of one dossier at once."""


@dataclass(frozen=True, slots=True)
class ShownContact:
    """One contact as this person may see it."""

    id: int
    ref: str
    slot: str
    is_main: bool
    values: Mapping[str, ShownValue]
    """By field key, in the order of the dictionary; empty ones are left out."""


def contacts(by: Actor, dossier: Dossier, *, after: int = 0, limit: int = MOST) -> list[ShownContact]:
    """The contacts of a dossier, the main one first; `after` is the id the page before ended with. One look."""
    opening.require(by, dossier)
    rows = selectors.standing(dossier)
    rows = rows.filter(pk__gt=after, is_main=False) if after else rows
    shown = _shown(by, dossier, list(rows[: max(1, min(limit, MOST))]))
    fields = {key for each in shown for key in each.values}
    ledger.look(by, "open", [dossier.pk], fields=sorted(fields or {"contact"}))
    return shown


def contact(by: Actor, held: Held) -> ShownContact:
    """One contact on its own page; one look."""
    opening.require(by, held.dossier)
    shown = _shown(by, held.dossier, [held.contact])[0]
    ledger.look(by, "open", [held.dossier.pk], fields=sorted(shown.values))
    return shown


def editable(by: Actor, held: Held) -> dict[str, str]:
    """Values for an edit form: plain ones as text, masked ones left out (blank means unchanged)."""
    opening.require(by, held.dossier)
    clear, hidden = _clear(held.dossier, [held.contact])
    listed = dictionary.of_part(dictionary.CONTACT)
    shown = {
        key: text or "" for key, text in clear[held.contact.pk].items()
        if not showing.is_masked(by, listed[key]) and slots.name_in(held.slot, key) not in hidden
    }  # fmt: skip
    ledger.look(by, "open", [held.dossier.pk], fields=[key for key, text in shown.items() if text])
    return shown


def texts(by: Actor, held: Held, keys: Iterable[str]) -> dict[str, str]:
    """Some values as this person may see them, beside a change that is proposed; one look."""
    clear, hidden = _clear(held.dossier, [held.contact])
    found = clear[held.contact.pk]
    wanted = [key for key in keys if key in found]
    ledger.look(by, "open", [held.dossier.pk], fields=wanted)
    return {
        key: showing.stands(by, key, found[key], hidden.get(slots.name_in(held.slot, key), "")).text for key in wanted
    }


def _clear(dossier: Dossier, rows: Sequence[Contact]) -> tuple[dict[int, dict[str, str | None]], dict[str, str]]:
    """Texts in clear by contact and field, and by slot what stands in place of those nobody agreed to."""
    clear = drafts.texts(rows)
    filled = [
        slots.name_in(Held(dossier, row).slot, key) for row in rows for key, text in clear[row.pk].items() if text
    ]
    return clear, consents.withheld(dossier, filled)


def _shown(by: Actor, dossier: Dossier, rows: Sequence[Contact]) -> list[ShownContact]:
    clear, hidden = _clear(dossier, rows)
    return [_contact(by, Held(dossier, row), clear[row.pk], hidden) for row in rows]


def _contact(by: Actor, held: Held, clear: Mapping[str, str | None], hidden: Mapping[str, str]) -> ShownContact:
    shown = {
        key: showing.stands(by, key, text, hidden.get(slots.name_in(held.slot, key), ""))
        for key, text in clear.items()
        if text != ""
    }
    return ShownContact(held.contact.pk, held.ref, held.slot, held.contact.is_main, shown)
