"""Sentences of the regulation that people sign (承诺): what is signed, what is still to be signed."""

from __future__ import annotations

import calendar
import hashlib
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.packs.organisation import Undertaking
from kedang.packs.schema import Pack
from kedang.people.models import Staff, StaffRole, Undertaken
from kedang.people.parties import lasting


@dataclass(frozen=True, slots=True)
class Due:
    """An undertaking that somebody has to sign and has not, or not in the present wording, or too long ago."""

    username: str
    name: str
    title: str
    ended_us: int
    """When the last signature ended; 0 where there never was one."""


def sign(staff_pk: int, name: str, *, at_us: int, call: int) -> Undertaken:
    """Write down that a person signed the present wording; for the gate, after the deed that says so.

    Raises Refused(invalid) for an undertaking the regulation does not know.
    """
    said = in_force(at_us).undertakings.get(name)
    if said is None:
        raise Refused("invalid", detail=N_("The regulation in force knows no such undertaking."))
    until = months_later(at_us, said.months) if said.months else 0
    return Undertaken.objects.create(
        staff_id=staff_pk, name=name, text_digest=digest_of(said), signed_us=at_us, until_us=until, call=call
    )


def signed_by(staff_pk: int, at_us: int) -> frozenset[str]:
    """Undertakings of a person that are in force: signed, not ended, and worded as the regulation words them now."""
    wording = {name: digest_of(said) for name, said in in_force(at_us).undertakings.items()}
    if not wording:
        return frozenset()
    rows = _in_force(at_us).filter(staff_id=staff_pk).values_list("name", "text_digest")
    return frozenset(name for name, digest in rows if wording.get(name) == digest)


def unsigned(pack: Pack, by: Actor, at_us: int) -> list[str]:
    """Names of the undertakings this person still has to sign, in the order of the regulation."""
    bound = [name for name, said in pack.undertakings.items() if not said.roles or said.roles & by.roles]
    if not bound or not by.pk:
        return []
    signed = signed_by(by.pk, at_us)
    return [name for name in bound if name not in signed]


def due(pack: Pack, at_us: int) -> list[Due]:
    """Who has to sign what, by person; whoever works here where the undertaking names no role."""
    rows = set(_in_force(at_us).values_list("staff__username", "name", "text_digest"))
    out = []
    for name, said in pack.undertakings.items():
        digest = digest_of(said)
        unsigned = [user for user in _bound(said, at_us) if (user, name, digest) not in rows]
        ended = _ended(name, unsigned)
        out += [Due(user, name, said.title, ended.get(user, 0)) for user in unsigned]
    return sorted(out, key=lambda each: (each.username, each.name))


def digest_of(said: Undertaking) -> str:
    """What identifies a wording: SHA-256 of the sentence."""
    return hashlib.sha256(said.text.encode()).hexdigest()


def months_later(at_us: int, months: int) -> int:
    """The end of the company day so many months later; a day the month does not have becomes its last."""
    day = clock.company_day(at_us)
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    return clock.day_bounds_us(day.replace(year=year, month=month, day=min(day.day, last)))[1]


def _bound(said: Undertaking, at_us: int) -> list[str]:
    if not said.roles:
        return list(Staff.objects.filter(is_active=True).values_list("username", flat=True))
    held = StaffRole.objects.filter(lasting(at_us), role__in=said.roles, staff__is_active=True)
    return sorted(set(held.values_list("staff__username", flat=True)))


def _ended(name: str, usernames: list[str]) -> dict[str, int]:
    """When the latest signature of each person ended, whatever the wording."""
    rows = Undertaken.objects.filter(name=name, staff__username__in=usernames).order_by("signed_us")
    return dict(rows.values_list("staff__username", "until_us"))


def _in_force(at_us: int) -> QuerySet[Undertaken]:
    return Undertaken.objects.filter(Q(until_us=0) | Q(until_us__gt=at_us), signed_us__lte=at_us)
