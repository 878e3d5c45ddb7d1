"""The people page: who works here, with which rights."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kedang.kernel import clock
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.models import Staff
from kedang.people.selectors import staff_for, units
from kedang.web.asking import Asking
from kedang.web.pages.parts import Filter, Option
from kedang.web.pages.people import PeoplePage, PersonRow
from kedang.web.routes import touches_none


@touches_none
@require_safe
def people(request: Asking) -> HttpResponse:
    """All staff for the offices that look after accounts, else one's own line."""
    unit, role = request.GET.get("unit", ""), request.GET.get("role", "")
    found = staff_for(request.actor).order_by("unit__path", "username")
    if unit:
        found = found.filter(unit__code=unit)
    if role:
        found = found.filter(held_roles__role=role)
    pack = in_force()
    page = PeoplePage(
        rows=[_row(staff, pack) for staff in found],
        filters=_filters(unit, role, pack),
        everyone="people" in request.actor.reads,
    )
    return render(request, "people/list.html", {"page": page})


def _row(staff: Staff, pack: Pack) -> PersonRow:
    now = clock.now_us()
    held = [each.role for each in staff.held_roles.all() if not each.until_us or each.until_us > now]
    return PersonRow(
        username=staff.username,
        name=staff.name,
        unit=staff.unit.name,
        depth=staff.unit.path.count("/") - 2,
        roles=[_title(pack, code) for code in held],
        clearance=Level(staff.clearance).key,
        scope=staff.scope,
        active=staff.is_active,
        last_us=clock.to_us(staff.last_login) if staff.last_login else 0,
    )


def _title(pack: Pack, code: str) -> str:
    return pack.role(code).title if code in pack.role_codes else code


def _filters(unit: str, role: str, pack: Pack) -> list[Filter]:
    return [
        Filter("unit", gettext("Unit"), [Option(each.code, each.name, each.code == unit) for each in units()]),
        Filter(
            "role",
            gettext("Role"),
            [Option(code, pack.role(code).title, code == role) for code in sorted(pack.role_codes)],
        ),
    ]
