"""Registers, rows, and the forms of matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import FieldBox, Filter, FindingShown, Option, Pager


@dataclass(frozen=True, slots=True)
class BookRow:
    """A register in the list of them."""

    title: str
    article: str
    address: str
    open: int
    closed: int
    cases: bool


@dataclass(frozen=True, slots=True)
class BooksPage:
    """All registers this person may read."""

    rows: Sequence[BookRow]
    may_apply: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer in a table; particulars are masked."""

    label: str
    text: str
    masked: bool = False
    file: str = ""
    """The address of the file it names."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row as one line of its register."""

    number: str
    address: str
    state: str
    open: bool
    hidden: bool
    subject: str
    subject_address: str
    who: str
    holder: str
    at_us: int
    cells: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class BookPage:
    """One register."""

    title: str
    article: str
    columns: Sequence[str]
    rows: Sequence[RowShown]
    filters: Sequence[Filter]
    pager: Pager
    address: str
    print_address: str
    cases: bool
    apply: Sequence[tuple[str, str]] = ()
    """Deeds this person may open a row with: title and address."""


@dataclass(frozen=True, slots=True)
class PrintedBook:
    """A register in the company's own form, for paper."""

    title: str
    number: str
    edition: str
    article: str
    unit: str
    period: str
    columns: Sequence[str]
    rows: Sequence[RowShown]
    signers: Sequence[str]
    cases: bool
    who: str
    at_us: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class LineShown:
    """One deed on a row."""

    title: str
    who: str
    at_us: int
    from_state: str
    to_state: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row with what was done on it and what can be done next."""

    row: RowShown
    book: str
    book_address: str
    article: str
    unit: str
    closed_us: int
    lines: Sequence[LineShown]
    deeds: Sequence[ApplyRow]


@dataclass(frozen=True, slots=True)
class ApplyRow:
    """A matter somebody may apply for, and whose signatures it needs."""

    title: str
    address: str
    article: str
    note: str


@dataclass(frozen=True, slots=True)
class ApplyPage:
    """What a person can apply for, by what it is about."""

    groups: Sequence[tuple[str, Sequence[ApplyRow]]]


@dataclass(frozen=True, slots=True)
class ItemBox:
    """One item of a form. Beside the kinds of a `FieldBox` there are `checks` and `file`."""

    box: FieldBox
    checks: Sequence[Option] = ()
    file_name: str = ""
    """The file that is kept already; its token is the box's value."""


@dataclass(frozen=True, slots=True)
class MatterPage:
    """The form of a matter on one subject."""

    title: str
    form_title: str
    article: str
    address: str
    back: str
    subject: str
    subject_name: str
    key: str
    items: Sequence[ItemBox] = ()
    statements: Sequence[str] = ()
    confirmed: bool = False
    reason_wanted: int = 0
    reason: str = ""
    evidence_wanted: int = 0
    evidence: Sequence[tuple[str, str]] = ()
    """Documents brought already: as evidence, and what they were called."""
    signers: Sequence[str] = ()
    undertakings: Sequence[tuple[str, str]] = ()
    """Undertakings to be signed first: title and address."""
    uncertain: bool = False
    problems: Sequence[FindingShown] = ()
    limit_mb: int = 0
    reason_shown: bool = False
    perhaps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PickPage:
    """Which subject a matter is about, before its form."""

    title: str
    address: str
    box: FieldBox
    none: bool = False
    """There is nothing it could be about."""
