"""The deeds on a dossier: open, change, reveal, assign, file."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import present, selectors
from kedang.customers.dictionary import CONTACT, DOSSIER, Fields, known, of_part
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.payloads import AmendDossier, AssignDossier, FileDossier, OpenDossier, RevealField
from kedang.governance.gate import perform
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.people.selectors import units
from kedang.standards.names import name_key
from kedang.web import deeds, findings
from kedang.web.asking import Asking, is_partial
from kedang.web.building import answers, life, origins
from kedang.web.building import dossier as dossiers
from kedang.web.building import form as forms
from kedang.web.forms import Posted
from kedang.web.pages.asks import Asks
from kedang.web.pages.customers import DossierForm, RevealPage, Twin, slug_of
from kedang.web.pages.parts import FieldGroup, FindingShown
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files
from kedang.web.views.parts import filed, raise_unless_mendable, wants_confirmation

TWINS = 5


@touches_customer(op="customer.open")
@require_http_methods(["GET", "POST"])
def new(request: Asking) -> HttpResponse:
    """Open a dossier."""
    posted = Posted.of(request, _fields())
    if request.method == "GET":
        deeds.require(request.actor, "customer.open", _unopened(request))
        return _new_form(request, posted, None)
    given = without_files(request, in_force(), "customer.open")
    try:
        given = sent(request, in_force(), "customer.open")
        payload = OpenDossier(
            values=posted.filled(),
            unit=posted.text("unit"),
            owner=posted.text("owner"),
            confirm=posted.confirm,
            origin=origins.given(posted),
        )
        call = perform("customer.open", by=request.actor, subject="-", payload=payload, **given.given)
    except Refused as refused:
        return _new_form(request, posted, refused, given)
    return filed(request, call) or redirect("customer", code=call.outcome["code"])


@touches_customer(op="customer.amend", subject="code")
@require_http_methods(["GET", "POST"])
def edit(request: Asking, code: str) -> HttpResponse:
    """Change a dossier: only what differs from what the person saw is sent."""
    row = selectors.dossier_by_code(request.actor, code)
    posted = Posted.of(request, _fields())
    if request.method == "GET":
        deeds.require(request.actor, "customer.amend", facts_of(request.actor, row))
        return _edit_form(request, row, posted, None)
    given = without_files(request, in_force(), "customer.amend")
    try:
        given = sent(request, in_force(), "customer.amend")
        payload = AmendDossier(
            values=posted.changed(), base_version=posted.version, confirm=posted.confirm, origin=origins.given(posted)
        )  # fmt: skip
        call = perform("customer.amend", by=request.actor, subject=row.ref, payload=payload, **given.given)
    except Refused as refused:
        return _edit_form(request, row, posted, refused, given)
    return filed(request, call) or redirect("customer", code=row.code)


@touches_customer(op="customer.reveal", subject="code")
@require_http_methods(["GET", "POST"])
def reveal(request: Asking, code: str) -> HttpResponse:
    """Ask for a masked value with a reason; it is shown once."""
    row = selectors.dossier_by_code(request.actor, code)
    asked = request.POST if request.method == "POST" else request.GET
    field, slot = asked.get("field", ""), asked.get("slot", "")
    said = known(field)
    if said is None or not said.personal:
        raise NotVisible(f"field:{field}")
    given, refused, text, waits = Sent(), None, "", ""
    if request.method == "POST":
        given = without_files(request, in_force(), "customer.reveal")
        try:
            given = sent(request, in_force(), "customer.reveal")
            text, waits = _revealed(request, row, RevealField(field=field, slot=slot), given)
        except Refused as no:
            raise_unless_mendable(no)
            refused = no
    page = RevealPage(
        head=dossiers.row_head(row, Level(row.level).key), field=field, label=findings.title_of(field),
        slug=slug_of(field, slot), slot=slot, address=reverse("customer_reveal", kwargs={"code": row.code}), text=text,
        wrong=_why_not(refused) if refused else "", request=waits,
        asks=answers.asks(
            "customer.reveal", request.actor, facts_of(request.actor, row), given, refused, reason="never"
        ),
    )  # fmt: skip
    template = "customers/_reveal.html" if is_partial(request) else "customers/reveal.html"
    return render(request, template, {"page": page}, status=refusal_of(refused).status if refused else 200)


def _revealed(request: Asking, row: Dossier, payload: RevealField, given: Sent) -> tuple[str, str]:
    """The value, or the address of the request that has to be signed first."""
    call = perform(
        "customer.reveal", by=request.actor, subject=row.ref, payload=payload, **given.given
    )  # fmt: skip
    if call.state != "done":
        return "", reverse("request", kwargs={"call": call.pk})
    shown = present.revealed(
        request.actor, row, payload.field, call=call.pk, done_us=call.done_us, slot=payload.slot
    )  # fmt: skip
    return shown, ""


def _why_not(refused: Refused) -> str:
    if refused.missing == ("reason",):
        return gettext("Please say what you need it for; a few words more.")
    refusal = refusal_of(refused)
    return refusal.detail or refusal.title


@touches_customer(op="customer.assign", subject="code")
@require_http_methods(["GET", "POST"])
def assign(request: Asking, code: str) -> HttpResponse:
    """Hand the dossier to another account manager or unit."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, "customer.assign", facts_of(request.actor, row))
        return _assign_form(request, row, Sent(), None)
    given = without_files(request, in_force(), "customer.assign")
    try:
        given = sent(request, in_force(), "customer.assign")
        payload = AssignDossier(
            owner=request.POST.get("owner", ""), unit=request.POST.get("unit", ""),
            keep_until=life.day_text(request.POST.get("keep_until", "")),
        )  # fmt: skip
        call = perform("customer.assign", by=request.actor, subject=row.ref, payload=payload, **given.given)
    except Refused as refused:
        return _assign_form(request, row, given, refused)
    return filed(request, call) or _after(request, row)


