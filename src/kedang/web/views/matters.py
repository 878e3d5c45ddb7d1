"""What a person can apply for, and the form of each matter the regulation defines."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers.ops import facts_of
from kedang.customers.selectors import dossier_by_code
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.governance.registers import offers
from kedang.governance.registers.matters import Matter
from kedang.governance.registers.offers import Preview
from kedang.kernel.errors import NotVisible, Refused
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.selectors import colleagues, units
from kedang.web import sending
from kedang.web.asking import Asking
from kedang.web.building import answers
from kedang.web.building import matters as building
from kedang.web.building import registers as books
from kedang.web.pages.parts import FieldBox, FindingShown, Option
from kedang.web.pages.registers import ApplyPage, MatterPage, PickPage
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent

MENDABLE = ("invalid", "incomplete", "claimed", "state")


@touches_customer(reads="")
@require_safe
def matters(request: Asking) -> HttpResponse:
    """Everything this person can apply for, by what it is about; on one dossier, what is open on it."""
    pack, by = in_force(), request.actor
    subject = request.GET.get("subject", "")
    if subject.startswith("dossier:"):
        dossier = dossier_by_code(by, subject.removeprefix("dossier:"))
        found = offers.offered_on(pack, by, "dossier", facts_of(by, dossier))
        groups = [(dossier.code, [building.row(pack, each, dossier.ref) for each in found])]
        return render(request, "matters/list.html", {"page": ApplyPage([group for group in groups if group[1]])})
    found = offers.offered(pack, by)
    groups = [
        (gettext(title), [building.row(pack, each) for each in found if each.about == about])
        for about, title in building.ABOUT.items()
    ]
    return render(request, "matters/list.html", {"page": ApplyPage([group for group in groups if group[1]])})


@touches_customer(reads="")
@require_http_methods(["GET", "POST"])
def matter(request: Asking, op: str) -> HttpResponse:
    """The form of a matter; without a subject, the question what it is about."""
    pack = in_force()
    said = pack.operations.get(op)
    if said is None or not said.is_matter:
        raise NotVisible(f"operation:{op}")
    subject = _subject(said.about or "site", request.GET.get("subject", ""))
    if not subject:
        return _pick(request, pack, op)
    if request.method == "GET":
        preview = offers.preview(pack, op, request.actor, subject)
        return _form(request, pack, op, subject, preview, Sent())
    return _do(request, pack, op, subject)


def _do(request: Asking, pack: Pack, op: str, subject: str) -> HttpResponse:
    try:
        sent = sending.sent(request, pack, op)
    except Refused as refused:
        preview = offers.preview(pack, op, request.actor, subject)
        return _form(request, pack, op, subject, preview, sending.without_files(request, pack, op), refused)
    try:
        call = perform(op, by=request.actor, subject=subject, payload=Matter(), **sent.given)
    except Refused as refused:
        if refused.code not in MENDABLE:
            raise
        preview = offers.preview(pack, op, request.actor, subject)
        return _form(request, pack, op, subject, preview, sent, refused)
    return _after(request, pack, call)


def _after(request: Asking, pack: Pack, call: Call) -> HttpResponse:
    if call.state == "waiting":
        messages.success(request, gettext("Request %(number)s waits for signatures.") % {"number": call.pk})
        return redirect("request", call=call.pk)
    result = call.outcome or {}
    messages.success(request, gettext("Done: %(title)s.") % {"title": pack.operations[call.op].title or call.op})
    if "number" in result:
        return redirect(books.row_address(result["register"], result["number"]))
    return redirect(books.subject_address(call.subject) or "matters")


def _form(
    request: Asking, pack: Pack, op: str, subject: str, preview: Preview, sent: Sent, refused: Refused | None = None
) -> HttpResponse:  # fmt: skip
    operation, name = pack.operations[op], pack.form_of(op)
    form = pack.forms[name] if name else None
    found = [each for each in getattr(refused, "findings", ())]
    wanted = preview.reason or int("reason" in getattr(refused, "missing", ()))
    page = MatterPage(
        title=operation.title or op, form_title=_titled(form.title, form.number, form.edition) if form else "",
        article=operation.article or "", address=f"{request.path}?subject={subject}", back=_back(subject),
        subject=subject, subject_name=_named(pack, request, subject), key=secrets.token_urlsafe(12),
        items=building.items(pack, form, request.actor, sent.form, answers.by_item(refused)) if form else (),
        statements=preview.statements, confirmed=sent.confirmed,
        reason_shown=bool(wanted), reason_wanted=wanted,
        reason=sent.reason, evidence_wanted=preview.evidence,
        evidence=answers.evidence(request.actor, sent.evidence),
        signers=answers.signers(pack, preview.steps),
        undertakings=answers.undertakings(pack, request.actor, preview.undertakings), uncertain=preview.uncertain,
        problems=_problems(refused, found, pack, name), limit_mb=settings.UPLOAD_MAX_MB,
    )  # fmt: skip
    status = refusal_of(refused).status if refused else 200
    return render(request, "matters/form.html", {"page": page}, status=status)


def _problems(refused: Refused | None, found: list[Any], pack: Pack, form: str) -> list[FindingShown]:
    if refused is None:
        return []
    items = pack.forms[form].items if form else {}
    titles = {name: item.title for name, item in items.items()}
    lines = [
        FindingShown("error", each.what(gettext), each.remedy(gettext), titles.get(each.field, "")) for each in found
    ]
    return lines or answers.missing(refused)


def _pick(request: Asking, pack: Pack, op: str) -> HttpResponse:
    """Which dossier, colleague, unit or row."""
    said, by = pack.operations[op], request.actor
    about = said.about or "site"
    options = _subjects(pack, request, op, about)
    box = FieldBox(
        "subject", gettext(building.ABOUT[about]), "select" if options is not None else "text",
        options=options or (), required=True, maxlength=128,
        help=gettext(building.HINTS["dossier"]) if about == "dossier" else "",
    )  # fmt: skip
    if about == "dossier" and "dossier" not in by.reads:
        raise NotVisible(f"operation:{op}")
    page = PickPage(said.title or op, request.path, box, none=options is not None and not options)
    return render(request, "matters/pick.html", {"page": page})


def _subjects(pack: Pack, request: Asking, op: str, about: str) -> list[Option] | None:
    if about == "staff":
        return [Option(each.ref, f"{each.name} · {each.unit.name}") for each in colleagues()]
    if about == "unit":
        return [Option(each.ref, each.name) for each in units()]
    if about == "row":
        return [Option(each.ref, each.number) for each in offers.rows_to_move(pack, request.actor, op)]
    return None


def _subject(about: str, text: str) -> str:
    """The subject as it is named; a bare code is a dossier's."""
    text = text.strip()[:128]
    if about == "site":
        return "-"
    return f"dossier:{text.upper()}" if text and ":" not in text and about == "dossier" else text


def _named(pack: Pack, request: Asking, subject: str) -> str:
    return "" if subject == "-" else subject.partition(":")[2]


def _back(subject: str) -> str:
    return books.subject_address(subject) or reverse("matters")


def _titled(title: str, number: str | None, edition: str | None) -> str:
    return " ".join(filter(None, (title, number, edition)))
