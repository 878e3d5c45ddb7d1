"""The page of the data dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import Option


@dataclass(frozen=True, slots=True)
class CodesShown:
    """The list behind a field: its name, source and validity, and its codes as far as they are written out."""

    name: str
    source: str
    count: str
    codes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One field, each of its sides in words."""

    key: str
    title: str
    product_title: str
    meaning: str
    category: str
    standard: Sequence[str]
    codes: CodesShown | None
    required: Sequence[str]
    marks: Sequence[tuple[str, str]]
    """Badges with their tones: key field, added, new, changed."""
    sensitivity: str
    protection: Sequence[str]
    purpose: Sequence[str]
    stale: str
    why_not: str
    article: str
    since: str
    changes: Sequence[tuple[str, str, str]]
    overridden: Sequence[str]

    @property
    def collected(self) -> bool:
        """Whether the value may be filled in."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class PartShown:
    """The fields of one part of the dossier."""

    name: str
    title: str
    entries: Sequence[EntryShown]
    collectors: Sequence[tuple[str, str]] = ()
    """Deeds by which its fields are filled in, and the roles that may."""


@dataclass(frozen=True, slots=True)
class DictionaryPage:
    """The dictionary of the edition in force, or what a person picked out of it."""

    version: str
    title: str
    effective_us: int
    before: str
    parts: Sequence[PartShown]
    gone: Sequence[str]
    text: str
    part_options: Sequence[Option]
    show_options: Sequence[Option]
    sensitivity_options: Sequence[Option]
    count: str
    papers: Sequence[tuple[str, str]]
    may_see_compliance: bool
    filtered: bool
