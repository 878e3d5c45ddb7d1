"""The list of customers and the dossier as it is read."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kedang.customers import browsing, present, provenance, removing, selectors
from kedang.customers.models import Dossier
from kedang.kernel.actor import Actor
from kedang.web import deeds
from kedang.web.asking import Asking, is_partial
from kedang.web.building import dossier as dossiers
from kedang.web.building import listing as lists
from kedang.web.building.origins import mark
from kedang.web.building.tabs import tabs
from kedang.web.environment import query
from kedang.web.pages.customers import CustomersPage, DossierPage, HistoryPage, LookLine
from kedang.web.pages.parts import Pager
from kedang.web.routes import touches_customer

PAGE = 50
RECENT = 8
LONGEST = 18
"""Digits of a number that may be the id of an entry."""


def filters_of(request: HttpRequest) -> browsing.Filters:
    """What narrows the list, from the address."""
    names = browsing.Filters.__dataclass_fields__
    return browsing.Filters(**{name: request.GET.get(name, "").strip() for name in names})


@touches_customer()
@require_safe
def customers(request: Asking) -> HttpResponse:
    """The list, narrowed by text and filters; the rows alone when the page already stands."""
    text, filters = request.GET.get("q", "").strip()[:200], filters_of(request)
    listing = browsing.browse(request.actor, text, filters, limit=PAGE, after=request.GET.get("after") or None)
    rows = present.listed(request.actor, listing.rows, query=text, kind="search" if text else "list")
    page = CustomersPage(
        rows=[lists.row(row) for row in rows],
        filters=lists.filters(filters),
        pager=lists.pager(request, listing),
        text=text,
        may_open=deeds.may(request.actor, "customer.open", deeds.NEW),
        may_import=deeds.may(request.actor, "import.stage", deeds.NEW),
        may_hand=deeds.may(request.actor, "customer.hand_over", deeds.SITE),
        may_recover=removing.may_recover(request.actor),
    )
    return render(request, "customers/_rows.html" if is_partial(request) else "customers/list.html", {"page": page})


@touches_customer(subject="code")
@require_safe
def customer(request: Asking, code: str) -> HttpResponse:
    """The dossier, masked as this person may see it, with what happened lately."""
    row = selectors.dossier_by_code(request.actor, code)
    shown = present.opened(request.actor, row)
    events = present.history(request.actor, row, limit=RECENT)
    page = DossierPage(
        head=dossiers.head(shown),
        sections=dossiers.sections(shown, _marks(row, shown)),
        deeds=dossiers.offered(request.actor, row),
        history=dossiers.lines(events),
        history_more=len(events) == RECENT,
        looks=_looks(request.actor, row, RECENT),
        tabs=tabs(request.actor, row, "overview"),
    )
    return render(request, "customers/dossier.html", {"page": page})


def _marks(row: Dossier, shown: present.ShownDossier) -> dict[str, tuple[str, str]]:
    """The sign beside each value that holds something."""
    found = provenance.marks(row, [key for key, value in shown.by_key.items() if value.text])
    return {key: mark(each) for key, each in found.items()}


@touches_customer(subject="code")
@require_safe
def history(request: Asking, code: str) -> HttpResponse:
    """Everything that happened to the dossier."""
    row = selectors.dossier_by_code(request.actor, code)
    shown = present.opened(request.actor, row)
    before = request.GET.get("before", "")
    start = int(before) if before.isdecimal() and len(before) < LONGEST else None
    events = present.history(request.actor, row, limit=PAGE, before=start)
    page = HistoryPage(
        head=dossiers.head(shown), lines=dossiers.lines(events), pager=_pages(request, events),
        looks=_looks(request.actor, row, 200), tabs=tabs(request.actor, row, "history"),
    )  # fmt: skip
    return render(request, "customers/history.html", {"page": page})


def _pages(request: Asking, events: Sequence[present.ShownEvent]) -> Pager:
    following = query(request, before=events[-1].entry) if len(events) == PAGE else ""
    return Pager(before=query(request) if request.GET.get("before") else "", after=following)


def _looks(by: Actor, row: Dossier, limit: int) -> list[LookLine] | None:
    """Who looked is for those who watch over the records: it discloses what colleagues do."""
    if by.reads.isdisjoint({"compliance", "ledger"}):
        return None
    return dossiers.looks(present.lookers(by, row, limit))
