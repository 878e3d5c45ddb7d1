"""What was counted for each subject, before it becomes one number. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kedang.packs.scoring import half_up

COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a subject, and the two numbers behind a percentage or an average; None: there is no figure."""

    value: int | str | None
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a measure by subject (`staff:…`, `unit:…`, `dossier:…`, `company`).

    `nothing` is the figure of a subject of which nothing was counted. `capped`: there was more than is counted.
    `note` says why there is no figure at all.
    """

    numbers: Mapping[str, Figure] = field(default_factory=dict)
    nothing: Figure = Figure(None)
    capped: bool = False
    note: str = ""

    def of(self, subject: str) -> Figure:
        """The figure of one subject."""
        return self.numbers.get(subject, self.nothing)


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of one subject: how many, their sum, the highest and the lowest."""

    count: int = 0
    total: int = 0
    highest: int | None = None
    lowest: int | None = None

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.count + other.count, self.total + other.total,
            max((each for each in (self.highest, other.highest) if each is not None), default=None),
            min((each for each in (self.lowest, other.lowest) if each is not None), default=None),
        )  # fmt: skip

    @classmethod
    def of(cls, number: int) -> Tally:
        """One number."""
        return cls(1, number, number, number)


def added(found: Iterable[tuple[str, Tally]]) -> dict[str, Tally]:
    """Tallies of the same subject together."""
    out: dict[str, Tally] = {}
    for subject, tally in found:
        out[subject] = out[subject] + tally if subject in out else tally
    return out


def figure(kind: str, tally: Tally) -> Figure:
    """A tally as the number of a kind: `count`, `sum`, `average`, `highest`, `lowest`, or `percent` of `total` in
    `count`."""
    if kind == "count":
        return Figure(tally.count)
    if kind == "sum":
        return Figure(tally.total)
    if kind in ("highest", "lowest"):
        return Figure(tally.highest if kind == "highest" else tally.lowest)
    scale = 100 if kind == "percent" else 1
    return Figure(half_up(scale * tally.total, tally.count), tally.total, tally.count)


def figures_of(kind: str, found: Iterable[tuple[str, Tally]], *, capped: bool = False) -> Figures:
    """The figures of a kind."""
    numbers = {subject: figure(kind, tally) for subject, tally in added(found).items()}
    return Figures(numbers, figure(kind, Tally()), capped)
