"""Who may know which figure: who reads compliance knows all; others their own, and those of units they head."""

from __future__ import annotations

from dataclasses import replace

from kedang.customers import selectors as customers
from kedang.governance.compliance.periods import Period
from kedang.governance.measures.asking import Company
from kedang.governance.measures.dossiers import MOST
from kedang.governance.measures.sanctions import Proposals, sanctions_of
from kedang.governance.measures.scores import Table, measure_of, scores_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs.schema import Pack
from kedang.people.models import Appointment
from kedang.people.parties import lasting


class Eyes:
    """Whom one actor may see figures of."""

    def __init__(self, by: Actor, pack: Pack) -> None:
        self.by, self.pack, self.house = by, pack, Company()
        self.all = "compliance" in by.reads
        self._units = set[int]() if self.all else self._headed()

    def people(self) -> frozenset[str]:
        """Oneself, and who works in the units one heads."""
        below = {name for name in self.house.active if self.house.homes[name] in self._units}
        return frozenset(f"staff:{name}" for name in below | ({self.by.id} if self.by.kind == "staff" else set()))

    def units(self) -> frozenset[str]:
        """The units one heads, and those below them."""
        return frozenset(self.house.units[pk].ref for pk in self._units)

    def subjects(self, of: str, kinds: frozenset[str] = frozenset()) -> frozenset[str] | None:
        """The subjects of a kind one may see; None for all."""
        if of == "dossier":
            seen = customers.visible_to(self.by)
            seen = seen.filter(kind__in=sorted(kinds)) if kinds else seen
            newest = seen.order_by("-updated_us", "-pk").values_list("code", flat=True)
            return frozenset(f"dossier:{code}" for code in newest[: MOST + 1])
        if self.all:
            return None
        return {"staff": self.people, "unit": self.units}.get(of, frozenset[str])()

    def _headed(self) -> set[int]:
        heading = [code for code, post in self.pack.posts.items() if post.head]
        held = Appointment.objects.filter(lasting(clock.now_us()), staff_id=self.by.pk, post__in=heading)
        tops = [self.house.units[pk].path for pk in held.values_list("unit_id", flat=True)]
        return {pk for pk, unit in self.house.units.items() if any(unit.path.startswith(top) for top in tops)}


def tables_for(by: Actor, pack: Pack, period: Period | None) -> list[Table]:
    """Every score and every measure of the regulation, with the lines this person may see; without a period each
    over the one the regulation counts it by. Scores and measures of the company are for who reads compliance."""
    eyes = Eyes(by, pack)
    names = [*pack.scores, *(name for name in pack.measures if name not in pack.scores)]
    return [table for name in names for table in _tables(eyes, name, period) if table.lines or eyes.all]


def table_for(by: Actor, pack: Pack, name: str, period: Period | None) -> list[Table]:
    """The score or the measure of a name; of dossiers, for who reads compliance, first that of all of them.

    Raises NotVisible where the regulation has none of that name, or this person may see no line of it.
    """
    eyes = Eyes(by, pack)
    if name not in pack.scores and name not in pack.measures:
        raise NotVisible(f"measure:{name}")
    found = [table for table in _tables(eyes, name, period) if table.lines or eyes.all]
    if not found:
        raise NotVisible(f"measure:{name}")
    return found


def sanctions_for(by: Actor, pack: Pack, period: Period) -> list[Proposals]:
    """What is proposed for a stretch of time, as far as this person may see whom it is about."""
    eyes, found = Eyes(by, pack), sanctions_of(pack, period)
    if eyes.all:
        return found
    known = eyes.people() | eyes.units()
    kept = [
        replace(each, proposed=tuple(one for one in each.proposed if one.who in known), unnamed=0) for each in found
    ]
    return [each for each in kept if each.proposed]


def _tables(eyes: Eyes, name: str, period: Period | None) -> list[Table]:
    said = eyes.pack.scores.get(name) or eyes.pack.measures[name]
    make = scores_of if name in eyes.pack.scores else measure_of
    kinds = frozenset(getattr(said, "kinds", ()))
    only = eyes.subjects(said.of, kinds)
    out = []
    if said.of == "dossier" and eyes.all:
        out.append(make(eyes.pack, name, period, of="company", company=eyes.house))
    if only is None or only:
        out.append(_cut(make(eyes.pack, name, period, only=only, company=eyes.house)))
    elif said.of != "dossier":
        out.append(make(eyes.pack, name, period, only=(), company=eyes.house))
    return out


def _cut(table: Table) -> Table:
    """A list of dossiers has an end."""
    if table.of != "dossier" or len(table.lines) <= MOST:
        return table
    return replace(table, lines=table.lines[:MOST], capped=True)
