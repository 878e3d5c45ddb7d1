"""The operations of this room."""

from __future__ import annotations

from typing import Any

from kedang.customers import drafts, payloads, selectors, services
from kedang.customers.models import Dossier
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Operation
from kedang.kernel.errors import NotVisible
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level


def _load(by: Actor, subject: str) -> Dossier:
    kind, _, code = subject.rpartition(":")
    if kind not in ("", "dossier"):
        raise NotVisible(subject)
    return selectors.dossier_by_code(by, code, lock=True)


def _load_nothing(by: Actor, subject: str) -> None:
    if subject != "-":
        raise NotVisible(subject)


def facts_of(by: Actor, dossier: Dossier, fields: frozenset[str] = frozenset(), *, channel: str = "") -> Facts:
    """What a pack may know of a stored dossier and of this actor's relation to it."""
    rel = {"in_scope"}
    if dossier.owner_id == by.pk:
        rel.add("owner")
    if dossier.unit_id == by.unit:
        rel.add("same_unit")
    return Facts(
        unit=dossier.unit_id, level=dossier.level, state=dossier.standing, kind=dossier.kind, fields=fields,
        channel=channel, rel=frozenset(rel),
    )  # fmt: skip


def _amend_facts(by: Actor, dossier: Dossier, payload: payloads.AmendDossier) -> Facts:
    return facts_of(by, dossier, frozenset(payload.values))


def _reveal_facts(by: Actor, dossier: Dossier, payload: payloads.RevealField) -> Facts:
    return facts_of(by, dossier, frozenset({payload.field}))


def _plain_facts(by: Actor, dossier: Dossier, payload: Any) -> Facts:
    return facts_of(by, dossier)


def _open_facts(by: Actor, target: None, payload: payloads.OpenDossier) -> Facts:
    level = payload.values.get("level", "internal")
    number = int(Level.of(level)) if level in {each.key for each in Level} else int(Level.INTERNAL)
    kind = payload.values.get("kind") or "organisation"
    return Facts(
        unit=by.unit, level=number, state="new", kind=kind, fields=frozenset(payload.values),
        rel=frozenset({"in_scope", "same_unit", "owner"}),
    )  # fmt: skip


def _amend_basis(dossier: Dossier, payload: payloads.AmendDossier) -> dict[str, str]:
    return drafts.digests(dossier, payload.values)


def _amend_claims(dossier: Dossier, payload: payloads.AmendDossier) -> set[str]:
    return {f"{dossier.ref}#{field}" for field in payload.values}


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "customer.open", N_("Open a dossier"), payloads.OpenDossier, _load_nothing, _open_facts, services.open_dossier
    ),
    Operation(
        "customer.amend", N_("Change a dossier"), payloads.AmendDossier, _load, _amend_facts, services.amend_dossier,
        basis=_amend_basis, claims=_amend_claims,
    ),
    Operation(
        "customer.reveal", N_("Reveal a value"), payloads.RevealField, _load, _reveal_facts, services.reveal_field
    ),
    Operation(
        "customer.assign", N_("Assign a dossier"), payloads.AssignDossier, _load, _plain_facts, services.assign_dossier
    ),
    Operation("customer.file", N_("File a dossier"), payloads.FileDossier, _load, _plain_facts, services.file_dossier),
)  # fmt: skip
