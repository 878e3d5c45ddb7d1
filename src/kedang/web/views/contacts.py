"""The contacts of a dossier and the deeds on them."""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import present, selectors
from kedang.customers.contacts import ops
from kedang.customers.contacts import present as contacts_present
from kedang.customers.contacts import selectors as contacts_selectors
from kedang.customers.contacts.payloads import AddContact, AmendContact, LeadContact, RemoveContact
from kedang.customers.contacts.selectors import Held, contact_subject
from kedang.customers.dictionary import CONTACT, of_part, part_of
from kedang.customers.models import Dossier
from kedang.governance.gate import perform
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.web import deeds
from kedang.web.asking import Asking
from kedang.web.building import answers, origins
from kedang.web.building import records as building
from kedang.web.building.tabs import tabs
from kedang.web.environment import query
from kedang.web.forms import Posted
from kedang.web.pages.records import ContactsPage, PartForm
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files
from kedang.web.views.parts import filed, raise_unless_mendable, wants_confirmation
from kedang.web.views.records import form_answer, found_in, head_of

PAGE = 50


@touches_customer(subject="code")
@require_safe
def contacts(request: Asking, code: str) -> HttpResponse:
    """The contacts, the main one first."""
    row = selectors.dossier_by_code(request.actor, code)
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 18 else 0
    shown = present.contacts(request.actor, row, after=start, limit=PAGE)
    allowed = building.contact_deeds_allowed(request.actor, row)
    page = ContactsPage(
        head=head_of(row), tabs=tabs(request.actor, row, "contacts"),
        cards=[building.card(request.actor, row, each, allowed) for each in shown],
        add=reverse("customer_contact_new", kwargs={"code": row.code}) if "contact.add" in allowed else "",
        more=query(request, after=shown[-1].id) if len(shown) == PAGE else "",
    )  # fmt: skip
    return render(request, "customers/contacts.html", {"page": page})


@touches_customer(op="contact.add", subject="code")
@require_http_methods(["GET", "POST"])
def new(request: Asking, code: str) -> HttpResponse:
    """Add a contact."""
    row, posted = selectors.dossier_by_code(request.actor, code), Posted.of(request, of_part(CONTACT))
    if request.method == "GET":
        deeds.require(request.actor, "contact.add", ops.facts_of(request.actor, row, {}))
        return _new_form(request, row, posted, Sent(), None)
    given = without_files(request, in_force(), "contact.add")
    try:
        given = sent(request, in_force(), "contact.add")
        payload = AddContact(values=posted.filled(), confirm=posted.confirm, origin=origins.given(posted))
        call = perform("contact.add", by=request.actor, subject=row.ref, payload=payload, **given.given)
    except Refused as refused:
        return _new_form(request, row, posted, given, refused)
    return filed(request, call) or redirect("customer_contacts", code=row.code)


@touches_customer(op="contact.amend", subject="code")
@require_http_methods(["GET", "POST"])
def edit(request: Asking, code: str, contact: int) -> HttpResponse:
    """Change a contact: only what differs from what the person saw is sent."""
    held, posted = _held(request, code, contact), Posted.of(request, of_part(CONTACT))
    if request.method == "GET":
        deeds.require(request.actor, "contact.amend", ops.facts_of(request.actor, held.dossier, {}))
        return _edit_form(request, held, posted, Sent(), None)
    given = without_files(request, in_force(), "contact.amend")
    try:
        given = sent(request, in_force(), "contact.amend")
        payload = AmendContact(
            values=posted.changed(), base_version=posted.version, confirm=posted.confirm, origin=origins.given(posted)
        )
        call = perform("contact.amend", by=request.actor, subject=held.ref, payload=payload, **given.given)
    except Refused as refused:
        return _edit_form(request, held, posted, given, refused)
    return filed(request, call) or redirect("customer_contacts", code=held.dossier.code)


@touches_customer(op="contact.remove", subject="code")
@require_http_methods(["GET", "POST"])
def remove(request: Asking, code: str, contact: int) -> HttpResponse:
    """Take a contact out of the dossier."""
    told = gettext("The numbers of the contact find this dossier no longer. What was known stays in its history.")
    return _plain(request, _held(request, code, contact), "contact.remove", RemoveContact(), gettext("Take out"), told)


