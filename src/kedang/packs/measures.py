"""What is counted, scored, graded, decided by table, fined and rewarded. Structured, never a string to evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from kedang.packs.vocabulary import (
    ClockRef,
    Count,
    DeedRef,
    FieldRef,
    Flag,
    FlowRef,
    KindRef,
    MeasureRef,
    Model,
    Name,
    Percent,
    Prose,
    Range,
    RegisterRef,
    RoundRef,
    ScoreRef,
    TableRef,
    Tagged,
    Word,
)

Of = Literal["staff", "unit", "dossier", "company"]
Over = Literal["day", "week", "month", "quarter", "half_year", "year", "always"]
Number = Annotated[int, Field(strict=True)]


class Rows(Model):
    """Rows of a register, perhaps only some."""

    register_: RegisterRef = Field(alias="register")
    state: frozenset[Name] | None = Field(default=None, min_length=1)
    where: Annotated[dict[Name, frozenset[Word]], Field(default_factory=dict)]


class Measure(Tagged):
    """A whole number about a person, a unit, a customer or the company in a period. Exactly one source:
    rows counted or an item of them summed, averaged, its highest or lowest; deeds counted; limits kept in percent;
    rounds done in percent; the completeness, validity or age of a dossier; a field that is a number or a code."""

    title: Word
    of: Of
    over: Over = "month"
    count: Rows | None = None
    sum: Rows | None = None
    average: Rows | None = None
    highest: Rows | None = None
    lowest: Rows | None = None
    item: Name | None = None
    """The item that is summed, averaged or compared."""
    deeds: frozenset[DeedRef] | None = Field(default=None, min_length=1)
    refused: frozenset[DeedRef] | None = Field(default=None, min_length=1)
    in_time: ClockRef | None = None
    late: ClockRef | None = None
    done: RoundRef | None = None
    missed: RoundRef | None = None
    quality: Literal["completeness", "validity", "age_days", "classes"] | None = None
    field: FieldRef | None = None
    unit: Word | None = None
    """What is counted, for people: 次、元、%."""
    available: Flag = False
    """What is counted is shown with the reports, whose room comes later."""


class Band(Model):
    """From this number on, so many points; `from` None is everything below the other bands."""

    from_: Number | None = Field(default=None, alias="from")
    points: Number


class Part(Model):
    """What a measure adds to a score: its bands, or its own number; weighted."""

    measure: MeasureRef | None = None
    score: ScoreRef | None = None
    table: TableRef | None = None
    bands: tuple[Band, ...] = ()
    weight: Percent = 100
    limit: Range | None = None


class Sum(Model):
    """Arithmetic as a tree: one operator and its terms, in whole numbers; division rounds half up."""

    measure: MeasureRef | None = None
    number: Number | None = None
    item: Name | None = None
    add: tuple[Sum, ...] = ()
    subtract: tuple[Sum, ...] = ()
    multiply: tuple[Sum, ...] = ()
    divide: tuple[Sum, ...] = ()
    least: tuple[Sum, ...] = ()
    greatest: tuple[Sum, ...] = ()


class GradeBand(Model):
    """From so many points on this grade; `from` None is the lowest."""

    from_: Number | None = Field(default=None, alias="from")
    grade: Word


class Score(Tagged):
    """Points from several measures, and the grade they give."""

    title: Word
    of: Of
    over: Over = "month"
    parts: tuple[Part, ...] = ()
    formula: Sum | None = None
    base: Number = 0
    """Where counting begins: 100 where points are taken off."""
    limit: Range | None = None
    grades: tuple[GradeBand, ...] = ()
    kinds: frozenset[KindRef] = frozenset()
    """For customers: of these kinds only."""
    available: Flag = False


class TableRow(Model):
    """A line of a decision table: what each input must be (no word: anything), and what follows."""

    when: Mapping[Name, frozenset[Word] | Range] = Field(default_factory=dict)
    then: Word | Number


class Table(Tagged):
    """A decision table: the first line that fits decides (分级表、对照表)."""

    title: Word
    inputs: Mapping[Name, Word] = Field(min_length=1)
    """Input, and what it is called. An input named like an item, a fact or a measure is filled from there."""
    rows: tuple[TableRow, ...] = Field(min_length=1)
    otherwise: Word | Number | None = None


class Amount(Model):
    """Exactly one: fen, points, or percent of a month's performance pay."""

    fen: Number | None = None
    points: Number | None = None
    percent: Range | None = None


class Degree(Model):
    """From the so-manieth occurrence in a period on."""

    from_: Annotated[int, Field(strict=True, ge=1)] = Field(default=1, alias="from")
    amount: Amount | None = None
    measure: Word | None = None
    """What is done besides or instead: 口头训诫, 通报批评, 记过 …"""


class Sanction(Tagged):
    """A fine or a reward, for each occurrence of something the product can see, or by decision (奖惩)."""

    title: Word
    kind: Literal["fine", "reward", "discipline"] = "fine"
    late: ClockRef | None = None
    missed: RoundRef | None = None
    rows: Rows | None = None
    of: Literal["holder", "applicant", "owner", "unit"] = "holder"
    degrees: tuple[Degree, ...] = Field(min_length=1)
    over: Over = "month"
    """Within what occurrences are counted."""
    cap: Amount | None = None
    flow: FlowRef | None = None
    appeal_days: Count = 0
    warning: Prose | None = None
    """What the law says about it, shown beside it."""
    available: Flag = False


class ReportPart(Model):
    """A section of a report: measures or a score, by whom."""

    title: Word
    measures: tuple[MeasureRef, ...] = ()
    scores: tuple[ScoreRef, ...] = ()
    chart: Literal["none", "bar", "line", "pie"] = "none"
    text: Flag = False
    """A section written by hand."""


class Report(Tagged):
    """A report the regulation asks for, made by the round that names it, reproducible for any past day."""

    title: Word
    number: Word | None = None
    parts: tuple[ReportPart, ...] = Field(min_length=1)
    over: Over = "month"
    made_by: DeedRef | None = None
    recipients: tuple[Word, ...] = ()
    receipt: Flag = False
    available: Flag = False
    """The room that makes reports comes later; until then the round and its register stand for it."""
