"""What a matter is about: nothing in particular, a dossier, a person, a unit, or a row of a register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.customers.selectors import dossier_by_code
from kedang.governance.registers import forms, selectors
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import NotVisible
from kedang.packs.schema import Pack
from kedang.people.models import Staff, Unit
from kedang.people.selectors import colleague, unit_by_code

Thing = Dossier | Staff | Unit | Row | None


@dataclass(frozen=True, slots=True)
class Target:
    """The subject of a matter as it was loaded; `ref` is its proper name."""

    ref: str
    thing: Thing = None
    facts: Facts = Facts()

    @property
    def owner(self) -> Staff | None:
        """The first responsible person, where the thing has one."""
        thing = self.thing
        if isinstance(thing, Row):
            return _holder(thing.holder or thing.opened_by)
        return thing.owner if isinstance(thing, Dossier) else thing if isinstance(thing, Staff) else None

    @property
    def dossier(self) -> str:
        """The reference of the dossier behind it; empty without one."""
        if isinstance(self.thing, Row):
            return self.thing.subject if self.thing.subject.startswith("dossier:") else ""
        return self.ref if isinstance(self.thing, Dossier) else ""

    @property
    def row(self) -> Row | None:
        """The row it is about."""
        return self.thing if isinstance(self.thing, Row) else None


def load(pack: Pack, about: str, by: Actor, subject: str) -> Target:
    """The subject through what this person may see; raises NotVisible."""
    return _LOADERS[about](pack, by, subject)


def _site(pack: Pack, by: Actor, subject: str) -> Target:
    if subject != "-":
        raise NotVisible(subject)
    return Target("-", None, Facts(unit=by.unit, kind="site", rel=frozenset({"in_scope", "same_unit"})))


def _dossier(pack: Pack, by: Actor, subject: str) -> Target:
    kind, _, code = subject.rpartition(":")
    if kind != "dossier":
        raise NotVisible(subject)
    dossier = dossier_by_code(by, code, lock=True)
    return Target(dossier.ref, dossier, facts_of(by, dossier))


def _staff(pack: Pack, by: Actor, subject: str) -> Target:
    if not subject.startswith("staff:"):
        raise NotVisible(subject)
    staff = colleague(subject.removeprefix("staff:"))
    own = staff.username == by.id
    rel = _relations(by, staff.unit_id, own) | ({"self"} if own else set())
    return Target(staff.ref, staff, Facts(unit=staff.unit_id, kind="staff", rel=frozenset(rel)))


def _unit(pack: Pack, by: Actor, subject: str) -> Target:
    if not subject.startswith("unit:"):
        raise NotVisible(subject)
    unit = unit_by_code(subject.removeprefix("unit:"))
    rel = _relations(by, unit.pk, unit.pk == by.unit)
    return Target(unit.ref, unit, Facts(unit=unit.pk, kind="unit", rel=frozenset(rel)))


def _row(pack: Pack, by: Actor, subject: str) -> Target:
    """A row keeps the classification of the dossier it is about, seen or not: nobody moves it below their clearance."""
    row = selectors.row_by_ref(pack, by, subject)
    behind = Dossier.objects.filter(code=row.subject.removeprefix("dossier:")).select_related("owner").first()
    own = by.id in (row.opened_by, row.holder)
    rel = _relations(by, row.unit_id, own)
    rel |= {"applicant"} if row.opened_by == by.id else set()
    rel |= {"self"} if row.holder == by.id else set()
    rel |= {"owner"} if behind is not None and behind.owner_id == by.pk else set()
    facts = Facts(
        unit=row.unit_id, state=row.state, kind=row.register, rel=frozenset(rel),
        items=forms.facts_of_row(pack, row, clock.now_us()),
    )  # fmt: skip
    return Target(row.ref, row, replace(facts, level=behind.level) if behind is not None else facts)


def _relations(by: Actor, unit_id: int, own: bool) -> set[str]:
    inside = own or by.units is None or (unit_id in by.units and not by.own_only)
    return ({"in_scope"} if inside else set()) | ({"same_unit"} if unit_id == by.unit else set())


def _holder(username: str) -> Staff | None:
    return Staff.objects.filter(username=username).first()


_LOADERS: dict[str, Callable[[Pack, Actor, str], Target]] = {
    "site": _site,
    "dossier": _dossier,
    "staff": _staff,
    "unit": _unit,
    "row": _row,
}
