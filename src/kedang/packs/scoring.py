"""What the tables, scores and sanctions of a pack give for known numbers. Pure, in whole numbers.

A number that is not known is None, and whatever needs it is None too: no figure, never a guess and never a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kedang.packs.conditions import answers
from kedang.packs.measures import Amount, Band, Degree, GradeBand, Part, Score, Sum
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Range

Values = Mapping[str, Any]
"""Numbers and words by the name of the measure or of the item of a form."""


@dataclass(frozen=True, slots=True)
class PartScored:
    """One part of a score: its own number or word, the points it gives before its weight in percent."""

    kind: str
    name: str
    number: int | str | None
    points: int | None
    weight: int = 100


@dataclass(frozen=True, slots=True)
class Scored:
    """What a score comes to; `points` is None where a number it needs is not known."""

    points: int | None
    parts: tuple[PartScored, ...] = ()
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """What the regulation provides for one occurrence, the `no`-th; `capped` where the most was reached."""

    occurrence: Any
    amount: Amount | None
    measure: str = ""
    no: int = 1
    capped: bool = False


def table_value(pack: Pack, name: str, inputs: Mapping[str, Any]) -> str | int | None:
    """What a decision table says: the first line that fits decides; None where none does and nothing is said otherwise.

    `inputs` are words, whole numbers or sets of words by name; a line that asks for one that is missing does not fit.
    """
    table = pack.tables[name]
    return next((row.then for row in table.rows if answers(row.when, inputs)), table.otherwise)


def half_up(number: int, by: int) -> int | None:
    """A division in whole numbers, a half rounded up; None by zero."""
    if by == 0:
        return None
    number, by = (-number, -by) if by < 0 else (number, by)
    return (2 * number + by) // (2 * by)


def band_points(bands: Sequence[Band], number: int | None) -> int | None:
    """The points of the highest band the number reaches; None where it reaches none, or is not known."""
    band = _reached(bands, number)
    return band.points if band else None


def grade_of(grades: Sequence[GradeBand], points: int | None) -> str:
    """The grade of so many points; empty without one."""
    band = _reached(grades, points)
    return band.grade if band else ""


def score(pack: Pack, name: str, values: Values) -> Scored:
    """What a score gives: its parts, weighted and added to where it begins, or its formula; held within its limit.

    Parts are rounded once, when all are added. A part without a figure leaves the score without one.
    """
    said = pack.scores[name]
    parts = tuple(_part(pack, part, values) for part in said.parts)
    points = _within(said.limit, _points(said, parts, values))
    return Scored(points, parts, grade_of(said.grades, points))


def formula(tree: Sum, values: Values) -> int | None:
    """What an arithmetic tree gives; None where a number is not known or something is divided by zero."""
    if tree.number is not None:
        return tree.number
    for name in (tree.measure, tree.item):
        if name is not None:
            return _whole(values.get(name))
    for kind, terms in _operations(tree):
        numbers = [formula(term, values) for term in terms]
        known = [number for number in numbers if number is not None]
        return _ARITHMETIC[kind](known) if len(known) == len(numbers) else None
    return None


def measures_of(pack: Pack, name: str) -> frozenset[str]:
    """The measures a score needs, those of the scores and tables in it included."""
    said, found = pack.scores[name], set[str]()
    for part in said.parts:
        if part.measure:
            found.add(part.measure)
        if part.score:
            found |= measures_of(pack, part.score)
        if part.table:
            found |= pack.measures.keys() & pack.tables[part.table].inputs.keys()
    return frozenset(found | (_measured(said.formula) if said.formula else set()))


def sanction(pack: Pack, name: str, occurrences: Iterable[Any]) -> list[Due]:
    """What is due for each occurrence, in the order they happened within one period of the sanction.

    The degree is that of the so-manieth; before the first degree nothing is due. Together they stay below the cap.
    """
    said = pack.sanctions[name]
    out: list[Due] = []
    left = _most(said.cap)
    for no, occurrence in enumerate(occurrences, 1):
        degree = _degree(said.degrees, no)
        if degree is None:
            continue
        amount, left, capped = _capped(degree.amount, said.cap, left)
        out.append(Due(occurrence, amount, degree.measure or "", no, capped))
    return out


def size(amount: Amount | None) -> int:
    """How much an amount is at most, whichever kind it is; points taken off count like points given."""
    if amount is None:
        return 0
    if amount.percent is not None:
        return amount.percent.max if amount.percent.max is not None else 100
    return abs(amount.fen if amount.fen is not None else amount.points or 0)


def _reached(bands: Sequence[Any], number: int | None) -> Any:
    if number is None:
        return None
    fits = [band for band in bands if band.from_ is None or number >= band.from_]
    return max(fits, key=lambda band: (band.from_ is not None, band.from_ or 0), default=None)


def _part(pack: Pack, part: Part, values: Values) -> PartScored:
    kind, name, number = _source(pack, part, values)
    points = band_points(part.bands, _whole(number)) if part.bands else _whole(number)
    return PartScored(kind, name, number, _within(part.limit, points), part.weight)


def _source(pack: Pack, part: Part, values: Values) -> tuple[str, str, int | str | None]:
    if part.measure:
        return "measure", part.measure, values.get(part.measure)
    if part.score:
        return "score", part.score, score(pack, part.score, values).points
    if part.table:
        known = {name: value for name, value in values.items() if value is not None}
        return "table", part.table, table_value(pack, part.table, known)
    return "", "", None


def _points(said: Score, parts: Sequence[PartScored], values: Values) -> int | None:
    if said.formula is not None:
        found = formula(said.formula, values)
        return None if found is None else said.base + found
    weighted = [part.points * part.weight for part in parts if part.points is not None]
    if not parts or len(weighted) < len(parts):
        return None
    return said.base + (2 * sum(weighted) + 100) // 200


def _within(limit: Range | None, number: int | None) -> int | None:
    if limit is None or number is None:
        return number
    number = number if limit.min is None else max(number, limit.min)
    return number if limit.max is None else min(number, limit.max)


def _whole(found: Any) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _operations(tree: Sum) -> Iterator[tuple[str, tuple[Sum, ...]]]:
    return ((kind, terms) for kind in _ARITHMETIC if (terms := getattr(tree, kind)))


def _measured(tree: Sum) -> set[str]:
    found = {tree.measure} if tree.measure else set[str]()
    return found.union(*(_measured(term) for _, terms in _operations(tree) for term in terms))


def _subtract(numbers: list[int]) -> int:
    return numbers[0] - sum(numbers[1:])


def _multiply(numbers: list[int]) -> int:
    product = 1
    for number in numbers:
        product *= number
    return product


def _divide(numbers: list[int]) -> int | None:
    found: int | None = numbers[0]
    for number in numbers[1:]:
        found = None if found is None else half_up(found, number)
    return found


_ARITHMETIC: dict[str, Callable[[list[int]], int | None]] = {
    "add": sum,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "least": min,
    "greatest": max,
}


def _degree(degrees: Sequence[Degree], no: int) -> Degree | None:
    return max((each for each in degrees if each.from_ <= no), key=lambda each: each.from_, default=None)


def _kind(amount: Amount | None) -> str:
    kinds = ("fen", "points", "percent")
    return next((kind for kind in kinds if amount is not None and getattr(amount, kind) is not None), "")


def _most(cap: Amount | None) -> int | None:
    return size(cap) if _kind(cap) else None


def _capped(
    amount: Amount | None, cap: Amount | None, left: int | None
) -> tuple[Amount | None, int | None, bool]:  # fmt: skip
    """What of an amount still lies below the cap, and what is left of the cap then; another kind is not capped."""
    if amount is None or left is None or _kind(amount) != _kind(cap):
        return amount, left, False
    wanted = size(amount)
    given = min(wanted, left)
    return (amount if given == wanted else _cut(amount, given)), left - given, given < wanted


def _cut(amount: Amount, most: int) -> Amount:
    if amount.percent is not None:
        least = amount.percent.min
        return Amount(percent=Range(min=None if least is None else min(least, most), max=most))
    if amount.fen is not None:
        return Amount(fen=most if amount.fen >= 0 else -most)
    return Amount(points=most if (amount.points or 0) >= 0 else -most)
