"""How the regulation is kept: every article with its controls, their status and the evidence."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from kedang import ledger
from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only, require_reads
from kedang.api.schemas import Strict
from kedang.governance.compliance import printing, reports
from kedang.governance.compliance.ops import ReadCompliance
from kedang.governance.compliance.periods import period
from kedang.governance.documents.formats import FORMATS

router = Router(tags=["compliance"])


class PeriodFilter(Strict):
    """`2026Q3`, `2026H1`, `2026-07` or `2026`; without one the present quarter."""

    period: Annotated[str, Field(max_length=16)] = ""


class Compliance(Strict):
    """The articles in the order of the regulation; each control with its evidence."""

    pack: str
    period: str
    at: str
    articles: list[dict[str, Any]]


@router.get("", response=Compliance, url_name="compliance")
def compliance(request: HttpRequest, asked: Query[PeriodFilter]) -> dict[str, Any]:
    """How every article is kept; for those who read compliance."""
    known_only(request.GET, PeriodFilter)
    by = require_reads(request, "compliance", "compliance.read")
    wanted = period(asked.period)
    found = reports.as_json(reports.compliance_of(by, wanted))
    ledger.look(by, "open", (), purpose=f"compliance {wanted.name}")
    return found


@router.post("/reports", response={200: Answer, 202: Answer}, url_name="compliance_report")
def make(request: HttpRequest, asked: PeriodFilter, key: Key) -> Status[Answer]:
    """Make a numbered report; it leaves an entry."""
    return answer(do(request, "compliance.read", "-", ReadCompliance(period=asked.period), key=key))


@router.get("/reports/{report}.{kind}", url_name="compliance_paper")
def printed(request: HttpRequest, report: str, kind: str) -> HttpResponse:
    """A report that was made, as `pdf` or `docx`."""
    row, content = reports.inspection(actor_of(request), report if kind in FORMATS else "")
    paper = printing.paper(row.number, row.by, content)
    answered = HttpResponse(FORMATS[kind].write(paper), content_type=FORMATS[kind].media)
    answered["Content-Disposition"] = f'attachment; filename="{row.number}.{kind}"'
    return answered
