"""Which values need a person's consent, whether it stands, and what is not shown without it (个人信息保护法).

A field serves a purpose; where the purpose rests on consent, or asks for one of its own, nobody gives the field a
value of a person before that person agreed, and nobody sees it after the person withdrew. What a law obliges the
company to keep rests on `legal_duty` and is not touched by this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from kedang.customers import dictionary, selectors, slots
from kedang.customers.models import Consent, Dossier
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.protection import Purpose
from kedang.packs.schema import Pack
from kedang.standards import Finding

WITHDRAWN = N_("(consent withdrawn)")
EXPIRED = N_("(consent expired)")
NONE = N_("(no consent)")
NOT_SHOWN = N_("The person's consent is not in force; the value is not shown.")
THE_CUSTOMER = 0
"""In place of a contact's number: the natural person the dossier is about."""


def binds(purpose: Purpose) -> bool:
    """Whether data may serve the purpose only with the person's consent."""
    return purpose.basis != "legal_duty" and (purpose.separate_consent or purpose.basis == "consent")


def bound(pack: Pack) -> dict[str, str]:
    """The purpose of each field that nobody fills in without consent."""
    purposes = {name for name, purpose in pack.purposes.items() if binds(purpose)}
    if not purposes:
        return {}
    return {key: said.purpose for key, said in pack.fields.items() if said.purpose in purposes and said.purpose}


def notice_digest(purpose: Purpose | None) -> str:
    """SHA-256 of what a person is told about a purpose; empty where the regulation has no text."""
    return hashlib.sha256(purpose.notice.encode()).hexdigest() if purpose and purpose.notice else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The consents of one dossier, newest first, as they stand at an instant."""

    rows: tuple[Consent, ...]
    at_us: int

    @classmethod
    def of(cls, dossier_id: int) -> Standing:
        """Everything the persons of a dossier ever agreed to."""
        found = Consent.objects.filter(dossier_id=dossier_id).order_by("-given_us", "-pk")
        return cls(tuple(found), clock.now_us())

    def why_not(self, purpose: str, person: int) -> str:
        """In place of the value, why it may not be shown; empty where the consent is in force."""
        own = [row for row in self.rows if row.purpose == purpose and (row.contact_id or THE_CUSTOMER) == person]
        if any(is_in_force(row, self.at_us) for row in own):
            return ""
        return (WITHDRAWN if own[0].withdrawn_us else EXPIRED) if own else NONE


def is_in_force(row: Consent, at_us: int) -> bool:
    """Whether a consent stands at an instant."""
    return not row.withdrawn_us and row.given_us <= at_us and (not row.until_us or row.until_us > at_us)


def of_person(dossier_id: int, person: int, purpose: str) -> list[Consent]:
    """Every consent of a person to a purpose, the oldest first."""
    whose = Q(contact_id=person) if person else Q(contact=None)
    return list(Consent.objects.filter(whose, dossier_id=dossier_id, purpose=purpose).order_by("pk"))


def lacking(dossier: Dossier, names: Iterable[str]) -> list[Finding]:
    """For each of these slots that would get a value of a person who did not agree: the purpose, and how to mend it."""
    pack = in_force()
    purposes = bound(pack)
    missing = withheld(dossier, names, pack=pack)
    return [_finding(pack, slots.parsed(name).field, purposes) for name in missing]


def lacking_at_opening(kind: str, keys: Iterable[str]) -> list[Finding]:
    """The same of a dossier not yet there: nobody in it can have agreed to anything."""
    pack = in_force()
    purposes = bound(pack)
    return [_finding(pack, key, purposes) for key in keys if key in purposes and _is_of_person(kind, key)]


def withheld(dossier: Dossier, names: Iterable[str], *, pack: Pack | None = None) -> dict[str, str]:
    """By slot, what stands in place of values whose person's consent is not in force."""
    purposes = bound(pack or in_force())
    concerned = [name for name in names if slots.parsed(name).field in purposes] if purposes else []
    if not concerned:
        return {}
    standing, persons = Standing.of(dossier.pk), _Persons(dossier)
    out: dict[str, str] = {}
    for name in concerned:
        person = persons.of(name)
        if person is not None and (why := standing.why_not(purposes[slots.parsed(name).field], person)):
            out[name] = why
    return out


def require_shown(dossier: Dossier, name: str) -> None:
    """Refuse to reveal a value whose person's consent is not in force."""
    if withheld(dossier, [name]):
        raise Refused("denied", detail=NOT_SHOWN)


class _Persons:
    """Whose a value is: a contact's number, the customer's, or nobody's; the main contact is looked up once."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier, self._main = dossier, -1

    def of(self, name: str) -> int | None:
        slot = slots.parsed(name)
        if slot.module == slots.CONTACT:
            return slot.no
        if dictionary.part_of(slot.field) == dictionary.CONTACT:
            return self._main_contact()
        return THE_CUSTOMER if _is_of_person(self._dossier.kind, slot.field) else None

    def _main_contact(self) -> int:
        """The number of the main contact; -2 where there is none, who has agreed to nothing."""
        if self._main == -1:
            main = selectors.main_contact(self._dossier.pk)
            self._main = main.pk if main else -2
        return self._main


def _is_of_person(kind: str, key: str) -> bool:
    """Whether a value says something of a natural person: in a contact, of a customer who is one, or by its nature."""
    field = dictionary.known(key)
    return kind == "person" or (field is not None and (field.personal or field.part == dictionary.CONTACT))


def _finding(pack: Pack, key: str, purposes: Mapping[str, str]) -> Finding:
    return Finding(key, "consent.required", "error", "", {"purpose": pack.purposes[purposes[key]].title})
