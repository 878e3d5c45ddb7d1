"""The people page: who works here, with which rights and posts; what is wanting; and one's own deputies."""

from __future__ import annotations

from datetime import date

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.payloads import Delegate, EndDelegation
from kedang.people.selectors import staff_for, units
from kedang.web.asking import Asking
from kedang.web.building import people as building
from kedang.web.pages.parts import Filter, Option
from kedang.web.pages.people import PeoplePage
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer, touches_none


@touches_none
@require_safe
def people(request: Asking) -> HttpResponse:
    """All staff for the offices that look after accounts, else one's own line."""
    return _page(request)


@touches_customer(reads="", op="people.delegate")
@require_POST
def name_deputy(request: Asking) -> HttpResponse:
    """Let a colleague sign in one's place for some days."""
    asked = request.POST
    try:
        start, end = _day(asked.get("from", "")), _day(asked.get("until", ""))
        payload = Delegate(
            deputy=asked.get("deputy", ""),
            from_us=clock.day_bounds_us(start)[0] if start else 0,
            until_us=clock.day_bounds_us(end)[1] if end else 1,
            reason=asked.get("reason", ""),
        )
        reason = asked.get("reason", "")
        perform(
            "people.delegate", by=request.actor, subject=f"staff:{request.actor.id}", payload=payload, reason=reason
        )
    except Refused as no:
        if no.code not in ("invalid", "incomplete", "state"):
            raise
        return _page(request, refusal_of(no).detail or gettext("Please complete the form."), 422)
    flash.success(request, gettext("From that day your deputy may sign in your place."))
    return redirect("people")


@touches_customer(reads="", op="people.delegate_end")
@require_POST
def end_deputy(request: Asking) -> HttpResponse:
    """Take a delegation back before its day."""
    payload = EndDelegation(deputy=request.POST.get("deputy", ""))
    perform("people.delegate_end", by=request.actor, subject=f"staff:{request.actor.id}", payload=payload)
    flash.success(request, gettext("The delegation has ended."))
    return redirect("people")


def _page(request: Asking, wrong: str = "", status: int = 200) -> HttpResponse:
    unit, role = request.GET.get("unit", ""), request.GET.get("role", "")
    found = staff_for(request.actor).order_by("unit__path", "username")
    if unit:
        found = found.filter(unit__code=unit)
    if role:
        found = found.filter(held_roles__role=role)
    pack, everyone = in_force(), "people" in request.actor.reads
    page = PeoplePage(
        rows=building.rows(found, pack),
        filters=_filters(unit, role, pack),
        everyone=everyone,
        deputies=building.deputies(request.actor, pack, wrong),
        wanting=building.wanting(pack) if everyone else (),
    )
    return render(request, "people/list.html", {"page": page}, status=status)


def _day(text: str) -> date | None:
    """A day as a browser sends it; Refused(invalid) for anything else."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("invalid", detail=gettext("This is no day of the calendar.")) from None


def _filters(unit: str, role: str, pack: Pack) -> list[Filter]:
    return [
        Filter("unit", gettext("Unit"), [Option(each.code, each.name, each.code == unit) for each in units()]),
        Filter(
            "role",
            gettext("Role"),
            [Option(code, pack.role(code).title, code == role) for code in sorted(pack.role_codes)],
        ),
    ]
