"""The only way a stored value becomes a shown one: slice, decrypt, mask, and record the look.

Doors hand rows of `selectors.visible_to` in and get plain strings out. Every call leaves one look:
who saw which dossiers, which fields, for what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from kedang import ledger
from kedang.customers import consents, dictionary, opening, revealing, selectors, slots, standing, values
from kedang.customers.chronicle import ShownChange, ShownEvent, history
from kedang.customers.contacts.present import ShownContact, contacts
from kedang.customers.fields import CATEGORIES, Field
from kedang.customers.models import Dossier
from kedang.customers.records.present import RecordPage, ShownRecord, records, timeline
from kedang.customers.showing import ERASED, ShownValue, is_masked, veiled
from kedang.customers.showing import shown as shown_value
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.selectors import names_of

__all__ = [
    "ERASED", "RecordPage", "ShownChange", "ShownContact", "ShownDossier", "ShownEvent", "ShownLook", "ShownRecord",
    "ShownRow", "ShownValue", "contacts", "editable", "history", "listed", "lookers", "opened", "records", "revealed",
    "snapshot", "texts", "timeline", "veiled",
]  # fmt: skip
LIST_FIELDS = ("name", "credit_code", "region", "industry")
REVEAL_SECONDS = 120


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A dossier as one line of a list."""

    id: int
    code: str
    name: str
    kind: str
    level: str
    state: str
    unit: str
    owner: str
    updated_us: int
    values: dict[str, str]
    warnings: int


