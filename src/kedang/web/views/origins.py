"""Where the values of a dossier come from: the tab, the check of values, consents given and ended."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import ValidationError

from kedang.customers import consents, dictionary, provenance, selectors
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.origin_payloads import GiveConsent, VerifyValue, WithdrawConsent
from kedang.customers.payloads import AmendDossier
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.web import deeds, findings
from kedang.web.asking import Asking
from kedang.web.building import answers
from kedang.web.building import dossier as dossiers
from kedang.web.building import origins as building
from kedang.web.building.tabs import tabs
from kedang.web.pages.origins import ConsentPage, OriginsPage
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files
from kedang.web.views.parts import filed, raise_unless_mendable

VERIFY, GIVE, END, AMEND = "customer.verify", "consent.give", "consent.withdraw", "customer.amend"
NOTHING_MARKED = N_("Mark the values that were compared, and say how.")
INCOMPLETE = N_("Say who agreed to what, and how.")
TEXTS = ("person", "purpose", "method", "evidence", "given_on", "until")


@touches_customer(subject="code")
@require_safe
def origins(request: Asking, code: str) -> HttpResponse:
    """The tab: each value with its source, its check, and the consent it needs."""
    return _tab(request, selectors.dossier_by_code(request.actor, code), Sent(), None)


@touches_customer(op="customer.verify", subject="code")
@require_http_methods(["GET", "POST"])
def verify(request: Asking, code: str) -> HttpResponse:
    """Record that the marked values were compared."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, VERIFY, facts_of(request.actor, row))
        return redirect("customer_origins", code=row.code)

    def asked() -> Call:
        version = request.POST.get("version", "")
        payload = _made(
            VerifyValue, NOTHING_MARKED, fields=tuple(request.POST.getlist("value")),
            method=request.POST.get("method", ""), document=request.POST.get("document", ""),
            verdict=request.POST.get("verdict", "right"), on=request.POST.get("on", ""),
            base_version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        )  # fmt: skip
        return perform(VERIFY, by=request.actor, subject=row.ref, payload=payload, **given.given)

    given = without_files(request, in_force(), VERIFY)
    try:
        given = sent(request, in_force(), VERIFY)
        call = asked()
    except Refused as refused:
        raise_unless_mendable(refused)
        return _tab(request, selectors.dossier_by_code(request.actor, code), given, refused)
    return filed(request, call) or _back(request, row, gettext("The check is recorded."))


@touches_customer(op="consent.give", subject="code")
@require_http_methods(["GET", "POST"])
def give(request: Asking, code: str) -> HttpResponse:
    """Record that a person agreed to a purpose."""
    row = selectors.dossier_by_code(request.actor, code)

    def form(given: Sent, refused: Refused | None) -> HttpResponse:
        source = request.POST if request.method == "POST" else request.GET
        texts = {name: source.get(name, "") for name in TEXTS}
        persons = list(provenance.persons_of(request.actor, row).values())
        found = findings.by_field(getattr(refused, "findings", ()))
        page = replace(
            _page(request, row, GIVE, "consent_new", given, refused),
            title=gettext("Record a consent"), icon="signature", save=gettext("Record the consent"),
            groups=[building.consent_group(texts, found, persons)], told=building.notices(),
        )  # fmt: skip
        return _shown(request, page, refused)

    def ask(given: Sent) -> Call:
        texts = {name: request.POST.get(name, "").strip() for name in TEXTS if name != "person"}
        payload = _made(GiveConsent, INCOMPLETE, **texts)
        return perform(GIVE, by=request.actor, subject=_person(request, row), payload=payload, **given.given)

    return _deed(request, row, GIVE, form, ask, gettext("The consent is recorded."))


@touches_customer(op="consent.withdraw", subject="code")
@require_http_methods(["GET", "POST"])
def end(request: Asking, code: str) -> HttpResponse:
    """Record that a person took a consent back; from then on the values of the purpose are hidden."""
    row = selectors.dossier_by_code(request.actor, code)
    source = request.POST if request.method == "POST" else request.GET
    purpose = source.get("purpose", "")[:64]

    def form(given: Sent, refused: Refused | None) -> HttpResponse:
        persons = {each.ref: each.name for each in provenance.persons_of(request.actor, row).values()}
        said = in_force().purposes.get(purpose)
        meant = said.title if said else purpose
        ref = source.get("person", "")
        page = replace(
            _page(request, row, END, "consent_end", given, refused),
            title=gettext("Record the withdrawal of a consent"), icon="shield-x", danger=True,
            save=gettext("Record the withdrawal"), hidden=[("person", ref), ("purpose", purpose)],
            told=[(gettext("Who agreed"), persons.get(ref, "—")), (gettext("Purpose"), meant)],
            say=gettext("From now on the values of this purpose are shown to nobody, and none can be entered; those "
                        "that no law obliges the company to keep can be emptied afterwards."),
        )  # fmt: skip
        return _shown(request, page, refused)

    def ask(given: Sent) -> Call:
        payload = _made(WithdrawConsent, INCOMPLETE, purpose=purpose)
        return perform(END, by=request.actor, subject=_person(request, row), payload=payload, **given.given)

    return _deed(request, row, END, form, ask, gettext("The withdrawal is recorded."))


