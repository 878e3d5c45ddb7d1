"""The operations on contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kedang.customers import dictionary, ops, showing
from kedang.customers.contacts import drafts, payloads, present, selectors, services
from kedang.customers.contacts.selectors import Held
from kedang.customers.models import Dossier
from kedang.customers.selectors import by_subject
from kedang.customers.slots import CONTACT, LEAD
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Line, Operation
from kedang.kernel.i18n import N_


def _held(by: Actor, subject: str) -> Held:
    return selectors.held(by, subject, lock=True)


def facts_of(by: Actor, dossier: Dossier, raw: Mapping[str, str]) -> Facts:
    """What a regulation may know of a deed on a contact: the dossier's facts and the fields it touches."""
    fields = frozenset(raw) & dictionary.of_part(dictionary.CONTACT).keys()
    return replace(ops.facts_of(by, dossier, fields), module=CONTACT, values=ops.stored_values(dossier))


def _add_facts(by: Actor, dossier: Dossier, payload: payloads.AddContact) -> Facts:
    return facts_of(by, dossier, payload.values)


def _amend_facts(by: Actor, target: Held, payload: payloads.AmendContact) -> Facts:
    return facts_of(by, target.dossier, payload.values)


def _plain_facts(by: Actor, target: Held, payload: Any) -> Facts:
    return facts_of(by, target.dossier, {})


def _add_lines(by: Actor, dossier: Dossier, payload: payloads.AddContact) -> Sequence[Line]:
    return _lines(by, payload.values, {})


def _amend_lines(by: Actor, target: Held, payload: payloads.AmendContact) -> Sequence[Line]:
    return _lines(by, payload.values, present.texts(by, target, payload.values))


def _remove_lines(by: Actor, target: Held, payload: payloads.RemoveContact) -> Sequence[Line]:
    stands = present.texts(by, target, dictionary.of_part(dictionary.CONTACT))
    return [Line(dictionary.field_of(key).title, text, "", key) for key, text in stands.items() if text]


def _lead_lines(by: Actor, target: Held, payload: payloads.LeadContact) -> Sequence[Line]:
    former = selectors.standing(target.dossier).filter(is_main=True).first()
    before = present.texts(by, Held(target.dossier, former), ["contact.name"])["contact.name"] if former else ""
    return [Line(N_("Main contact"), before, present.texts(by, target, ["contact.name"])["contact.name"])]


def _lines(by: Actor, raw: Mapping[str, str], stands: Mapping[str, str]) -> list[Line]:
    listed = dictionary.of_part(dictionary.CONTACT)
    return [
        Line(listed[key].title, stands.get(key, ""), showing.veiled(by, key, text), field=key)
        for key, text in raw.items() if key in listed
    ]  # fmt: skip


def _basis(target: Held, payload: payloads.AmendContact) -> dict[str, str]:
    return drafts.digests(target.contact, payload.values)


def _whole_basis(target: Held, payload: Any) -> dict[str, str]:
    whole = drafts.digests(target.contact, dictionary.of_part(dictionary.CONTACT))
    return {**whole, LEAD: str(target.contact.is_main)}


def _snapshot(target: Held, payload: payloads.AmendContact) -> dict[str, str]:
    clear = drafts.texts([target.contact])[target.contact.pk]
    return {key: clear[key] or "" for key in payload.values if key in clear}


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "contact.add", N_("Add a contact"), payloads.AddContact, by_subject, _add_facts, services.add_contact,
        show=_add_lines, veil=showing.veiled,
    ),
    Operation(
        "contact.amend", N_("Change a contact"), payloads.AmendContact, _held, _amend_facts, services.amend_contact,
        basis=_basis, show=_amend_lines, snapshot=_snapshot, veil=showing.veiled,
    ),
    Operation(
        "contact.remove", N_("Take a contact out"), payloads.RemoveContact, _held, _plain_facts,
        services.remove_contact, basis=_whole_basis, show=_remove_lines, veil=showing.veiled,
    ),
    Operation(
        "contact.lead", N_("Make a contact the main one"), payloads.LeadContact, _held, _plain_facts,
        services.lead_contact, basis=_whole_basis, show=_lead_lines,
    ),
)  # fmt: skip
