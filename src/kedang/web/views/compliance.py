"""The regulation and how it is kept: its text, the status of each article, the rows behind each number, the report."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kedang import ledger
from kedang.governance.compliance import behind, printing, reports
from kedang.governance.compliance.ops import ReadCompliance
from kedang.governance.compliance.periods import period
from kedang.governance.documents.formats import FORMATS
from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force
from kedang.web.asking import Asking
from kedang.web.building import compliance as building
from kedang.web.routes import touches_customer, touches_none


@touches_none
@require_safe
def regulation(request: Asking) -> HttpResponse:
    """The regulation in force: articles, who answers for what, undertakings, what the law overrode, its editions."""
    return render(request, "regulation/regulation.html", {"page": building.regulation(request.actor, in_force())})


@touches_customer(reads="compliance")
@require_safe
def compliance(request: Asking) -> HttpResponse:
    """How every article is kept in a period; looking at it is a look."""
    wanted = period(request.GET.get("period", ""))
    found = reports.compliance_of(request.actor, wanted)
    ledger.look(request.actor, "open", (), purpose=f"compliance {wanted.name}")
    page = building.page(request.actor, found, request.GET.get("status", ""))
    return render(request, "regulation/compliance.html", {"page": page})


@touches_customer(reads="compliance")
@require_safe
def rows(request: Asking, control: str) -> HttpResponse:
    """The rows behind one number of one control."""
    wanted, what = period(request.GET.get("period", "")), request.GET.get("rows", "")
    found = behind.rows(request.actor, in_force(), control, what, wanted, clock.now_us())
    page = building.behind_page(request.actor, control, what, wanted, found)
    return render(request, "regulation/rows.html", {"page": page})


@touches_customer(reads="compliance", op="compliance.read")
@require_POST
def report(request: Asking) -> HttpResponse:
    """Make a numbered report; it leaves an entry."""
    if "compliance" not in request.actor.reads:
        raise NotVisible("compliance")
    payload = ReadCompliance(period=request.POST.get("period", "")[:16])
    perform("compliance.read", by=request.actor, subject="-", payload=payload, key=request.POST.get("nonce") or None)
    return HttpResponseRedirect(reverse("compliance") + f"?period={payload.period}#reports")


@touches_customer(reads="compliance")
@require_safe
def printed(request: Asking, number: str, kind: str) -> HttpResponse:
    """A report that was made, as PDF or Word."""
    row, content = reports.inspection(request.actor, number if kind in FORMATS else "")
    paper = printing.paper(row.number, row.by, content)
    answer = HttpResponse(FORMATS[kind].write(paper), content_type=FORMATS[kind].media)
    answer["Content-Disposition"] = f'attachment; filename="{row.number}.{kind}"'
    return answer
