"""The list of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import Filter


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


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Staff by unit."""

    rows: Sequence[PersonRow]
    filters: Sequence[Filter]
    everyone: bool
    """False: this person sees the own account only."""
