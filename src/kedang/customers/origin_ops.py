"""The operations on where values come from: checking them, and what persons agree to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kedang.customers import consenting, dictionary, selectors, slots, verifying
from kedang.customers.consenting import Person
from kedang.customers.models import Contact, Dossier
from kedang.customers.origin_payloads import GiveConsent, VerifyValue, WithdrawConsent
from kedang.customers.selectors import by_subject
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Line, Operation
from kedang.kernel.errors import NotVisible
from kedang.kernel.i18n import N_
from kedang.packs import in_force

VERDICTS = {
    "right": N_("agrees"),
    "wrong": N_("does not agree"),
    "missing": N_("missing"),
    "outdated": N_("outdated"),
}


def load_person(by: Actor, subject: str) -> Person:
    """The person of `dossier:CODE` or `contact:CODE/7`, in a dossier this actor sees; raises NotVisible."""
    kind, _, ref = subject.partition(":")
    if kind == "dossier":
        return Person(by_subject(by, subject))
    code, _, number = ref.partition("/")
    if kind != "contact" or not number.isdecimal() or len(number) > 18:
        raise NotVisible(subject)
    dossier = selectors.dossier_by_code(by, code, lock=True)
    contact = Contact.objects.filter(dossier=dossier, pk=int(number), removed_us=0).first()
    if contact is None:
        raise NotVisible(subject)
    return Person(dossier, contact)


def _verify_facts(by: Actor, dossier: Dossier, payload: VerifyValue) -> Facts:
    keys = {slots.parsed(name).field for name in payload.fields}
    return replace(_facts(by, dossier), fields=frozenset(key for key in keys if dictionary.known(key) is not None))


def _person_facts(by: Actor, person: Person, payload: Any) -> Facts:
    module = slots.CONTACT if person.contact else ""
    return replace(_facts(by, person.dossier), purpose=payload.purpose, module=module)


def _facts(by: Actor, dossier: Dossier) -> Facts:
    rel = {"in_scope"} if selectors.would_see(by, dossier) else set()
    rel |= {"owner"} if dossier.owner_id == by.pk else set()
    rel |= {"same_unit"} if dossier.unit_id == by.unit else set()
    return Facts(
        unit=dossier.unit_id, level=dossier.level, state=dossier.standing, kind=dossier.kind, rel=frozenset(rel)
    )


def _verify_lines(by: Actor, dossier: Dossier, payload: VerifyValue) -> list[Line]:
    keys = [slots.parsed(name).field for name in payload.fields]
    fields = [(key, field.title) for key in keys if (field := dictionary.known(key)) is not None]
    lines = [Line(title, after=VERDICTS[payload.verdict], field=key) for key, title in fields]
    document = [Line(N_("Compared with"), after=payload.document)] if payload.document else []
    return [*lines, Line(N_("Method"), after=payload.method), *document]


def _give_lines(by: Actor, person: Person, payload: GiveConsent) -> list[Line]:
    until = [Line(N_("Until"), after=payload.until)] if payload.until else []
    since = payload.given_on or clock.company_day(clock.now_us()).isoformat()
    return [Line(N_("Purpose"), after=_purpose(payload.purpose)), Line(N_("Method"), after=payload.method),
            Line(N_("Since"), after=since), *until]  # fmt: skip


def _withdraw_lines(by: Actor, person: Person, payload: WithdrawConsent) -> list[Line]:
    return [Line(N_("Purpose"), before=_purpose(payload.purpose))]


def _purpose(name: str) -> str:
    said = in_force().purposes.get(name)
    return said.title if said else name


def _claims(person: Person, payload: Any) -> set[str]:
    """One deed at a time on what one person agreed to for one purpose."""
    return {f"consent:{person.ref}/{payload.purpose}"}


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "customer.verify", N_("Check values"), VerifyValue, by_subject, _verify_facts, verifying.verify_values,
        basis=verifying.basis, show=_verify_lines,
    ),
    Operation(
        "consent.give", N_("Record a consent"), GiveConsent, load_person, _person_facts, consenting.give,
        claims=_claims, show=_give_lines,
    ),
    Operation(
        "consent.withdraw", N_("Record the withdrawal of a consent"), WithdrawConsent, load_person, _person_facts,
        consenting.withdraw, claims=_claims, show=_withdraw_lines,
    ),
)  # fmt: skip