def _assign_form(request: Asking, row: Dossier, given: Sent, refused: Refused | None) -> HttpResponse:
    unit = request.POST.get("unit", row.unit.code)
    owner = request.POST.get("owner", row.owner.username if row.owner else "")
    seat = forms.seat(_units(), unit, owner)
    groups = [replace(seat, boxes=[*seat.boxes, life.keep_until(request.POST.get("keep_until", ""))])]
    return _deed_form(
        request, row, ("customer.assign", "customer_assign", "customers/assign.html"), groups, given, refused
    )


@touches_customer(op="customer.file", subject="code")
@require_http_methods(["GET", "POST"])
def file(request: Asking, code: str) -> HttpResponse:
    """File the dossier, after asking once."""
    row = selectors.dossier_by_code(request.actor, code)
    named = ("customer.file", "customer_file", "customers/file.html")
    if request.method == "GET":
        deeds.require(request.actor, "customer.file", facts_of(request.actor, row))
        return _deed_form(request, row, named, (), Sent(), None)
    given = without_files(request, in_force(), "customer.file")
    try:
        given = sent(request, in_force(), "customer.file")
        call = perform("customer.file", by=request.actor, subject=row.ref, payload=FileDossier(), **given.given)
    except Refused as refused:
        return _deed_form(request, row, named, (), given, refused)
    return filed(request, call) or _after(request, row)


def _deed_form(
    request: Asking, row: Dossier, named: tuple[str, str, str], groups: Sequence[FieldGroup], given: Sent,
    refused: Refused | None,
) -> HttpResponse:  # fmt: skip
    """The form of a deed that writes no field: what the regulation asks for, and little else."""
    raise_unless_mendable(refused)
    op, view, template = named
    page = DossierForm(
        groups=groups,
        address=reverse(view, kwargs={"code": row.code}),
        back=reverse("customer", kwargs={"code": row.code}),
        head=dossiers.row_head(row, Level(row.level).key),
        problems=answers.problems(op, refused),
        key=secrets.token_urlsafe(12),
        asks=answers.asks(op, request.actor, facts_of(request.actor, row), given, refused),
    )
    return render(request, template, {"page": page}, status=refusal_of(refused).status if refused else 200)


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


