"""The writers of the room; each receives a Deed from the gate and answers with an Outcome."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q

from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.selectors import has_values
from kedang.people import halves, payloads, selectors, units
from kedang.people.actors import held_roles
from kedang.people.models import Staff, StaffRole, Token, Unit

MANNED = ("people.create", "people.grant")
"""Deeds that somebody must always be able to do, or the site is locked for good."""
DEEPEST = 512
_DAY_US = 86_400_000_000
NOBODYS = "unknown"
"""What the ledger calls a sign-in by a name nobody has."""


def create_unit(deed: Deed, parent: Unit | None, payload: payloads.CreateUnit) -> Outcome:
    """Add a unit below another; the first unit of a company has no parent."""
    if Unit.objects.filter(code=payload.code).exists():
        raise Refused("state", detail=N_("There is a unit with this code already; choose another."))
    if parent is None and Unit.objects.exists():
        raise Refused("state", detail=N_("The company has its first unit; add the new one below it or another."))
    unit = units.add(payload.code, payload.name, parent, kind=payload.kind, lead=payload.lead)
    if len(unit.path) > DEEPEST:
        raise Refused("state", detail=N_("The tree of units is too deep here."))
    return Outcome(result={"unit": unit.code}, body=_unit_body(unit), subject=unit.ref)


def amend_unit(deed: Deed, unit: Unit, payload: payloads.AmendUnit) -> Outcome:
    """Rename a unit, or say what kind it is and whether it leads."""
    before = _unit_body(unit)
    if payload.kind not in (None, unit.kind) and has_values(unit.pk):
        raise Refused("state", detail=N_("This branch goes by values of its own; take them back first."))
    unit.name = payload.name or unit.name
    unit.kind = payload.kind or unit.kind
    unit.lead = unit.lead if payload.lead is None else payload.lead
    unit.save(update_fields=["name", "kind", "lead"])
    return Outcome(result={"unit": unit.code}, body={"before": before, "after": _unit_body(unit)})


def create_staff(deed: Deed, target: None, payload: payloads.CreateStaff) -> Outcome:
    """Add a person with an unusable password, or with the hash the door made from what was typed."""
    username = payload.username.lower()
    if username == NOBODYS or Staff.objects.filter(username=username).exists():
        raise Refused("state", detail=N_("This user name is taken; choose another."))
    staff = Staff(
        username=username,
        name=payload.name,
        unit=selectors.unit_by_code(payload.unit),
        clearance=0,
        scope="own",
        created_us=deed.at_us,
    )
    if payload.password_hash:
        staff.password = payload.password_hash
    else:
        staff.set_unusable_password()
    staff.save(force_insert=True)
    return Outcome(result={"user": username}, body=_rights(staff), subject=f"staff:{username}")


def amend_staff(deed: Deed, staff: Staff, payload: payloads.AmendStaff) -> Outcome:
    """Rename a person or move them to another unit."""
    before = _rights(staff)
    if payload.unit is not None:
        staff.unit = selectors.unit_by_code(payload.unit)
    staff.name = payload.name or staff.name
    staff.save(update_fields=["unit", "name"])
    return Outcome(result={"user": staff.username}, body={"before": before, "after": _rights(staff)})


def clear_staff(deed: Deed, staff: Staff, payload: payloads.ClearStaff) -> Outcome:
    """Set a person's clearance and row scope; nobody sets their own."""
    _not_oneself(deed, staff)
    before = _rights(staff)
    if payload.clearance is not None:
        staff.clearance = payload.clearance
    staff.scope = payload.scope or staff.scope
    staff.save(update_fields=["clearance", "scope"])
    return Outcome(result={"user": staff.username}, body={"before": before, "after": _rights(staff)})


def grant(deed: Deed, staff: Staff, payload: payloads.GrantRole) -> Outcome:
    """Give a role, until an instant or without end; nobody gives a role to themselves."""
    _not_oneself(deed, staff)
    _refuse_grant(deed, staff, payload)
    until = _capped(deed, payload)
    _hold(deed, staff, payload.role, until)
    return Outcome(
        result={"user": staff.username, "role": payload.role, "until_us": until},
        body={"role": payload.role, "until_us": until},
    )


def revoke(deed: Deed, staff: Staff, payload: payloads.RevokeRole) -> Outcome:
    """Take a role back; the right is gone with the next request."""
    if not StaffRole.objects.filter(staff=staff, role=payload.role).exists():
        raise Refused("state", detail=N_("This person does not hold that role."))
    keep_manned(deed, staff, frozenset({payload.role}))
    StaffRole.objects.filter(staff=staff, role=payload.role).delete()
    return Outcome(result={"user": staff.username}, body={"role": payload.role})


