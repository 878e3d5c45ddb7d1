"""The pages of the regulation: its own text, how it is kept, and the rows behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.governance.compliance.regulation import Edition
from kedang.web.pages.parts import Fact, Option


@dataclass(frozen=True, slots=True)
class NumberShown:
    """One number of the evidence; `address` leads to the rows behind it, where there are any."""

    label: str
    number: int
    exact: bool = True
    address: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ControlShown:
    """One control: how it stands, why, and on which evidence."""

    id: str
    kind: str
    title: str
    status: str
    tone: str
    why: str
    numbers: Sequence[NumberShown]
    first_us: int = 0
    last_us: int = 0
    not_caught: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """One article with the controls that answer it."""

    id: str
    title: str
    text: str
    status: str
    tone: str
    controls: Sequence[ControlShown]


@dataclass(frozen=True, slots=True)
class CountShown:
    """How many controls stand so; `address` narrows the page to them."""

    label: str
    number: int
    tone: str
    address: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ReportShown:
    """A numbered report that was made."""

    number: str
    period: str
    at_us: int
    by: str


@dataclass(frozen=True, slots=True)
class CompliancePage:
    """How every article is kept in a period."""

    pack: str
    period: str
    days: str
    periods: Sequence[Option]
    counts: Sequence[CountShown]
    articles: Sequence[ArticleShown]
    reports: Sequence[ReportShown]
    may_print: bool


@dataclass(frozen=True, slots=True)
class WitnessShown:
    """One row behind a number."""

    at_us: int
    what: str
    who: str
    subject: str
    subject_address: str
    note: str
    entry: int = 0


@dataclass(frozen=True, slots=True)
class BehindPage:
    """The rows behind one number of one control."""

    control: str
    title: str
    label: str
    period: str
    rows: Sequence[WitnessShown]
    more: bool
    back: str


@dataclass(frozen=True, slots=True)
class OverrideShown:
    """A value of the regulation that the law replaced."""

    key: str
    ours: str
    law: str
    why: str


@dataclass(frozen=True, slots=True)
class BranchShown:
    """What a branch set for itself: the regulation's words for each value, the company's and the branch's; since when,
    by whom, by whose approval; and what the law replaced in it."""

    unit: str
    name: str
    values: Sequence[tuple[str, str, str, str]]
    """What, where it stands, the company's value, the branch's."""
    effective_us: int
    is_to_come: bool
    set_by: str
    approved_by: str
    reason: str
    overrides: Sequence[OverrideShown]


@dataclass(frozen=True, slots=True)
class RegulationPage:
    """The regulation as a controlled document."""

    title: str
    facts: Sequence[Fact]
    articles: Sequence[tuple[str, str, str]]
    """Number, title, text."""
    duties: Sequence[tuple[str, str, str]]
    """What, who, in which degree."""
    posts: Sequence[tuple[str, str, str]]
    """Post, how many, and what roles go with it."""
    undertakings: Sequence[tuple[str, str, str]]
    """Title, text, validity."""
    overrides: Sequence[OverrideShown]
    branches: Sequence[BranchShown]
    left: Sequence[str]
    """What the regulation leaves to its branches."""
    editions: Sequence[Edition]
    may_see_compliance: bool
