"""The tree of units as other rooms ask about it."""

from __future__ import annotations

from django.db.models import CharField, Subquery, Value
from django.db.models.functions import Coalesce

from kedang.packs import in_force, in_force_for
from kedang.packs.schema import Pack
from kedang.people.models import Unit

HEAD_OFFICE = "HQ"


def kind_and_codes(unit_id: int) -> tuple[str, frozenset[str]]:
    """The kind of a unit, and the codes of it and of every unit above it; empty for no unit."""
    chain = upwards(unit_id)
    return (chain[0].kind, frozenset(unit.code for unit in chain)) if chain else ("", frozenset())


def upwards(unit_id: int) -> list[Unit]:
    """A unit and all above it, the nearest first; two questions however deep the tree is."""
    path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() if unit_id else None
    ids = ids_upwards(path or "")
    found = Unit.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def way_to(unit_id: int) -> Coalesce:
    """The ids from the company down to a unit, `/1/4/9/`, for another question to the database; empty for no unit."""
    path = Unit.objects.filter(pk=unit_id).values("path")[:1]
    return Coalesce(Subquery(path), Value(""), output_field=CharField())


def pack_for(unit_id: int, under: Pack | None = None, at_us: int | None = None) -> Pack:
    """The regulation a unit goes by: the company's, with what the nearest branch above it set for itself.

    `under` is the company's edition where that is known already. Of no unit it is the company's.
    """
    if not unit_id:
        return in_force(at_us) if under is None else under
    return in_force_for(way_to(unit_id), at_us, under=under)


def ids_upwards(path: str) -> list[int]:
    """The ids on a path, the nearest first."""
    return [int(part) for part in reversed(path.split("/")) if part]


def root() -> Unit | None:
    """The unit the whole company hangs on; None before the site is founded."""
    return Unit.objects.filter(parent=None).order_by("pk").first()


def add(code: str, name: str, parent: Unit | None, *, kind: str = "department", lead: bool = False) -> Unit:
    """A new unit below another with its path; the caller has checked that it may be."""
    unit = Unit.objects.create(code=code, name=name, parent=parent, kind=kind, lead=lead)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def build(pack: Pack, company: str) -> Unit:
    """The units a new site begins with: the company, and below it what the regulation describes; returns the company.

    The company keeps the name it was given; without a unit of that kind in the regulation its code is `HQ`.
    """
    tops = [code for code, said in pack.units.items() if said.kind == "company" and said.parent is None]
    top = add(tops[0] if tops else HEAD_OFFICE, company, None, kind="company")
    built, waiting = {top.code: top}, {code: said for code, said in pack.units.items() if code != top.code}
    while ready := [code for code, said in waiting.items() if (said.parent or top.code) in built]:
        for code in ready:
            said = waiting.pop(code)
            built[code] = add(code, said.title, built[said.parent or top.code], kind=said.kind, lead=said.lead)
    return top


def seats_of(per: str, unit: str | None) -> list[Unit]:
    """The units that have a post: the one it names, or all of a kind; the company where it has none of that kind."""
    if unit is not None:
        return list(Unit.objects.filter(code=unit))
    every = list(Unit.objects.exclude(kind="outside").order_by("path"))
    if per == "unit":
        return every
    top = [each for each in every if each.parent_id is None]
    if per == "company":
        return top
    return [each for each in every if each.kind == per and each.parent_id is not None] or top
