"""The list of people, what is wanting among posts and roles, and one's own deputies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import Filter, FindingShown, Option


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person with the rights in force."""

    username: str
    name: str
    unit: str
    depth: int
    roles: Sequence[str]
    clearance: str
    scope: str
    active: bool
    last_us: int = 0
    posts: Sequence[str] = ()
    """Titles of posts with their units."""
    deputies: Sequence[str] = ()
    """Names of those who sign in this person's place now."""


@dataclass(frozen=True, slots=True)
class Wanting:
    """One thing to put right among posts, units and roles."""

    title: str
    what: str
    unit: str
    who: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class DeputyRow:
    """Somebody who signs in one's place, or for whom one signs."""

    username: str
    name: str
    from_us: int
    until_us: int
    reason: str
    begun: bool


@dataclass(frozen=True, slots=True)
class Deputies:
    """One's own deputies, those one stands in for, and the form to name another."""

    mine: Sequence[DeputyRow]
    others: Sequence[DeputyRow]
    may_name: bool
    needs_reason: bool = False
    colleagues: Sequence[Option] = ()
    wrong: Sequence[FindingShown] = ()
    today: str = ""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Staff by unit."""

    rows: Sequence[PersonRow]
    filters: Sequence[Filter]
    everyone: bool
    """False: this person sees the own account only."""
    deputies: Deputies | None = None
    wanting: Sequence[Wanting] = ()