@touches_customer(op="customer.amend", subject="code")
@require_http_methods(["GET", "POST"])
def empty(request: Asking, code: str) -> HttpResponse:
    """Empty the values that are shown to nobody because a person withdrew."""
    row = selectors.dossier_by_code(request.actor, code)
    keys = _hidden(row)

    def form(given: Sent, refused: Refused | None) -> HttpResponse:
        page = replace(
            _page(request, row, AMEND, "customer_empty", given, refused),
            title=gettext("Empty hidden values"), icon="trash", danger=True, save=gettext("Empty them"),
            told=[(gettext("Values"), "、".join(findings.title_of(key) for key in keys) or "—")],
            say=gettext("They are empty from then on. Earlier versions keep them sealed, and show them to nobody."),
        )  # fmt: skip
        return _shown(request, page, refused)

    def ask(given: Sent) -> Call:
        payload = AmendDossier(values=dict.fromkeys(keys, ""))
        return perform(AMEND, by=request.actor, subject=row.ref, payload=payload, **given.given)

    return _deed(request, row, AMEND, form, ask, gettext("The hidden values are empty."))


def _deed(
    request: Asking, row: Dossier, op: str, form: Callable[[Sent, Refused | None], HttpResponse],
    ask: Callable[[Sent], Call], done: str,
) -> HttpResponse:  # fmt: skip
    """The form of a deed, and the deed itself where it is sent."""
    if request.method == "GET":
        deeds.require(request.actor, op, facts_of(request.actor, row))
        return form(Sent(), None)
    given = without_files(request, in_force(), op)
    try:
        given = sent(request, in_force(), op)
        call = ask(given)
    except Refused as refused:
        raise_unless_mendable(refused)
        return form(given, refused)
    return filed(request, call) or _back(request, row, done)


def _made(kind: type[Payload], incomplete: str, **texts: object) -> Payload:
    """The payload; Refused(invalid) where something is missing or too long."""
    try:
        return kind.model_validate(texts)
    except ValidationError as wrong:
        names = sorted({str(each["loc"][0]) for each in wrong.errors() if each["loc"]})
        raise Refused("invalid", missing=names, detail=incomplete) from None


def _person(request: Asking, row: Dossier) -> str:
    """The person a form names, who must be one of this dossier."""
    ref = request.POST.get("person", "") or row.ref
    if ref != row.ref and not ref.startswith(f"contact:{row.code}/"):
        raise NotVisible(ref)
    return ref


def _hidden(row: Dossier) -> list[str]:
    """Fields of the dossier and its main contact whose values are shown to nobody."""
    keys = (*dictionary.of_part(dictionary.DOSSIER), *dictionary.of_part(dictionary.CONTACT))
    return list(consents.withheld(row, keys))


def _back(request: Asking, row: Dossier, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("customer_origins", code=row.code)


def _page(request: Asking, row: Dossier, op: str, view: str, given: Sent, refused: Refused | None) -> ConsentPage:
    return ConsentPage(
        head=dossiers.row_head(row, Level(row.level).key), tabs=tabs(request.actor, row, "origins"), title="", icon="",
        address=reverse(view, kwargs={"code": row.code}), back=reverse("customer_origins", kwargs={"code": row.code}),
        save="", key=secrets.token_urlsafe(12), problems=answers.problems(op, refused),
        asks=answers.asks(op, request.actor, facts_of(request.actor, row), given, refused),
    )  # fmt: skip


def _shown(request: Asking, page: ConsentPage, refused: Refused | None) -> HttpResponse:
    status = refusal_of(refused).status if refused else 200
    return render(request, "customers/consent.html", {"page": page}, status=status)


def _tab(request: Asking, row: Dossier, given: Sent, refused: Refused | None) -> HttpResponse:
    by, post = request.actor, request.POST
    shown = provenance.origins_of(by, row)
    chosen = frozenset(post.getlist("value"))
    may = {op: deeds.may(by, op, facts_of(by, row)) for op in (VERIFY, GIVE, END, AMEND)}
    address = {
        view: reverse(view, kwargs={"code": row.code}) for view in ("customer_verify", "consent_new", "customer_empty")
    }
    texts = {name: post.get(name, "") for name in ("verdict", "method", "document", "on") if name in post}
    page = OriginsPage(
        head=dossiers.head(shown.dossier), tabs=tabs(by, row, "origins"),
        rows=[building.row(each, chosen) for each in shown.values],
        consents=[building.consent_row(row, each, may_end=may[END]) for each in shown.consents],
        persons=len(shown.persons), asked=shown.asked,
        give=address["consent_new"] if may[GIVE] and shown.persons and building.notices() else "",
        hidden=[findings.title_of(key) for key in shown.withheld],
        empty=address["customer_empty"] if may[AMEND] and shown.withheld and not row.filed_us else "",
        verify=address["customer_verify"] if may[VERIFY] else "",
        check=building.check_group(texts, findings.by_field(getattr(refused, "findings", ()))),
        version=row.version_no, key=secrets.token_urlsafe(12), problems=answers.problems(VERIFY, refused),
        asks=answers.asks(VERIFY, by, facts_of(by, row), given, refused, reason="wanted"),
    )  # fmt: skip
    status = refusal_of(refused).status if refused else 200
    return render(request, "customers/origins.html", {"page": page}, status=status)
