"""Scores: points and grade of every subject, with the parts and the numbers behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kedang.governance.compliance.periods import Period
from kedang.governance.measures.asking import Company
from kedang.governance.measures.figures import figured
from kedang.governance.measures.spans import containing
from kedang.governance.measures.tallies import COMPANY, Figure, Figures
from kedang.kernel import clock
from kedang.packs import scoring
from kedang.packs.schema import Pack
from kedang.packs.scoring import Scored


@dataclass(frozen=True, slots=True)
class Line:
    """One subject: its score, or its one figure, and the figures of the measures behind it."""

    subject: str
    scored: Scored
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Table:
    """A score or a measure over a stretch of time. `usual` is the period the regulation itself counts it by."""

    kind: str
    name: str
    title: str
    article: str
    of: str
    usual: str
    period: Period
    lines: Sequence[Line]
    capped: bool = False
    note: str = ""


def scores_of(
    pack: Pack, name: str, period: Period | None = None, *, of: str = "", only: Iterable[str] | None = None,
    company: Company | None = None, at_us: int | None = None,
) -> Table:  # fmt: skip
    """A score of every subject, best first; without a period that of the regulation which runs now.

    `only`: of these subjects alone; of dossiers none that is not named there. `of`: of another kind of subject
    than the regulation names, the average of all dossiers of the company for one.
    """
    said, at = pack.scores[name], clock.now_us() if at_us is None else at_us
    of, period = of or said.of, period or containing(said.over, clock.company_day(at))
    house = company or Company()
    subjects = None if only is None else frozenset(only)
    found = _figured(pack, sorted(scoring.measures_of(pack, name)), of, period, subjects, house, at)
    lines = []
    for subject in _subjects(found.values(), of, subjects, house):
        known = {measure: each.of(subject) for measure, each in found.items()}
        values = {measure: figure.value for measure, figure in known.items()}
        lines.append(Line(subject, scoring.score(pack, name, values), known))
    lines.sort(key=lambda line: (line.scored.points is None, -(line.scored.points or 0), line.subject))
    return Table("score", name, said.title, said.article or "", of, said.over, period, lines, **_marks(found))


def measure_of(
    pack: Pack, name: str, period: Period | None = None, *, of: str = "", only: Iterable[str] | None = None,
    company: Company | None = None, at_us: int | None = None,
) -> Table:  # fmt: skip
    """The figure of a measure of every subject, in the order of the subjects."""
    said, at = pack.measures[name], clock.now_us() if at_us is None else at_us
    of, period = of or said.of, period or containing(said.over, clock.company_day(at))
    house = company or Company()
    subjects = None if only is None else frozenset(only)
    found = _figured(pack, [name], of, period, subjects, house, at)
    lines = []
    for subject in _subjects(found.values(), of, subjects, house):
        figure = found[name].of(subject)
        points = figure.value if isinstance(figure.value, int) else None
        lines.append(Line(subject, Scored(points), {name: figure}))
    return Table("measure", name, said.title, said.article or "", of, said.over, period, lines, **_marks(found))


def points_for(pack: Pack, name: str, subject: str, known: Mapping[str, Any], at_us: int) -> int | None:
    """The points of one subject in the period that runs, with numbers that are known besides (a form's answers)."""
    said = pack.scores[name]
    period = containing(said.over, clock.company_day(at_us))
    wanted = sorted(scoring.measures_of(pack, name) - known.keys())
    found = _figured(pack, wanted, said.of, period, frozenset({subject}), Company(), at_us)
    return scoring.score(pack, name, {**known, **{each: found[each].of(subject).value for each in wanted}}).points


def _figured(
    pack: Pack, names: list[str], of: str, period: Period, only: frozenset[str] | None, house: Company, at: int
) -> dict[str, Figures]:  # fmt: skip
    codes = tuple(sorted(each.partition(":")[2] for each in only or ())) if of == "dossier" else None
    return {
        name: figured(pack, name, of=of, period=period, company=house, codes=codes, at_us=at) for name in names
    }  # fmt: skip


def _subjects(found: Iterable[Figures], of: str, only: frozenset[str] | None, house: Company) -> list[str]:
    """Who or what stands in a table: everybody there is, and whoever has a figure though they left."""
    seen = {subject for each in found for subject in each.numbers}
    if of == "company":
        seen = {COMPANY}
    elif of == "unit":
        seen |= {unit.ref for unit in house.units.values() if unit.kind != "outside"}
    elif of == "staff":
        seen |= {f"staff:{username}" for username in house.active}
    elif only is not None:
        seen |= only
    return sorted(seen if only is None else seen & only)


def _marks(found: Mapping[str, Figures]) -> dict[str, Any]:
    return {
        "capped": any(each.capped for each in found.values()),
        "note": next((each.note for each in found.values() if each.note), ""),
    }
