"""What the page of limits and rounds shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import Option, Pager


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty in the list, or on a page of its own."""

    id: int
    title: str
    article: str
    state: str
    tone: str
    subject: str
    subject_address: str
    period: str
    who: str
    due: str
    due_us: int
    started_us: int
    stopped_us: int
    progress: str
    problem: str
    address: str


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in the calendar."""

    title: str
    article: str
    period: str
    until: str
    done: int
    open: int
    missed: int


@dataclass(frozen=True, slots=True)
class DutiesPage:
    """The list, its tabs and filters, and the calendar of rounds."""

    rows: Sequence[DutyRow]
    tabs: Sequence[Option]
    whose: Sequence[Option]
    counts: dict[str, int]
    rounds: Sequence[RoundRow]
    pager: Pager
    which: str
    address: str
    empty: str


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One duty and the notices that went out about it."""

    row: DutyRow
    pack: str
    controls: Sequence[str]
    notices: Sequence[tuple[str, int]]
    drawn: Sequence[tuple[str, str, int]]
