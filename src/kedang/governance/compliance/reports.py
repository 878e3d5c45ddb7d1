"""The state of the regulation as plain data: one form for the page, the API, the command and the printed report."""

from __future__ import annotations

from typing import Any

import orjson

from kedang.governance.compliance.models import Inspection
from kedang.governance.compliance.periods import Period
from kedang.governance.compliance.status import Compliance, ControlStatus, status
from kedang.governance.heads import newest_head
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.packs.selectors import versions


def compliance_of(by: Actor, period: Period) -> Compliance:
    """How every article is kept, for somebody who may know it; raises NotVisible for anybody else."""
    if "compliance" not in by.reads:
        raise NotVisible("compliance")
    return status(in_force(), period, clock.now_us())


def as_json(found: Compliance) -> dict[str, Any]:
    """The contract of `kedang compliance --json` and of the API."""
    return {
        "pack": found.pack,
        "period": found.period.name,
        "at": clock.from_us(found.at_us).isoformat(),
        "articles": [
            {
                "id": article.id,
                "title": article.title,
                "status": article.status,
                "controls": [_control(control) for control in article.controls],
            }
            for article in found.articles
        ],
    }


def _control(control: ControlStatus) -> dict[str, Any]:
    return {
        "id": control.id,
        "kind": control.kind,
        "type": control.type,
        "status": control.status,
        "why": control.why,
        "evidence": _evidence(control),
    }


def _evidence(control: ControlStatus) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for shown in control.numbers:
        found[shown.key] = found.get(shown.key, 0) + shown.number
    if control.numbers:
        found["exact"] = all(shown.exact for shown in control.numbers)
    for name, at_us in (("first", control.first_us), ("last", control.last_us)):
        if at_us:
            found[name] = clock.from_us(at_us).isoformat()
    if control.not_caught:
        found["not_caught"] = list(control.not_caught)
    return found


def content(period: Period, at_us: int) -> dict[str, Any]:
    """Everything a printed report says, its number and its reader apart."""
    pack = in_force(at_us)
    return as_json(status(pack, period, at_us)) | {"document": document_of(pack), "head": _head()}


def document_of(pack: Pack) -> dict[str, Any]:
    """The regulation as a controlled document: title, number, edition, digest of its bytes."""
    stored = versions().get(version=pack.version)
    meta = pack.meta
    return {"title": meta.title, "number": meta.number, "edition": meta.edition, "digest": stored.digest}


def year_of(at_us: int) -> int:
    """The company's year of an instant."""
    return clock.company_day(at_us).year


def inspection(by: Actor, number: str) -> tuple[Inspection, dict[str, Any]]:
    """A report that was made, with its contents; raises NotVisible where it is not or may not be known."""
    row = Inspection.objects.filter(number=number).first() if "compliance" in by.reads else None
    if row is None:
        raise NotVisible(f"report:{number}")
    return row, orjson.loads(bytes(row.content))


def inspections(by: Actor, limit: int = 20) -> list[Inspection]:
    """The reports that were made, newest first, without their contents."""
    if "compliance" not in by.reads:
        return []
    return list(Inspection.objects.defer("content").order_by("-id")[:limit])


def _head() -> dict[str, Any]:
    found = newest_head()
    return {"block": found.no, "head": found.hash32().hex()} if found else {"block": 0, "head": ""}
