"""The life of a customer, and the recycle bin."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import lifecycle, present, removing, selectors
from kedang.customers.lifecycle import AdvanceDossier
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.removing import RecoverDossier, RemoveDossier
from kedang.governance import binning
from kedang.governance.gate import perform
from kedang.governance.offered import RECOVER, REMOVE
from kedang.kernel.errors import NotVisible, Refused
from kedang.packs import in_force
from kedang.web import deeds
from kedang.web.asking import Asking
from kedang.web.building import asking_once, life
from kedang.web.building import bin as bins
from kedang.web.building import dossier as dossiers
from kedang.web.pages.life import BinPage, Choice, Hurdle
from kedang.web.pages.parts import FieldBox, FieldGroup
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files


@touches_customer(op="customer.advance", subject="code")
@require_http_methods(["GET", "POST"])
def advance(request: Asking, code: str) -> HttpResponse:
    """The next step in the life of a customer, with what keeps it from being done."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, lifecycle.NAME, facts_of(request.actor, row))
        return _advance_form(request, row, Sent(), None)
    given = without_files(request, in_force(), lifecycle.NAME)
    try:
        given = sent(request, in_force(), lifecycle.NAME)
        day = request.POST.get("on", "")[:10]
        payload = asking_once.payload(AdvanceDossier, to=request.POST.get("to", ""), on=day)
        call = perform(lifecycle.NAME, by=request.actor, subject=row.ref, payload=payload, **given.given)
    except Refused as refused:
        return _advance_form(request, row, given, refused)
    return asking_once.ended(request, call, reverse("customer", kwargs={"code": row.code}))


def _advance_form(request: Asking, row: Dossier, given: Sent, refused: Refused | None) -> HttpResponse:
    asking_once.require_mendable(refused)
    steps = lifecycle.steps(row)
    wanted = request.POST.get("to") or next((step.to for step in steps if not step.obstacles), "")
    choices = [
        Choice(step.to, step.title, life.hurdles(row, step.obstacles), step.to == wanted and not step.obstacles)
        for step in steps
    ]
    first = lifecycle.first_day(row)
    day = FieldBox(
        "on", gettext("Day of conversion"), "date", request.POST.get("on", first.isoformat() if first else ""),
        help=gettext("Of a retained customer: the day of the transaction that made it one."),
    )  # fmt: skip
    retaining = any(step.to == lifecycle.RETAINED for step in steps)
    page = asking_once.page(
        request, lifecycle.NAME, facts_of(request.actor, row), given, refused, head=dossiers.row_head_of(row),
        title=gettext("Change the state of a customer"), icon="arrow-right", button=gettext("Change the state"),
        address=reverse("customer_advance", kwargs={"code": row.code}),
        back=reverse("customer", kwargs={"code": row.code}), choices=choices,
        groups=[FieldGroup(gettext("Conversion"), [day], "calendar")] if retaining else [],
        said=[] if steps else [gettext("From its present state the dossier can go nowhere.")],
        blocked=not any(not choice.hurdles for choice in choices),
    )  # fmt: skip
    return asking_once.answer(request, page, refused)


@touches_customer(op="customer.remove", subject="code")
@require_http_methods(["GET", "POST"])
def remove(request: Asking, code: str) -> HttpResponse:
    """Put a dossier into the recycle bin, after saying what hangs on it."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, REMOVE, facts_of(request.actor, row))
        return _remove_form(request, row, Sent(), None)
    given = without_files(request, in_force(), REMOVE)
    try:
        given = sent(request, in_force(), REMOVE)
        call = perform(REMOVE, by=request.actor, subject=row.ref, payload=RemoveDossier(), **given.given)
    except Refused as refused:
        return _remove_form(request, row, given, refused)
    said = gettext("The dossier lies in the recycle bin; whoever may recover dossiers can put it back.")
    return asking_once.ended(request, call, reverse("customers"), said)


def _remove_form(request: Asking, row: Dossier, given: Sent, refused: Refused | None) -> HttpResponse:
    asking_once.require_mendable(refused)
    found = [Hurdle(gettext(each.title), each.link, gettext("See it")) for each in binning.hanging(row)]
    named: dict[str, Any] = {"problems": []} if found and refused is not None and refused.code == "state" else {}
    page = asking_once.page(
        request, REMOVE, facts_of(request.actor, row), given, refused, head=dossiers.row_head_of(row),
        title=gettext("Remove the dossier"), icon="trash", button=gettext("Into the recycle bin"),
        address=reverse("customer_remove", kwargs={"code": row.code}),
        back=reverse("customer", kwargs={"code": row.code}), hurdles=found, blocked=bool(found),
        said=[
            gettext("It disappears from every list and search. Nothing of it is deleted, and its code stays its own.")
        ],
        **named,
    )  # fmt: skip
    return asking_once.answer(request, page, refused)


@touches_customer()
@require_safe
def recycle_bin(request: Asking) -> HttpResponse:
    """What lies in the recycle bin, for those who may recover it."""
    if not removing.may_recover(request.actor):
        raise NotVisible("bin")
    rows, following = bins.page(request.actor, request.GET.get("after", ""))
    shown = present.listed(request.actor, rows)
    page = BinPage(bins.lines(rows, shown), bins.pager(request, following))
    return render(request, "customers/bin.html", {"page": page})


@touches_customer(op="customer.recover", subject="code")
@require_http_methods(["GET", "POST"])
def recover(request: Asking, code: str) -> HttpResponse:
    """Put a dossier back."""
    row = removing.binned(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, RECOVER, facts_of(request.actor, row))
        return _recover_form(request, row, Sent(), None)
    given = without_files(request, in_force(), RECOVER)
    try:
        given = sent(request, in_force(), RECOVER)
        call = perform(RECOVER, by=request.actor, subject=row.ref, payload=RecoverDossier(), **given.given)
    except Refused as refused:
        return _recover_form(request, row, given, refused)
    return asking_once.ended(request, call, reverse("customer", kwargs={"code": row.code}))


def _recover_form(request: Asking, row: Dossier, given: Sent, refused: Refused | None) -> HttpResponse:
    asking_once.require_mendable(refused)
    [shown] = present.listed(request.actor, [row])
    page = asking_once.page(
        request, RECOVER, facts_of(request.actor, row), given, refused, head=None,
        title=gettext("Recover %(name)s") % {"name": shown.name}, icon="arrow-back-up", button=gettext("Recover"),
        address=reverse("customer_recover", kwargs={"code": row.code}), back=reverse("bin"),
        said=[gettext("It comes back as it was, to the account manager who had it.")],
    )  # fmt: skip
    return asking_once.answer(request, page, refused)