def _fields() -> Fields:
    """What the form of a dossier holds: its own fields and those of its main contact."""
    return {**of_part(DOSSIER), **of_part(CONTACT)}


def _units() -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in units()]


def _unopened(request: Asking) -> Facts:
    """What is known of a dossier that is about to be opened."""
    return replace(deeds.NEW, unit=request.actor.unit)


def _new_form(request: Asking, posted: Posted, refused: Refused | None, given: Sent | None = None) -> HttpResponse:
    raise_unless_mendable(refused)
    kind = posted.text("kind") or "organisation"
    found = findings.by_field(getattr(refused, "findings", ()))
    unit = posted.text("unit") or request.user.unit.code
    owner = posted.text("owner") if request.method == "POST" else request.user.username
    asks = answers.asks("customer.open", request.actor, _unopened(request), given, refused, reason="never")
    page = DossierForm(
        groups=[
            *forms.groups(posted.values, in_force().required(kind, "prospect"), found),
            *origins.section(posted, found),
            forms.seat(_units(), unit, owner),
        ],
        address=reverse("customer_new"),
        back=reverse("customers"),
        problems=answers.problems("customer.open", refused),
        twins=_twins(request, posted.values) if refused else (),
        reason=posted.reason,
        reason_wanted=_wants_reason(refused, asks),
        confirm_wanted=wants_confirmation(refused),
        confirm=posted.confirm,
        key=posted.key or secrets.token_urlsafe(12),
        asks=asks,
    )
    return render(request, "customers/form.html", {"page": page}, status=refusal_of(refused).status if refused else 200)


def _edit_form(
    request: Asking, row: Dossier, posted: Posted, refused: Refused | None, given: Sent | None = None
) -> HttpResponse:
    raise_unless_mendable(refused)
    now = dossiers.as_written(present.editable(request.actor, row))
    found = findings.by_field(getattr(refused, "findings", ()))
    if refused and refused.code == "stale":
        row = selectors.dossier_by_code(request.actor, row.code)
        now = dossiers.as_written(present.editable(request.actor, row))
        found = {**found, **_changed_meanwhile(now, posted)}
    fields = _fields()
    masked, key_fields = fields.keys() - now.keys(), {key for key, field in fields.items() if field.identifying}
    asks = answers.asks("customer.amend", request.actor, facts_of(request.actor, row), given, refused, reason="never")
    page = DossierForm(
        groups=[
            *forms.groups(
                {**now, **posted.values},
                in_force().required(row.kind, "prospect"),
                found,
                masked=frozenset(masked),
                new=False,
            ),
            *origins.section(posted, found),
        ],  # fmt: skip
        address=reverse("customer_edit", kwargs={"code": row.code}),
        back=reverse("customer", kwargs={"code": row.code}),
        head=dossiers.row_head(row, Level(row.level).key),
        problems=answers.problems("customer.amend", refused),
        was=now,
        reason=posted.reason,
        reason_wanted=_wants_reason(refused, asks) or not key_fields.isdisjoint(posted.changed()),
        confirm_wanted=wants_confirmation(refused),
        confirm=posted.confirm,
        version=row.version_no,
        key=secrets.token_urlsafe(12),
        asks=asks,
    )
    return render(request, "customers/form.html", {"page": page}, status=refusal_of(refused).status if refused else 200)


def _changed_meanwhile(now: Mapping[str, str], posted: Posted) -> dict[str, list[FindingShown]]:
    return {
        key: [FindingShown("warning", gettext("Somebody changed this meanwhile to “%(value)s”.") % {"value": now[key]})]
        for key in posted.changed()
        if key in now and now[key] != posted.was.get(key, "")
    }


def _wants_reason(refused: Refused | None, asks: Asks) -> bool:
    if asks.reason_wanted and "reason" not in asks.perhaps:
        return True
    return refused is not None and ("reason" in refused.missing or wants_confirmation(refused))
