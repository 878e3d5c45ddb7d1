"""The stretch of time a report is about: `2026`, `2026H1`, `2026Q3`, `2026-07`, in the company's own days. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

_WRITTEN = re.compile(r"(20\d\d)(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first instant of its first day up to, not including, the first instant after its last."""

    name: str
    first: date
    last: date

    @property
    def since_us(self) -> int:
        """Its first instant."""
        return clock.day_bounds_us(self.first)[0]

    @property
    def until_us(self) -> int:
        """The first instant after it."""
        return clock.day_bounds_us(self.last)[1]


def period(text: str) -> Period:
    """The period of a name, the present quarter for an empty one; raises Refused(invalid) for another text."""
    name = text.strip() or quarter_of(clock.company_day(clock.now_us()))
    found = _WRITTEN.fullmatch(name)
    if found is None:
        raise Refused(
            "invalid", missing=("period",), detail=N_("A period is written like 2026Q3, 2026H1, 2026-07 or 2026.")
        )
    year, quarter, half, month = (int(part) if part else 0 for part in found.groups())
    first, months = (month, 1) if month else (quarter * 3 - 2, 3) if quarter else (half * 6 - 5, 6) if half else (1, 12)
    after = first + months
    last = date(year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)
    return Period(name, date(year, first, 1), last)


def quarter_of(day: date) -> str:
    """The name of the quarter a day lies in."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def recent(day: date, count: int = 8) -> list[str]:
    """Names to choose from: the last quarters up to this one, newest first, then this year's and the last year's."""
    quarters = [divmod(day.year * 4 + (day.month - 1) // 3 - back, 4) for back in range(count)]
    return [*(f"{year}Q{number + 1}" for year, number in quarters), f"{day:%Y-%m}", str(day.year), str(day.year - 1)]
