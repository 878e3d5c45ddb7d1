"""Forms, registers, numbers and lists: what a company fills in, keeps in books and ticks off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from kedang.packs.measures import Sum
from kedang.packs.vocabulary import (
    Count,
    Flag,
    FormRef,
    GrammarRef,
    Model,
    Name,
    NumberingRef,
    Prose,
    Range,
    RoleRef,
    ScoreRef,
    TableRef,
    Tagged,
    Word,
)

ItemType = Literal[
    "text", "long_text", "number", "money", "percent", "date", "choice", "choices", "yes_no",
    "staff", "unit", "dossier", "row", "file", "channel", "purpose", "computed",
]  # fmt: skip
"""`money` is in fen, `percent` in whole percent; `row` is a row of a register; `computed` nobody fills in."""


class Answered(Model):
    """Whether an item of the same form was answered so: with one of these words, or within a range."""

    item: Name
    is_: frozenset[Word] | None = Field(default=None, alias="is", min_length=1)
    range: Range | None = None


class Item(Tagged):
    """One line of a form."""

    title: Word
    type: ItemType = "text"
    required: Flag = False
    required_if: Answered | None = None
    only_if: Answered | None = None
    options: Mapping[Name, Word] = Field(default_factory=dict)
    min_chars: Count = 0
    max_chars: Count = 500
    range: Range | None = None
    """For numbers, money in fen, percent; for dates days from today (`max: 0` is not in the future)."""
    grammar: GrammarRef | None = None
    personal: Flag = False
    """Holds a person's particulars: sealed, masked, erasable."""
    register_: Name | None = Field(default=None, alias="register")
    table: TableRef | None = None
    score: ScoreRef | None = None
    formula: Sum | None = None
    """Arithmetic over number items that stand before it (`item`) and numbers; no figure while one is missing."""
    money: Flag = False
    """What the formula gives is an amount in fen, and is shown in yuan."""
    hint: Word | None = None


class Form(Tagged):
    """A form of the company (表、单): what is asked, and the sentence that is confirmed with it."""

    title: Word
    number: Word | None = None
    edition: Word | None = None
    items: Mapping[Name, Item] = Field(default_factory=dict)
    statement: Prose | None = None
    """A sentence the person who fills it in confirms; kept with the form and never edited."""
    signers: tuple[Word, ...] = ()
    """The lines for signatures on the printed form."""


class Checklist(Tagged):
    """Points a reviewer ticks one by one."""

    title: Word
    points: Mapping[Name, Word] = Field(min_length=1)


class RowState(Model):
    """A state of a row in a register; rows in an `end` state are closed."""

    title: Word
    end: Flag = False


class Register(Tagged):
    """A register (登记簿、台账): numbered without a gap, filled by deeds alone; with states it is a case book."""

    title: Word
    number: NumberingRef | None = None
    form: FormRef | None = None
    """The form the company prints it in."""
    states: Mapping[Name, RowState] = Field(default_factory=dict)
    """The first is where a row begins. Without states a row is closed when it is written."""
    unique: tuple[Name, ...] = ()
    """Items of which only one open row may hold the same value; `subject` is what the deed is about."""
    columns: tuple[Name, ...] = ()
    """Items in the order of the printed book; all when empty."""
    readers: frozenset[RoleRef] = frozenset()
    """Roles that may read it; empty: whoever may fill or move it, and who reads compliance."""


class NumberPart(Model):
    """Exactly one piece of a number."""

    text: Word | None = None
    date: Literal["yyyy", "yy", "yyyymm", "yyyymmdd"] | None = None
    unit: Flag = False
    """The code of the unit."""
    serial: Annotated[int, Field(strict=True, ge=1, le=12)] | None = None
    """The running number, in so many digits."""
    item: Name | None = None
    """The answer to a choice of the form, as its code."""
    check: Literal["mod11_2", "mod37_2", "mod97_10"] | None = None
    """A check character over all before it (ISO 7064)."""


class Numbering(Tagged):
    """How the rows of a register are numbered."""

    parts: tuple[NumberPart, ...] = Field(min_length=1)
    restart: Literal["never", "yearly", "monthly", "daily"] = "yearly"
    per_unit: Flag = False


class GrammarPart(Model):
    """Exactly one piece of a code."""

    text: Word | None = None
    letters: Range | None = None
    digits: Range | None = None
    either: Range | None = None
    """So many letters or digits."""
    date: Literal["yyyy", "yy", "yyyymm", "yyyymmdd"] | None = None
    one_of: tuple[Word, ...] = ()
    check: Literal["mod11_2", "mod37_2", "mod97_10"] | None = None
    optional: Flag = False


class Grammar(Tagged):
    """How a number or code is built, such as that of a contract or a file."""

    title: Word
    parts: tuple[GrammarPart, ...] = Field(min_length=1)
    upper: Flag = True
    example: Word | None = None
