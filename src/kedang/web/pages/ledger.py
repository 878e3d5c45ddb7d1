"""The ledger page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.parts import Filter, Pager


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry. `subject_address` is empty where this person may not open the subject."""

    number: int
    at_us: int
    op: str
    title: str
    who: str
    credential: str
    subject: str
    subject_address: str = ""
    rows: int = 1
    pack: str = ""
    block: int | None = None
    refused: bool = False
    articles: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """What verification found."""

    ok: bool
    entries: int
    blocks: int
    head: str
    first_bad: str = ""
    problems: Sequence[str] = ()
    n_problems: int = 0
    looks: int = 0
    unsealed: int = 0
    milliseconds: int = 0
    at_us: int = 0


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Entries, newest first."""

    rows: Sequence[EntryRow]
    filters: Sequence[Filter]
    pager: Pager
    verdict: VerdictShown | None = None
    may_export: bool = False
