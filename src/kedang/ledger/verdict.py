"""What a check of the ledger found. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

KEPT = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of `verify` and of `check`.

    `first_bad` and `problems` say where: table and key of the row, then what is wrong with it.
    `problems` holds the first twenty of `n_problems`. `keys` are fingerprints of the public keys that
    signed, for a person to compare with those noted at installation.
    """

    ok: bool
    entries: int
    blocks: int
    head: str
    first_bad: str | None
    problems: tuple[str, ...]
    n_problems: int
    unsealed: int = 0
    rows: int = 0
    looks: int = 0
    look_blocks: int = 0
    look_head: str = ""
    keys: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Counts:
    """What was counted on one chain."""

    entries: int = 0
    rows: int = 0
    blocks: int = 0
    unsealed: int = 0
    head: str = ""


@dataclass(slots=True)
class Report:
    """Collects problems while a check runs; keeps the first ones and counts them all."""

    problems: list[str] = field(default_factory=list)
    n_problems: int = 0

    def add(self, where: str, what: str) -> None:
        """Note one problem."""
        self.n_problems += 1
        if len(self.problems) < KEPT:
            self.problems.append(f"{where}: {what}")

    def verdict(self, deeds: Counts, looks: Counts, keys: dict[int, str]) -> Verdict:
        """Sum up."""
        return Verdict(
            ok=self.n_problems == 0,
            entries=deeds.entries,
            blocks=deeds.blocks,
            head=deeds.head,
            first_bad=self.problems[0] if self.problems else None,
            problems=tuple(self.problems),
            n_problems=self.n_problems,
            unsealed=deeds.unsealed + looks.unsealed,
            rows=deeds.rows,
            looks=looks.entries,
            look_blocks=looks.blocks,
            look_head=looks.head,
            keys=keys,
        )
