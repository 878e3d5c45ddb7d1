"""The stretch of time a figure is about: `2026-07-15`, `2026-W29`, `2026-07`, `2026Q3`, `2026H2`, `2026`, `always`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from kedang.governance.compliance import periods
from kedang.governance.compliance.periods import Period
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

ALWAYS = Period("always", date(2000, 1, 1), date(2099, 12, 31))
_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_WEEK = re.compile(r"(20\d\d)-W(\d\d)")


def span(text: str) -> Period:
    """The stretch of a name; raises Refused(invalid) for another text."""
    text = text.strip()
    if text == ALWAYS.name:
        return ALWAYS
    try:
        if _DAY.fullmatch(text):
            return containing("day", date.fromisoformat(text))
        if found := _WEEK.fullmatch(text):
            return containing("week", date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise Refused("invalid", missing=("period",), detail=N_("There is no such day or week.")) from None
    return periods.period(text)


def asked_for(text: str) -> Period | None:
    """The stretch of a name; None for an empty one: each thing then has its own."""
    return span(text) if text.strip() else None


def containing(over: str, day: date) -> Period:
    """The period of a kind (`day` … `year`, `always`) that a day lies in."""
    return _KINDS[over](day)


def _week(day: date) -> Period:
    first = day - timedelta(days=day.weekday())
    year, number, _ = day.isocalendar()
    return Period(f"{year}-W{number:02}", first, first + timedelta(days=6))


_KINDS: dict[str, Callable[[date], Period]] = {
    "day": lambda day: Period(day.isoformat(), day, day),
    "week": _week,
    "month": lambda day: periods.period(f"{day:%Y-%m}"),
    "quarter": lambda day: periods.period(periods.quarter_of(day)),
    "half_year": lambda day: periods.period(f"{day.year}H{(day.month + 5) // 6}"),
    "year": lambda day: periods.period(str(day.year)),
    "always": lambda day: ALWAYS,
}
