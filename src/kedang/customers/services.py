"""The writers of a dossier; each receives a Deed from the gate and answers with an Outcome."""

from __future__ import annotations

from kedang.customers import drafts, payloads, searchable, selectors, states, values
from kedang.customers.fields import FIELDS, IDENTIFYING, PERSONAL
from kedang.customers.models import Dossier
from kedang.customers.values import Reading
from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.people.models import Staff
from kedang.people.selectors import colleagues, unit_by_code
from kedang.standards import Finding, checkchar, names
from kedang.vault.sequences import reserve


def open_dossier(deed: Deed, target: None, payload: payloads.OpenDossier) -> Outcome:
    """Open a dossier (建档): check, refuse a second one of the same customer, write, index."""
    reading = _read_whole(deed, payload.values, payload.confirm)
    _refuse_second(deed, reading)
    unit_id, owner = _seat(deed, payload.unit, payload.owner)
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
    version = draft.insert()
    searchable.put(dossier)
    return Outcome(
        result={"code": dossier.code}, subject=dossier.ref, versions=(version,),
        body={"fields": sorted(draft.delta), "kind": dossier.kind, "warnings": dossier.findings.split()},
    )  # fmt: skip


def amend_dossier(deed: Deed, dossier: Dossier, payload: payloads.AmendDossier) -> Outcome:
    """Change values: only what differs is written, with old and new in the sealed version."""
    states.require_open(dossier.filed_us)
    raw = {key: text for key, text in payload.values.items() if key != "kind"}
    reading = _checked(deed, values.read(raw), payload.confirm, already=dossier.findings)
    _refuse_stale(dossier, payload)
    draft = drafts.Draft.of(dossier)
    draft.apply(reading)
    if not draft.delta:
        return Outcome(result={"code": dossier.code, "changed": []}, body={"fields": []})
    _refuse_emptied(draft)
    _refuse_taken_code(dossier, draft)
    _within_clearance(deed, dossier)
    version = draft.update(deed.at_us)
    searchable.replace(dossier)
    changed = sorted(draft.delta)
    return Outcome(
        result={"code": dossier.code, "changed": changed}, versions=(version,),
        body={"fields": changed, "version": dossier.version_no, "warnings": dossier.findings.split()},
    )  # fmt: skip


def reveal_field(deed: Deed, dossier: Dossier, payload: payloads.RevealField) -> Outcome:
    """Record that a masked value is shown; the value itself is fetched by `present`, once, by this person."""
    if payload.field not in PERSONAL:
        raise Refused("invalid", detail=N_("This field is not masked; there is nothing to reveal."))
    return Outcome(result={"code": dossier.code, "field": payload.field}, body={"field": payload.field})


def assign_dossier(deed: Deed, dossier: Dossier, payload: payloads.AssignDossier) -> Outcome:
    """Give the dossier to another first responsible person or unit."""
    unit_id, owner = _seat(deed, payload.unit or dossier.unit.code, payload.owner)
    draft = drafts.Draft.of(dossier)
    draft.assign(unit_id, owner)
    if not draft.delta:
        return Outcome(result={"code": dossier.code, "changed": []}, body={"fields": []})
    version = draft.update(deed.at_us)
    return Outcome(
        result={"code": dossier.code, "owner": owner.username if owner else ""}, versions=(version,),
        body={"owner": owner.username if owner else "", "unit": unit_id},
    )  # fmt: skip


def file_dossier(deed: Deed, dossier: Dossier, payload: payloads.FileDossier) -> Outcome:
    """File the dossier (归档): complete by the pack, no open warning on a key field; read-only afterwards."""
    states.require_open(dossier.filed_us)
    draft = drafts.Draft.of(dossier)
    missing = [key for key in sorted(in_force().required(dossier.kind, "filed")) if not draft.holds(key)]
    if missing:
        raise Invalid([_required(key) for key in missing])
    doubtful = [entry for entry in dossier.findings.split() if entry.partition(":")[0] in IDENTIFYING]
    if doubtful:
        raise Invalid([_doubtful(entry) for entry in doubtful])
    draft.file(deed.at_us)
    version = draft.update(deed.at_us)
    return Outcome(result={"code": dossier.code}, body={"filed": True}, versions=(version,))


