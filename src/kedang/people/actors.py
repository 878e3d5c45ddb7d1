"""From a person to an `Actor`: roles in force, scope, clearance and reads of this moment."""

from __future__ import annotations

from django.db.models import Q

from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people import grants, halves
from kedang.people.models import SCOPES, Staff, Unit


def actor_of(staff: Staff, credential: str) -> Actor:
    """The actor for a signed-in person.

    An inactive one has no roles and so no rights; nor has one whose password others set, until the person
    has chosen an own one.
    """
    pack = in_force()
    roles = held_roles(staff) if staff.is_active and not halves.is_set_by_others(staff) else frozenset()
    scope = effective_scope(staff.scope, roles, pack)
    read = grants.granted(staff.pk, clock.now_us()) if roles else grants.Granted()
    return Actor(
        id=staff.username,
        pk=staff.pk,
        roles=roles,
        unit=staff.unit_id,
        units=units_in_scope(staff, scope),
        own_only=scope == "own",
        clearance=effective_clearance(staff.clearance, roles, pack),
        reads=pack.reads_of(roles),
        credential=credential,
        granted=read.ids,
        granted_clear=read.clear,
    )


def held_roles(staff: Staff) -> frozenset[str]:
    """Role codes the person holds now, expired ones left out, unknown ones ignored."""
    now = clock.now_us()
    rows = staff.held_roles.filter(Q(until_us=0) | Q(until_us__gt=now)).values_list("role", flat=True)
    known = in_force().role_codes
    return frozenset(rows) & known


def effective_scope(own: str, roles: frozenset[str], pack: Pack) -> str:
    """The person's scope, but never wider than the widest any of the roles allows; `none` without role."""
    if not roles:
        return "none"
    widest = max(SCOPES.index(pack.role(role).max_scope) for role in roles)
    return SCOPES[min(SCOPES.index(own), widest)]


def effective_clearance(own: int, roles: frozenset[str], pack: Pack) -> int:
    """The person's clearance, capped by the highest any role allows."""
    highest = max((int(pack.role(role).max_clearance) for role in roles), default=0)
    return min(own, highest)


def units_in_scope(staff: Staff, scope: str) -> frozenset[int] | None:
    """Unit ids the scope reaches: None for all units."""
    if scope == "all":
        return None
    if scope == "none":
        return frozenset()
    if scope == "unit_below":
        below = Unit.objects.filter(path__startswith=staff.unit.path).values_list("pk", flat=True)
        return frozenset(below)
    return frozenset({staff.unit_id})


def staff_actor(username: str, credential: str) -> Actor:
    """The actor of a username; `Staff.DoesNotExist` when there is no such active person."""
    return actor_of(Staff.objects.select_related("unit").get(username=username.lower(), is_active=True), credential)
