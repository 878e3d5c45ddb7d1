"""The deeds on a dossier: open, change, reveal, assign, file."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import present, selectors
from kedang.customers.fields import FIELDS, IDENTIFYING, PERSONAL
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.payloads import AmendDossier, AssignDossier, FileDossier, OpenDossier, RevealField
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.people.selectors import units
from kedang.standards.names import name_key
from kedang.web import deeds, findings
from kedang.web.asking import Asking, is_partial
from kedang.web.building import answers
from kedang.web.building import dossier as dossiers
from kedang.web.building import form as forms
from kedang.web.forms import Posted
from kedang.web.pages.customers import DossierForm, RevealPage, Twin
from kedang.web.pages.parts import FindingShown
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer

TWINS = 5


@touches_customer(op="customer.open")
@require_http_methods(["GET", "POST"])
def new(request: Asking) -> HttpResponse:
    """Open a dossier."""
    posted = Posted.of(request)
    if request.method == "GET":
        deeds.require(request.actor, "customer.open", deeds.NEW)
        return _new_form(request, posted, None)
    try:
        payload = OpenDossier(
            values=posted.filled(), unit=posted.text("unit"), owner=posted.text("owner"), confirm=posted.confirm
        )
        call = perform(
            "customer.open", by=request.actor, subject="-", payload=payload, reason=posted.reason, key=posted.key,
            form=answers.typed("customer.open", posted), confirmed=posted.confirmed,
        )  # fmt: skip
    except Refused as refused:
        return _new_form(request, posted, refused)
    return _filed(request, call) or redirect("customer", code=call.outcome["code"])


@touches_customer(op="customer.amend", subject="code")
@require_http_methods(["GET", "POST"])
def edit(request: Asking, code: str) -> HttpResponse:
    """Change a dossier: only what differs from what the person saw is sent."""
    row = selectors.dossier_by_code(request.actor, code)
    posted = Posted.of(request)
    if request.method == "GET":
        deeds.require(request.actor, "customer.amend", facts_of(request.actor, row))
        return _edit_form(request, row, posted, None)
    try:
        payload = AmendDossier(values=posted.changed(), base_version=posted.version, confirm=posted.confirm)
        call = perform(
            "customer.amend", by=request.actor, subject=row.ref, payload=payload, reason=posted.reason, key=posted.key,
            form=answers.typed("customer.amend", posted), confirmed=posted.confirmed,
        )  # fmt: skip
    except Refused as refused:
        return _edit_form(request, row, posted, refused)
    return _filed(request, call) or redirect("customer", code=row.code)


@touches_customer(op="customer.reveal", subject="code")
@require_http_methods(["GET", "POST"])
def reveal(request: Asking, code: str) -> HttpResponse:
    """Ask for a masked value with a reason; it is shown once."""
    row = selectors.dossier_by_code(request.actor, code)
    field = (request.POST if request.method == "POST" else request.GET).get("field", "")
    if field not in PERSONAL:
        raise NotVisible(f"field:{field}")
    text, wrong, status = "", "", 200
    if request.method == "POST":
        try:
            text = _revealed(request, row, field)
        except Refused as refused:
            if refused.code not in ("incomplete", "invalid"):
                raise
            wrong, status = _why_not(refused), 422
    page = RevealPage(
        head=dossiers.row_head(row, Level(row.level).key),
        field=field,
        label=findings.title_of(field),
        slug=field.replace(".", "-"),
        address=reverse("customer_reveal", kwargs={"code": row.code}),
        text=text,
        wrong=wrong,
    )
    template = "customers/_reveal.html" if is_partial(request) else "customers/reveal.html"
    return render(request, template, {"page": page}, status=status)


def _revealed(request: Asking, row: Dossier, field: str) -> str:
    call = perform(
        "customer.reveal",
        by=request.actor,
        subject=row.ref,
        payload=RevealField(field=field),
        reason=request.POST.get("reason", ""),
    )
    if call.state != "done":
        raise Refused("incomplete", detail=N_("The regulation wants this signed; your request is filed."))
    return present.revealed(request.actor, row, field, call=call.pk, done_us=call.done_us)


def _why_not(refused: Refused) -> str:
    return refusal_of(refused).detail or gettext("Please say what you need it for.")


@touches_customer(op="customer.assign", subject="code")
@require_http_methods(["GET", "POST"])
def assign(request: Asking, code: str) -> HttpResponse:
    """Hand the dossier to another account manager or unit."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "POST":
        payload = AssignDossier(owner=request.POST.get("owner", ""), unit=request.POST.get("unit", ""))
        call = perform(
            "customer.assign", by=request.actor, subject=row.ref, payload=payload, reason=request.POST.get("reason", "")
        )
        return _filed(request, call) or _after(request, row)
    deeds.require(request.actor, "customer.assign", facts_of(request.actor, row))
    page = DossierForm(
        groups=[forms.seat(_units(), row.unit.code, row.owner.username if row.owner else "")],
        address=reverse("customer_assign", kwargs={"code": row.code}),
        back=reverse("customer", kwargs={"code": row.code}),
        head=dossiers.row_head(row, Level(row.level).key),
    )
    return render(request, "customers/assign.html", {"page": page})


