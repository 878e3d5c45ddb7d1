"""The records of a dossier: its tabs, one record, and the deeds on it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import present, selectors
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES, Module
from kedang.customers.records import ops, reading
from kedang.customers.records import present as records_present
from kedang.customers.records import selectors as records_selectors
from kedang.customers.records.payloads import AddRecord, AmendRecord, RemoveRecord
from kedang.customers.records.selectors import Held, record_subject
from kedang.governance.gate import perform
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.web import deeds, findings
from kedang.web.asking import Asking
from kedang.web.building import answers, origins
from kedang.web.building import dossier as dossiers
from kedang.web.building import records as building
from kedang.web.building.tabs import TABS, TabOf, tab_of, tabs
from kedang.web.environment import query
from kedang.web.forms import Posted
from kedang.web.pages.customers import DossierHead
from kedang.web.pages.parts import DeedShown, FindingShown, Option, Pager, Tab
from kedang.web.pages.records import PartForm, RecordPage, RecordsPage, TimelinePage
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files
from kedang.web.views.parts import filed, raise_unless_mendable, wants_confirmation

FEW = 10
"""Records of each module on a tab that has several."""
PAGE = 50


def tab_view(key: str) -> Callable[..., HttpResponse]:
    """The view of a tab of modules, each with its own table."""
    tab = next(each for each in TABS if each.key == key)

    @touches_customer(subject="code")
    @require_safe
    def view(request: Asking, code: str) -> HttpResponse:
        row = selectors.dossier_by_code(request.actor, code)
        pages = records_present.by_module(request.actor, row, tab.modules, limit=FEW)
        pack = in_force()
        shown = [MODULES[key] for key in tab.modules if pages[key].tally.count or _is_collected(MODULES[key], pack)]
        page = RecordsPage(
            head=head_of(row), tabs=tabs(request.actor, row, tab.key),
            parts=[building.part(request.actor, row, module, pages[module.key], pack) for module in shown],
        )  # fmt: skip
        return render(request, "customers/records.html", {"page": page})

    return view


business, credit, needs = tab_view("business"), tab_view("credit"), tab_view("needs")


@touches_customer(subject="code")
@require_safe
def interactions(request: Asking, code: str) -> HttpResponse:
    """What happened with the customer, latest day first."""
    row = selectors.dossier_by_code(request.actor, code)
    tab = next(each for each in TABS if each.key == "interactions")
    chosen = request.GET.get("module", "")
    modules = (chosen,) if chosen in tab.modules else tab.modules
    pack = in_force()
    found = present.timeline(request.actor, row, modules=modules, after=request.GET.get("after"), limit=PAGE)
    page = TimelinePage(
        head=head_of(row), tabs=tabs(request.actor, row, tab.key),
        rows=[building.line(row, each, pack) for each in found.rows], pager=_pager(request, found),
        kinds=_kinds(row, tab, chosen),
        adds=_adds(request, row, tab),
    )  # fmt: skip
    return render(request, "customers/timeline.html", {"page": page})


@touches_customer(subject="code")
@require_safe
def records(request: Asking, code: str, module: str) -> HttpResponse:
    """All records of a module."""
    row = selectors.dossier_by_code(request.actor, code)
    said = _module(module)
    found = present.records(request.actor, row, module, after=request.GET.get("after"), limit=PAGE)
    page = RecordsPage(
        head=head_of(row), tabs=tabs(request.actor, row, tab_of(module).key),
        parts=[building.part(request.actor, row, said, found, in_force(), whole=True)], pager=_pager(request, found),
        crumb=_crumb(row, module),
    )  # fmt: skip
    return render(request, "customers/records.html", {"page": page})


@touches_customer(subject="code")
@require_safe
def record(request: Asking, code: str, module: str, no: int) -> HttpResponse:
    """One record with all its values."""
    held = _held(request, code, module, no)
    shown = records_present.record(request.actor, held)
    page = RecordPage(
        head=head_of(held.dossier), tabs=tabs(request.actor, held.dossier, tab_of(module).key),
        title=building.title(shown), part=gettext(held.module.title), icon=held.module.icon,
        crumb=_crumb(held.dossier, module), values=building.values(code, shown.values.values(), shown.slot),
        actions=building.record_deeds(request.actor, held.dossier, shown), who=shown.by_name,
        created_us=shown.created_us, updated_us=shown.updated_us,
    )  # fmt: skip
    return render(request, "customers/record.html", {"page": page})


@touches_customer(op="record.add", subject="code")
@require_http_methods(["GET", "POST"])
def new(request: Asking, code: str, module: str) -> HttpResponse:
    """Add a record of a part that the regulation collects."""
    row, said = selectors.dossier_by_code(request.actor, code), _module(module)
    if not _is_collected(said, in_force()):
        raise NotVisible(f"module:{module}")
    posted = Posted.of(request, reading.fields_of(said))
    if request.method == "GET":
        deeds.require(request.actor, "record.add", ops.facts_of(request.actor, row, module, {}, {}))
        return _new_form(request, row, said, posted, Sent(), None)
    given = without_files(request, in_force(), "record.add")
    try:
        given = sent(request, in_force(), "record.add")
        payload = AddRecord(module=module, values=posted.filled(), confirm=posted.confirm, origin=origins.given(posted))
        call = perform("record.add", by=request.actor, subject=row.ref, payload=payload, **given.given)
    except Refused as refused:
        return _new_form(request, row, said, posted, given, refused)
    return filed(request, call) or redirect(tab_of(module).view, code=row.code)


@touches_customer(op="record.amend", subject="code")
@require_http_methods(["GET", "POST"])
def edit(request: Asking, code: str, module: str, no: int) -> HttpResponse:
    """Change a record: only what differs from what the person saw is sent."""
    held = _held(request, code, module, no)
    posted = Posted.of(request, reading.fields_of(held.module))
    if request.method == "GET":
        deeds.require(request.actor, "record.amend", ops.held_facts(request.actor, held, {}))
        return _edit_form(request, held, posted, Sent(), None)
    given = without_files(request, in_force(), "record.amend")
    try:
        given = sent(request, in_force(), "record.amend")
        payload = AmendRecord(
            values=posted.changed(), base_version=posted.version, confirm=posted.confirm, origin=origins.given(posted)
        )
        call = perform("record.amend", by=request.actor, subject=held.ref, payload=payload, **given.given)
    except Refused as refused:
        return _edit_form(request, held, posted, given, refused)
    return filed(request, call) or redirect("customer_record", code=held.dossier.code, module=module, no=no)


@touches_customer(op="record.remove", subject="code")
@require_http_methods(["GET", "POST"])
def remove(request: Asking, code: str, module: str, no: int) -> HttpResponse:
    """Take a record out of the dossier."""
    held = _held(request, code, module, no)
    if request.method == "GET":
        deeds.require(request.actor, "record.remove", ops.held_facts(request.actor, held, {}))
        return _remove_form(request, held, Sent(), None)
    given = without_files(request, in_force(), "record.remove")
    try:
        given = sent(request, in_force(), "record.remove")
        call = perform("record.remove", by=request.actor, subject=held.ref, payload=RemoveRecord(), **given.given)
    except Refused as refused:
        return _remove_form(request, held, given, refused)
    return filed(request, call) or redirect(tab_of(module).view, code=held.dossier.code)


def head_of(row: Dossier) -> DossierHead:
    """The head of the dossier; nothing personal is in it."""
    return dossiers.row_head(row, Level(row.level).key)


def _new_form(
    request: Asking, row: Dossier, module: Module, posted: Posted, given: Sent, refused: Refused | None
) -> HttpResponse:  # fmt: skip
    raise_unless_mendable(refused)
    facts = ops.facts_of(request.actor, row, module.key, posted.filled(), {})
    begins = {module.status: module.statuses[0][0]} if module.status else {}
    page = PartForm(
        head=head_of(row), tabs=tabs(request.actor, row, tab_of(module.key).key),
        title=gettext("Add: %(part)s") % {"part": gettext(module.title)}, icon=module.icon, save=gettext("Add"),
        address=reverse("customer_record_new", kwargs={"code": row.code, "module": module.key}),
        back=reverse(tab_of(module.key).view, kwargs={"code": row.code}),
        groups=[
            *building.record_groups(
                module, {**begins, **posted.values}, reading.required(module, row), found_in(refused)
            ),
            *origins.section(posted, found_in(refused)),
        ],
        problems=answers.problems("record.add", refused), confirm_wanted=wants_confirmation(refused),
        confirm=posted.confirm, key=posted.key or secrets.token_urlsafe(12),
        asks=answers.asks("record.add", request.actor, facts, given, refused),
    )  # fmt: skip
    return form_answer(request, page, refused)


def _edit_form(request: Asking, held: Held, posted: Posted, given: Sent, refused: Refused | None) -> HttpResponse:
    raise_unless_mendable(refused)
    if refused and refused.code == "stale":
        held = records_selectors.held(request.actor, held.ref)
    now = dossiers.as_written(records_present.editable(request.actor, held))
    row, module = held.dossier, held.module
    masked = frozenset(key for key in reading.fields_of(module) if key not in now)
    facts = ops.held_facts(request.actor, held, posted.changed())
    page = PartForm(
        head=head_of(row), tabs=tabs(request.actor, row, tab_of(module.key).key),
        title=gettext("Change: %(part)s") % {"part": gettext(module.title)}, icon=module.icon, save=gettext("Save"),
        address=reverse("customer_record_edit", kwargs=_kwargs(held)),
        back=reverse("customer_record", kwargs=_kwargs(held)),
        groups=[
            *building.record_groups(
                module, {**now, **posted.values}, reading.required(module, row, held.record.status),
                found_in(refused), masked,
            ),
            *origins.section(posted, found_in(refused)),
        ],
        problems=answers.problems("record.amend", refused), confirm_wanted=wants_confirmation(refused),
        confirm=posted.confirm, was=now, version=row.version_no, key=secrets.token_urlsafe(12),
        asks=answers.asks("record.amend", request.actor, facts, given, refused),
    )  # fmt: skip
    return form_answer(request, page, refused)


def _remove_form(request: Asking, held: Held, given: Sent, refused: Refused | None) -> HttpResponse:
    raise_unless_mendable(refused)
    row, module = held.dossier, held.module
    shown = records_present.record(request.actor, held)
    facts = ops.held_facts(request.actor, held, {})
    page = PartForm(
        head=head_of(row), tabs=tabs(request.actor, row, tab_of(module.key).key),
        title=gettext("Take out: %(title)s") % {"title": building.title(shown)}, icon=module.icon,
        save=gettext("Take out"), address=reverse("customer_record_remove", kwargs=_kwargs(held)),
        back=reverse("customer_record", kwargs=_kwargs(held)),
        told=gettext("It leaves the lists and totals. What it said stays in the history of the dossier."),
        values=building.values(row.code, shown.values.values()), problems=answers.problems("record.remove", refused),
        key=secrets.token_urlsafe(12), asks=answers.asks("record.remove", request.actor, facts, given, refused),
    )  # fmt: skip
    return form_answer(request, page, refused)


def form_answer(request: Asking, page: PartForm, refused: Refused | None) -> HttpResponse:
    """The form, with the status of why it stands there again."""
    status = refusal_of(refused).status if refused else 200
    return render(request, "customers/part_form.html", {"page": page}, status=status)


def found_in(refused: Refused | None) -> dict[str, list[FindingShown]]:
    """What is wrong with single values, to stand beside them."""
    found = refused.findings if isinstance(refused, Invalid) else ()
    return {key: list(each) for key, each in findings.by_field(found).items()}


def _held(request: Asking, code: str, module: str, no: int) -> Held:
    return records_selectors.held(request.actor, record_subject(code.upper(), module, no))


def _kwargs(held: Held) -> dict[str, object]:
    return {"code": held.dossier.code, "module": held.record.module, "no": held.record.no}


def _module(key: str) -> Module:
    if key not in MODULES:
        raise NotVisible(f"module:{key}")
    return MODULES[key]


def _is_collected(module: Module, pack: Pack) -> bool:
    return any(field.collect for field in reading.fields_of(module, pack).values())


def _crumb(row: Dossier, module: str) -> Tab:
    tab = tab_of(module)
    return Tab(gettext(tab.title), reverse(tab.view, kwargs={"code": row.code}), tab.icon)


def _kinds(row: Dossier, tab: TabOf, chosen: str) -> list[Option]:
    counted = records_selectors.tallies(row)
    options = [Option("", gettext("All"), chosen not in tab.modules)]
    for key in tab.modules:
        count = counted[key].count if key in counted else 0
        if count:
            options.append(Option(key, f"{gettext(MODULES[key].title)} {count}", chosen == key))
    return options


def _adds(request: Asking, row: Dossier, tab: TabOf) -> list[DeedShown]:
    pack, by = in_force(), request.actor
    found = [(MODULES[key], building.add_address(by, row, MODULES[key], pack)) for key in tab.modules]
    return [DeedShown(gettext(module.title), address, module.icon) for module, address in found if address]


def _pager(request: Asking, page: present.RecordPage) -> Pager:
    return Pager(
        before=query(request) if request.GET.get("after") else "",
        after=query(request, after=page.next) if page.next else "", shown=len(page.rows), total=page.tally.count,
    )  # fmt: skip
