"""What a person holds that somebody else must have or that must end before the person leaves (交接清单)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from kedang.kernel.i18n import N_
from kedang.people import grants
from kedang.people.models import Appointment, Delegation, Staff, StaffRole, Token
from kedang.people.parties import lasting

How = Literal["successor", "ends", "first"]
"""`successor`: somebody takes it over; `ends`: it ends with the handover; `first`: to be settled before."""


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing a person holds, how many of it, and what becomes of it."""

    kind: str
    title: str
    count: int
    how: How
    names: tuple[str, ...] = ()
    """Some of them by name, for the list that is signed."""


Source = Callable[[Staff, int], Sequence[Held]]
"""What a room contributes: person and instant to what it knows they hold; `governance.holdings` joins them."""
SHOWN = 20


def held(staff: Staff, at_us: int) -> list[Held]:
    """What this room knows: posts, roles, delegations, grants and tokens; all end with the handover."""
    posts = Appointment.objects.filter(lasting(at_us), staff=staff).order_by("post")
    roles = StaffRole.objects.filter(lasting(at_us), staff=staff).order_by("role")
    passed = Delegation.objects.filter(staff=staff, until_us__gt=at_us, revoked_us=0)
    taken = Delegation.objects.filter(deputy=staff, until_us__gt=at_us, revoked_us=0)
    tokens = Token.objects.filter(staff=staff, revoked_us=0, expires_us__gt=at_us).order_by("label")
    reads = grants.in_force(at_us).filter(staff=staff).order_by("subject")
    return [
        ended("post", N_("Posts"), [f"{each.post}@{each.unit.code}" for each in posts.select_related("unit")]),
        ended("role", N_("Roles"), list(roles.values_list("role", flat=True))),
        ended("delegation", N_("Deputies of this person"), list(passed.values_list("deputy__username", flat=True))),
        ended("deputyship", N_("Stands in for"), list(taken.values_list("staff__username", flat=True))),
        ended("token", N_("Tokens"), list(tokens.values_list("label", flat=True))),
        ended("grant", N_("Rights to read a dossier"), list(reads.values_list("subject", flat=True))),
    ]


def ended(kind: str, title: str, names: Sequence[str]) -> Held:
    """Things that end with the handover."""
    return Held(kind, title, len(names), "ends", tuple(names[:SHOWN]))
