"""What becomes of each row of a chunk: open, update, unchanged, duplicate or rejected, and why. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from kedang.customers import bulk, selectors, values
from kedang.customers.fields import FIELDS
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.values import Reading
from kedang.intake import matching
from kedang.intake.checking import Block
from kedang.intake.judging import CHANNEL, Judge
from kedang.intake.readers.grid import Ragged
from kedang.kernel.deeds import Facts
from kedang.standards import Finding, checkchar


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that does not go in: `kind` is rejected or duplicate."""

    row: int
    kind: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A dossier to update with the values of a row that differ."""

    row: int
    dossier_id: int
    version_no: int
    reading: Reading


@dataclass
class Plan:
    """What a slice of rows will do."""

    last_row: int
    opening: pl.DataFrame
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    warned: int = 0

    def turn_unchanged(self, changes: Sequence[Change]) -> None:
        """Changes that turned out to change nothing."""
        for change in changes:
            self.changes.remove(change)
            self.unchanged += 1

    @property
    def counts(self) -> dict[str, int]:
        """The numbers a batch adds up; their sum is the number of rows."""
        rejected = sum(problem.kind == "rejected" for problem in self.problems)
        return {
            "created": len(self.opening),
            "updated": len(self.changes),
            "rejected": rejected,
            "duplicates": len(self.problems) - rejected,
            "unchanged": self.unchanged,
            "warnings": self.warned,
        }


@dataclass
class Taken:
    """Dossiers this batch has written already: opened ones in ranges of ids, and updated ones."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    ids: set[int] = field(default_factory=set)

    def has(self, pk: int) -> bool:
        """Whether this batch opened or updated the dossier."""
        return pk in self.ids or any(first <= pk < first + count for first, count in self.ranges)


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive rows: those that could be laid under the header, and those that could not."""

    rows: pl.DataFrame
    ragged: Sequence[Ragged]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the whole batch: who asks, what happens to customers that are there, fields given by default."""

    judge: Judge
    on_duplicate: str
    asked: frozenset[str]
    """Fields the batch gives, as the pack sees them."""
    taken: Taken


def plan(block: Block, part: Slice, repeats: Mapping[int, int], rules: Rules) -> Plan:
    """Judge consecutive rows of a block; `repeats` are rows that repeat an earlier one of the file."""
    rows, ragged = part.rows, part.ragged
    last = max([*rows["row"].to_list()[-1:], *(entry.row for entry in ragged)])
    made = Plan(last, rows.clear())
    _reject_ragged(made, ragged)
    _reject_bad(made, block, rows)
    good = rows.filter(~pl.col("bad"))
    repeated = good.filter(pl.col("row").is_in(list(repeats)))
    for row in repeated["row"]:
        made.problems.append(Problem(row, "duplicate", (_repeated(repeats[row]),)))
    fresh = good.filter(~pl.col("row").is_in(list(repeats)))
    known = matching.match(fresh)
    made.opening = _openings(made, fresh.filter(~pl.col("row").is_in(list(known))), rules)
    _judge_known(made, block, fresh.filter(pl.col("row").is_in(list(known))), known, rules)
    _count_findings(made, block, rows)
    made.problems.sort(key=lambda problem: problem.row)
    return made


def _reject_ragged(made: Plan, ragged: Sequence[Ragged]) -> None:
    for entry in ragged:
        finding = Finding("", entry.rule, "error", "", dict(entry.params))
        made.problems.append(Problem(entry.row, "rejected", (finding,)))
        made.tally[f":{entry.rule}:error"] += 1


def _reject_bad(made: Plan, block: Block, rows: pl.DataFrame) -> None:
    for at, row in rows.filter("bad").select("at", "row").iter_rows():
        made.problems.append(Problem(row, "rejected", tuple(block.findings(at))))


