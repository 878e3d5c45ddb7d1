"""Leafing through the registers: which there are, how many rows are open, one page of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from kedang.governance.registers import selectors
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs.schema import Pack

MOST = 500
OPEN, CLOSED = "open", "closed"
_PERIOD = re.compile(r"(\d{4})(?:-?Q([1-4])|-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Book:
    """A register this person may read."""

    name: str
    title: str
    article: str
    open: int
    closed: int
    case_book: bool
    """Whether its rows have states."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of rows, newest first; `next` asks for the one after, 0 on the last."""

    rows: Sequence[Row]
    next: int


def books(pack: Pack, by: Actor) -> list[Book]:
    """The registers with their counts, in the order of the regulation."""
    return [_book(pack, by, name) for name in selectors.registers_for(pack, by)]


def browse(
    pack: Pack, by: Actor, register: str, *, state: str = "", period: str = "", limit: int = 50, after: int = 0
) -> Leaf:  # fmt: skip
    """One page of a register; raises NotVisible for one this person may not read, Refused(invalid) for no period."""
    if not selectors.may_read(pack, by, register):
        raise NotVisible(f"register:{register}")
    found = _within(_in_state(selectors.rows_for(pack, by, register), state), period).order_by("-pk")
    page = list(found.filter(pk__lt=after)[: limit + 1] if after else found[: limit + 1])
    return Leaf(page[:limit], page[limit - 1].pk if len(page) > limit else 0)


def bounds(period: str) -> tuple[int, int]:
    """First and last instant (excluded) of `2026`, `2026Q1`, `2026-03` or `2026-03-02`; Refused(invalid) else."""
    match = _PERIOD.fullmatch(period)
    try:
        first, last = _days(match) if match else (date.max, date.max)
        return clock.day_bounds_us(first)[0], clock.day_bounds_us(last)[1]
    except (ValueError, OverflowError):
        raise Refused(
            "invalid", missing=("period",), detail=N_("A period is written 2026, 2026Q1 or 2026-03.")
        ) from None


def _days(match: re.Match[str]) -> tuple[date, date]:
    year = int(match[1])
    if match[4]:
        day = date(year, int(match[3]), int(match[4]))
        return day, day
    first, months = (int(match[2]) * 3 - 2, 3) if match[2] else (int(match[3]), 1) if match[3] else (1, 12)
    years, month = divmod(first - 1 + months, 12)
    return date(year, first, 1), date(year + years, month + 1, 1) - timedelta(days=1)


def _book(pack: Pack, by: Actor, name: str) -> Book:
    said = pack.registers[name]
    counted = selectors.rows_for(pack, by, name).aggregate(
        open=Count("pk", filter=Q(closed_us=0)), closed=Count("pk", filter=Q(closed_us__gt=0))
    )
    return Book(name, said.title, said.article or "", counted["open"], counted["closed"], bool(said.states))


def _in_state(found: QuerySet[Row], state: str) -> QuerySet[Row]:
    if state in (OPEN, CLOSED):
        return found.filter(closed_us=0) if state == OPEN else found.filter(closed_us__gt=0)
    return found.filter(state=state) if state else found


def _within(found: QuerySet[Row], period: str) -> QuerySet[Row]:
    if not period:
        return found
    since, until = bounds(period)
    return found.filter(opened_us__gte=since, opened_us__lt=until)