def deactivate(deed: Deed, staff: Staff, payload: payloads.Nothing) -> Outcome:
    """Close an account: sessions end, tokens die, the person stays in the records."""
    _not_oneself(deed, staff)
    keep_manned(deed, staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    Token.objects.filter(staff=staff, revoked_us=0).update(revoked_us=deed.at_us)
    ended = end_sessions(staff)
    return Outcome(result={"user": staff.username}, body={"sessions_ended": ended})


def set_password(deed: Deed, staff: Staff, payload: payloads.SetPassword) -> Outcome:
    """Replace one's own password by one the door has checked and hashed, or set one half of another's; the whole
    of it where somebody else signed for that.

    The person's sessions end when a whole new password is there.
    """
    _not_by_token(deed)
    signers = sorted({each.partition(" ")[0] for each in deed.signers} - {deed.actor.id, staff.username})
    half = 0
    if staff.username == deed.actor.id:
        halves.choose(staff, payload.password_hash)
    elif signers:
        halves.set_whole(staff, deed.actor.id, signers[0], payload.password_hash)
    else:
        half = halves.set_half(staff, deed.actor.id, payload.password_hash)
    staff.save(update_fields=halves.COLUMNS)
    ended = 0 if half == 1 else end_sessions(staff)
    return Outcome(result={"user": staff.username, "half": half}, body={"half": half, "sessions_ended": ended})


def create_token(deed: Deed, staff: Staff, payload: payloads.CreateToken) -> Outcome:
    """Register a token by its digest; the door made the token and shows it once."""
    _not_by_token(deed)
    if Token.objects.filter(digest=payload.digest).exists():
        raise Refused("state", detail=N_("This token is registered already."))
    if Token.objects.filter(staff=staff, label=payload.label, revoked_us=0, expires_us__gt=deed.at_us).exists():
        raise Refused("state", detail=N_("You have a token with this label; choose another or end the old one."))
    Token.objects.create(
        staff=staff,
        label=payload.label,
        digest=payload.digest,
        ops=" ".join(sorted(set(payload.ops))),
        created_us=deed.at_us,
        expires_us=deed.at_us + payload.days * _DAY_US,
    )
    return Outcome(result={"user": staff.username}, body={"label": payload.label, "days": payload.days})


def revoke_token(deed: Deed, staff: Staff, payload: payloads.RevokeToken) -> Outcome:
    """End a token before its day."""
    ended = Token.objects.filter(staff=staff, label=payload.label, revoked_us=0).update(revoked_us=deed.at_us)
    if not ended:
        raise Refused("state", detail=N_("There is no such token in force."))
    return Outcome(result={"user": staff.username}, body={"label": payload.label})


def _hold(deed: Deed, staff: Staff, role: str, until_us: int) -> None:
    StaffRole.objects.update_or_create(
        staff=staff,
        role=role,
        defaults={"granted_by": deed.actor.id, "reason": deed.reason, "since_us": deed.at_us, "until_us": until_us},
    )


def _capped(deed: Deed, payload: payloads.GrantRole) -> int:
    """The end of a grant: never later than the regulation lets the role last."""
    days = in_force().role(payload.role).max_days
    if not days:
        return payload.until_us
    latest = deed.at_us + days * _DAY_US
    return min(payload.until_us, latest) if payload.until_us else latest


def _refuse_grant(deed: Deed, staff: Staff, payload: payloads.GrantRole) -> None:
    pack = in_force()
    if payload.role not in pack.role_codes:
        raise Refused("invalid", detail=N_("The regulation in force knows no such role."))
    if not staff.is_active:
        raise Refused("state", detail=N_("This account is closed."))
    if payload.until_us and payload.until_us <= deed.at_us:
        raise Refused("invalid", missing=("until_us",), detail=N_("The role would end before it begins."))
    if any(payload.role in group for group in pack.conflicts({*held_roles(staff), payload.role})):
        raise Refused("denied", detail=N_("This person holds a role that excludes that one; revoke the other first."))


def keep_manned(deed: Deed, staff: Staff, lost: frozenset[str] | None = None) -> None:
    """Refuse to take the last person out of an office that creates accounts or grants roles.

    `lost` are the roles that go; all of them where nothing is said.
    """
    lost = held_roles(staff) if lost is None else lost
    said = in_force().operations
    for who in (said[name].who for name in MANNED if name in said):
        lasting = Q(until_us=0) | Q(until_us__gt=deed.at_us)
        others = StaffRole.objects.filter(lasting, role__in=who, staff__is_active=True).exclude(
            staff=staff, role__in=lost
        )
        if not lost.isdisjoint(who) and not others.exists():
            raise Refused("state", detail=N_("Nobody else could do this work; give another person the role first."))


def _not_by_token(deed: Deed) -> None:
    if deed.actor.credential.startswith("token:"):
        raise Refused("denied", detail=N_("This is not done with a token; sign in."))


def _not_oneself(deed: Deed, staff: Staff) -> None:
    if staff.username == deed.actor.id:
        raise Refused("denied", detail=N_("Nobody changes their own rights; ask a colleague of your office."))


def _unit_body(unit: Unit) -> dict[str, Any]:
    return {"unit": unit.code, "kind": unit.kind, "lead": unit.lead}


def _rights(staff: Staff) -> dict[str, Any]:
    roles = sorted(staff.held_roles.values_list("role", flat=True))
    return {"unit": staff.unit.code, "clearance": staff.clearance, "scope": staff.scope, "roles": roles}


def end_sessions(staff: Staff) -> int:
    """Sign a person out everywhere; returns how many sessions ended."""
    ended = 0
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(staff.pk):
            session.delete()
            ended += 1
    return ended
