"""What becomes of each row of a chunk: open, update, unchanged, duplicate or rejected, and why. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from kedang.customers import bulk, dictionary, selectors, values
from kedang.customers.dictionary import Fields
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of, stored_values
from kedang.customers.ops import tested as tested_fields
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.values import Reading
from kedang.intake import items, matching
from kedang.intake.checking import Block
from kedang.intake.judging import CHANNEL, Judge
from kedang.intake.originating import Coming
from kedang.intake.readers.grid import Ragged
from kedang.kernel.deeds import Facts, Part
from kedang.kernel.levels import Level
from kedang.standards import Finding, checkchar

OPEN, AMEND = items.OPERATIONS
_Alike = tuple[str, str, frozenset[str], Mapping[str, Any], Mapping[str, str], list[int]]
"""Kind, level, fields, values, answers of the form as texts, and the numbers of the rows that have all these."""
_BITS = 60
"""Fields whose presence is told by one whole number."""


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
    part: Part
    """What the deed is to the regulation, for what follows from it."""
    origin: OriginIn | None = None


@dataclass
class Plan:
    """What a slice of rows will do. `rows` are their numbers, rising; so are those of every list in it."""

    rows: list[int]
    opening: pl.DataFrame
    changes: list[Change] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hits: list[tuple[int, str]] = field(default_factory=list)
    """Row and `field:rule:severity` of the first finding in each field."""
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    """Row, operation and articles of every refusal of the gate."""

    @property
    def last_row(self) -> int:
        """The number of the last row."""
        return self.rows[-1]

    def part(self, count: int, start: int = 0) -> Plan:
        """The part of the plan for `count` rows from a position on."""
        rows = self.rows[start : start + count]
        low, high = rows[0], rows[-1]

        def within(row: int) -> bool:
            return low <= row <= high

        return Plan(
            rows,
            self.opening.filter(pl.col("row").is_between(low, high)),
            [change for change in self.changes if within(change.row)],
            [row for row in self.unchanged if within(row)],
            [problem for problem in self.problems if within(problem.row)],
            [hit for hit in self.hits if within(hit[0])],
            [each for each in self.refused if within(each[0])],
        )

    def refuse(self, rows: Sequence[int], op: str, *findings: Finding) -> None:
        """Rows that do not go in because of what the gate, or a form of the company, says."""
        for row in rows:
            self.problems.append(Problem(row, "rejected", findings))
            self.hits += [(row, f"{finding.field}:{finding.rule}:error") for finding in findings]
            if articles := str(findings[0].params.get("articles", "")):
                self.refused.append((row, op, articles))

    def turn_unchanged(self, changes: Sequence[Change]) -> None:
        """Changes that turned out to change nothing."""
        for change in changes:
            self.changes.remove(change)
            self.unchanged.append(change.row)

    @property
    def tally(self) -> Counter[str]:
        """How many rows hit each rule."""
        return Counter(hit for _, hit in self.hits)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers a batch adds up; without the warnings their sum is the number of rows."""
        rejected = sum(problem.kind == "rejected" for problem in self.problems)
        warned = len(self.opening.filter(pl.col("warnings") != ""))
        warned += sum(bool(change.reading.findings) for change in self.changes)
        return {
            "created": len(self.opening),
            "updated": len(self.changes),
            "rejected": rejected,
            "duplicates": len(self.problems) - rejected,
            "unchanged": len(self.unchanged),
            "warnings": warned,
        }


