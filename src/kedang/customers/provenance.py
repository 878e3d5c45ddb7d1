"""Where the values of a dossier come from, who checked them and what persons agreed to, as a person may see it.

Part of the outside of `customers.present`: what it shows of values is what `present` shows, and it records the look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kedang import ledger
from kedang.customers import consents, dictionary, masks, present, sealing, showing, standing, verifying
from kedang.customers.consents import Standing
from kedang.customers.delays import Delay, delay_of
from kedang.customers.models import Consent, Contact, Dossier, Origin
from kedang.customers.origin_rules import kept
from kedang.customers.present import ShownDossier
from kedang.customers.showing import ERASED, ShownValue
from kedang.customers.verifying import Checked
from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.selectors import names_of

IN_FORCE, WITHDRAWN, EXPIRED = "in_force", "withdrawn", "expired"
MOST_PERSONS = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands beside a value in few signs."""

    source: str = ""
    """The title of the source; empty where nobody said it."""
    verdict: str = ""
    """What the last check of this very value said; empty where it was not checked."""
    wanted: bool = False
    """The regulation wants it checked, and it was not found right yet."""


@dataclass(frozen=True, slots=True)
class ShownOrigin:
    """One value and all that is known of its coming."""

    key: str
    value: ShownValue
    mark: Mark
    learned_us: int = 0
    entered_us: int = 0
    delay: Delay | None = None
    supplier: str = ""
    supplied_by: str = ""
    entered_by: str = ""
    evidence: str = ""
    basis: str = ""
    purpose: str = ""
    consent: str = ""
    """Where the value needs one: in_force, or the words that stand in place of the value."""
    method: str = ""
    document: str = ""
    checked_us: int = 0
    checked_by: str = ""


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """Somebody of the dossier who can agree to something."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownConsent:
    """One consent, and whether it stands."""

    id: int
    person: ShownPerson
    purpose: str
    title: str
    state: str
    method: str
    evidence: str
    given_us: int
    until_us: int
    withdrawn_us: int
    by_name: str
    told: bool
    """Whether what the person was told is what the regulation says today."""


@dataclass(frozen=True, slots=True)
class ShownProvenance:
    """The whole page: the dossier, its values in order, and the consents of its persons."""

    dossier: ShownDossier
    values: Sequence[ShownOrigin]
    consents: Sequence[ShownConsent]
    persons: Sequence[ShownPerson]
    withheld: Sequence[str]
    """Fields of the dossier and its main contact whose values are hidden; they can be emptied."""
    asked: bool
    """Whether the regulation asks where values come from."""


def origins_of(by: Actor, dossier: Dossier) -> ShownProvenance:
    """Where every value of the dossier and its main contact comes from; the look says that it was seen."""
    shown, pack = present.opened(by, dossier), in_force()
    filled = {key: value for key, value in shown.by_key.items() if value.text}
    checked = verifying.standing(dossier, filled)
    names = names_of(_usernames(checked))
    suppliers = _suppliers(by, dossier, [each.origin for each in checked.values() if each.origin])
    stands = Standing.of(dossier.pk)
    hidden = consents.withheld(dossier, filled, pack=pack)
    values = [
        _value(pack, value, checked[key], names, suppliers, _consent(pack, key, hidden))
        for key, value in filled.items()
    ]
    persons = persons_of(by, dossier)
    ledger.look(by, "open", [dossier.pk], fields=["origins"])
    return ShownProvenance(
        shown, values, _consents(pack, stands, persons), tuple(persons.values()), tuple(hidden), kept(pack) is not None
    )


def marks(dossier: Dossier, names: Iterable[str]) -> dict[str, Mark]:
    """What stands beside values of a dossier, by their slots; nothing of the values themselves."""
    pack = in_force()
    return {name: _mark(pack, name, checked) for name, checked in verifying.standing(dossier, names).items()}


def persons_of(by: Actor, dossier: Dossier) -> dict[int, ShownPerson]:
    """Who can agree to something, by the number of the contact; the customer, being a person, is number 0."""
    found: dict[int, ShownPerson] = {}
    if dossier.kind == "person":
        found[consents.THE_CUSTOMER] = ShownPerson(dossier.ref, dossier.name)
    rows = list(Contact.objects.filter(dossier=dossier).order_by("-is_main", "pk")[:MOST_PERSONS])
    name = dictionary.field_of("contact.name")
    for row in rows:
        text = standing.text_of(row, name, standing.keys_of(dossier, row))
        shown = showing.shown(by, name, text).text or f"#{row.pk}"
        found[row.pk] = ShownPerson(f"contact:{dossier.code}/{row.pk}", shown)
    return found


def _usernames(checked: Mapping[str, Checked]) -> set[str]:
    found = {each.origin.by_ref for each in checked.values() if each.origin}
    found |= {each.origin.supplied_by for each in checked.values() if each.origin}
    return (found | {each.check.by_ref for each in checked.values() if each.check}) - {""}


def _value(
    pack: Pack,
    value: ShownValue,
    checked: Checked,
    names: Mapping[str, str],
    suppliers: Mapping[int, str],
    consent: str,
) -> ShownOrigin:
    origin, check = checked.origin, checked.check
    known: dict[str, Any] = {} if origin is None else _known(pack, origin, names, suppliers)
    compared: dict[str, Any] = {} if check is None else {
        "method": check.method, "document": check.document, "checked_us": check.on_us,
        "checked_by": names.get(check.by_ref, check.by_ref),
    }  # fmt: skip
    return ShownOrigin(value.key, value, _mark(pack, value.key, checked), consent=consent, **known, **compared)


def _known(pack: Pack, origin: Origin, names: Mapping[str, str], suppliers: Mapping[int, str]) -> dict[str, Any]:
    return {
        "learned_us": origin.learned_us, "entered_us": origin.at_us, "delay": delay_of(pack, origin),
        "supplier": suppliers.get(origin.pk, ""), "supplied_by": names.get(origin.supplied_by, origin.supplied_by),
        "entered_by": names.get(origin.by_ref, origin.by_ref), "evidence": origin.evidence, "basis": origin.basis,
        "purpose": pack.purposes[origin.purpose].title if origin.purpose in pack.purposes else origin.purpose,
    }  # fmt: skip


def _mark(pack: Pack, name: str, checked: Checked) -> Mark:
    rules = kept(pack)
    wanted = rules is not None and name in rules.verified and checked.verdict != verifying.RIGHT
    return Mark(_source(pack, checked.origin), checked.verdict, wanted)


def _source(pack: Pack, origin: Origin | None) -> str:
    if origin is None:
        return ""
    known = pack.provenance.sources.get(origin.source) if pack.provenance else None
    return known.title if known else origin.source


def _suppliers(by: Actor, dossier: Dossier, rows: Iterable[Origin]) -> dict[int, str]:
    """Who outside supplied a value, masked like the name of a contact."""
    field = dictionary.field_of("contact.name")
    hidden = showing.is_masked(by, field)
    found: dict[int, str] = {}
    for row in rows:
        name = sealing.open_supplier(dossier.kind, dossier.pk, row.call, bytes(row.supplier_ct))
        found[row.pk] = ERASED if name is None else masks.masked(field, name) if name and hidden else name
    return found


def _consent(pack: Pack, key: str, hidden: Mapping[str, str]) -> str:
    if key in hidden:
        return hidden[key]
    return IN_FORCE if key in consents.bound(pack) else ""


def _consents(pack: Pack, stands: Standing, persons: Mapping[int, ShownPerson]) -> list[ShownConsent]:
    names = names_of({row.by_ref for row in stands.rows})
    return [_shown_consent(pack, row, persons, names, stands.at_us) for row in stands.rows]


def _shown_consent(
    pack: Pack, row: Consent, persons: Mapping[int, ShownPerson], names: Mapping[str, str], at_us: int
) -> ShownConsent:
    purpose = pack.purposes.get(row.purpose)
    state = IN_FORCE if consents.is_in_force(row, at_us) else WITHDRAWN if row.withdrawn_us else EXPIRED
    nobody = ShownPerson("", f"#{row.contact_id}")
    return ShownConsent(
        id=row.pk, person=persons.get(row.contact_id or consents.THE_CUSTOMER, nobody), purpose=row.purpose,
        title=purpose.title if purpose else row.purpose, state=state, method=row.method, evidence=row.evidence,
        given_us=row.given_us, until_us=row.until_us, withdrawn_us=row.withdrawn_us,
        by_name=names.get(row.by_ref, row.by_ref), told=row.text_digest == consents.notice_digest(purpose),
    )  # fmt: skip
