"""The only way a stored value becomes a shown one: slice, decrypt, mask, and record the look.

Doors hand rows of `selectors.visible_to` in and get plain strings out. Every call leaves one look:
who saw which dossiers, which fields, for what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from kedang import ledger
from kedang.customers import masks, opening, sealing, values
from kedang.customers.fields import CATEGORIES, FIELDS, PERSONAL, Field
from kedang.customers.models import Contact, Dossier
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.people.selectors import names_of, units
from kedang.vault import subjects

LIST_FIELDS = ("name", "credit_code", "region", "industry")
ERASED = N_("(erased)")
REVEAL_SECONDS = 120
BESIDE = {"filed_us": N_("Filed on"), "unit": N_("Unit"), "owner": N_("Account manager")}
"""What a version keeps beside the fields of the dictionary."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value as this person may see it."""

    key: str
    title: str
    text: str
    masked: bool = False
    warnings: tuple[str, ...] = ()
    """Rules of the warnings kept with the value; the door says them in words."""


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
class ShownChange:
    """One field of a version: what it was and what it became."""

    key: str
    title: str
    before: str
    after: str


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
    safe = [key for key in fields if FIELDS[key].part == "dossier" and not FIELDS[key].personal]
    shown = [_row(row, safe) for row in rows]
    ledger.look(by, kind, [row.id for row in rows], fields=safe, query=query)
    return shown


def opened(by: Actor, dossier: Dossier, *, purpose: str = "") -> ShownDossier:
    """The whole dossier, personal values masked as the pack says for this person's roles.

    Refused(denied) where its state asks for a grant that this person does not have.
    """
    opening.require(by, dossier)
    contact = Contact.objects.filter(dossier_id=dossier.pk, is_main=True).first()
    clear = _clear_values(dossier, contact)
    warnings = _warnings(dossier)
    shown = {key: _shown(by, spec, clear[key], warnings.get(key, ())) for key, spec in FIELDS.items()}
    ledger.look(by, "open", [dossier.pk], fields=[key for key, value in shown.items() if value.text], purpose=purpose)
    groups = tuple(
        (title, tuple(value for key, value in shown.items() if FIELDS[key].category == category))
        for category, title in CATEGORIES
    )
    return ShownDossier(
        id=dossier.pk, code=dossier.code, ref=dossier.ref, name=dossier.name, kind=dossier.kind,
        level=Level(dossier.level).key, state=dossier.standing, unit=dossier.unit.name, unit_code=dossier.unit.code,
        owner=dossier.owner.name if dossier.owner else "",
        owner_username=dossier.owner.username if dossier.owner else "",
        version_no=dossier.version_no, created_us=dossier.created_us, updated_us=dossier.updated_us,
        filed_us=dossier.filed_us, groups=groups, warnings=len(dossier.findings.split()), by_key=shown,
    )  # fmt: skip


def texts(by: Actor, dossier: Dossier, keys: Iterable[str]) -> dict[str, str]:
    """Values of some fields as this person may see them, beside a change that is proposed."""
    wanted = [key for key in keys if key in FIELDS]
    clear = snapshot(dossier, wanted)
    ledger.look(by, "open", [dossier.pk], fields=wanted)
    return {key: veiled(by, key, text) for key, text in clear.items()}


def veiled(by: Actor, key: str, text: str) -> str:
    """A text of a field as this person may see it."""
    return masks.mask(key, text) if text and key in FIELDS and _is_masked(by, FIELDS[key]) else text


def snapshot(dossier: Dossier, keys: Iterable[str]) -> dict[str, str]:
    """What stands in some fields, in clear, to be sealed with a request on them; shown to nobody as it is."""
    clear = _clear_values(dossier, Contact.objects.filter(dossier_id=dossier.pk, is_main=True).first())
    return {key: clear[key] or "" for key in keys if key in FIELDS}