def _read_whole(deed: Deed, raw: dict[str, str], confirm: bool) -> Reading:
    reading = values.read({"kind": "organisation", "level": "internal"} | raw)
    kind = str(reading.values.get("kind") or "organisation")
    needed = in_force().required(kind, "prospect")
    absent = tuple(_required(key) for key in needed if not reading.values.get(key))
    return _checked(deed, Reading(reading.values, (*reading.findings, *absent)), confirm)


def _checked(deed: Deed, reading: Reading, confirm: bool, already: str = "") -> Reading:
    """Errors refuse; new warnings ask to be confirmed with a reason."""
    if reading.errors:
        raise Invalid(reading.findings)
    known = set(already.split())
    new = [f for f in reading.warnings if f"{f.field}:{f.rule}" not in known]
    if new and not confirm:
        raise Invalid(reading.findings, detail=N_("Check the warnings; to keep the values, confirm and give a reason."))
    if new and not deed.reason:
        raise Refused(
            "incomplete", missing=("reason",), detail=N_("Say why the value is kept although it looks wrong.")
        )
    return reading


def _refuse_second(deed: Deed, reading: Reading) -> None:
    code, number = str(reading.values.get("credit_code") or ""), str(reading.values.get("identity_number") or "")
    twin = selectors.same_customer(code, number)
    field = "credit_code" if code else "identity_number"
    if twin is None and not (code or number):
        key = names.name_key(str(reading.values["name"]))
        twin = selectors.same_name(key, str(reading.values.get("region") or "")).first()
        field = "name"
    if twin is not None:
        raise Invalid([_duplicate(deed, field, twin)], detail=N_("This customer already has a dossier."))


def _duplicate(deed: Deed, field: str, twin: Dossier) -> Finding:
    seen = selectors.visible_to(deed.actor).filter(pk=twin.pk).exists()
    return Finding(
        field, "customer.duplicate", "error", twin.code if seen else "", {"code": twin.code if seen else "—"}
    )


def _refuse_taken_code(dossier: Dossier, draft: drafts.Draft) -> None:
    for key in ("credit_code", "identity_number"):
        if key in draft.delta and (value := draft.plain.get(key)):
            twin = selectors.same_customer(*((value, "") if key == "credit_code" else ("", value)))
            if twin is not None and twin.pk != dossier.pk:
                raise Invalid([Finding(key, "customer.duplicate", "error", "", {"code": "—"})])


def _refuse_emptied(draft: drafts.Draft) -> None:
    emptied = [key for key in in_force().required(draft.dossier.kind, "prospect") if not draft.holds(key)]
    if emptied:
        raise Invalid([_required(key) for key in emptied])


def _refuse_stale(dossier: Dossier, payload: payloads.AmendDossier) -> None:
    if not payload.base_version or payload.base_version == dossier.version_no:
        return
    moved = drafts.fields_changed_since(dossier, payload.base_version) & set(payload.values)
    if moved:
        raise Refused(
            "stale", missing=sorted(moved),
            detail=N_("Somebody changed the same fields meanwhile; load the dossier again and compare."),
        )  # fmt: skip


def _within_clearance(deed: Deed, dossier: Dossier) -> None:
    """After the change the dossier must still be inside what the actor may see, or it would vanish on them."""
    if dossier.level > deed.actor.clearance:
        raise Refused("denied", detail=N_("The classification is above your own clearance."))


def _seat(deed: Deed, unit_code: str, username: str) -> tuple[int, Staff | None]:
    unit_id = unit_by_code(unit_code).pk if unit_code else deed.actor.unit
    if deed.actor.units is not None and unit_id not in deed.actor.units:
        raise Refused("denied", detail=N_("This unit lies outside your scope."))
    if not username:
        return unit_id, Staff.objects.filter(pk=deed.actor.pk).first()
    owner = colleagues().filter(username=username.lower()).first()
    if owner is None:
        raise NotVisible(f"staff:{username}")
    return unit_id, owner


def _required(key: str) -> Finding:
    return Finding(key, "field.required", "error", "", {"field": FIELDS[key].title})


def _doubtful(entry: str) -> Finding:
    field, _, rule = entry.partition(":")
    return Finding(field, rule, "error", "", {})
