"""The writers of records; each deed is one version of the dossier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kedang.customers import origins, slots, states
from kedang.customers.dictionary import field_of
from kedang.customers.drafts import fields_changed_since
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES
from kedang.customers.records import payloads, reading
from kedang.customers.records.drafts import Draft
from kedang.customers.records.selectors import Held, record_subject
from kedang.customers.steps import step
from kedang.customers.values import Reading
from kedang.kernel.deeds import Deed, Outcome, Version
from kedang.kernel.errors import Invalid, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.standards import Finding

LAST_OF_FEBRUARY = 28


def add_record(deed: Deed, dossier: Dossier, payload: payloads.AddRecord) -> Outcome:
    """Add a record: check, complete, number, write."""
    states.require_open(dossier.filed_us)
    read = _read(payload.module, payload.values)
    draft = Draft.of_new(dossier, payload.module, deed.actor.id, deed.at_us)
    _let_lapse(draft, read)
    draft.apply(read)
    _require_whole(draft)
    confirmed(deed, read.warnings, payload.confirm)
    version = _write(deed, draft)
    origins.record_origin(deed, dossier, draft.delta, payload.origin)
    subject = record_subject(dossier.code, draft.record.module, draft.record.no)
    return Outcome(
        result={"code": dossier.code, "record": subject, "module": draft.record.module, "no": draft.record.no},
        subject=subject, body=_body(draft), versions=(version,),
    )  # fmt: skip


def amend_record(deed: Deed, target: Held, payload: payloads.AmendRecord) -> Outcome:
    """Change values of a record, or take it a step further in its life; only what differs is written."""
    states.require_open(target.dossier.filed_us)
    read = _read(target.record.module, payload.values)
    refuse_stale(target.dossier, payload.base_version, {slots.name_in(target.record.slot, key) for key in read.values})
    draft = Draft.of(target.dossier, target.record)
    draft.apply(read)
    if not draft.delta:
        return Outcome(result=_result(target, ()), body={"fields": []})
    _require_whole(draft)
    changed = _touched(draft)
    confirmed(deed, [each for each in read.warnings if each.field in changed], payload.confirm)
    version = _write(deed, draft)
    origins.record_origin(deed, target.dossier, draft.delta, payload.origin)
    return Outcome(result=_result(target, changed), body=_body(draft), versions=(version,))


def remove_record(deed: Deed, target: Held, payload: payloads.RemoveRecord) -> Outcome:
    """Take a record out of the dossier; it is not shown or counted any more and stays in the versions."""
    states.require_open(target.dossier.filed_us)
    draft = Draft.of(target.dossier, target.record)
    draft.remove(deed.at_us)
    version = _write(deed, draft)
    return Outcome(
        result={"code": target.dossier.code, "record": target.ref}, versions=(version,),
        body={"module": target.record.module, "no": target.record.no, "removed": True},
    )  # fmt: skip


def confirmed(deed: Deed, warnings: Sequence[Finding], confirm: bool) -> None:
    """Values that look wrong are kept only when the person says so and says why."""
    if warnings and not confirm:
        raise Invalid(warnings, detail=N_("Check the warnings; to keep the values, confirm and give a reason."))
    if warnings and not deed.reason:
        raise Refused(
            "incomplete", missing=("reason",), detail=N_("Say why the value is kept although it looks wrong.")
        )


def refuse_stale(dossier: Dossier, base_version: int, names: set[str]) -> None:
    """Refused(stale) where one of these slots was changed since the version on the applicant's screen."""
    if not base_version or base_version == dossier.version_no:
        return
    moved = names & fields_changed_since(dossier, base_version) if base_version < dossier.version_no else names
    if moved:
        raise Refused(
            "stale", missing=sorted(slots.parsed(name).field for name in moved),
            detail=N_("Somebody changed the same fields meanwhile; load the dossier again and compare."),
        )  # fmt: skip


def wanting(keys: Sequence[str]) -> list[Finding]:
    """A finding for each field that must be filled in and is not."""
    return [Finding(key, "field.required", "error", "", {"field": field_of(key).title}) for key in keys]


def _read(module: str, raw: dict[str, str]) -> Reading:
    if module not in MODULES:
        raise Refused("invalid", missing=("module",), detail=N_("A dossier has no such part."))
    read = reading.read(MODULES[module], raw)
    if read.errors:
        raise Invalid(read.findings)
    return read


def _require_whole(draft: Draft) -> None:
    lacking = draft.lacking()
    if not lacking:
        return
    ends = draft.status in draft.module.closing and not draft.module.closed_with.isdisjoint(lacking)
    raise Invalid(
        wanting(lacking), detail=N_("It is closed only with what was done and what came of it.") if ends else ""
    )


def _let_lapse(draft: Draft, read: Reading) -> None:
    """What tells against somebody is kept no longer than the regulation keeps it, unless a day is named."""
    module = draft.module
    day = read.values.get(module.day)
    if not module.expires or read.values.get(module.expires) or not isinstance(day, date):
        return
    if read.values.get(f"{module.key}.kind") != "default":
        return
    for rule in in_force().retention.values():
        if rule.of == "credit" and not rule.permanent and reading.fields_of(module)[module.expires].collect:
            read.values[module.expires] = _later(day, rule.years * 12 + rule.months)
            return


def _later(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 1, LAST_OF_FEBRUARY if month == 1 else 30)


def _write(deed: Deed, draft: Draft) -> Version:
    draft.save(deed.at_us)
    return step(draft.dossier, draft.delta, deed.at_us)


def _touched(draft: Draft) -> tuple[str, ...]:
    return tuple(sorted(slots.parsed(name).field for name in draft.delta))


def _body(draft: Draft) -> dict[str, object]:
    """What the ledger entry says: which record and which fields, no value."""
    record = draft.record
    return {
        "module": record.module, "no": record.no, "fields": list(_touched(draft)), "version": draft.dossier.version_no,
        "status": record.status,
    }  # fmt: skip


def _result(target: Held, changed: Sequence[str]) -> dict[str, object]:
    return {"code": target.dossier.code, "record": target.ref, "changed": list(changed)}