@touches_customer(op="contact.lead", subject="code")
@require_http_methods(["GET", "POST"])
def lead(request: Asking, code: str, contact: int) -> HttpResponse:
    """Make a contact the main one."""
    told = gettext("The main contact stands on the overview and is the one the regulation asks for.")
    return _plain(
        request, _held(request, code, contact), "contact.lead", LeadContact(), gettext("Make the main one"), told
    )


def _plain(request: Asking, held: Held, op: str, payload: Payload, save: str, told: str) -> HttpResponse:
    """A deed without fields: what it does, to whom, and what the regulation asks for."""
    facts = ops.facts_of(request.actor, held.dossier, {})
    given, refused = Sent(), None
    if request.method == "GET":
        deeds.require(request.actor, op, facts)
    else:
        given = without_files(request, in_force(), op)
        try:
            given = sent(request, in_force(), op)
            call = perform(op, by=request.actor, subject=held.ref, payload=payload, **given.given)
            return filed(request, call) or redirect("customer_contacts", code=held.dossier.code)
        except Refused as no:
            raise_unless_mendable(no)
            refused = no
    shown = contacts_present.contact(request.actor, held)
    view = f"customer_contact_{op.rpartition('.')[2]}"
    page = PartForm(
        head=head_of(held.dossier), tabs=tabs(request.actor, held.dossier, "contacts"), title=save, icon="user",
        save=save, address=reverse(view, kwargs={"code": held.dossier.code, "contact": held.contact.pk}),
        back=_back(held.dossier), told=told,
        values=building.values(held.dossier.code, shown.values.values(), held.slot),
        problems=answers.problems(op, refused), key=secrets.token_urlsafe(12),
        asks=answers.asks(op, request.actor, facts, given, refused),
    )  # fmt: skip
    return form_answer(request, page, refused)


def _new_form(request: Asking, row: Dossier, posted: Posted, given: Sent, refused: Refused | None) -> HttpResponse:
    raise_unless_mendable(refused)
    facts = ops.facts_of(request.actor, row, posted.filled())
    page = PartForm(
        head=head_of(row), tabs=tabs(request.actor, row, "contacts"), title=gettext("Add a contact"), icon="user",
        save=gettext("Add"), address=reverse("customer_contact_new", kwargs={"code": row.code}), back=_back(row),
        groups=[
            *building.contact_groups(posted.values, frozenset(), found_in(refused)),
            *origins.section(posted, found_in(refused)),
        ],
        problems=answers.problems("contact.add", refused), confirm_wanted=wants_confirmation(refused),
        confirm=posted.confirm, key=posted.key or secrets.token_urlsafe(12),
        asks=answers.asks("contact.add", request.actor, facts, given, refused),
    )  # fmt: skip
    return form_answer(request, page, refused)


def _edit_form(request: Asking, held: Held, posted: Posted, given: Sent, refused: Refused | None) -> HttpResponse:
    raise_unless_mendable(refused)
    if refused and refused.code == "stale":
        held = contacts_selectors.held(request.actor, held.ref)
    row, now = held.dossier, contacts_present.editable(request.actor, held)
    masked = frozenset(key for key in of_part(CONTACT) if key not in now)
    facts = ops.facts_of(request.actor, row, posted.changed())
    page = PartForm(
        head=head_of(row), tabs=tabs(request.actor, row, "contacts"), title=gettext("Change a contact"), icon="user",
        save=gettext("Save"),
        address=reverse("customer_contact_edit", kwargs={"code": row.code, "contact": held.contact.pk}),
        back=_back(row),
        groups=[
            *building.contact_groups({**now, **posted.values}, _required(held), found_in(refused), masked),
            *origins.section(posted, found_in(refused)),
        ],
        problems=answers.problems("contact.amend", refused), confirm_wanted=wants_confirmation(refused),
        confirm=posted.confirm, was=now, version=row.version_no, key=secrets.token_urlsafe(12),
        asks=answers.asks("contact.amend", request.actor, facts, given, refused),
    )  # fmt: skip
    return form_answer(request, page, refused)


def _required(held: Held) -> frozenset[str]:
    """What the regulation wants of the main contact; of the others it wants nothing."""
    needed = in_force().required(held.dossier.kind, held.dossier.state) if held.contact.is_main else frozenset()
    return frozenset(key for key in needed if part_of(key) == CONTACT)


def _held(request: Asking, code: str, contact: int) -> Held:
    return contacts_selectors.held(request.actor, contact_subject(code.upper(), contact))


def _back(row: Dossier) -> str:
    return reverse("customer_contacts", kwargs={"code": row.code})
