"""Contacts as a person may see them: opened, masked, and one look for each page.

The outside of it is `customers.present`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kedang import ledger
from kedang.customers import dictionary, opening, showing
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
    clear = drafts.texts([held.contact])[held.contact.pk]
    listed = dictionary.of_part(dictionary.CONTACT)
    shown = {key: text or "" for key, text in clear.items() if not showing.is_masked(by, listed[key])}
    ledger.look(by, "open", [held.dossier.pk], fields=[key for key, text in shown.items() if text])
    return shown


def texts(by: Actor, held: Held, keys: Iterable[str]) -> dict[str, str]:
    """Some values as this person may see them, beside a change that is proposed; one look."""
    clear = drafts.texts([held.contact])[held.contact.pk]
    wanted = [key for key in keys if key in clear]
    ledger.look(by, "open", [held.dossier.pk], fields=wanted)
    return {key: showing.shown(by, dictionary.field_of(key), clear[key]).text for key in wanted}


def _shown(by: Actor, dossier: Dossier, rows: Sequence[Contact]) -> list[ShownContact]:
    clear = drafts.texts(rows)
    return [
        ShownContact(
            id=row.pk, ref=selectors.contact_subject(dossier.code, row.pk), slot=Held(dossier, row).slot,
            is_main=row.is_main,
            values={
                key: showing.shown(by, dictionary.field_of(key), text)
                for key, text in clear[row.pk].items() if text != ""
            },
        )
        for row in rows
    ]  # fmt: skip
