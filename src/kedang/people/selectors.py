"""Reads of the room: who and which units an actor may know of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import connection
from django.db.models import Q, QuerySet

from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.people.models import Appointment, Delegation, Staff, Token, Unit
from kedang.people.parties import lasting

_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What a username or a unit's code can be; anything else is asked of no database."""


def staff_for(by: Actor) -> QuerySet[Staff]:
    """Staff whose accounts this actor administers: all for the offices that read people, else oneself."""
    everyone = Staff.objects.select_related("unit").prefetch_related("held_roles")
    return everyone if "people" in by.reads else everyone.filter(username=by.id)


def staff_by_ref(by: Actor, ref: str, *, lock: bool = False) -> Staff:
    """The person of `staff:<username>`; raises NotVisible."""
    username = ref.removeprefix("staff:").lower()
    found = staff_for(by).filter(username=username) if _WORD.fullmatch(username) else Staff.objects.none()
    if lock and connection.vendor == "postgresql" and connection.in_atomic_block:
        found = found.select_for_update(of=("self",))
    staff = found.first()
    if staff is None:
        raise NotVisible(ref)
    return staff


def colleagues() -> QuerySet[Staff]:
    """All active staff, as names to hand a dossier to; no rights are shown here."""
    return Staff.objects.filter(is_active=True).select_related("unit")


def colleague(username: str) -> Staff:
    """The active person of a username; raises NotVisible."""
    found = colleagues().filter(username=username.lower()).first() if _WORD.fullmatch(username) else None
    if found is None:
        raise NotVisible(f"staff:{username}")
    return found


def units() -> QuerySet[Unit]:
    """All units in tree order; the organisation chart is known to everybody who works here."""
    return Unit.objects.order_by("path")


def unit_by_code(code: str) -> Unit:
    """The unit of a code; raises NotVisible."""
    found = Unit.objects.filter(code=code).first() if _WORD.fullmatch(code) else None
    if found is None:
        raise NotVisible(f"unit:{code}")
    return found


def names_of(usernames: set[str]) -> dict[str, str]:
    """Display names of staff, for lists and histories."""
    return dict(Staff.objects.filter(username__in=usernames).values_list("username", "name"))


def tokens_of(by: Actor) -> QuerySet[Token]:
    """The actor's own API tokens that were not ended."""
    return Token.objects.filter(staff_id=by.pk, revoked_us=0).order_by("label")


def posts_of(people: Sequence[Staff], at_us: int) -> dict[int, list[Appointment]]:
    """The posts each of these people holds, by their number."""
    rows = Appointment.objects.filter(lasting(at_us), staff__in=people).select_related("unit").order_by("post")
    held: dict[int, list[Appointment]] = {}
    for row in rows:
        held.setdefault(row.staff_id, []).append(row)
    return held


def deputies_among(people: Sequence[Staff], at_us: int) -> dict[int, list[str]]:
    """Names of those who sign for each of these people now, by their number."""
    rows = Delegation.objects.filter(staff__in=people, from_us__lte=at_us, until_us__gt=at_us, revoked_us=0)
    found: dict[int, list[str]] = {}
    for staff, name in rows.order_by("deputy__username").values_list("staff_id", "deputy__name"):
        found.setdefault(staff, []).append(name)
    return found


def delegations_of(by: Actor, at_us: int) -> list[Delegation]:
    """Delegations by and to this actor that run or are still to begin, the nearest first."""
    mine = Delegation.objects.filter(Q(staff_id=by.pk) | Q(deputy_id=by.pk), until_us__gt=at_us, revoked_us=0)
    return list(mine.select_related("staff", "deputy").order_by("from_us", "pk"))
