"""Measures, scores, decision tables, fines and rewards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kedang.packs.coherence.raw import File, Raw, given, items, mapping, whole, words
from kedang.packs.reading import Path

SOURCES = (
    "count", "sum", "average", "highest", "lowest", "deeds", "refused", "in_time", "late", "done", "missed", "quality",
    "field",
)  # fmt: skip
OF_ITEMS = ("sum", "average", "highest", "lowest")
TERMS = ("measure", "number", "item", "add", "subtract", "multiply", "divide", "least", "greatest")
AMOUNTS = ("fen", "points", "percent")
CAUSES = ("late", "missed", "rows")


def examine(file: File) -> None:
    """Whatever is counted, and what follows from the count."""
    for name, measure in file.section("measures").items():
        _measure(file, ("measures", name), measure)
    for name, score in file.section("scores").items():
        _score(file, ("scores", name), score)
    for name in _circular(file):
        file.report(("scores", name), "cycle", name)
    for name, table in file.section("tables").items():
        _table(file, ("tables", name), table)
    for name, sanction in file.section("sanctions").items():
        _sanction(file, ("sanctions", name), sanction)


def _measure(file: File, path: Path, measure: Raw) -> None:
    sources = [name for name in SOURCES if name in measure]
    if len(sources) != 1:
        file.report(path, "exactly_one", ", ".join(sources) or None, names=", ".join(SOURCES))
    if bool(given(measure, OF_ITEMS)) != ("item" in measure):
        file.report(path, "measure_item", measure.get("item"))
    if given(measure, ("field",)) and measure.get("of") != "dossier":
        file.report((*path, "of"), "measure_of_dossier", measure.get("of"))
    for source in ("count", *OF_ITEMS):
        if rows := mapping(measure.get(source)):
            _rows(file, (*path, source), rows)


def _rows(file: File, path: Path, rows: Raw) -> None:
    register = rows.get("register")
    states = file.states(register)
    for index, state in enumerate(words(rows.get("state"))):
        if state not in states:
            file.report((*path, "state", index), "choice", state, known=", ".join(states) or "-")
    filling = [name for name in file.operations if register in file.writes(name)]
    known = {item for name in filling for item in file.items_of(name)}
    known |= {
        item for name in file.operations if file.moves(name).get("register") == register for item in file.items_of(name)
    }
    for item in mapping(rows.get("where")):
        if item not in known:
            file.report((*path, "where", item), "choice", item, known=", ".join(sorted(known)) or "-")


def _score(file: File, path: Path, score: Raw) -> None:
    if len(named := given(score, ("parts", "formula"))) != 1:
        file.report(path, "exactly_one", ", ".join(named) or None, names="parts, formula")
    for index, part in enumerate(items(score.get("parts"))):
        body = mapping(part)
        if len(named := given(body, ("measure", "score", "table"))) != 1:
            file.report((*path, "parts", index), "exactly_one", ", ".join(named) or None, names="measure, score, table")
        _bands(file, (*path, "parts", index, "bands"), items(body.get("bands")))
    _bands(file, (*path, "grades"), items(score.get("grades")))
    if formula := mapping(score.get("formula")):
        arithmetic(file, (*path, "formula"), formula)


def _bands(file: File, path: Path, bands: list[Any]) -> None:
    """Each beginning once, and one band for whatever lies below."""
    starts = [mapping(band).get("from") for band in bands]
    for index, start in enumerate(starts):
        if start in starts[:index]:
            file.report((*path, index), "same_band", start)
    if bands and None not in starts:
        file.report(path, "lowest_band", None)


def terms(path: Path, term: Raw) -> Iterator[tuple[Path, Raw]]:
    """A term and those inside it."""
    yield path, term
    for name in TERMS:
        for index, inner in enumerate(items(term.get(name))):
            yield from terms((*path, name, index), mapping(inner))


def arithmetic(file: File, path: Path, term: Raw) -> None:
    """Exactly one operator or value in each term, and two terms where something is divided."""
    named = [name for name in TERMS if name in term]
    if len(named) != 1:
        file.report(path, "exactly_one", ", ".join(named) or None, names=", ".join(TERMS))
    for name in named:
        inner = items(term[name])
        if name == "divide" and len(inner) != 2:
            file.report((*path, name), "two_terms", len(inner))
        for index, each in enumerate(inner):
            if isinstance(each, dict):
                arithmetic(file, (*path, name, index), each)


def _circular(file: File) -> Iterator[str]:
    scores = file.section("scores")
    uses = {
        name: {str(mapping(part).get("score")) for part in items(score.get("parts"))} for name, score in scores.items()
    }
    for name in scores:
        reached: set[str] = set()
        ahead = set(uses[name])
        while ahead:
            here = ahead.pop()
            if here not in reached:
                reached.add(here)
                ahead |= uses.get(here, set())
        if name in reached:
            yield name


def _table(file: File, path: Path, table: Raw) -> None:
    inputs = mapping(table.get("inputs"))
    earlier: list[Raw] = []
    for index, row in enumerate(items(table.get("rows"))):
        when = mapping(mapping(row).get("when"))
        for name in when:
            if name not in inputs:
                file.report((*path, "rows", index, "when", name), "choice", name, known=", ".join(inputs) or "-")
        if any(_covers(before, when) for before in earlier):
            file.report((*path, "rows", index), "shadowed", None)
        earlier.append(when)


def _covers(general: Raw, special: Raw) -> bool:
    """Whether whatever fits the second line fits the first."""
    return all(name in special and _within(wanted, special[name]) for name, wanted in general.items())


def _within(outer: Any, inner: Any) -> bool:
    if isinstance(outer, list) and isinstance(inner, list):
        return set(map(str, inner)) <= set(map(str, outer))
    if isinstance(outer, dict) and isinstance(inner, dict):
        low, high = outer.get("min"), outer.get("max")
        return (low is None or whole(inner.get("min"), low - 1) >= low) and (
            high is None or whole(inner.get("max"), high + 1) <= high
        )
    return False


def _sanction(file: File, path: Path, sanction: Raw) -> None:
    if len(named := given(sanction, CAUSES)) > 1 or (not named and not sanction.get("flow")):
        file.report(path, "exactly_one", ", ".join(named) or None, names=", ".join(CAUSES))
    if rows := mapping(sanction.get("rows")):
        _rows(file, (*path, "rows"), rows)
    starts: list[int] = []
    for index, degree in enumerate(items(sanction.get("degrees"))):
        body = mapping(degree)
        if not given(body, ("amount", "measure")):
            file.report((*path, "degrees", index), "sanction_of_nothing", None)
        if starts and whole(body.get("from", 1), 1) <= starts[-1]:
            file.report((*path, "degrees", index), "same_band", whole(body.get("from", 1), 1))
        starts.append(whole(body.get("from", 1), 1))
        _amount(file, (*path, "degrees", index, "amount"), mapping(body.get("amount")))
    _amount(file, (*path, "cap"), mapping(sanction.get("cap")))


def _amount(file: File, path: Path, amount: Raw) -> None:
    if amount and len(named := [name for name in AMOUNTS if name in amount]) != 1:
        file.report(path, "exactly_one", ", ".join(named) or None, names=", ".join(AMOUNTS))
