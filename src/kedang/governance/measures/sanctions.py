"""Fines and rewards the regulation provides for what happened. Proposals: the company decides by its own request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kedang.customers.models import Dossier
from kedang.governance.clocks.models import Duty
from kedang.governance.compliance.periods import Period
from kedang.governance.measures.asking import Company
from kedang.governance.measures.limits import broken
from kedang.governance.measures.rows import holder_of, matching
from kedang.governance.measures.spans import containing
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.packs import scoring
from kedang.packs.measures import Amount, Sanction
from kedang.packs.schema import Pack

MOST = 2000
"""Occurrences of one sanction in its period; what comes after them is not proposed."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened: when, whose it is (`staff:…`, `unit:…`, or empty), and the duty or row behind it."""

    at_us: int
    who: str
    source: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the regulation provides for one occurrence, the `no`-th of the same person in the period."""

    name: str
    who: str
    at_us: int
    source: str
    no: int
    amount: Amount | None
    measure: str
    capped: bool


@dataclass(frozen=True, slots=True)
class Proposals:
    """A sanction with what it proposes in a stretch of time. `by_decision`: nothing the product sees leads to it."""

    name: str
    said: Sanction
    proposed: tuple[Proposed, ...] = ()
    unnamed: int = 0
    """Occurrences that are nobody's in particular."""
    capped: bool = False

    @property
    def by_decision(self) -> bool:
        """Whether somebody has to find the occurrence."""
        return not (self.said.late or self.said.missed or self.said.rows)


def sanctions_of(pack: Pack, period: Period, *, at_us: int | None = None) -> list[Proposals]:
    """Every sanction of the regulation with what it proposes for a stretch of time.

    Occurrences count from the beginning of the sanction's own period, so that the third of a year is the third even
    in a report about a month.
    """
    at, house = clock.now_us() if at_us is None else at_us, Company()
    return [_proposals(pack, name, period, at, house) for name in pack.sanctions]


def _proposals(pack: Pack, name: str, period: Period, at: int, house: Company) -> Proposals:
    said = pack.sanctions[name]
    first, last = containing(said.over, period.first), containing(said.over, period.last)
    counted = Period(period.name, min(first.first, period.first), max(last.last, period.last))
    grouped: dict[tuple[str, str], list[Occurrence]] = {}
    unnamed, taken = 0, 0
    for occurrence in _occurrences(pack, said, counted, at, house):
        if not occurrence.who:
            unnamed += period.since_us <= occurrence.at_us < period.until_us
            continue
        taken += 1
        if taken > MOST:
            break
        key = containing(said.over, clock.company_day(occurrence.at_us)).name
        grouped.setdefault((occurrence.who, key), []).append(occurrence)
    due = [each for group in grouped.values() for each in scoring.sanction(pack, name, group)]
    within = (each for each in due if period.since_us <= each.occurrence.at_us < period.until_us)
    proposed = sorted((_proposed(name, each) for each in within), key=lambda each: (each.at_us, each.who, each.source))
    return Proposals(name, said, tuple(proposed), unnamed, taken > MOST)


def _proposed(name: str, due: scoring.Due) -> Proposed:
    what: Occurrence = due.occurrence
    return Proposed(name, what.who, what.at_us, what.source, due.no, due.amount, due.measure, due.capped)


def _occurrences(pack: Pack, said: Sanction, counted: Period, at: int, house: Company) -> Iterator[Occurrence]:
    if said.rows is not None:
        kept = matching(pack, said.rows, counted, at)
        return (Occurrence(each.row.opened_us, _who_of_row(said.of, each.row, house), each.row.ref) for each in kept)
    source, name = ("clock", said.late) if said.late else ("round", said.missed)
    return (
        Occurrence(duty.due_us, _who_of_duty(said.of, duty, house), str(duty))
        for duty in (broken(source, name, counted, at).iterator() if name else ())
    )


def _who_of_duty(of: str, duty: Duty, house: Company) -> str:
    if of == "unit":
        return house.units[duty.unit].ref if duty.unit in house.units else ""
    holder = duty.thing_holder or duty.holder or duty.seat.partition("staff:")[2]
    username = {"holder": holder, "applicant": duty.applicant, "owner": duty.owner}[of]
    return f"staff:{username}" if username else ""


def _who_of_row(of: str, row: Row, house: Company) -> str:
    if of == "unit":
        return row.subject if row.subject.startswith("unit:") else _unit(row.unit_id, house)
    username = row.opened_by if of == "applicant" else holder_of(row)
    if of == "owner":
        code = row.subject.partition("dossier:")[2]
        username = _owner(code) if code else ""
    return f"staff:{username}" if username else ""


def _owner(code: str) -> str:
    return Dossier.objects.filter(code=code).values_list("owner__username", flat=True).first() or ""


def _unit(pk: int, house: Company) -> str:
    return house.units[pk].ref if pk in house.units else ""