@dataclass
class Taken:
    """Dossiers this batch has written already: opened ones in ranges of ids, and updated ones."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    ids: set[int] = field(default_factory=set)

    def add(self, first: int, count: int) -> None:
        """Dossiers with consecutive ids were opened."""
        if self.ranges and sum(self.ranges[-1]) == first:
            first, count = self.ranges[-1][0], self.ranges.pop()[1] + count
        self.ranges.append((first, count))

    def has(self, pk: int) -> bool:
        """Whether this batch opened or updated the dossier."""
        return pk in self.ids or any(first <= pk < first + count for first, count in self.ranges)


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive rows: those that could be laid under the header, and those that could not."""

    rows: pl.DataFrame
    ragged: Sequence[Ragged]

    def above(self, row: int) -> Slice:
        """Only the rows numbered above `row`."""
        return Slice(self.rows.filter(pl.col("row") > row), [entry for entry in self.ragged if entry.row > row])


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the whole batch: who asks, what happens to customers that are there, fields given by default."""

    judge: Judge
    on_duplicate: str
    asked: frozenset[str]
    """Fields the batch gives, as the pack sees them."""
    taken: Taken
    coming: Coming


def plan(block: Block, part: Slice, repeats: Mapping[int, int], rules: Rules) -> Plan:
    """Judge consecutive rows of a block; `repeats` are rows that repeat an earlier one of the file."""
    rows, ragged = part.rows, part.ragged
    rules.judge.begin()
    made = Plan(sorted([*rows["row"].to_list(), *(entry.row for entry in ragged)]), rows.clear())
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
    _collect_hits(made, block, rows)
    made.problems.sort(key=lambda problem: problem.row)
    return made


def _reject_ragged(made: Plan, ragged: Sequence[Ragged]) -> None:
    for entry in ragged:
        finding = Finding("", entry.rule, "error", "", dict(entry.params))
        made.problems.append(Problem(entry.row, "rejected", (finding,)))
        made.hits.append((entry.row, f":{entry.rule}:error"))


def _reject_bad(made: Plan, block: Block, rows: pl.DataFrame) -> None:
    for at, row in rows.filter("bad").select("at", "row").iter_rows():
        made.problems.append(Problem(row, "rejected", tuple(block.findings(at))))


def _openings(made: Plan, rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The rows that may be opened; the pack is asked once for all rows that are one to it."""
    questions: list[tuple[int, Facts]] = []
    for kind, level, fields, told, texts, part in _alike(rows, rules):
        filled = rules.judge.filled(OPEN, texts)
        if filled.wrong:
            made.refuse(part, OPEN, *filled.wrong)
            continue
        facts = rules.judge.opening(kind, level, fields, told, filled.facts)
        if rules.judge.counted(OPEN):
            questions += [(row, facts) for row in part]
        elif refusal := rules.judge.ask(OPEN, facts):
            made.refuse(part, OPEN, refusal)
    for row, facts in sorted(questions, key=lambda question: question[0]):
        if refusal := rules.judge.ask(OPEN, facts):
            made.refuse([row], OPEN, refusal)
    allowed = rows.filter(~pl.col("row").is_in([problem.row for problem in made.problems]))
    return allowed.filter(~pl.col("row").is_in(_without_origin(made, allowed, rules)))


def _alike(rows: pl.DataFrame, rules: Rules) -> Iterator[_Alike]:
    """Rows by all that the regulation may tell apart: kind, level, fields, classes of values, answers of the form."""
    known, tests = dictionary.fields(rules.judge.pack), tested_fields(rules.judge.pack)
    keys = [key for key in rows.columns if key in known and key in rules.asked]
    blocks = [keys[at : at + _BITS] for at in range(0, len(keys), _BITS)]
    masks = {f"#{number}": _mask(block) for number, block in enumerate(blocks)}
    classes = {key: asked for key, asked in rules.judge.asked(OPEN).values.items() if key in keys}
    stand = {
        key: [asked.of(tested(tests, key, each)) for each in rows[key].to_list()] for key, asked in classes.items()
    }
    codes = {key: {value: code for code, value in enumerate(dict.fromkeys(column))} for key, column in stand.items()}
    asked = rows.with_columns(
        *(mask.alias(name) for name, mask in masks.items()),
        *(pl.Series(f"={key}", [codes[key][value] for value in column]) for key, column in stand.items()),
    )
    answered = list(items.of(rules.judge.pack, OPEN, rows.columns))
    by = ["kind", "level", *masks, *(f"={key}" for key in stand), *answered]
    told = {key: list(column) for key, column in codes.items()}
    for (kind, level, *rest), part in asked.group_by(by, maintain_order=True):
        bits, chosen, texts = rest[: len(masks)], rest[len(masks) :], rest[len(masks) + len(stand) :]
        given = (_given(block, int(str(each))) for block, each in zip(blocks, bits, strict=True))
        values_ = {key: told[key][int(str(code))] for key, code in zip(stand, chosen, strict=False)}
        yield (
            str(kind),
            str(level),
            frozenset[str]().union(*given),
            {key: value for key, value in values_.items() if value is not None},
            {key: str(text) for key, text in zip(answered, texts, strict=True) if text},
            part["row"].to_list(),
        )


def _mask(keys: Sequence[str]) -> pl.Expr:
    """One number for which of these fields have a value in a row."""
    return pl.sum_horizontal(pl.col(key).is_not_null().cast(pl.Int64) * 2**n for n, key in enumerate(keys))


def _given(keys: Sequence[str], bits: int) -> frozenset[str]:
    return frozenset(key for n, key in enumerate(keys) if bits >> n & 1)


