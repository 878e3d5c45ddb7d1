"""The writers of contacts; each deed is one version of the dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kedang.customers import dictionary, origins, slots, states, values
from kedang.customers.contacts import drafts, payloads, selectors
from kedang.customers.contacts.drafts import Draft
from kedang.customers.contacts.selectors import Held, contact_subject
from kedang.customers.models import Dossier
from kedang.customers.records.services import confirmed, refuse_stale, wanting
from kedang.customers.steps import step
from kedang.customers.values import Reading
from kedang.kernel.deeds import Deed, Outcome, Version
from kedang.kernel.errors import Invalid, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.standards import Finding

OTHER_FIRST = N_("Make another contact the main one first.")


def add_contact(deed: Deed, dossier: Dossier, payload: payloads.AddContact) -> Outcome:
    """Add a contact; where there is none yet it becomes the main one."""
    states.require_open(dossier.filed_us)
    read = _read(payload.values)
    draft = Draft.of_new(dossier)
    draft.apply(read)
    if not selectors.standing(dossier).filter(is_main=True).exists():
        draft.lead()
    _require_whole(draft)
    confirmed(deed, read.warnings, payload.confirm)
    version = _write(deed, draft)
    origins.record_origin(deed, dossier, draft.delta, payload.origin)
    subject = contact_subject(dossier.code, draft.contact.pk)
    return Outcome(
        result={"code": dossier.code, "contact": subject, "id": draft.contact.pk}, subject=subject, body=_body(draft),
        versions=(version,),
    )  # fmt: skip


def amend_contact(deed: Deed, target: Held, payload: payloads.AmendContact) -> Outcome:
    """Change values of a contact; only what differs is written."""
    states.require_open(target.dossier.filed_us)
    read = _read(payload.values)
    refuse_stale(target.dossier, payload.base_version, drafts.moved_names(target, read.values))
    draft = Draft(target.dossier, target.contact)
    draft.apply(read)
    if not draft.delta:
        return Outcome(result=_result(target, ()), body={"fields": []})
    _require_whole(draft)
    changed = _touched(draft)
    confirmed(deed, [each for each in read.warnings if each.field in changed], payload.confirm)
    version = _write(deed, draft)
    origins.record_origin(deed, target.dossier, draft.delta, payload.origin)
    return Outcome(result=_result(target, changed), body=_body(draft), versions=(version,))


def remove_contact(deed: Deed, target: Held, payload: payloads.RemoveContact) -> Outcome:
    """Take a contact out; the main one only when it is the last and the regulation wants none."""
    states.require_open(target.dossier.filed_us)
    if target.contact.is_main:
        if selectors.standing(target.dossier).exclude(pk=target.contact.pk).exists():
            raise Refused("state", detail=OTHER_FIRST)
        if needed := _needed(target.dossier):
            raise Invalid(wanting(sorted(needed)))
    draft = Draft(target.dossier, target.contact)
    draft.remove(deed.at_us)
    version = _write(deed, draft)
    return Outcome(
        result={"code": target.dossier.code, "contact": target.ref}, versions=(version,),
        body={"contact": target.contact.pk, "removed": True},
    )  # fmt: skip


def lead_contact(deed: Deed, target: Held, payload: payloads.LeadContact) -> Outcome:
    """Make a contact the main one, who has to be what the regulation wants of it."""
    states.require_open(target.dossier.filed_us)
    if target.contact.is_main:
        return Outcome(result=_result(target, ()), body={"fields": []})
    draft = Draft(target.dossier, target.contact)
    draft.lead()
    _require_whole(draft)
    return Outcome(result=_result(target, ()), body=_body(draft), versions=(_write(deed, draft),))


def _read(raw: Mapping[str, str]) -> Reading:
    listed = dictionary.of_part(dictionary.CONTACT)
    strange = [Finding(key, "field.unknown", "error", "", {"field": key}) for key in raw if key not in listed]
    read = values.read({key: text for key, text in raw.items() if key in listed}, listed)
    if read.errors or strange:
        raise Invalid((*read.findings, *strange))
    return read


def _require_whole(draft: Draft) -> None:
    if draft.is_nobody():
        raise Invalid(
            wanting(["contact.name"]), detail=N_("Name the person, or give a telephone or an e-mail address.")
        )
    if draft.contact.is_main and (lacking := [key for key in sorted(_needed(draft.dossier)) if draft.lacks(key)]):
        raise Invalid(wanting(lacking))


def _needed(dossier: Dossier) -> frozenset[str]:
    """What the regulation wants of the main contact of this dossier."""
    needed = in_force().required(dossier.kind, dossier.state)
    return frozenset(key for key in needed if dictionary.part_of(key) == dictionary.CONTACT)


def _write(deed: Deed, draft: Draft) -> Version:
    draft.save()
    return step(draft.dossier, draft.delta, deed.at_us)


def _touched(draft: Draft) -> tuple[str, ...]:
    return tuple(sorted(slots.parsed(name).field for name in draft.delta))


def _body(draft: Draft) -> dict[str, object]:
    """What the ledger entry says: which contact and which fields, no value."""
    return {"contact": draft.contact.pk, "fields": list(_touched(draft)), "version": draft.dossier.version_no}


def _result(target: Held, changed: Sequence[str]) -> dict[str, object]:
    return {"code": target.dossier.code, "contact": target.ref, "changed": list(changed)}
