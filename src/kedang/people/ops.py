"""The operations of this room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Operation
from kedang.kernel.errors import NotVisible
from kedang.kernel.i18n import N_
from kedang.people import payloads, posting, present, seating, selectors, services
from kedang.people.models import Staff, Unit


def _load_staff(by: Actor, subject: str) -> Staff:
    return selectors.staff_by_ref(by, subject, lock=True)


def _load_parent(by: Actor, subject: str) -> Unit | None:
    return None if subject == "-" else selectors.unit_by_code(subject.removeprefix("unit:"))


def _load_unit(by: Actor, subject: str) -> Unit:
    return selectors.unit_by_code(subject.removeprefix("unit:"))


def _load_nothing(by: Actor, subject: str) -> None:
    if subject != "-":
        raise NotVisible(subject)


def _facts(by: Actor, target: Any, payload: Any) -> Facts:
    rel = {"in_scope"} | ({"founding"} if seating.is_founding() else set())
    if isinstance(target, Staff):
        rel |= {"self"} if target.username == by.id else set()
        return Facts(unit=target.unit_id, kind="staff", rel=frozenset(rel))
    if isinstance(target, Unit):
        return Facts(unit=target.pk, kind="staff", rel=frozenset(rel))
    return Facts(kind="staff", rel=frozenset(rel))


def _basis(target: Any, payload: Any) -> dict[str, str]:
    """What is replaced, as it stands: where it moved meanwhile, nothing is overwritten."""
    if target is None or isinstance(payload, present.ADDING):
        return {}
    replaced = [key for key in _REPLACED if getattr(payload, key, None) is not None and hasattr(target, key)]
    return {key: str(getattr(target, key)) for key in replaced}


def _claims(target: Any, payload: Any) -> set[str]:
    """One role, post or deputy of a person is asked for once at a time."""
    named = [(key, getattr(payload, key, "")) for key in ("role", "post", "deputy")]
    return {f"{target.ref}#{key}:{value}" for key, value in named if value} if isinstance(target, Staff) else set()


_REPLACED = ("name", "unit", "clearance", "scope", "kind", "lead")
_OFFERED: tuple[Operation[Any, Any], ...] = (
    Operation("people.unit", N_("Add a unit"), payloads.CreateUnit, _load_parent, _facts, services.create_unit),
    Operation("people.unit_amend", N_("Change a unit"), payloads.AmendUnit, _load_unit, _facts, services.amend_unit),
    Operation("people.create", N_("Add a person"), payloads.CreateStaff, _load_nothing, _facts, services.create_staff),
    Operation("people.amend", N_("Change a person"), payloads.AmendStaff, _load_staff, _facts, services.amend_staff),
    Operation(
        "people.clear", N_("Set clearance and scope"), payloads.ClearStaff, _load_staff, _facts, services.clear_staff
    ),
    Operation("people.grant", N_("Grant a role"), payloads.GrantRole, _load_staff, _facts, services.grant),
    Operation("people.revoke", N_("Revoke a role"), payloads.RevokeRole, _load_staff, _facts, services.revoke),
    Operation("people.deactivate", N_("Close an account"), payloads.Nothing, _load_staff, _facts, services.deactivate),
    Operation(
        "people.password", N_("Set a password"), payloads.SetPassword, _load_staff, _facts, services.set_password
    ),
    Operation("people.token", N_("Create a token"), payloads.CreateToken, _load_staff, _facts, services.create_token),
    Operation("people.token_end", N_("End a token"), payloads.RevokeToken, _load_staff, _facts, services.revoke_token),
    Operation("people.appoint", N_("Appoint to a post"), payloads.Appoint, _load_staff, _facts, posting.appoint),
    Operation("people.dismiss", N_("Dismiss from a post"), payloads.Dismiss, _load_staff, _facts, posting.dismiss),
    Operation("people.delegate", N_("Name a deputy"), payloads.Delegate, _load_staff, _facts, posting.delegate),
    Operation(
        "people.delegate_end", N_("End a delegation"), payloads.EndDelegation, _load_staff, _facts,
        posting.end_delegation,
    ),
)  # fmt: skip
OPERATIONS = tuple(
    replace(operation, show=present.lines, basis=_basis, snapshot=_basis, claims=_claims) for operation in _OFFERED
)
"""Whoever signs one of them sees what it sets, and what it would replace is remembered."""
