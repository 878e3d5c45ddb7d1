"""Reads of the room: who and which units an actor may know of."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import QuerySet

from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.people.models import Staff, Token, Unit

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
