"""What is not as the regulation wants it among posts, units and roles: questions to the tables, nothing stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from kedang.kernel.i18n import N_
from kedang.ledger.models import Entry
from kedang.packs.organisation import Post
from kedang.packs.schema import Pack
from kedang.people import units
from kedang.people.models import Appointment, StaffRole, Unit
from kedang.people.parties import lasting

TITLES = {
    "vacant": N_("The post is vacant"),
    "overfull": N_("Too many hold the post"),
    "lacks_role": N_("The holder lacks a role of the post"),
    "unknown_post": N_("The regulation knows no such post"),
    "closed_account": N_("The holder's account is closed"),
    "no_lead": N_("The unit has no lead department"),
    "unused_role": N_("The role was not used for long"),
    "unknown_role": N_("The regulation knows no such role"),
}
_LED = ("company", "branch")
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to put right; `kind` is a key of `TITLES`."""

    kind: str
    unit: str = ""
    post: str = ""
    role: str = ""
    username: str = ""
    has: int = 0
    wants: int = 0
    article: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """A role somebody holds: since when, by whom, until when, and when the person last did anything."""

    username: str
    name: str
    unit: str
    role: str
    granted_by: str
    reason: str
    since_us: int
    until_us: int
    used_us: int
    """0: nothing is on record."""


def posts(pack: Pack, at_us: int) -> list[Finding]:
    """Vacant and overfull posts, holders without the post's roles, units without a lead department."""
    rows = Appointment.objects.filter(lasting(at_us)).select_related("staff", "unit").order_by("unit__path", "post")
    held = list(rows)
    out = [finding for code, post in pack.posts.items() for finding in _seats(code, post, held)]
    return [*out, *_holders(pack, held, at_us), *_leads(pack)]


def roles(pack: Pack, at_us: int) -> list[Finding]:
    """Roles nobody used for longer than the regulation allows, and roles it no longer knows."""
    out = []
    for right in recertification(at_us):
        said = pack.roles.get(right.role)
        if said is None:
            out.append(Finding("unknown_role", right.unit, role=right.role, username=right.username))
            continue
        idle = (at_us - max(right.used_us, right.since_us)) // _DAY_US
        if said.unused_days and idle >= said.unused_days:
            out.append(
                Finding(
                    "unused_role",
                    right.unit,
                    role=right.role,
                    username=right.username,
                    has=idle,
                    wants=said.unused_days,
                    article=said.article or "",
                )  # fmt: skip
            )
    return out


def recertification(at_us: int) -> list[Right]:
    """Who holds which role since when by whose grant, and when they last did anything; for the review of rights.

    A sign-in is a deed too, so who only looks things up counts as well.
    """
    last = Entry.objects.filter(actor_id=OuterRef("staff__username"), at_us__lte=at_us).order_by("-id").values("at_us")
    rows = StaffRole.objects.filter(lasting(at_us), staff__is_active=True).select_related("staff__unit")
    held = rows.annotate(used_us=Subquery(last[:1])).order_by("staff__unit__path", "staff__username", "role")
    return [
        Right(
            each.staff.username,
            each.staff.name,
            each.staff.unit.code,
            each.role,
            each.granted_by,
            each.reason,
            each.since_us,
            each.until_us,
            each.used_us or 0,
        )  # fmt: skip
        for each in held
    ]


def _seats(code: str, post: Post, held: list[Appointment]) -> Iterator[Finding]:
    for unit in units.seats_of(post.per, post.unit):
        has = sum(each.post == code and each.unit_id == unit.pk and each.staff.is_active for each in held)
        if has < post.least:
            yield Finding("vacant", unit.code, code, has=has, wants=post.least, article=post.article or "")
        elif post.most is not None and has > post.most:
            yield Finding("overfull", unit.code, code, has=has, wants=post.most, article=post.article or "")


def _holders(pack: Pack, held: list[Appointment], at_us: int) -> Iterator[Finding]:
    owned = set(StaffRole.objects.filter(lasting(at_us)).values_list("staff_id", "role"))
    for each in held:
        post, where, who = pack.posts.get(each.post), each.unit.code, each.staff.username
        if post is None:
            yield Finding("unknown_post", where, each.post, username=who)
            continue
        if not each.staff.is_active:
            yield Finding("closed_account", where, each.post, username=who, article=post.article or "")
        for role in sorted(post.roles):
            if (each.staff_id, role) not in owned:
                yield Finding("lacks_role", where, each.post, role, who, article=post.article or "")


def _leads(pack: Pack) -> Iterator[Finding]:
    """Units without a lead department, where the regulation gives one to units of their kind."""
    leading = [said.parent for said in pack.units.values() if said.lead]
    kinds = {pack.units[parent].kind if parent else "company" for parent in leading}
    every = {unit.pk: unit for unit in Unit.objects.order_by("path")}
    led = {_led_by(unit, every) for unit in every.values() if unit.lead}
    for unit in every.values():
        if unit.kind in kinds and unit.kind in _LED and unit.pk not in led:
            yield Finding("no_lead", unit.code)


def _led_by(lead: Unit, every: dict[int, Unit]) -> int:
    """The branch or company whose lead department a unit is: the nearest above it."""
    above = units.ids_upwards(lead.path)[1:]
    return next((pk for pk in above if pk in every and every[pk].kind in _LED), 0)
