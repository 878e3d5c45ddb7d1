"""Seating somebody without a signature: only in the founding act, when nobody could sign yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kedang.kernel import clock
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people import payloads, units
from kedang.people.models import SCOPES, Appointment, Staff, StaffRole, Unit


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is there from the first day: nobody could sign for their rights and posts yet.

    `unit` is a code, empty for the company itself; `posts` stand for the nearest unit that has the post. Clearance
    and scope are the widest the roles allow, where nothing else is said.
    """

    username: str
    name: str
    unit: str = ""
    roles: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    password_hash: str = ""
    clearance: int | None = None
    scope: str = ""


def is_founding() -> bool:
    """Whether the company is still being seated: nobody was ever appointed to head it, so nobody could sign.

    It ends with the first appointment and never comes back.
    """
    pack, top = in_force(), units.root()
    heads = [name for name, post in pack.posts.items() if post.head]
    return bool(heads) and top is not None and not Appointment.objects.filter(post__in=heads, unit=top).exists()


def seat(pack: Pack, who: Seat, *, by: str, reason: str) -> dict[str, Any]:
    """Make the account with its roles and posts; returns what the ledger shall say. Inside the caller's transaction."""
    _refuse(pack, who)
    given = payloads.CreateStaff(username=who.username, name=who.name, unit=who.unit or "-")
    staff = Staff(
        username=given.username.lower(), name=given.name, unit=_unit(who.unit), clearance=_clearance(pack, who),
        scope=_scope(pack, who), created_us=clock.now_us(), password=who.password_hash,
    )  # fmt: skip
    if not who.password_hash:
        staff.set_unusable_password()
    staff.save(force_insert=True)
    for role in who.roles:
        StaffRole.objects.create(staff=staff, role=role, granted_by=by, reason=reason, since_us=staff.created_us)
    where = [_appoint(pack, staff, post, by) for post in who.posts]
    return {
        "unit": staff.unit.code, "roles": sorted(who.roles), "posts": where, "clearance": staff.clearance,
        "scope": staff.scope,
    }  # fmt: skip


def _refuse(pack: Pack, who: Seat) -> None:
    unknown = sorted((set(who.roles) - pack.role_codes) | (set(who.posts) - set(pack.posts)))
    if unknown:
        raise Refused("invalid", missing=unknown, detail=N_("The regulation in force knows no such role or post."))
    if pack.conflicts(who.roles):
        raise Refused("denied", missing=sorted(who.roles), detail=N_("These roles exclude each other."))
    if Staff.objects.filter(username=who.username.lower()).exists():
        raise Refused("state", missing=(who.username,), detail=N_("This user name is taken; choose another."))


def _appoint(pack: Pack, staff: Staff, post: str, by: str) -> str:
    said = pack.posts[post]
    seats = {unit.pk: unit for unit in units.seats_of(said.per, said.unit)}
    near = [*units.ids_upwards(staff.unit.path), *(seats if len(seats) == 1 else ())]
    unit = next((seats[pk] for pk in near if pk in seats), None)
    if unit is None:
        raise Refused("invalid", missing=(post,), detail=N_("By the regulation this unit has no such post."))
    if said.most is not None and Appointment.objects.filter(post=post, unit=unit).count() >= said.most:
        raise Refused("denied", missing=(post,), detail=N_("The post has as many holders as the regulation allows."))
    Appointment.objects.create(staff=staff, post=post, unit=unit, since_us=staff.created_us, appointed_by=by)
    return f"{post}@{unit.code}"


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first() if code else units.root()
    if unit is None:
        raise NotVisible(f"unit:{code}")
    return unit


def _clearance(pack: Pack, who: Seat) -> int:
    if who.clearance is not None:
        return who.clearance
    return max((int(pack.role(role).max_clearance) for role in who.roles), default=0)


def _scope(pack: Pack, who: Seat) -> str:
    return who.scope or _widest([pack.role(role).max_scope for role in who.roles])


def _widest(scopes: Sequence[str]) -> str:
    return max(scopes, key=SCOPES.index, default="own")
