"""The dossier as of a past day, the history of one value, and putting earlier values back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import selectors
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.past import present, restoring
from kedang.customers.past.restoring import RestoreDossier
from kedang.governance.gate import perform
from kedang.governance.registry import OPERATIONS
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.web import deeds
from kedang.web.asking import Asking
from kedang.web.building import asking_once, life
from kedang.web.building import dossier as dossiers
from kedang.web.pages.customers import Change
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files

LONGEST = 9
"""Digits of a version's number."""


@touches_customer(subject="code")
@require_safe
def as_of(request: Asking, code: str) -> HttpResponse:
    """The dossier at the end of a day; without a day, the way to ask for one."""
    row = selectors.dossier_by_code(request.actor, code)
    on = request.GET.get("on", "")[:10]
    day = life.day_of(on)
    shown, problem, status = None, gettext("This is no day.") if on and day is None else "", 200
    if day is not None:
        try:
            shown = present.as_of(request.actor, row, day)
        except Refused as no:
            refusal = refusal_of(no)
            problem, status = refusal.detail or refusal.title, refusal.status
    page = life.past(request.actor, row, on, shown, problem)
    return render(request, "customers/asof.html", {"page": page}, status=status)


@touches_customer(subject="code")
@require_safe
def value(request: Asking, code: str) -> HttpResponse:
    """Everything that happened to one value."""
    row = selectors.dossier_by_code(request.actor, code)
    before = _number(request, "before")
    shown = present.steps_of(request.actor, row, request.GET.get("field", "name")[:80], before=before)
    page = life.value(request.actor, row, shown, further=before is not None)
    return render(request, "customers/value.html", {"page": page})


@touches_customer(op="customer.restore", subject="code")
@require_http_methods(["GET", "POST"])
def restore(request: Asking, code: str) -> HttpResponse:
    """Put one value, or all of a day, back as a new change, after showing what it changes."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, restoring.NAME, facts_of(request.actor, row))
        return _form(request, row, Sent(), None)
    given = without_files(request, in_force(), restoring.NAME)
    try:
        given = sent(request, in_force(), restoring.NAME)
        payload = _payload(request, request.POST.get("confirm") == "1")
        call = perform(restoring.NAME, by=request.actor, subject=row.ref, payload=payload, **given.given)
    except Refused as refused:
        return _form(request, row, given, refused)
    return asking_once.ended(request, call, reverse("customer", kwargs={"code": row.code}))


def _payload(request: HttpRequest, confirm: bool = False) -> RestoreDossier:
    given = request.POST if request.method == "POST" else request.GET
    return asking_once.payload(
        RestoreDossier, fields=tuple(given.getlist("field")[:64]), on=given.get("on", ""),
        version=_number(request, "version") or 0, base_version=_number(request, "base") or 0, confirm=confirm,
    )  # fmt: skip


def _form(request: Asking, row: Dossier, given: Sent, refused: Refused | None) -> HttpResponse:
    asking_once.require_mendable(refused)
    by, payload = request.actor, _payload(request)
    operation = OPERATIONS[restoring.NAME]
    changes, hidden = [], {"field": list(payload.fields), "on": [payload.on], "version": [str(payload.version)]}
    base = payload.base_version or row.version_no
    try:
        lines = operation.show(by, row, payload)
    except Refused as no:
        refused, lines = refused or no, ()
    for line in lines:
        was, becomes = (dossiers.in_words(line.field, text) for text in (line.before, line.after))
        changes.append(Change(gettext(line.title), was, becomes))
    page = asking_once.page(
        request, restoring.NAME, facts_of(by, row), given, refused, head=dossiers.row_head_of(row),
        title=gettext("Restore an earlier value"), icon="arrow-back-up", button=gettext("Restore"),
        address=reverse("customer_restore", kwargs={"code": row.code}),
        back=reverse("customer_history", kwargs={"code": row.code}),
        said=[gettext("The earlier values become a new change; nothing that was written since is lost.")],
        changes=changes, hidden={**hidden, "base": [str(base)]}, blocked=not changes,
    )  # fmt: skip
    return asking_once.answer(request, page, refused)


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.POST if request.method == "POST" else request.GET
    text = given.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None