def editable(by: Actor, dossier: Dossier) -> dict[str, str]:
    """Values for an edit form: plain ones as text, masked personal ones left out (blank means unchanged)."""
    opening.require(by, dossier)
    contact = Contact.objects.filter(dossier_id=dossier.pk, is_main=True).first()
    clear = _clear_values(dossier, contact)
    shown = {key: clear[key] or "" for key, spec in FIELDS.items() if not _is_masked(by, spec)}
    ledger.look(by, "open", [dossier.pk], fields=[key for key, text in shown.items() if text])
    return shown


def revealed(by: Actor, dossier: Dossier, key: str, *, call: int, done_us: int) -> str:
    """The full value that a `customer.reveal` deed of this person just allowed; the look names the deed.

    The ledger is asked, not the door: Refused(denied) where it holds no such deed of this person on this
    field, Refused(stale) where the deed is too long ago.
    """
    _require_revealing(by, dossier, key, call)
    if clock.now_us() - done_us > REVEAL_SECONDS * 1_000_000:
        raise Refused("stale", detail=N_("The time to look has passed; ask again with a reason."))
    contact = Contact.objects.filter(dossier_id=dossier.pk, is_main=True).first()
    text = _clear_values(dossier, contact)[key]
    ledger.look(by, "reveal", [dossier.pk], fields=[key], call=call)
    return text if text is not None else ERASED


def history(by: Actor, dossier: Dossier) -> list[ShownEvent]:
    """What happened to the dossier, newest first: from the ledger, old and new values masked for this person."""
    opening.require(by, dossier)
    versions = {version.entry_id: version for version in ledger.versions_of(dossier.pk)}
    entries = list(ledger.history_of(dossier.ref, dossier.pk))
    names = names_of({entry.actor_id for entry in entries})
    blocks = ledger.blocks_of([entry.id for entry in entries])
    past = _Past.of(by, dossier)
    events = [_event(past, entry, versions.get(entry.id), names, blocks.get(entry.id)) for entry in entries]
    ledger.look(by, "open", [dossier.pk], fields=["history"])
    return events


def lookers(by: Actor, dossier: Dossier, limit: int = 50) -> list[ShownLook]:
    """Who saw this dossier, newest first."""
    opening.require(by, dossier)
    looks = ledger.lookers_of(dossier.pk, limit=limit)
    names = names_of({look.actor for look in looks})
    return [
        ShownLook(look.at_us, look.actor, names.get(look.actor, look.actor), look.kind, look.fields, look.purpose)
        for look in looks
    ]


def _require_revealing(by: Actor, dossier: Dossier, key: str, call: int) -> None:
    deeds = ledger.entries_of(dossier.ref).filter(
        op="customer.reveal", outcome="done", actor_id=by.id, call_id=call,
        at_us__gt=clock.now_us() - REVEAL_SECONDS * 1_000_000,
    )  # fmt: skip
    if not any(orjson.loads(bytes(deed.body)).get("field") == key for deed in deeds):
        raise Refused("denied", detail=N_("To see the whole value, ask for it with a reason."))


def _row(row: Dossier, keys: Iterable[str]) -> ShownRow:
    return ShownRow(
        id=row.pk, code=row.code, name=row.name, kind=row.kind, level=Level(row.level).key, state=row.standing,
        unit=row.unit.name, owner=row.owner.name if row.owner else "", updated_us=row.updated_us,
        values={key: values.as_text(FIELDS[key], values.plain_value(row, FIELDS[key])) for key in keys},
        warnings=len(row.findings.split()),
    )  # fmt: skip


def _clear_values(dossier: Dossier, contact: Contact | None) -> dict[str, str | None]:
    """Text of every field; None where the person behind it was erased."""
    refs = [sealing.person_ref(dossier.pk)] if dossier.identity_ct else []
    refs += [sealing.contact_ref(contact.pk)] if contact else []
    keys = subjects.get(refs) if refs else {}
    out: dict[str, str | None] = {}
    for name, spec in FIELDS.items():
        out[name] = _clear(dossier, contact, spec, keys)
    return out


def _clear(dossier: Dossier, contact: Contact | None, spec: Field, keys: Any) -> str | None:
    if spec.part == "contact":
        if contact is None:
            return ""
        stored = getattr(contact, spec.column)
        return (
            _unsealed(spec, contact.pk, stored, keys.get(sealing.contact_ref(contact.pk))) if spec.personal else stored
        )
    if spec.personal:
        return _unsealed(spec, dossier.pk, getattr(dossier, spec.column), keys.get(sealing.person_ref(dossier.pk)))
    return values.as_text(spec, values.plain_value(dossier, spec))


