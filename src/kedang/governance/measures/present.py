"""Figures, scores and proposals as plain data: one form for the page, the API and the command."""

from __future__ import annotations

from typing import Any

from kedang.governance.compliance.periods import Period
from kedang.governance.measures.sanctions import Proposals, Proposed
from kedang.governance.measures.scores import Line, Table
from kedang.kernel import clock
from kedang.packs.measures import Amount
from kedang.packs.schema import Pack


def as_json(pack: Pack, period: Period | None, tables: list[Table], proposals: list[Proposals]) -> dict[str, Any]:
    """The contract of `kedang measure --json` and of the API. `period` is empty where each has its own."""
    return {
        "pack": pack.version,
        "period": period.name if period else "",
        "at": clock.now().isoformat(),
        "tables": [table_json(pack, table) for table in tables],
        "sanctions": [_sanction(each) for each in proposals],
    }


def table_json(pack: Pack, table: Table) -> dict[str, Any]:
    """A score or a measure with its lines; `value` is null where there is no figure."""
    return {
        "kind": table.kind, "name": table.name, "title": table.title, "article": table.article, "of": table.of,
        "unit": (pack.measures[table.name].unit or "") if table.kind == "measure" else "",
        "usual": table.usual, "period": table.period.name, "first": table.period.first.isoformat(),
        "last": table.period.last.isoformat(), "capped": table.capped, "note": table.note,
        "lines": [_score(pack, line) if table.kind == "score" else _measure(table.name, line) for line in table.lines],
    }  # fmt: skip


def _measure(name: str, line: Line) -> dict[str, Any]:
    figure = line.figures[name]
    return {"subject": line.subject, "value": figure.value, "part": figure.part, "whole": figure.whole}


def _score(pack: Pack, line: Line) -> dict[str, Any]:
    parts = [
        {"kind": part.kind, "name": part.name, "title": title_of(pack, part.kind, part.name), "value": part.number,
         "points": part.points, "weight": part.weight}
        for part in line.scored.parts
    ]  # fmt: skip
    behind = [
        {"name": name, "title": pack.measures[name].title, "article": pack.measures[name].article or "",
         "value": figure.value, "part": figure.part, "whole": figure.whole}
        for name, figure in line.figures.items()
    ]  # fmt: skip
    return {
        "subject": line.subject, "points": line.scored.points, "grade": line.scored.grade, "parts": parts,
        "figures": behind,
    }  # fmt: skip


def title_of(pack: Pack, kind: str, name: str) -> str:
    """What the regulation calls a part of a score."""
    if kind == "measure":
        return pack.measures[name].title
    return pack.scores[name].title if kind == "score" else pack.tables[name].title if kind == "table" else name


def _sanction(found: Proposals) -> dict[str, Any]:
    said = found.said
    return {
        "name": found.name, "title": said.title, "kind": said.kind, "article": said.article or "",
        "over": said.over, "warning": said.warning or "", "flow": said.flow or "", "appeal_days": said.appeal_days,
        "by_decision": found.by_decision, "unnamed": found.unnamed, "capped": found.capped,
        "proposed": [_proposed(each) for each in found.proposed],
    }  # fmt: skip


def _proposed(each: Proposed) -> dict[str, Any]:
    return {
        "who": each.who, "at": clock.from_us(each.at_us).isoformat(), "source": each.source, "no": each.no,
        "measure": each.measure, "amount": _amount(each.amount), "capped": each.capped,
    }  # fmt: skip


def _amount(amount: Amount | None) -> dict[str, Any]:
    return amount.model_dump(exclude_none=True) if amount else {}
