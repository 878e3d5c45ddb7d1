"""The page of figures: scores with what is behind them, measures, and the sanctions they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import Option


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of a score: its number, the two numbers behind a percentage, and what it adds."""

    title: str
    number: str
    behind: str = ""
    points: int | None = None
    weight: int = 100


@dataclass(frozen=True, slots=True)
class LineShown:
    """One subject. `number` is its points or its figure, empty where there is none."""

    who: str
    address: str
    number: str
    value: int | None
    grade: str
    behind: str = ""
    parts: Sequence[PartShown] = ()


@dataclass(frozen=True, slots=True)
class TableShown:
    """A score or a measure. `most` is what its bar ends at, 0 where it has no end."""

    name: str
    title: str
    article: str
    days: str
    usual: str
    lines: Sequence[LineShown]
    most: int = 0
    is_score: bool = False
    capped: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProposedShown:
    """What the regulation provides for one occurrence."""

    who: str
    day: str
    source: str
    address: str
    no: int
    what: str
    capped: bool


@dataclass(frozen=True, slots=True)
class SanctionShown:
    """A fine or a reward, with what it proposes."""

    title: str
    kind: str
    tone: str
    article: str
    warning: str
    appeal_days: int
    by_decision: bool
    unnamed: int
    capped: bool
    proposed: Sequence[ProposedShown]


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """Everything one may see for a period."""

    period: str
    periods: Sequence[Option]
    scores: Sequence[TableShown]
    measures: Sequence[TableShown]
    sanctions: Sequence[SanctionShown]
    may_see_compliance: bool
