"""The operations of this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from kedang.customers import dictionary, drafts, origins, payloads, present, selectors, services, standing, values
from kedang.customers.fields import Field
from kedang.customers.models import Dossier
from kedang.customers.selectors import by_subject
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Line, Operation
from kedang.kernel.errors import NotVisible
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.selectors import unit_by_code
from kedang.vault import blind

TESTED = frozenset(
    {"kind", "region", "industry", "org_type", "registered_on", "capital", "scale", "grade", "source", "learned_on"}
)
"""Fields whose value a regulation may test: codes, choices, days and money, nothing that names a person."""
TESTED_STANDARDS = frozenset(
    {"choice", "yes_no", "number", "money", "percent", "date", "capital", "region", "industry"}
)
"""Standards of added fields of the dossier that may be tested as well, where they are not personal."""


def _load_nothing(by: Actor, subject: str) -> None:
    if subject != "-":
        raise NotVisible(subject)


def facts_of(by: Actor, dossier: Dossier, fields: frozenset[str] = frozenset(), *, channel: str = "") -> Facts:
    """What a pack may know of a stored dossier and of this actor's relation to it.

    A dossier that is only granted for a time is out of scope for every deed on it.
    """
    rel = {"in_scope"} if selectors.would_see(by, dossier) else set()
    if dossier.owner_id == by.pk:
        rel.add("owner")
    if dossier.unit_id == by.unit:
        rel.add("same_unit")
    return Facts(
        unit=dossier.unit_id, level=dossier.level, state=dossier.standing, kind=dossier.kind, fields=fields,
        channel=channel, rel=frozenset(rel),
    )  # fmt: skip


def _amend_facts(by: Actor, dossier: Dossier, payload: payloads.AmendDossier) -> Facts:
    """A change of the classification is judged by the higher of the two."""
    told = origins.told(payload.values, payload.origin)
    facts = facts_of(by, dossier, _known(told))
    stands = stored_values(dossier) | _asked(told)
    return replace(facts, level=max(facts.level, _level(told)), values=stands)


def _reveal_facts(by: Actor, dossier: Dossier, payload: payloads.RevealField) -> Facts:
    """A grant that says so lets its holder reveal too."""
    facts = facts_of(by, dossier, frozenset({payload.field}))
    return replace(facts, rel=facts.rel | {"in_scope"}) if dossier.pk in by.granted_clear else facts


def _plain_facts(by: Actor, dossier: Dossier, payload: Any) -> Facts:
    return replace(facts_of(by, dossier), values=stored_values(dossier))


def _open_facts(by: Actor, target: None, payload: payloads.OpenDossier) -> Facts:
    """What is about to be opened, read by the same standard as the values themselves."""
    unit = unit_by_code(payload.unit).pk if payload.unit else by.unit
    rel = {"in_scope"} if by.units is None or unit in by.units else set()
    rel |= {"same_unit"} if unit == by.unit else set()
    rel |= {"owner"} if payload.owner.lower() in ("", by.id) else set()
    told = origins.told(payload.values, payload.origin)
    return Facts(
        unit=unit, level=_level(told), state="new", kind=_choice("kind", told) or "organisation", fields=_known(told),
        rel=frozenset(rel), values=_asked(told),
    )  # fmt: skip


def tested(pack: Pack | None = None) -> Mapping[str, Field]:
    """The fields of the dossier whose value a regulation may test (default: the one in force)."""
    return _tested(dictionary.Same(pack or in_force()))


@lru_cache(maxsize=64)
def _tested(key: dictionary.Same) -> Mapping[str, Field]:
    there = dictionary.of_part(dictionary.DOSSIER, key.pack)
    return MappingProxyType({name: field for name, field in there.items() if _is_tested(field)})


def _is_tested(field: Field) -> bool:
    added = field.added and not field.personal and (field.standard in TESTED_STANDARDS or bool(field.choices))
    return added or field.key in TESTED


def stored_values(dossier: Dossier, pack: Pack | None = None) -> dict[str, str | int]:
    """What a regulation may test of the values that stand in a dossier."""
    return told({key: standing.plain_of(dossier, field) for key, field in tested(pack).items()})


def _asked(raw: Mapping[str, str]) -> dict[str, str | int]:
    """The same of values as they were typed; what cannot be read is told by nobody."""
    return told({key: values.read_one(field, raw[key])[0] for key, field in tested().items() if key in raw})


def told(read: Mapping[str, Any]) -> dict[str, str | int]:
    """Codes, choices and days as text, sums of money in fen."""
    plain = {key: value[0] if isinstance(value, tuple) else value for key, value in read.items()}
    return {key: value if isinstance(value, int) else str(value) for key, value in plain.items() if value is not None}


def _known(raw: Mapping[str, str]) -> frozenset[str]:
    """Fields that may be filled in; any other name is no fact but a mistake, and the service says which."""
    return frozenset(key for key, field in dictionary.fields().items() if key in raw and field.collect)


def _level(raw: Mapping[str, str]) -> int:
    """The classification a payload asks for; internal where it names none."""
    return int(Level.of(_choice("level", raw) or "internal"))


def _choice(key: str, raw: Mapping[str, str]) -> str:
    return str(values.read_one(dictionary.BUILT_IN[key], raw.get(key, ""))[0] or "")


def _amend_basis(dossier: Dossier, payload: payloads.AmendDossier) -> dict[str, str]:
    return drafts.digests(dossier, payload.values)


def _amend_lines(by: Actor, dossier: Dossier, payload: payloads.AmendDossier) -> list[Line]:
    """What would change, old and new, masked for the person who looks."""
    stand = present.texts(by, dossier, payload.values)
    return [_line(by, key, stand[key], text) for key, text in payload.values.items() if key in stand]


def _amend_snapshot(dossier: Dossier, payload: payloads.AmendDossier) -> dict[str, str]:
    return present.snapshot(dossier, payload.values)


def _open_lines(by: Actor, target: None, payload: payloads.OpenDossier) -> list[Line]:
    lines = [_line(by, key, "", text) for key, text in payload.values.items() if dictionary.known(key)]
    lines += [Line(N_("Unit"), after=payload.unit)] if payload.unit else []
    return lines + ([Line(N_("Account manager"), after=payload.owner)] if payload.owner else [])


def _line(by: Actor, key: str, before: str, after: str) -> Line:
    return Line(dictionary.field_of(key).title, before, present.veiled(by, key, after), field=key)


def _open_claims(target: None, payload: payloads.OpenDossier) -> set[str]:
    """One request at a time for one customer; of a person's number only its blind index stands there."""
    code, number = (_choice(key, payload.values) for key in ("credit_code", "identity_number"))
    claims = {f"customer:{code}"} if code else set()
    return claims | {f"customer:{tail}-{residual}" for tail, residual in blind.indexes("identity", [number]) if number}