def _unsealed(spec: Field, pk: int, sealed: bytes, key: bytes | None) -> str | None:
    table = sealing.place_of(spec.part, pk)[0]
    value = sealing.open_value(key, table, pk, spec.column, sealed, many=spec.standard == "phones")
    return None if value is None else values.as_text(spec, value)


def _shown(by: Actor, spec: Field, text: str | None, warnings: tuple[str, ...]) -> ShownValue:
    if text is None:
        return ShownValue(spec.key, spec.title, ERASED)
    masked = bool(text) and _is_masked(by, spec)
    return ShownValue(spec.key, spec.title, masks.mask(spec.key, text) if masked else text, masked, warnings)


def _is_masked(by: Actor, spec: Field) -> bool:
    return spec.key in PERSONAL and in_force().is_masked(spec.key, by.roles, place="detail")


def _warnings(dossier: Dossier) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for entry in dossier.findings.split():
        key, _, rule = entry.partition(":")
        out[key] = (*out.get(key, ()), rule)
    return out


@dataclass(frozen=True, slots=True)
class _Past:
    """What is needed to show earlier values: for whom, of what, and the keys of the persons in them."""

    by: Actor
    dossier: Dossier
    keys: dict[str, bytes | None]

    @classmethod
    def of(cls, by: Actor, dossier: Dossier) -> _Past:
        contacts = Contact.objects.filter(dossier_id=dossier.pk).values_list("pk", flat=True)
        refs = [sealing.person_ref(dossier.pk), *(sealing.contact_ref(pk) for pk in contacts)]
        return cls(by, dossier, subjects.get(refs))

    def changes(self, version: Any) -> tuple[ShownChange, ...]:
        """What a version changed; nothing where the person was erased."""
        if version is None:
            return ()
        delta = sealing.open_delta(self.dossier.kind, self.dossier.pk, version.no, version.delta_ct) or {}
        return tuple(self._change(key, pair) for key, pair in sorted(delta.items()) if key != "findings")

    def _change(self, key: str, pair: Sequence[Any]) -> ShownChange:
        spec = FIELDS.get(key)
        if spec is None:
            return ShownChange(key, BESIDE.get(key, key), *(_beside(key, side) for side in pair))
        before, after = (self._text(spec, side) for side in pair)
        return ShownChange(key, spec.title, before, after)

    def _text(self, spec: Field, side: Any) -> str:
        if side is None:
            return ""
        if not spec.personal:
            return values.as_text(spec, values.from_json(spec, side))
        pk, sealed = sealing.from_delta(side)
        text = _unsealed(spec, pk, sealed, self.keys.get(sealing.place_of(spec.part, pk)[1]))
        if text is None:
            return ERASED
        return masks.mask(spec.key, text) if _is_masked(self.by, spec) else text


def _beside(key: str, side: Any) -> str:
    """What a version keeps beside the fields: a day, a unit, a person."""
    if side is None:
        return ""
    if key == "filed_us":
        return clock.company_day(side).isoformat()
    if key == "unit":
        return next((unit.name for unit in units() if unit.pk == side), str(side))
    return names_of({side}).get(side, side) if key == "owner" else str(side)


def _event(past: _Past, entry: Any, version: Any, names: dict[str, str], block: int | None) -> ShownEvent:
    return ShownEvent(
        entry=entry.id, at_us=entry.at_us, op=entry.op, by=entry.actor_id,
        by_name=names.get(entry.actor_id, entry.actor_id), reason=_reason(entry),
        version=version.no if version else 0, changes=past.changes(version), sealed_block=block,
        refused=entry.outcome == "refused", articles=tuple(orjson.loads(bytes(entry.body)).get("articles", ())),
    )  # fmt: skip


def _reason(entry: Any) -> str:
    return str(orjson.loads(bytes(entry.body)).get("reason", ""))
