"""The first page: what waits for this person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from kedang.customers import browsing, present, selectors
from kedang.kernel.actor import Actor
from kedang.web import deeds
from kedang.web.asking import Asking
from kedang.web.pages.home import HomePage, Tile, Todo
from kedang.web.routes import touches_customer

SHOWN = 20


@touches_customer(reads="")
@require_safe
def home(request: Asking) -> HttpResponse:
    """To-dos, then numbers; offices that read no dossier see neither."""
    by = request.actor
    page = HomePage(
        todos=_to_check(by),
        tiles=_tiles(by),
        seen=(),
        may_open=deeds.may(by, "customer.open", deeds.NEW),
        may_import=deeds.may(by, "import.stage", deeds.NEW),
    )
    return render(request, "home/home.html", {"page": page})


def _to_check(by: Actor) -> list[Todo]:
    """Own dossiers with values that carry a warning, latest first."""
    mine = selectors.visible_to(by).filter(owner_id=by.pk).exclude(findings="").order_by("-updated_us", "-pk")
    rows = list(mine.select_related("unit", "owner")[:SHOWN])
    if not rows:
        return []
    return [
        Todo(
            row.name,
            ngettext("%(n)s value to check", "%(n)s values to check", row.warnings) % {"n": row.warnings},
            reverse("customer", kwargs={"code": row.code}),
            "list-check",
            row.updated_us,
            "warn",
        )
        for row in present.listed(by, rows)
    ]


def _tiles(by: Actor) -> list[Tile]:
    if "dossier" not in by.reads:
        return []
    every = browsing.browse(by, limit=1)
    mine = browsing.browse(by, filters=browsing.Filters(owner=by.id), limit=1)
    address = reverse("customers")
    return [
        Tile(gettext("Customers you may see"), every.total, address, every.total_exact),
        Tile(gettext("Customers you are responsible for"), mine.total, f"{address}?owner={by.id}", mine.total_exact),
    ]
