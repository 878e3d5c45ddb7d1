"""What the regulation counts, scores and sanctions, of whom one may see."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from kedang import ledger
from kedang.api.doing import actor_of, known_only
from kedang.api.schemas import Strict
from kedang.governance.measures import selectors
from kedang.governance.measures.present import as_json
from kedang.governance.measures.spans import asked_for, span
from kedang.packs import in_force

router = Router(tags=["measures"])


class SpanFilter(Strict):
    """`2026Q3`, `2026H1`, `2026-07`, `2026-W29`, `2026-07-15`, `2026` or `always`; without one each score and measure
    over the period the regulation counts it by, and sanctions of the present quarter."""

    period: Annotated[str, Field(max_length=16)] = ""


class Measures(Strict):
    """Scores and measures with their lines, each with its article and the numbers behind it; `value` and `points` are
    null where there is no figure. Sanctions are proposals: the company decides by its own request."""

    pack: str
    period: str
    at: str
    tables: list[dict[str, Any]]
    sanctions: list[dict[str, Any]]


@router.get("", response=Measures, url_name="measures", summary="Scores, measures and proposed sanctions")
def measures(request: HttpRequest, asked: Query[SpanFilter]) -> dict[str, Any]:
    """All for who reads compliance; one's own, and those of units one heads, for everybody else."""
    known_only(request.GET, SpanFilter)
    by, pack, period = actor_of(request), in_force(), asked_for(asked.period)
    tables = selectors.tables_for(by, pack, period)
    ledger.look(by, "open", (), purpose=f"measures {asked.period}".strip())
    return as_json(pack, period, tables, selectors.sanctions_for(by, pack, period or span("")))


@router.get("/{str:name}", response=Measures, url_name="measure", summary="One score or measure")
def measure(request: HttpRequest, name: str, asked: Query[SpanFilter]) -> dict[str, Any]:
    """By its name in the regulation; of dossiers, for who reads compliance, first the average of all."""
    known_only(request.GET, SpanFilter)
    by, pack, period = actor_of(request), in_force(), asked_for(asked.period)
    found = selectors.table_for(by, pack, name, period)
    ledger.look(by, "open", (), purpose=f"measures {asked.period}".strip())
    return as_json(pack, period, found, [])
