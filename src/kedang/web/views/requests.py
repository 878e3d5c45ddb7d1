"""Requests: read exactly what will happen, sign it, refuse it, send it back, take it back (审批)."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kedang.customers import present as dossiers
from kedang.customers import selectors as customers
from kedang.customers.slots import dossier_code
from kedang.governance import imports
from kedang.governance.flows import papers, present, selectors
from kedang.governance.flows.signing import add_signer, sign, withdraw
from kedang.governance.models import Call
from kedang.governance.registers import uploads
from kedang.governance.registry import title_of
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.people.selectors import colleagues, names_of
from kedang.web import words
from kedang.web.asking import Asking
from kedang.web.pages.parts import Pager
from kedang.web.pages.requests import RequestPage, RequestRow, RequestsPage
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer

PER_PAGE = 50
ON_THE_PAGE = frozenset({"incomplete", "invalid", "stale", "denied", "state"})
"""Refusals that are told on the page itself, with what was typed still there."""


@touches_customer(reads="")
@require_safe
def requests(request: Asking) -> HttpResponse:
    """Requests that concern this person, newest first."""
    by = request.actor
    after = request.GET.get("after", "")
    found = selectors.requests_of(by)
    if after.isdecimal() and len(after) < 18:
        found = found.filter(pk__lt=int(after))
    rows = list(found[: PER_PAGE + 1])
    names = names_of({row.actor_ref for row in rows})
    more = f"?after={rows[PER_PAGE - 1].pk}" if len(rows) > PER_PAGE else ""
    page = RequestsPage(
        [_row(row, names) for row in rows[:PER_PAGE]],
        Pager(shown=min(len(rows), PER_PAGE), total=None, before="?" if after else "", after=more),
    )
    return render(request, "requests/list.html", {"page": page})


@touches_customer(reads="")
@require_http_methods(["GET", "POST"])
def one(request: Asking, call: int) -> HttpResponse:
    """One request; POST signs it."""
    found = selectors.call_for(request.actor, call)
    if request.method == "GET":
        return _page(request, found)
    try:
        signed = sign(
            found.pk, by=request.actor, verdict=_verdict(request), saw=request.POST.get("saw", ""),
            comment=request.POST.get("comment", ""), ticked=request.POST.getlist("ticked"),
            evidence=_evidence(request, found), to_step=_to_step(request),
        )  # fmt: skip
    except Refused as refused:
        if refused.code not in ON_THE_PAGE:
            raise
        return _page(request, selectors.call_for(request.actor, call), refused)
    messages.success(request, gettext(words.AFTER_SIGNING.get(signed.state, words.REQUEST_STATES[signed.state])))
    return redirect("request", call=found.pk)


@touches_customer(reads="")
@require_safe
def paper(request: Asking, call: int, blob: int) -> FileResponse:
    """A file that goes with a request."""
    name, stream = papers.opened(request.actor, selectors.call_for(request.actor, call), blob)
    return FileResponse(stream, as_attachment=True, filename=name)


@touches_customer(reads="")
@require_POST
def back(request: Asking, call: int) -> HttpResponse:
    """Take one's own request back."""
    found = selectors.call_for(request.actor, call)
    try:
        withdraw(found.pk, by=request.actor, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _page(request, found, refused)
    messages.success(request, gettext("The request is taken back. Nothing was changed."))
    return redirect("request", call=found.pk)


@touches_customer(reads="")
@require_POST
def more(request: Asking, call: int) -> HttpResponse:
    """Ask one more person to sign."""
    found = selectors.call_for(request.actor, call)
    signer, before = request.POST.get("signer", ""), request.POST.get("when", "before") == "before"
    try:
        add_signer(found.pk, by=request.actor, signer=signer, before=before, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _page(request, found, refused)
    except NotVisible:
        return _page(request, found, Refused("invalid", detail=N_("There is nobody of this user name here.")))
    messages.success(request, gettext("One more signature is asked for."))
    return redirect("request", call=found.pk)


def _page(request: Asking, call: Call, refused: Refused | None = None) -> HttpResponse:
    by = request.actor
    shown = present.shown(by, call)
    address, name = _subject(by, call)
    people = colleagues().exclude(username__in=(by.id, call.actor_ref)).values_list("username", "name")
    page = RequestPage(
        shown=shown, state=words.request_state(shown.state), tone=words.REQUEST_TONES.get(shown.state, ""),
        address=reverse("request", kwargs={"call": call.pk}), subject_address=address, subject_name=name,
        verdict=request.POST.get("verdict", "agree"), comment=request.POST.get("comment", ""),
        ticked=frozenset(request.POST.getlist("ticked")), refusal=refusal_of(refused) if refused else None,
        colleagues=list(people[:500]) if shown.may_sign else (),
    )  # fmt: skip
    return render(request, "requests/request.html", {"page": page}, status=page.refusal.status if page.refusal else 200)


def _subject(by: Actor, call: Call) -> tuple[str, str]:
    """Where the subject is looked at, and its name, for who may see it."""
    kind, _, code = call.subject.partition(":")
    if kind == "batch" and code.isdecimal():
        return (reverse("import", kwargs={"batch": int(code)}) if imports.may_see(by, int(code)) else ""), ""
    try:
        row = customers.dossier_by_code(by, dossier_code(call.subject))
    except NotVisible:
        return "", ""
    return reverse("customer", kwargs={"code": row.code}), dossiers.listed(by, [row], fields=())[0].name


def _row(call: Call, names: dict[str, str]) -> RequestRow:
    return RequestRow(
        call.pk, gettext(title_of(in_force(), call.op)), words.subject(call.subject),
        names.get(call.actor_ref, call.actor_ref), words.request_state(call.state),
        words.REQUEST_TONES.get(call.state, ""), call.created_us, str(call.step + 1),
        reverse("request", kwargs={"call": call.pk}),
    )  # fmt: skip


def _verdict(request: HttpRequest) -> str:
    given = request.POST.get("verdict", "")
    if given not in ("agree", "refuse", "return"):
        raise Refused("invalid", missing=("verdict",), detail=N_("Choose whether you agree, refuse or send it back."))
    return given


def _to_step(request: HttpRequest) -> int | None:
    given = request.POST.get("to_step", "")
    return int(given) if given.isdecimal() and len(given) < 4 else None


def _evidence(request: Asking, call: Call) -> tuple[str, ...]:
    """The number of the stamped form, and its scan, kept only for whose signature is asked for here."""
    named = [request.POST.get("evidence", "").strip()]
    sent = request.FILES.get("scan")
    if sent is not None and present.shown(request.actor, call).may_sign:
        named.append(uploads.evidence(request.actor, cast(BinaryIO, sent.file), sent.name or "scan"))
    return tuple(each for each in named if each)
