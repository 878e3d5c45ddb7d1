"""The edition of the regulation a duty began under, and the part of it that made the duty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kedang.governance.clocks.models import Duty
from kedang.packs import version_named
from kedang.packs.schema import Pack
from kedang.packs.selectors import versions
from kedang.packs.times import Clock, Round


@dataclass(frozen=True, slots=True)
class Reign:
    """An edition, and from when until when it was in force (0: still)."""

    pack: Pack
    from_us: int
    until_us: int


def pinned(duty: Duty) -> Pack:
    """The edition a duty goes by, whatever is in force today."""
    return version_named(duty.pack_version)


def part_of(duty: Duty) -> Clock | Round:
    """The clock or round that made it."""
    return _part(pinned(duty), duty)


class Shelf:
    """Editions fetched once for many duties; kept only as long as one piece of work goes on."""

    def __init__(self) -> None:
        self._packs: dict[str, Pack] = {}

    def pinned(self, duty: Duty) -> Pack:
        """As `pinned`."""
        if duty.pack_version not in self._packs:
            self._packs[duty.pack_version] = pinned(duty)
        return self._packs[duty.pack_version]

    def part_of(self, duty: Duty) -> Clock | Round:
        """As `part_of`."""
        return _part(self.pinned(duty), duty)


def _part(pack: Pack, duty: Duty) -> Clock | Round:
    return pack.clocks[duty.name] if duty.source == "clock" else pack.rounds[duty.name]


def reigns(until_us: int) -> Iterator[Reign]:
    """The editions in force up to an instant, in order."""
    rows = list(versions().filter(effective_us__lte=until_us).order_by("effective_us", "pk"))
    ends = [row.effective_us for row in rows[1:]] + [0]
    for row, end in zip(rows, ends, strict=True):
        yield Reign(version_named(row.version), row.effective_us, end)


def names_done_by(op: str) -> set[str]:
    """The rounds of any adopted edition that a deed may count for."""
    adopted = versions().values_list("version", flat=True)
    return {
        name for version in adopted for name, said in version_named(version).rounds.items() if op in said.done_by
    }  # fmt: skip
