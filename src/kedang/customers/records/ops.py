"""The operations on records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kedang.customers import bags, ops, showing, values
from kedang.customers.dictionary import Fields
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES, Module
from kedang.customers.records import drafts, payloads, present, reading, selectors, services
from kedang.customers.records.selectors import Held
from kedang.customers.selectors import by_subject
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Line, Operation
from kedang.kernel.i18n import N_

TOLD = frozenset({"number", "money", "percent", "date", "choice", "code", "region", "industry", "yes_no"})
"""Standards whose values a regulation may test: codes, days and numbers, nothing that names a person."""
NO_FIELDS: Fields = {}


def _held(by: Actor, subject: str) -> Held:
    return selectors.held(by, subject, lock=True)


def held_facts(by: Actor, target: Held, raw: Mapping[str, str]) -> Facts:
    """The same of a stored record with these values changed."""
    return facts_of(by, target.dossier, target.record.module, raw, bags.read_bag(target.record.bag))


def _add_facts(by: Actor, dossier: Dossier, payload: payloads.AddRecord) -> Facts:
    return facts_of(by, dossier, payload.module, payload.values, {})


def _amend_facts(by: Actor, target: Held, payload: payloads.AmendRecord) -> Facts:
    return held_facts(by, target, payload.values)


def _remove_facts(by: Actor, target: Held, payload: payloads.RemoveRecord) -> Facts:
    return held_facts(by, target, {})


def facts_of(
    by: Actor, dossier: Dossier, module: str, raw: Mapping[str, str], stored: Mapping[str, Any]
) -> Facts:  # fmt: skip
    """What a regulation may know of a record as it will stand: the dossier's facts, its module, fields and amount."""
    said = MODULES.get(module)
    listed = reading.fields_of(said) if said else NO_FIELDS
    asked = {key: values.as_json(values.read_one(listed[key], text)[0]) for key, text in raw.items() if key in listed}
    after = {**stored, **asked}
    touched = frozenset(asked) - (reading.implied(said) if said else frozenset())
    told = ops.stored_values(dossier)
    told |= {key: after[key] for key, field in listed.items() if after.get(key) is not None and _is_told(field)}
    amount = after.get(said.amount) if said and said.amount else None
    facts = ops.facts_of(by, dossier, touched)
    return replace(facts, module=module if said else "", values=told, amount=amount if isinstance(amount, int) else 0)


def _is_told(field: Any) -> bool:
    return not field.personal and (bool(field.choices) or field.standard in TOLD)


def _add_lines(by: Actor, dossier: Dossier, payload: payloads.AddRecord) -> Sequence[Line]:
    module = MODULES.get(payload.module)
    head = [Line(N_("Part"), after=module.title)] if module else []
    return head + _lines(by, module, payload.values, {})


def _amend_lines(by: Actor, target: Held, payload: payloads.AmendRecord) -> Sequence[Line]:
    return _lines(by, target.module, payload.values, present.texts(by, target, payload.values))


def _remove_lines(by: Actor, target: Held, payload: payloads.RemoveRecord) -> Sequence[Line]:
    stands = present.texts(by, target, reading.fields_of(target.module))
    return [Line(_title(target.module, key), text, "", key) for key, text in stands.items() if text]


def _lines(by: Actor, module: Module | None, raw: Mapping[str, str], stands: Mapping[str, str]) -> list[Line]:
    return [
        Line(_title(module, key), stands.get(key, ""), showing.veiled(by, key, text), field=key)
        for key, text in raw.items() if module is not None and key in reading.fields_of(module)
    ]  # fmt: skip


def _title(module: Module | None, key: str) -> str:
    return reading.fields_of(module)[key].title if module else key


def _basis(target: Held, payload: payloads.AmendRecord) -> dict[str, str]:
    return drafts.digests(target.record, payload.values)


def _remove_basis(target: Held, payload: payloads.RemoveRecord) -> dict[str, str]:
    return drafts.digests(target.record, bags.read_bag(target.record.bag))


def _snapshot(target: Held, payload: payloads.AmendRecord) -> dict[str, str]:
    return {key: text or "" for key, text in drafts.clear_texts(target.record, payload.values).items()}


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "record.add", N_("Add a record"), payloads.AddRecord, by_subject, _add_facts, services.add_record,
        show=_add_lines, veil=showing.veiled,
    ),
    Operation(
        "record.amend", N_("Change a record"), payloads.AmendRecord, _held, _amend_facts, services.amend_record,
        basis=_basis, show=_amend_lines, snapshot=_snapshot, veil=showing.veiled,
    ),
    Operation(
        "record.remove", N_("Take a record out"), payloads.RemoveRecord, _held, _remove_facts, services.remove_record,
        basis=_remove_basis, show=_remove_lines, veil=showing.veiled,
    ),
)  # fmt: skip
