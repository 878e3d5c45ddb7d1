"""Figures of register rows: counted, or a number in them added up, averaged, or its highest or lowest.

A row counts in the stretch of time in which it was opened, with what its lines said by the end of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from django.db.models import Prefetch, QuerySet

from kedang.governance.compliance.periods import Period
from kedang.governance.measures.asking import Question
from kedang.governance.measures.tallies import Figures, Tally, figures_of
from kedang.governance.registers.items import items_of
from kedang.governance.registers.models import Line, Row
from kedang.governance.registers.typed import fact
from kedang.packs.conditions import answers
from kedang.packs.measures import Rows
from kedang.packs.schema import Pack

MOST = 100_000
"""Rows of one register in one stretch of time; beyond it a figure says that there is more."""
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """A row as it stood at an instant."""

    row: Row
    state: str
    items: dict[str, Any]


def rows(asked: Question) -> Figures:
    """The rows of a measure."""
    said = asked.measure
    kind, narrowed = next(
        (kind, found) for kind in ("count", "sum", "average", "highest", "lowest") if (found := getattr(said, kind))
    )
    found = list(islice(matching(asked.pack, narrowed, asked.period, asked.at_us), MOST + 1))
    tallied = _tallied(asked, kind, found[:MOST])
    return figures_of(kind, tallied, capped=len(found) > MOST)


def matching(pack: Pack, said: Rows, period: Period, at_us: int) -> Iterator[Kept]:
    """Rows opened in a stretch of time that were in one of the states and said one of the words at its end."""
    end = min(at_us, period.until_us - 1)
    opened = Row.objects.filter(register=said.register_, opened_us__gte=period.since_us, opened_us__lte=end)
    items = items_of(pack, said.register_)
    for kept in _as_they_stood(opened.order_by("opened_us", "pk"), end):
        known = {name: fact(items[name], each, end) for name, each in kept.items.items() if name in items}
        if (said.state is None or kept.state in said.state) and answers(said.where, known):
            yield kept


def holder_of(row: Row) -> str:
    """The person a row is about: whom it names as its subject, or who has the thing, or else who wrote it."""
    kind, _, name = row.subject.partition(":")
    return name if kind == "staff" else row.holder or row.opened_by


def unit_of(row: Row, question: Question) -> int:
    """The unit a row is about: which it names as its subject, or else where it lies."""
    kind, _, code = row.subject.partition(":")
    named = next((pk for pk, unit in question.company.units.items() if unit.code == code), 0) if kind == "unit" else 0
    return named or row.unit_id


def _as_they_stood(found: QuerySet[Row], end: int) -> Iterator[Kept]:
    before = Line.objects.filter(at_us__lte=end).order_by("no").only("row_id", "no", "to_state", "plain")
    for row in found.prefetch_related(Prefetch("lines", before, to_attr="earlier")).iterator(chunk_size=AT_ONCE):
        lines: list[Line] = row.earlier
        items: dict[str, Any] = {}
        for line in lines:
            items |= orjson.loads(line.plain)
        yield Kept(row, lines[-1].to_state if lines else row.state, items)


def _tallied(asked: Question, kind: str, found: list[Kept]) -> Iterator[tuple[str, Tally]]:
    for kept in found:
        number = 0 if kind == "count" else kept.items.get(asked.measure.item or "")
        if not isinstance(number, int) or isinstance(number, bool):
            continue
        staff, unit = holder_of(kept.row), unit_of(kept.row, asked)
        for subject in asked.subjects(staff=staff, unit=unit, subject=kept.row.subject):
            yield subject, Tally.of(number)
