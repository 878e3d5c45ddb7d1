"""The first page: what waits for this person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from kedang.customers import browsing, present, selectors
from kedang.intake import present as present_batch
from kedang.intake.selectors import batches_for
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.web import deeds
from kedang.web.asking import Asking
from kedang.web.pages.home import HomePage, Tile, Todo
from kedang.web.routes import touches_customer

SHOWN = 20
WAITS_FOR = {
    "staged": N_("Confirm the columns"),
    "planned": N_("Look at the check and take the rows in"),
    "failed": N_("The import failed"),
}


@touches_customer(reads="")
@require_safe
def home(request: Asking) -> HttpResponse:
    """To-dos, then numbers; offices that read no dossier see neither."""
    by = request.actor
    page = HomePage(
        todos=[*_imports(by), *_to_check(by)],
        tiles=_tiles(by),
        seen=(),
        may_open=deeds.may(by, "customer.open", deeds.NEW),
        may_import=deeds.may(by, "import.stage", deeds.NEW),
    )
    return render(request, "home/home.html", {"page": page})


def _imports(by: Actor) -> list[Todo]:
    """Own imports that wait for a confirmation."""
    waiting = batches_for(by).filter(by_ref=by.id, state__in=tuple(WAITS_FOR))[:SHOWN]
    return [
        Todo(
            present_batch.file_name(by, batch),
            gettext(WAITS_FOR[batch.state]),
            reverse("import", kwargs={"batch": batch.pk}),
            "database-import",
            batch.created_us,
        )
        for batch in waiting
    ]


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
