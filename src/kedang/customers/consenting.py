"""Recording that a person agreed to a purpose, and that they took it back; nothing of it is ever deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kedang import standards
from kedang.customers import consents
from kedang.customers.models import Consent, Contact, Dossier
from kedang.customers.origin_payloads import GiveConsent, WithdrawConsent
from kedang.customers.origin_rules import unfit
from kedang.kernel import clock
from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Invalid, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.protection import Purpose
from kedang.people.models import Staff
from kedang.standards import Finding

OTHER_TEXT = N_("The regulation tells people something else about this purpose by now; show them the new text.")
NOTHING_THERE = N_("No consent to this purpose is in force for this person.")
NO_PERSON = N_("An organisation agrees to nothing; record the consent of one of its contacts.")


@dataclass(frozen=True, slots=True)
class Person:
    """Whose consent it is: a contact of a dossier, or the natural person the dossier is about."""

    dossier: Dossier
    contact: Contact | None = None

    @property
    def ref(self) -> str:
        """How calls name the person."""
        return f"contact:{self.dossier.code}/{self.contact.pk}" if self.contact else self.dossier.ref

    @property
    def owner(self) -> Staff | None:
        """Who is first responsible for the dossier."""
        return self.dossier.owner

    @property
    def number(self) -> int:
        """The contact's number, 0 for the customer."""
        return self.contact.pk if self.contact else consents.THE_CUSTOMER


def give(deed: Deed, person: Person, payload: GiveConsent) -> Outcome:
    """A person agreed to a purpose, told in the words of the regulation in force."""
    if person.contact is None and person.dossier.kind != "person":
        raise Refused("invalid", detail=NO_PERSON)
    purpose = in_force().purposes.get(payload.purpose)
    given_us, until_us = _span(deed, person, payload, purpose)
    digest = consents.notice_digest(purpose)
    if payload.text_digest and payload.text_digest != digest:
        raise Refused("stale", missing=("text_digest",), detail=OTHER_TEXT)
    row = Consent.objects.create(
        dossier=person.dossier, contact=person.contact, purpose=payload.purpose, method=payload.method,
        evidence=payload.evidence, text_digest=digest, given_us=given_us, until_us=until_us, by_ref=deed.actor.id,
        call=deed.call,
    )  # fmt: skip
    return _done(person, payload.purpose, {"consent": row.pk})


def withdraw(deed: Deed, person: Person, payload: WithdrawConsent) -> Outcome:
    """A person took it back: from now on the values of the purpose are not shown, and can be emptied."""
    every = consents.of_person(person.dossier.pk, person.number, payload.purpose)
    rows = [row for row in every if not row.withdrawn_us]
    if not rows:
        raise Refused("state", detail=NOTHING_THERE)
    Consent.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_us=deed.at_us, ended_call=deed.call)
    return _done(person, payload.purpose, {"ended": len(rows)})


def _done(person: Person, purpose: str, result: dict[str, int]) -> Outcome:
    """The entry stands with the dossier, so that its history tells of it; the contact is named by number."""
    body = {"purpose": purpose} | ({"contact": person.number} if person.contact else {})
    return Outcome(result={"code": person.dossier.code, **result}, body=body, subject=person.dossier.ref)


def _span(deed: Deed, person: Person, payload: GiveConsent, purpose: Purpose | None) -> tuple[int, int]:
    """From when until when, read by the data standard; Invalid for what cannot be."""
    today = clock.company_day(deed.at_us)
    given, found = _day("given_on", payload.given_on)
    until, more = _day("until", payload.until)
    found += more
    found += [*unfit("method", payload.method), *unfit("evidence", payload.evidence)]
    if purpose is None:
        choices = ", ".join(in_force().purposes)
        found.append(Finding("purpose", "code.unknown", "error", payload.purpose, {"choices": choices}))
    if given and given > today:
        found.append(Finding("given_on", "day.future", "error", given.isoformat()))
    elif given and (ended := _withdrawn_after(person, payload.purpose, given)):
        found.append(Finding("given_on", "consent.older", "error", given.isoformat(), {"day": ended.isoformat()}))
    if until and until < today:
        found.append(Finding("until", "day.past", "error", until.isoformat()))
    if found:
        raise Invalid(found)
    given_us = deed.at_us if given in (None, today) else clock.day_bounds_us(given)[0]
    return given_us, clock.day_bounds_us(until)[1] if until else 0


def _withdrawn_after(person: Person, purpose: str, given: date) -> date | None:
    """The day after `given` on which the person withdrew: nothing older stands any more."""
    rows = consents.of_person(person.dossier.pk, person.number, purpose)
    last = max((row.withdrawn_us for row in rows), default=0)
    return clock.company_day(last) if last and clock.company_day(last) > given else None


def _day(field: str, text: str) -> tuple[date | None, list[Finding]]:
    if not text:
        return None, []
    read = standards.check("date", text, field=field)
    return read.value, [each for each in read.findings if each.severity == "error"]
