"""What the regulation counts, scores, fines and rewards (考核)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kedang import ledger
from kedang.governance.measures import selectors
from kedang.governance.measures.spans import asked_for, span
from kedang.packs import in_force
from kedang.web.asking import Asking
from kedang.web.building import measures as building
from kedang.web.routes import touches_customer


@touches_customer(reads="")
@require_safe
def measures(request: Asking) -> HttpResponse:
    """Scores, measures and proposals of a period, of whom one may see; looking at it is a look."""
    by, pack, period = request.actor, in_force(), asked_for(request.GET.get("period", "")[:16])
    tables = selectors.tables_for(by, pack, period)
    proposals = selectors.sanctions_for(by, pack, period or span(""))
    ledger.look(by, "open", (), purpose=f"measures {period.name if period else ''}".strip())
    return render(request, "regulation/measures.html", {"page": building.page(by, pack, period, tables, proposals)})