@touches_customer(op="customer.file", subject="code")
@require_http_methods(["GET", "POST"])
def file(request: Asking, code: str) -> HttpResponse:
    """File the dossier, after asking once."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "POST":
        call = perform(
            "customer.file",
            by=request.actor,
            subject=row.ref,
            payload=FileDossier(),
            reason=request.POST.get("reason", ""),
        )
        return _filed(request, call) or _after(request, row)
    deeds.require(request.actor, "customer.file", facts_of(request.actor, row))
    page = DossierForm(
        groups=(),
        address=reverse("customer_file", kwargs={"code": row.code}),
        back=reverse("customer", kwargs={"code": row.code}),
        head=dossiers.row_head(row, Level(row.level).key),
    )
    return render(request, "customers/file.html", {"page": page})


def _filed(request: Asking, call: Call) -> HttpResponse | None:
    """Where the regulation wants signatures: to the request that waits for them."""
    if call.state == "done":
        return None
    messages.info(request, gettext("Your request is filed; it is done when everybody has signed."))
    return redirect("request", call=call.pk)


def _after(request: Asking, row: Dossier) -> HttpResponse:
    """Back to the dossier, or to the list when it was handed out of this person's sight."""
    if selectors.visible_to(request.actor).filter(pk=row.pk).exists():
        return redirect("customer", code=row.code)
    return redirect("customers")


@touches_customer()
@require_safe
def twins(request: Asking) -> HttpResponse:
    """Customers already there that look like the one being written; only those this person may see."""
    return render(request, "customers/_twins.html", {"twins": _twins(request, request.GET)})


def _twins(request: Asking, texts: Mapping[str, str]) -> list[Twin]:
    code, name = texts.get("credit_code", "").strip().upper(), texts.get("name", "").strip()
    visible = selectors.visible_to(request.actor).select_related("unit", "owner")
    by_code = list(visible.filter(credit_code=code)[:1]) if code else []
    by_name = list(visible.filter(name_key=name_key(name))[:TWINS]) if name else []
    found = {row.pk: (row, gettext("same credit code")) for row in by_code}
    found = {row.pk: (row, gettext("same name")) for row in by_name} | found
    if not found:
        return []
    shown = present.listed(request.actor, [row for row, _ in found.values()], kind="search", query=code or name)
    return [
        Twin(each.code, each.name, reverse("customer", kwargs={"code": each.code}), found[each.id][1]) for each in shown
    ]


def _units() -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in units()]