def _openings(made: Plan, rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The rows that may be opened; the pack is asked once per kind, level and set of fields."""
    keys = [key for key in rows.columns if key in FIELDS and key in rules.asked]
    mask = pl.sum_horizontal(
        [pl.lit(0, pl.Int64)] + [pl.col(key).is_not_null().cast(pl.Int64) * 2**n for n, key in enumerate(keys)]
    )
    asked = rows.with_columns(mask.alias("mask"))
    refused: list[int] = []
    for (kind, level, bits), part in asked.group_by("kind", "level", "mask"):
        fields = frozenset(key for n, key in enumerate(keys) if int(str(bits)) >> n & 1)
        finding = rules.judge.opening(str(kind), str(level), fields)
        if finding is not None:
            refused += part["row"].to_list()
            made.problems += [Problem(row, "rejected", (finding,)) for row in part["row"]]
            made.tally[f":{finding.rule}:error"] += len(part)
    return rows.filter(~pl.col("row").is_in(refused))


def _judge_known(made: Plan, block: Block, rows: pl.DataFrame, known: Mapping[int, int], rules: Rules) -> None:
    """Rows with a dossier: compared where the person may see it, updated where asked and allowed."""
    ids = sorted(known[row] for row in rows["row"])
    visible = set(selectors.visible_to(rules.judge.actor).filter(pk__in=ids).values_list("pk", flat=True))
    keys = [key for key in rows.columns if key in block.texts and key != "kind"]
    stored = bulk.stored(sorted(visible), keys)
    dossiers = bulk.facts_rows(ids) if rules.on_duplicate == "update" else {}
    for record in rows.iter_rows(named=True):
        row, pk, at = record["row"], known[record["row"]], record["at"]
        new = {key: values.as_json(clean(key, record[key])) for key in keys if block.gives(key, at)}
        differs = matching.differing(new, stored[pk]) if pk in stored else None
        if differs == []:
            made.unchanged += 1
        elif rules.on_duplicate != "update" or rules.taken.has(pk):
            code = checkchar.code_for(pk) if pk in visible else "—"
            made.problems.append(Problem(row, "duplicate", (Finding("", "row.differs", "error", "", {"code": code}),)))
        else:
            facts = _amend_facts(rules, dossiers[pk], frozenset(differs or new), visible=pk in visible)
            _update(
                made, block, record, differs or list(new), rules.judge.ask("customer.amend", facts), dossiers[pk], rules
            )


def _amend_facts(rules: Rules, dossier: Dossier, fields: frozenset[str], *, visible: bool) -> Facts:
    facts = facts_of(rules.judge.actor, dossier, fields, channel=CHANNEL)
    return facts if visible else replace(facts, rel=facts.rel - {"in_scope"})


def _update(
    made: Plan,
    block: Block,
    record: Mapping[str, Any],
    differs: Sequence[str],
    refusal: Finding | None,
    dossier: Dossier,
    rules: Rules,
) -> None:
    """Update the dossier by the fields that differ, or reject the row with the refusal of the gate."""
    if refusal is not None:
        made.problems.append(Problem(record["row"], "rejected", (refusal,)))
        made.tally[f":{refusal.rule}:error"] += 1
        return
    rules.taken.ids.add(dossier.pk)
    new = {key: clean(key, record[key]) for key in differs}
    found = (f for key in differs for f in block.reads[key].findings(block.texts[key][record["at"]]))
    warnings = tuple(f for f in found if f.severity == "warning")
    made.changes.append(Change(record["row"], dossier.pk, dossier.version_no, Reading(new, warnings)))


def clean(key: str, value: Any) -> Any:
    """A value out of a column in the form `values.read` gives it."""
    if FIELDS[key].standard == "capital" and value is not None:
        return (value["fen"], value["currency"])
    return value


def _repeated(row: int) -> Finding:
    return Finding("", "row.repeated", "error", "", {"row": row})


def _count_findings(made: Plan, block: Block, rows: pl.DataFrame) -> None:
    """How many rows of the slice hit each rule first, by field."""
    at = rows["at"]
    for key, read in block.reads.items():
        hit = pl.DataFrame({"rule": read.rule.gather(at), "severity": read.severity.gather(at)}).drop_nulls("rule")
        for rule, severity, count in hit.group_by("rule", "severity").len().iter_rows():
            made.tally[f"{key}:{rule}:{severity}"] += count
    warned = made.opening.filter(pl.col("warnings") != "")
    made.warned = len(warned) + sum(bool(change.reading.findings) for change in made.changes)


def slices(block: Block, ragged: Sequence[Ragged], after: int, size: Callable[[], int]) -> Iterator[Slice]:
    """The rows of a block numbered above `after`, in consecutive slices of the size asked for each time."""
    every = [*block.frame["row"].to_list(), *(entry.row for entry in ragged)]
    numbers = sorted(number for number in every if number > after)
    at, low = 0, after
    while at < len(numbers):
        count = max(1, size())
        high = numbers[min(at + count, len(numbers)) - 1]
        rows = block.frame.filter((pl.col("row") > low) & (pl.col("row") <= high))
        yield Slice(rows, [entry for entry in ragged if low < entry.row <= high])
        at, low = at + count, high
