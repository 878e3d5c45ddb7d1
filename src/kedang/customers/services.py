"""The writers of a dossier; each receives a Deed from the gate and answers with an Outcome."""

from __future__ import annotations

from collections.abc import Sequence

from kedang.customers import (
    consents,
    dictionary,
    drafts,
    handing,
    opening,
    origins,
    payloads,
    revealing,
    searchable,
    selectors,
    slots,
    states,
    twins,
    values,
    verifying,
)
from kedang.customers.models import Dossier
from kedang.customers.values import Reading
from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Invalid, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.people.actors import actor_of
from kedang.people.models import Staff
from kedang.people.selectors import colleague, unit_by_code
from kedang.standards import Finding, checkchar
from kedang.vault.sequences import reserve


def open_dossier(deed: Deed, target: None, payload: payloads.OpenDossier) -> Outcome:
    """Open a dossier (建档): check, refuse a second one of the same customer, write, index."""
    reading = _read_whole(deed, origins.told(payload.values, payload.origin), payload.confirm)
    twins.refuse_second(deed.actor, reading)
    _confirmed(deed, twins.in_bin(deed.actor, reading), payload.confirm)
    unit_id = _unit(deed, payload.unit) if payload.unit else deed.actor.unit
    owner = colleague(payload.owner) if payload.owner else Staff.objects.filter(pk=deed.actor.pk).first()
    number = reserve("dossier", 1)
    dossier = Dossier(
        id=number,
        code=checkchar.code_for(number),
        unit_id=unit_id,
        owner=owner,
        created_us=deed.at_us,
        updated_us=deed.at_us,
    )
    draft = drafts.Draft.of_new(dossier)
    draft.apply(reading)
    _within_clearance(deed, dossier)
    _still_seen(deed, dossier)
    _owner_sees(dossier)
    version = draft.insert()
    origins.record_origin(deed, dossier, draft.delta, payload.origin)
    searchable.put(dossier)
    return Outcome(
        result={"code": dossier.code}, subject=dossier.ref, versions=(version,),
        body={"fields": sorted(draft.delta), "kind": dossier.kind, "warnings": dossier.findings.split()},
    )  # fmt: skip


def amend_dossier(deed: Deed, dossier: Dossier, payload: payloads.AmendDossier) -> Outcome:
    """Change values: only what differs is written, with old and new in the sealed version."""
    states.require_open(dossier.filed_us)
    reading = values.read(origins.told(payload.values, payload.origin))
    if reading.errors:
        raise Invalid(reading.findings)
    _refuse_stale(dossier, payload)
    draft = drafts.Draft.of(dossier)
    draft.apply(reading)
    _confirmed(deed, [each for each in reading.warnings if each.field in draft.delta], payload.confirm)
    if not draft.delta:
        return Outcome(result={"code": dossier.code, "changed": []}, body={"fields": []})
    _refuse_emptied(draft)
    twins.refuse_taken(deed.actor, draft)
    _within_clearance(deed, dossier)
    version = draft.update(deed.at_us)
    origins.record_origin(deed, dossier, draft.delta, payload.origin)
    searchable.replace(dossier)
    changed = sorted(draft.delta)
    return Outcome(
        result={"code": dossier.code, "changed": changed}, versions=(version,),
        body={"fields": changed, "version": dossier.version_no, "warnings": dossier.findings.split()},
    )  # fmt: skip


def reveal_field(deed: Deed, dossier: Dossier, payload: payloads.RevealField) -> Outcome:
    """Record that a masked value is shown; the value itself is fetched by `present`, once, by this person."""
    field = dictionary.known(payload.field)
    if field is None or not field.personal:
        raise Refused("invalid", detail=N_("This field is not masked; there is nothing to reveal."))
    opening.require_clear(deed.actor, dossier)
    revealing.clear_text(dossier, payload.slot, payload.field)
    consents.require_shown(dossier, slots.name_in(payload.slot, payload.field))
    said = {"field": payload.field} | ({"slot": payload.slot} if payload.slot else {})
    return Outcome(result={"code": dossier.code, **said}, body=said)


def assign_dossier(deed: Deed, dossier: Dossier, payload: payloads.AssignDossier) -> Outcome:
    """Give the dossier to another first responsible person or unit, who must be able to see it there."""
    unit_id = _unit(deed, payload.unit) if payload.unit else dossier.unit_id
    owner = colleague(payload.owner) if payload.owner else dossier.owner
    before, draft = dossier.owner, drafts.Draft.of(dossier)
    draft.assign(unit_id, owner)
    if not draft.delta:
        return Outcome(result={"code": dossier.code, "changed": []}, body={"fields": []})
    _owner_sees(dossier)
    until_us = handing.keep_reading(deed, dossier, before, payload.keep_until)
    version = draft.update(deed.at_us)
    return Outcome(
        result={"code": dossier.code, "owner": owner.username if owner else ""}, versions=(version,),
        body={"owner": owner.username if owner else "", "unit": unit_id, "kept_until": until_us},
    )  # fmt: skip