def _new_form(request: Asking, posted: Posted, refused: Refused | None) -> HttpResponse:
    _raise_unless_mendable(refused)
    kind = posted.text("kind") or "organisation"
    found = findings.by_field(getattr(refused, "findings", ()))
    unit = posted.text("unit") or request.user.unit.code
    owner = posted.text("owner") if request.method == "POST" else request.user.username
    page = DossierForm(
        groups=[
            *forms.groups(posted.values, in_force().required(kind, "prospect"), found),
            forms.seat(_units(), unit, owner),
        ],
        address=reverse("customer_new"),
        back=reverse("customers"),
        problems=_problems(refused),
        twins=_twins(request, posted.values) if refused else (),
        reason=posted.reason,
        reason_wanted=_wants_reason(refused),
        confirm_wanted=_wants_confirmation(refused),
        confirm=posted.confirm,
        key=posted.key or secrets.token_urlsafe(12),
        answers=answers.items("customer.open", request.actor, posted, found),
        statements=answers.statements("customer.open"),
        confirmed=posted.confirmed,
    )
    return render(request, "customers/form.html", {"page": page}, status=refusal_of(refused).status if refused else 200)


def _edit_form(request: Asking, row: Dossier, posted: Posted, refused: Refused | None) -> HttpResponse:
    _raise_unless_mendable(refused)
    now = dossiers.as_written(present.editable(request.actor, row))
    found = findings.by_field(getattr(refused, "findings", ()))
    if refused and refused.code == "stale":
        row = selectors.dossier_by_code(request.actor, row.code)
        now = dossiers.as_written(present.editable(request.actor, row))
        found = {**found, **_changed_meanwhile(now, posted)}
    masked = frozenset(key for key in FIELDS if key not in now)
    page = DossierForm(
        groups=forms.groups(
            {**now, **posted.values}, in_force().required(row.kind, "prospect"), found, masked=masked, new=False
        ),
        address=reverse("customer_edit", kwargs={"code": row.code}),
        back=reverse("customer", kwargs={"code": row.code}),
        head=dossiers.row_head(row, Level(row.level).key),
        problems=_problems(refused),
        was=now,
        reason=posted.reason,
        reason_wanted=_wants_reason(refused) or not IDENTIFYING.isdisjoint(posted.changed()),
        confirm_wanted=_wants_confirmation(refused),
        confirm=posted.confirm,
        version=row.version_no,
        key=secrets.token_urlsafe(12),
        answers=answers.items("customer.amend", request.actor, posted, found),
        statements=answers.statements("customer.amend"),
        confirmed=posted.confirmed,
    )
    return render(request, "customers/form.html", {"page": page}, status=refusal_of(refused).status if refused else 200)


def _raise_unless_mendable(refused: Refused | None) -> None:
    """What no form can mend is a page of its own."""
    if refused and refused.code not in ("invalid", "incomplete", "stale"):
        raise refused


def _changed_meanwhile(now: Mapping[str, str], posted: Posted) -> dict[str, list[FindingShown]]:
    return {
        key: [FindingShown("warning", gettext("Somebody changed this meanwhile to “%(value)s”.") % {"value": now[key]})]
        for key in posted.changed()
        if key in now and now[key] != posted.was.get(key, "")
    }


def _problems(refused: Refused | None) -> list[FindingShown]:
    if refused is None:
        return []
    said = [
        findings.shown(finding, labelled=True)
        for finding in getattr(refused, "findings", ())
        if finding.severity == "error"
    ]
    refusal = refusal_of(refused)
    return said or [FindingShown("error", refusal.detail or refusal.title)]


def _wants_reason(refused: Refused | None) -> bool:
    return refused is not None and ("reason" in refused.missing or _wants_confirmation(refused))


def _wants_confirmation(refused: Refused | None) -> bool:
    """Only warnings stand in the way: the person may keep the values."""
    if not isinstance(refused, Invalid):
        return False
    return bool(refused.findings) and all(getattr(f, "severity", "error") == "warning" for f in refused.findings)