def _assign_lines(by: Actor, dossier: Dossier, payload: payloads.AssignDossier) -> list[Line]:
    owner, unit = (dossier.owner.username if dossier.owner else ""), dossier.unit.code
    lines = [Line(N_("Account manager"), owner, payload.owner)] if payload.owner else []
    return lines + ([Line(N_("Unit"), unit, payload.unit)] if payload.unit else [])


def _assign_basis(dossier: Dossier, payload: payloads.AssignDossier) -> dict[str, str]:
    return {"owner": str(dossier.owner_id), "unit": str(dossier.unit_id)}


def _reveal_lines(by: Actor, dossier: Dossier, payload: payloads.RevealField) -> list[Line]:
    field = dictionary.known(payload.field)
    return [Line(field.title, field=field.key)] if field else []


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "customer.open", N_("Open a dossier"), payloads.OpenDossier, _load_nothing, _open_facts, services.open_dossier,
        claims=_open_claims, show=_open_lines, veil=present.veiled,
    ),
    Operation(
        "customer.amend", N_("Change a dossier"), payloads.AmendDossier, by_subject,
        _amend_facts, services.amend_dossier,
        basis=_amend_basis, show=_amend_lines, snapshot=_amend_snapshot, veil=present.veiled,
    ),
    Operation(
        "customer.reveal", N_("Reveal a value"), payloads.RevealField, by_subject, _reveal_facts, services.reveal_field,
        show=_reveal_lines,
    ),
    Operation(
        "customer.assign", N_("Assign a dossier"), payloads.AssignDossier, by_subject,
        _plain_facts, services.assign_dossier,
        basis=_assign_basis, show=_assign_lines,
    ),
    Operation(
        "customer.file", N_("File a dossier"), payloads.FileDossier, by_subject, _plain_facts, services.file_dossier,
    ),
)  # fmt: skip
