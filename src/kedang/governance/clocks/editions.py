"""The edition of the regulation a duty began under, and the part of it that made the duty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kedang.governance.clocks.models import Duty
from kedang.packs import version_named
from kedang.packs.schema import Pack
from kedang.packs.selectors import overlay_instants, packs_of_branches, versions
from kedang.packs.times import Clock, Round
from kedang.people.models import Unit
from kedang.people.units import ids_upwards


@dataclass(frozen=True, slots=True)
class Reign:
    """An edition, and from when until when it was in force (0: still) without any branch setting something anew."""

    pack: Pack
    from_us: int
    until_us: int
    overlaid: bool = False
    """Whether some branch goes by values of its own."""

    def parts(self) -> Iterator[tuple[Pack, Callable[[int], bool]]]:
        """The company's pack and those of branches, each with what says whether a unit goes by it."""
        if not self.overlaid:
            yield self.pack, lambda unit: True
            return
        own = packs_of_branches(self.pack.version, self.from_us)
        ways = dict(Unit.objects.values_list("pk", "path"))
        nearest = {unit: next((pk for pk in ids_upwards(way) if pk in own), 0) for unit, way in ways.items()}
        for branch, pack in ((0, self.pack), *own.items()):
            yield pack, lambda unit, branch=branch: nearest.get(unit, 0) == branch  # type: ignore[misc]


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
    """The editions in force up to an instant, in order; a new reign begins too when a branch sets something."""
    rows = list(versions().filter(effective_us__lte=until_us).order_by("effective_us", "pk"))
    ends, turns = [row.effective_us for row in rows[1:]] + [0], overlay_instants(until_us)
    for row, end in zip(rows, ends, strict=True):
        pack = version_named(row.version)
        begins = [row.effective_us, *(turn for turn in turns if row.effective_us < turn and (not end or turn < end))]
        for begin, until in zip(begins, [*begins[1:], end], strict=True):
            yield Reign(pack, begin, until, bool(turns) and turns[0] <= begin)


def names_done_by(op: str) -> set[str]:
    """The rounds of any adopted edition that a deed may count for."""
    adopted = versions().values_list("version", flat=True)
    return {
        name for version in adopted for name, said in version_named(version).rounds.items() if op in said.done_by
    }  # fmt: skip
