"""Limits and rounds: who has to do what by when, who is late, and the calendar of what comes round (时限与周期)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kedang.governance.clocks import selectors
from kedang.web.asking import Asking
from kedang.web.building import clocks as building
from kedang.web.environment import query
from kedang.web.pages.clocks import DutiesPage, DutyPage
from kedang.web.pages.parts import Pager
from kedang.web.routes import touches_customer

PAGE = 50
DRAWN = 200


@touches_customer(reads="")
@require_safe
def duties(request: Asking) -> HttpResponse:
    """Duties by their limit, narrowed to a list and to whose they are; below, the rounds."""
    by = request.actor
    whose = _one_of(request.GET.get("whose", ""), selectors.WHOSE, "all")
    counts = selectors.counts(by, whose)
    busiest = next((name for name in selectors.LISTS if counts[name]), "open")
    which = _one_of(request.GET.get("list", ""), selectors.LISTS, busiest)
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 19 else 0
    found = selectors.listed(by, which=which, whose=whose, after=start, limit=PAGE + 1)
    more = query(request, after=str(found[PAGE - 1].pk)) if len(found) > PAGE else ""
    page = DutiesPage(
        rows=[building.row(duty) for duty in selectors.shown(by, found[:PAGE])], tabs=building.tabs(which),
        whose=building.whose(whose), counts=counts,
        rounds=[building.round_row(each) for each in selectors.calendar(by)],
        pager=Pager(before=query(request) if start else "", after=more), which=which, address=request.path,
        empty=gettext(building.EMPTY[which]),
    )  # fmt: skip
    return render(request, "clocks/list.html", {"page": page})


@touches_customer(reads="")
@require_safe
def duty(request: Asking, number: int) -> HttpResponse:
    """One duty: its limit, its edition of the regulation, its notices, and what was drawn for it."""
    by = request.actor
    found = selectors.by_id(by, number)
    [seen] = selectors.shown(by, [found])
    page = DutyPage(
        row=building.row(seen), pack=seen.pack, controls=seen.controls,
        notices=[(gettext(building.KINDS[each.kind]), each.sent_us) for each in found.alarms.order_by("at_us", "pk")],
        drawn=building.drawn(selectors.drawn(by, found, DRAWN)),
    )  # fmt: skip
    return render(request, "clocks/duty.html", {"page": page})


def _one_of(word: str, known: tuple[str, ...], otherwise: str) -> str:
    return word if word in known else otherwise