def _without_origin(made: Plan, rows: pl.DataFrame, rules: Rules) -> list[int]:
    """Rows whose values do not say where they come from, or need a consent; they are rejected."""
    refused: list[int] = []
    for numbers, found in rules.coming.openings(rows):
        refused += numbers
        made.refuse(numbers, OPEN, *found)
    return refused


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
            made.unchanged.append(row)
        elif rules.on_duplicate != "update" or rules.taken.has(pk):
            code = checkchar.code_for(pk) if pk in visible else "—"
            made.problems.append(Problem(row, "duplicate", (Finding("", "row.differs", "error", "", {"code": code}),)))
        else:
            _update(made, block, record, differs or list(new), dossiers[pk], rules, stored.get(pk))


def _amend_facts(
    rules: Rules, dossier: Dossier, fields: frozenset[str], record: Mapping[str, Any], *, visible: bool
) -> Facts:
    """A change of the classification is judged by the higher of the two, as it is on a page."""
    facts = facts_of(rules.judge.actor, dossier, fields, channel=CHANNEL)
    if "level" in fields:
        facts = replace(facts, level=max(facts.level, int(Level.of(str(record["level"])))))
    return facts if visible else replace(facts, rel=facts.rel - {"in_scope"})


def _update(
    made: Plan,
    block: Block,
    record: Mapping[str, Any],
    differs: Sequence[str],
    dossier: Dossier,
    rules: Rules,
    stands: Mapping[str, Any] | None,
) -> None:
    """Update the dossier by the fields that differ, or reject the row with what the gate says, or because of where
    its values come from. `stands` is None where the person does not see the dossier."""
    judge, subject = rules.judge.of(dossier.unit_id), f"dossier:{dossier.code}"
    filled = judge.filled(AMEND, {key: text for key, text in record.items() if items.is_item(key) and text})
    if filled.wrong:
        made.refuse([record["row"]], AMEND, *filled.wrong)
        return
    new, tests = {key: clean(key, record[key]) for key in differs}, tested_fields(judge.pack)
    facts = _amend_facts(rules, dossier, frozenset(differs), record, visible=stands is not None)
    values_ = stored_values(dossier, judge.pack)
    values_ |= {key: told for key in differs if (told := tested(tests, key, record[key])) is not None}
    facts = replace(facts, values=judge.known(AMEND, values_), items=judge.classed(AMEND, filled.facts))
    if refusal := judge.ask(AMEND, facts, subject):
        made.refuse([record["row"]], AMEND, refusal)
        return
    before = stands or {}
    delta = {key: (before.get(key), values.as_json(value)) for key, value in new.items()}
    if wrong := rules.coming.change(record, dossier, delta):
        made.refuse([record["row"]], AMEND, *wrong)
        return
    rules.taken.ids.add(dossier.pk)
    found = (f for key in differs for f in block.reads[key].findings(block.texts[key][record["at"]]))
    warnings = tuple(f for f in found if f.severity == "warning")
    owner = dossier.owner.username if dossier.owner else ""
    part = Part(AMEND, (subject,), dossier.unit_id, owner, facts.fields, filled.stored, values_)
    reading = Reading(new, warnings)
    made.changes.append(Change(record["row"], dossier.pk, dossier.version_no, reading, part, rules.coming.of(record)))


def tested(known: Fields, key: str, value: Any) -> str | int | None:
    """A clean value as the regulation tests it; None where there is none, or where it is not among `known`, the
    fields it may test."""
    if value is None or key not in known:
        return None
    return int(value["fen"]) if known[key].standard == "capital" else value if isinstance(value, int) else str(value)


def clean(key: str, value: Any) -> Any:
    """A value out of a column in the form `values.read` gives it."""
    return (value["fen"], value["currency"]) if isinstance(value, dict) else value


def _repeated(row: int) -> Finding:
    return Finding("", "row.repeated", "error", "", {"row": row})


def _collect_hits(made: Plan, block: Block, rows: pl.DataFrame) -> None:
    """The rule each row hits first, field by field."""
    for key, read in block.reads.items():
        if read.rule.null_count() == len(read.rule):
            continue
        hit = rows.select("row", rule=read.rule.gather(rows["at"]), severity=read.severity.gather(rows["at"]))
        for row, rule, severity in hit.drop_nulls("rule").iter_rows():
            made.hits.append((row, f"{key}:{rule}:{severity}"))


def slices(block: Block, ragged: Sequence[Ragged], after: int, count: int) -> Iterator[Slice]:
    """The rows of a block numbered above `after`, in consecutive slices of at most `count`."""
    every = [*block.frame["row"].to_list(), *(entry.row for entry in ragged)]
    numbers = sorted(number for number in every if number > after)
    low = after
    for at in range(0, len(numbers), count):
        high = numbers[min(at + count, len(numbers)) - 1]
        rows = block.frame.filter((pl.col("row") > low) & (pl.col("row") <= high))
        yield Slice(rows, [entry for entry in ragged if low < entry.row <= high])
        low = high
