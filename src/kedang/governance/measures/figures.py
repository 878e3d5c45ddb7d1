"""The number of a measure for every subject in a stretch of time, whatever its source."""

from __future__ import annotations

from collections.abc import Callable

from kedang.governance.compliance.periods import Period
from kedang.governance.measures.asking import Company, Question
from kedang.governance.measures.deeds import deeds
from kedang.governance.measures.dossiers import dossiers
from kedang.governance.measures.limits import limits
from kedang.governance.measures.rows import rows
from kedang.governance.measures.spans import containing
from kedang.governance.measures.tallies import Figures
from kedang.kernel import clock
from kedang.packs.measures import Measure
from kedang.packs.schema import Pack


def figures(pack: Pack, name: str, *, of: str = "", over: str = "", at: int | None = None) -> dict[str, int | str]:
    """The numbers of a measure by subject, in the period of kind `over` that holds the instant `at`.

    Only subjects of which something was counted; `of` and `over` are those of the measure where they are not given.
    """
    said, now = pack.measures[name], clock.now_us()
    period = containing(over or said.over, clock.company_day(now if at is None else at))
    found = figured(pack, name, of=of or said.of, period=period)
    return {subject: each.value for subject, each in found.numbers.items() if each.value is not None}


def figured(
    pack: Pack, name: str, *, of: str, period: Period, company: Company | None = None,
    codes: tuple[str, ...] | None = None, at_us: int | None = None,
) -> Figures:  # fmt: skip
    """The same with the numbers behind each; of dossiers only those of the given codes, where some are given."""
    at = clock.now_us() if at_us is None else at_us
    asked = Question(pack, pack.measures[name], of, period, at, company or Company(), codes)
    return _source(asked.measure)(asked)


def _source(measure: Measure) -> Callable[[Question], Figures]:
    if measure.deeds or measure.refused:
        return deeds
    if measure.in_time or measure.late or measure.done or measure.missed:
        return limits
    return dossiers if measure.quality or measure.field else rows
