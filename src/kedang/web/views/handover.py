"""Many dossiers to somebody else, chosen on the list or all that a person has; and how far that is."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.governance import handover, jobs
from kedang.governance.gate import perform
from kedang.governance.handover import MOST, HandOver
from kedang.governance.models import OPEN_STATES, Call
from kedang.governance.offered import HAND_OVER
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.people.selectors import colleagues, units
from kedang.web import deeds
from kedang.web.asking import Asking, is_partial
from kedang.web.building import asking_once, life
from kedang.web.building import form as forms
from kedang.web.pages.life import HandingPage
from kedang.web.pages.parts import FieldBox, FieldGroup, Option
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files
from kedang.web.words import request_state


@touches_customer(op="customer.hand_over")
@require_http_methods(["GET", "POST"])
def hand_over(request: Asking) -> HttpResponse:
    """Who takes over the dossiers that were chosen, or all of a person's."""
    if request.method == "GET":
        deeds.require(request.actor, HAND_OVER, deeds.SITE)
        return _form(request, Sent(), None)
    given = without_files(request, in_force(), HAND_OVER)
    try:
        given = sent(request, in_force(), HAND_OVER)
        call = perform(HAND_OVER, by=request.actor, subject="-", payload=_payload(request), **given.given)
    except Refused as refused:
        return _form(request, given, refused)
    return asking_once.ended(request, call, reverse("handing", kwargs={"call": call.pk}))


def _payload(request: HttpRequest) -> HandOver:
    post = request.POST
    return asking_once.payload(
        HandOver, codes=tuple(post.getlist("code")[: MOST + 1]), of=post.get("of", ""), owner=post.get("owner", ""),
        unit=post.get("unit", ""), keep_until=post.get("keep_until", "")[:10],
    )  # fmt: skip


def _form(request: Asking, given: Sent, refused: Refused | None) -> HttpResponse:
    asking_once.require_mendable(refused)
    asked = request.POST if request.method == "POST" else request.GET
    codes = asked.getlist("code")[:MOST]
    facts = replace(deeds.SITE, rows=max(len(codes), 1))
    page = asking_once.page(
        request, HAND_OVER, facts, given, refused, head=None, title=gettext("Hand over dossiers"), icon="users",
        button=gettext("Hand over"), address=reverse("hand_over"), back=reverse("customers"),
        said=[_said(codes)], hidden={"code": codes}, groups=_groups(request, codes),
    )  # fmt: skip
    return asking_once.answer(request, page, refused)


def _said(codes: list[str]) -> str:
    if not codes:
        return gettext("All dossiers of one person that you may see; or go back and choose some on the list.")
    chosen = ngettext("%(n)s dossier is chosen: %(codes)s", "%(n)s dossiers are chosen: %(codes)s", len(codes))
    shown = ", ".join(codes[:10]) + (" …" if len(codes) > 10 else "")
    return chosen % {"n": len(codes), "codes": shown}


def _groups(request: Asking, codes: list[str]) -> list[FieldGroup]:
    asked = request.POST if request.method == "POST" else request.GET
    seat = forms.seat(
        [("", "—"), *((unit.code, unit.name) for unit in units())], asked.get("unit", ""), asked.get("owner", "")
    )
    boxes = [*seat.boxes, life.keep_until(asked.get("keep_until", ""))]
    if not codes:
        people = [Option("", "—", not asked.get("of"))]
        people += [Option(each.username, each.name, each.username == asked.get("of")) for each in colleagues()]
        boxes.insert(0, FieldBox("of", gettext("All dossiers of"), "select", options=people))
    return [FieldGroup(gettext("Who takes them over"), boxes, "users")]


@touches_customer()
@require_safe
def handing(request: Asking, call: int) -> HttpResponse:
    """How far a handover has come; when it is over, what became of it."""
    row = handover.call_of(request.actor, call)
    if row.state == "waiting":
        return redirect("request", call=row.pk)
    template = "customers/_handing.html" if is_partial(request) else "customers/handing.html"
    return render(request, template, {"page": _handing(row)})


def _handing(call: Call) -> HandingPage:
    done = call.outcome if call.state == "done" else {}
    steps, running = call.steps, call.state in OPEN_STATES
    stays = [(code, _word(code_of)) for code, code_of in done.get("stays", [])]
    stalled = running and not jobs.worker_alive()
    return HandingPage(
        state=call.state, phase=request_state(call.state), done=int(steps.get("rows", 0)),
        total=int(steps.get("total", 0)), handed=done.get("handed", 0), same=done.get("same", 0),
        unknown=done.get("unknown", 0), stays=stays, left=done.get("left", 0),
        address=reverse("handing", kwargs={"call": call.pk}), running=running,
        problem=_problem(call, stalled=stalled),
    )  # fmt: skip


def _problem(call: Call, *, stalled: bool) -> str:
    if stalled:
        return gettext("No worker is running at the moment; the work goes on when the system administrator starts one.")
    return call.error


def _word(code: str) -> str:
    refusal = refusal_of(Refused(code))
    return refusal.title