@dataclass(frozen=True, slots=True)
class ShownDossier:
    """A dossier opened on one page."""

    id: int
    code: str
    ref: str
    name: str
    kind: str
    level: str
    state: str
    unit: str
    unit_code: str
    owner: str
    owner_username: str
    version_no: int
    created_us: int
    updated_us: int
    filed_us: int
    groups: tuple[tuple[str, tuple[ShownValue, ...]], ...]
    warnings: int
    by_key: dict[str, ShownValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownLook:
    """Somebody saw this dossier."""

    at_us: int
    by: str
    by_name: str
    kind: str
    fields: tuple[str, ...]
    purpose: str


def listed(
    by: Actor, rows: Sequence[Dossier], *, query: str = "", kind: str = "list", fields: Sequence[str] = LIST_FIELDS
) -> list[ShownRow]:
    """Lines of a list or a search result; one look for the page."""
    known = dictionary.of_part(dictionary.DOSSIER)
    safe = [known[key] for key in fields if key in known and not known[key].personal]
    shown = [_row(row, safe) for row in rows]
    ledger.look(by, kind, [row.id for row in rows], fields=[field.key for field in safe], query=query)
    return shown


def opened(by: Actor, dossier: Dossier, *, purpose: str = "") -> ShownDossier:
    """The whole dossier, personal values masked as the pack says for this person's roles.

    Refused(denied) where its state asks for a grant that this person does not have.
    """
    opening.require(by, dossier)
    pack = in_force()
    given = _of_the_dossier(pack)
    clear = standing.texts(dossier, selectors.main_contact(dossier.pk), given)
    warnings, hidden = _warnings(dossier), consents.withheld(dossier, clear, pack=pack)
    shown = {
        field.key: shown_value(
            by, field, clear[field.key], warnings.get(field.key, ()), pack, hidden.get(field.key, "")
        )
        for field in given
        if field.collect or clear[field.key] != ""
    }
    ledger.look(by, "open", [dossier.pk], fields=[key for key, value in shown.items() if value.text], purpose=purpose)
    return ShownDossier(
        id=dossier.pk, code=dossier.code, ref=dossier.ref, name=dossier.name, kind=dossier.kind,
        level=Level(dossier.level).key, state=dossier.standing, unit=dossier.unit.name, unit_code=dossier.unit.code,
        owner=dossier.owner.name if dossier.owner else "",
        owner_username=dossier.owner.username if dossier.owner else "",
        version_no=dossier.version_no, created_us=dossier.created_us, updated_us=dossier.updated_us,
        filed_us=dossier.filed_us, groups=_groups(given, shown), warnings=len(dossier.findings.split()), by_key=shown,
    )  # fmt: skip


def _groups(given: Sequence[Field], shown: Mapping[str, ShownValue]) -> tuple[tuple[str, tuple[ShownValue, ...]], ...]:
    """Shown values by category, in the order of the dictionary; a category without any is left out."""
    found = (
        (title, tuple(shown[field.key] for field in given if field.category == category and field.key in shown))
        for category, title in CATEGORIES
    )
    return tuple((title, group) for title, group in found if group)


def _of_the_dossier(pack: Pack) -> tuple[Field, ...]:
    """The fields of the dossier itself and of its main contact, in the order of the dictionary."""
    parts = (dictionary.of_part(part, pack) for part in (dictionary.DOSSIER, dictionary.CONTACT))
    return tuple(field for part in parts for field in part.values())


def _of(keys: Iterable[str]) -> list[Field]:
    """Fields of the dossier or its main contact among these keys, also those of earlier editions."""
    found = (dictionary.known(key) for key in keys)
    return [field for field in found if field is not None and field.part in (dictionary.DOSSIER, dictionary.CONTACT)]


def texts(by: Actor, dossier: Dossier, keys: Iterable[str]) -> dict[str, str]:
    """Values of some fields as this person may see them, beside a change that is proposed."""
    clear = snapshot(dossier, keys)
    ledger.look(by, "open", [dossier.pk], fields=list(clear))
    return {key: veiled(by, key, text) for key, text in clear.items()}


def snapshot(dossier: Dossier, keys: Iterable[str]) -> dict[str, str]:
    """What stands in some fields, in clear, to be sealed with a request on them; shown to nobody as it is."""
    clear = standing.texts(dossier, selectors.main_contact(dossier.pk), _of(keys))
    hidden = consents.withheld(dossier, clear)
    return {key: hidden[key] if text and key in hidden else text or "" for key, text in clear.items()}


def editable(by: Actor, dossier: Dossier) -> dict[str, str]:
    """Values for an edit form: plain ones as text, masked personal ones left out (blank means unchanged).

    A field that is no longer collected is there while a value stands in it.
    """
    opening.require(by, dossier)
    pack = in_force()
    given = _of_the_dossier(pack)
    clear = standing.texts(dossier, selectors.main_contact(dossier.pk), given)
    hidden = consents.withheld(dossier, [key for key, text in clear.items() if text], pack=pack)
    open_to = [field for field in given if not is_masked(by, field, pack) and field.key not in hidden]
    shown = {field.key: clear[field.key] or "" for field in open_to if field.collect or clear[field.key]}
    ledger.look(by, "open", [dossier.pk], fields=[key for key, text in shown.items() if text])
    return shown


def revealed(by: Actor, dossier: Dossier, key: str, *, call: int, done_us: int, slot: str = "") -> str:
    """The full value that a `customer.reveal` deed of this person just allowed; the look names the deed.

    The ledger is asked, not the door: Refused(denied) where it holds no such deed of this person on this
    field, Refused(stale) where the deed is too long ago. `slot` names the contact or record it is in.
    """
    _require_revealing(by, dossier, key, slot, call)
    if clock.now_us() - done_us > REVEAL_SECONDS * 1_000_000:
        raise Refused("stale", detail=N_("The time to look has passed; ask again with a reason."))
    consents.require_shown(dossier, slots.name_in(slot, key))
    text = revealing.clear_text(dossier, slot, key)
    ledger.look(by, "reveal", [dossier.pk], fields=[key], call=call)
    return text if text is not None else ERASED


def lookers(by: Actor, dossier: Dossier, limit: int = 50) -> list[ShownLook]:
    """Who saw this dossier, newest first."""
    opening.require(by, dossier)
    looks = ledger.lookers_of(dossier.pk, limit=limit)
    names = names_of({look.actor for look in looks})
    return [
        ShownLook(look.at_us, look.actor, names.get(look.actor, look.actor), look.kind, look.fields, look.purpose)
        for look in looks
    ]


def _require_revealing(by: Actor, dossier: Dossier, key: str, slot: str, call: int) -> None:
    deeds = ledger.entries_of(dossier.ref).filter(
        op="customer.reveal", outcome="done", actor_id=by.id, call_id=call,
        at_us__gt=clock.now_us() - REVEAL_SECONDS * 1_000_000,
    )  # fmt: skip
    said = [orjson.loads(bytes(deed.body)) for deed in deeds]
    if not any((each.get("field"), each.get("slot", "")) == (key, slot) for each in said):
        raise Refused("denied", detail=N_("To see the whole value, ask for it with a reason."))


def _row(row: Dossier, fields: Iterable[Field]) -> ShownRow:
    return ShownRow(
        id=row.pk, code=row.code, name=row.name, kind=row.kind, level=Level(row.level).key, state=row.standing,
        unit=row.unit.name, owner=row.owner.name if row.owner else "", updated_us=row.updated_us,
        values={field.key: values.as_text(field, standing.plain_of(row, field)) for field in fields},
        warnings=len(row.findings.split()),
    )  # fmt: skip


def _warnings(dossier: Dossier) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for entry in dossier.findings.split():
        key, _, rule = entry.partition(":")
        out[key] = (*out.get(key, ()), rule)
    return out
