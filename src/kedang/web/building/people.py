"""From accounts, posts and delegations to the rows of the people page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs.decide import Given, decide
from kedang.packs.schema import Pack
from kedang.people import findings, selectors
from kedang.people.models import Appointment, Delegation, Staff
from kedang.web.pages.parts import FindingShown, Option
from kedang.web.pages.people import Deputies, DeputyRow, PersonRow, Wanting

OWN = Facts(kind="staff", rel=frozenset({"in_scope", "self"}))


def rows(found: Iterable[Staff], pack: Pack) -> list[PersonRow]:
    """The lines of the list; posts and deputies are asked for once for all."""
    people, now = list(found), clock.now_us()
    held = selectors.posts_of(people, now)
    deputies = selectors.deputies_among(people, now)
    return [_row(staff, pack, held.get(staff.pk, ()), deputies.get(staff.pk, ()), now) for staff in people]


def wanting(pack: Pack) -> list[Wanting]:
    """What is to be put right, as a page says it."""
    now = clock.now_us()
    found = [*findings.posts(pack, now), *findings.roles(pack, now)]
    names = selectors.names_of({each.username for each in found})
    units = {unit.code: unit.name for unit in selectors.units()}
    return [
        Wanting(
            gettext(findings.TITLES[each.kind]),
            _what(each, pack),
            units.get(each.unit, each.unit),
            names.get(each.username, ""),
            each.article,
        )  # fmt: skip
        for each in found
    ]


def deputies(by: Actor, pack: Pack, wrong: str = "") -> Deputies:
    """One's own part of the page."""
    now = clock.now_us()
    running = selectors.delegations_of(by, now)
    said = decide(pack, "people.delegate", by, OWN, Given())
    return Deputies(
        mine=[_deputy(each, each.deputy, now) for each in running if each.staff_id == by.pk],
        others=[_deputy(each, each.staff, now) for each in running if each.deputy_id == by.pk],
        may_name=said.allow,
        needs_reason="reason" in said.missing,
        colleagues=[
            Option(each.username, f"{each.name} · {each.unit.name}", False)
            for each in selectors.colleagues()
            if each.pk != by.pk
        ],
        wrong=[FindingShown("error", wrong)] if wrong else [],
        today=clock.company_day(now).isoformat(),
    )


def title_of_role(pack: Pack, code: str) -> str:
    """What the regulation calls a role; its code where it knows none."""
    return pack.role(code).title if code in pack.role_codes else code


def title_of_post(pack: Pack, code: str) -> str:
    """What the regulation calls a post; its code where it knows none."""
    return pack.posts[code].title if code in pack.posts else code


def _row(
    staff: Staff, pack: Pack, posts: Sequence[Appointment], deputies: Sequence[str], now: int
) -> PersonRow:  # fmt: skip
    held = [each.role for each in staff.held_roles.all() if not each.until_us or each.until_us > now]
    return PersonRow(
        username=staff.username,
        name=staff.name,
        unit=staff.unit.name,
        depth=staff.unit.path.count("/") - 2,
        roles=[title_of_role(pack, code) for code in held],
        clearance=Level(staff.clearance).key,
        scope=staff.scope,
        active=staff.is_active,
        last_us=clock.to_us(staff.last_login) if staff.last_login else 0,
        posts=[f"{title_of_post(pack, each.post)} · {each.unit.name}" for each in posts],
        deputies=deputies,
    )


def _deputy(row: Delegation, shown: Staff, now: int) -> DeputyRow:
    return DeputyRow(shown.username, shown.name, row.from_us, row.until_us - 1, row.reason, row.from_us <= now)


def _what(found: findings.Finding, pack: Pack) -> str:
    if found.kind == "unused_role":
        days = gettext("%(days)s days unused") % {"days": found.has}
        return f"{title_of_role(pack, found.role)} · {days}"
    if found.kind in ("vacant", "overfull"):
        return f"{title_of_post(pack, found.post)} · {found.has}/{found.wants}"
    named = [title_of_post(pack, found.post)] if found.post else []
    return " · ".join([*named, *([title_of_role(pack, found.role)] if found.role else [])])
