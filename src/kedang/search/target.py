"""Which table is searched, and what a search answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A table with a search text of its own; search knows nothing else about it.

    `fts` names the token index on SQLite (on PostgreSQL the tokens are a column of the table).
    """

    table: str
    fts: str
    text_column: str = "search_text"
    tokens_column: str = "tokens"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of ids in order, and how it was come by.

    `total` counts the hits if `total_exact`, else it is a number that is surely reached. `plan` is one
    of `nothing matches walk planner partial`; after `partial` the page may lack hits, because the
    search was stopped at its time limit.
    """

    ids: list[int]
    next: str | None
    """Opaque cursor of the page after this one."""
    total: int
    total_exact: bool
    plan: str
    ms: float

    @property
    def complete(self) -> bool:
        """Whether the page surely holds the first hits in order."""
        return self.plan != "partial"