def file_dossier(deed: Deed, dossier: Dossier, payload: payloads.FileDossier) -> Outcome:
    """File the dossier (归档): complete by the pack, no open warning on a key field; read-only afterwards."""
    states.require_open(dossier.filed_us)
    draft = drafts.Draft.of(dossier)
    missing = [key for key in sorted(in_force().required(dossier.kind, "filed")) if not draft.holds(key)]
    if missing:
        raise Invalid([_required(key) for key in missing])
    if unchecked := verifying.before_filing(draft):
        raise Invalid(unchecked)
    key_fields = {key for key, field in dictionary.fields().items() if field.identifying}
    doubtful = {entry.partition(":")[0] for entry in dossier.findings.split()} & key_fields
    if doubtful:
        raise Refused(
            "invalid", missing=sorted(doubtful),
            detail=N_("A key field still carries a warning; correct the value before the dossier is filed."),
        )  # fmt: skip
    draft.file(deed.at_us)
    version = draft.update(deed.at_us)
    return Outcome(result={"code": dossier.code}, body={"filed": True}, versions=(version,))


def _read_whole(deed: Deed, raw: dict[str, str], confirm: bool) -> Reading:
    reading = values.read({"kind": "organisation", "level": "internal"} | raw)
    kind = str(reading.values.get("kind") or "organisation")
    needed = sorted(in_force().required(kind, "prospect"))
    unread = {finding.field for finding in reading.errors}
    absent = [_required(key) for key in needed if values.is_empty(reading.values.get(key)) and key not in unread]
    if reading.errors or absent:
        raise Invalid((*reading.findings, *absent))
    _confirmed(deed, reading.warnings, confirm)
    return reading


def _confirmed(deed: Deed, warnings: Sequence[Finding], confirm: bool) -> None:
    """Values that look wrong are kept only when the person says so and says why."""
    if warnings and not confirm:
        raise Invalid(warnings, detail=N_("Check the warnings; to keep the values, confirm and give a reason."))
    if warnings and not deed.reason:
        raise Refused(
            "incomplete", missing=("reason",), detail=N_("Say why the value is kept although it looks wrong.")
        )


def _refuse_emptied(draft: drafts.Draft) -> None:
    needed = in_force().required(draft.dossier.kind, "prospect") | {"level"}
    emptied = [key for key in sorted(needed) if not draft.holds(key) or draft.delta.get(key, [0, 0])[1] is None]
    if emptied:
        raise Invalid([_required(key) for key in emptied])


def _refuse_stale(dossier: Dossier, payload: payloads.AmendDossier) -> None:
    if not payload.base_version or payload.base_version == dossier.version_no:
        return
    moved = set(payload.values)
    if payload.base_version < dossier.version_no:
        moved &= drafts.fields_changed_since(dossier, payload.base_version)
    if moved:
        raise Refused(
            "stale", missing=sorted(moved),
            detail=N_("Somebody changed the same fields meanwhile; load the dossier again and compare."),
        )  # fmt: skip


def _within_clearance(deed: Deed, dossier: Dossier) -> None:
    """After the change the dossier must still be inside what the actor may see, or it would vanish on them."""
    if dossier.level > deed.actor.clearance:
        raise Refused("denied", detail=N_("The classification is above your own clearance."))


def _still_seen(deed: Deed, dossier: Dossier) -> None:
    if not selectors.would_see(deed.actor, dossier):
        raise Refused("denied", detail=N_("You could not see this dossier yourself then."))


def _owner_sees(dossier: Dossier) -> None:
    """The first responsible person must have the dossier in sight: by office, unit and clearance."""
    owner = dossier.owner
    if owner is not None and not selectors.would_see(actor_of(owner, ""), dossier):
        raise Refused("denied", detail=N_("The first responsible person could not see this dossier."))


def _unit(deed: Deed, code: str) -> int:
    unit_id = unit_by_code(code).pk
    if deed.actor.units is not None and unit_id not in deed.actor.units:
        raise Refused("denied", detail=N_("This unit lies outside your scope."))
    return unit_id


def _required(key: str) -> Finding:
    return Finding(key, "field.required", "error", "", {"field": dictionary.field_of(key).title})
