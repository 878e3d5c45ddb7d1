"""The operation by which the state of the regulation is put on paper: it leaves an entry and takes a number."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from pydantic import Field

from kedang.governance.compliance import reports
from kedang.governance.compliance.models import Inspection
from kedang.governance.compliance.periods import period
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Operation, Outcome, Payload
from kedang.kernel.errors import NotVisible
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json


class ReadCompliance(Payload):
    """The period: `2026Q3`, `2026H1`, `2026-07`, `2026`; empty for the present quarter."""

    period: Annotated[str, Field(max_length=16)] = ""


def _load(by: Actor, subject: str) -> None:
    if subject != "-" or "compliance" not in by.reads:
        raise NotVisible(subject)


def _facts(by: Actor, target: None, payload: ReadCompliance) -> Facts:
    return Facts(kind="site", rel=frozenset({"in_scope"}))


def _run(deed: Deed, target: None, payload: ReadCompliance) -> Outcome:
    wanted = period(payload.period)
    content = canonical_json(reports.content(wanted, deed.at_us))
    digest = hashlib.sha256(content).hexdigest()
    number = _next_number(deed.at_us)
    Inspection.objects.create(
        number=number, period=wanted.name, at_us=deed.at_us, by=deed.actor.id, digest=digest, content=content
    )
    said = {"number": number, "period": wanted.name, "digest": digest}
    return Outcome(result=said, body=said)


def _next_number(at_us: int) -> str:
    """The next of the year, without a gap: taken in the deed's own transaction; of two twins one is refused."""
    prefix = f"JC-{reports.year_of(at_us)}-"
    taken = Inspection.objects.filter(number__startswith=prefix).count()
    return f"{prefix}{taken + 1:04d}"


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation("compliance.read", N_("Report how the regulation is kept"), ReadCompliance, _load, _facts, _run),
)
