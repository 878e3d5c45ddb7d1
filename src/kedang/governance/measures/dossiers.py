"""Figures of dossiers: how complete, how valid, how old, which classes are filled, or what a field holds.

Reckoned by the database.

Dossiers are read as they stand: of a stretch of time that is over there is no figure, because none was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models import Value as Constant
from django.db.models import When as Whenever

from kedang.customers import selectors
from kedang.customers.fields import FIELDS
from kedang.customers.models import Contact, Dossier, Record
from kedang.customers.modules import MODULES
from kedang.governance.measures.asking import Question
from kedang.governance.measures.tallies import Figure, Figures, Tally, figures_of
from kedang.kernel.i18n import N_
from kedang.packs.schema import Pack

PAST = N_("Dossiers are counted as they stand today; of a time that is over there is no figure.")
UNCHOSEN = frozenset({"level", "learned_on"})
"""Values every dossier has, and those that say nothing of the customer: no class is filled by them."""
MOST = 200
"""Dossiers that are listed one by one."""
DAY_US = 86_400_000_000


def dossiers(asked: Question) -> Figures:
    """The quality of dossiers, one by one or on average, or the value of a field of each."""
    if asked.is_past:
        return Figures(note=PAST)
    if asked.measure.field is not None:
        return _held(asked, asked.measure.field)
    tallied = _MEASURED[asked.measure.quality or ""](asked)
    return figures_of("average", tallied)


def _held(asked: Question, name: str) -> Figures:
    field = FIELDS.get(name)
    if field is None or field.personal or field.part != "dossier" or asked.of != "dossier":
        return Figures()
    held = _chosen(asked).values_list("code", field.column)
    return Figures({f"dossier:{code}": Figure(_code(value)) for code, value in held})


def _code(value: Any) -> int | str | None:
    return value if isinstance(value, int) else str(value or "") or None


def _chosen(asked: Question) -> QuerySet[Dossier]:
    found = selectors.standing()
    return found if asked.codes is None else found.filter(code__in=asked.codes)


def _completeness(asked: Question) -> Iterator[tuple[str, Tally]]:
    """The share of the fields that are asked for at its state and are filled."""
    for kind, said in asked.pack.kinds.items():
        for state in said.states:
            wanted = sorted(asked.pack.required(kind, state) & FIELDS.keys())
            found = _chosen(asked).filter(_standing(asked.pack, kind, state), kind=kind)
            yield from _summed(asked, found, _share(wanted))


def _standing(pack: Pack, kind: str, state: str) -> Q:
    """Dossiers in a state, filed ones in the state `filed` where the regulation has it."""
    if state == "filed":
        return Q(filed_us__gt=0)
    return Q(state=state, filed_us=0) if "filed" in pack.kinds[kind].states else Q(state=state)


def _share(wanted: list[str]) -> Any:
    filled = [Case(Whenever(_is_filled(name), then=1), default=0, output_field=IntegerField()) for name in wanted]
    if not filled:
        return Constant(100, output_field=BigIntegerField())
    total = sum(filled[1:], filled[0])
    return _whole((total * Constant(200) + Constant(len(wanted))) / Constant(2 * len(wanted)))


def _is_filled(name: str) -> Any:
    field = FIELDS[name]
    if field.part == "contact":
        main = Contact.objects.filter(dossier=OuterRef("pk"), is_main=True)
        empty: Any = b"" if field.personal else ""
        return Q(Exists(main.exclude(**{field.column: empty})))
    column = Dossier._meta.get_field(field.column)
    if column.null:
        return Q(**{f"{field.column}__isnull": False})
    return (
        Q()
        if column.get_internal_type().endswith("IntegerField")
        else ~Q(**{field.column: b"" if field.personal else ""})
    )


def _classes(asked: Question) -> Iterator[tuple[str, Tally]]:
    """The share of the classes of information the regulation collects of which a dossier holds anything."""
    collected: dict[str, set[str]] = {}
    for name, said in asked.pack.fields.items():
        if said.collect:
            collected.setdefault(said.category, set()).add(name)
    held = [_held_of(names) for _, names in sorted(collected.items())]
    filled = [Case(Whenever(each, then=1), default=0, output_field=IntegerField()) for each in held]
    if not filled:
        return _summed(asked, _chosen(asked), Constant(100, output_field=BigIntegerField()))
    total = sum(filled[1:], filled[0])
    share = _whole((total * Constant(200) + Constant(len(filled))) / Constant(2 * len(filled)))
    return _summed(asked, _chosen(asked), share)


def _held_of(names: set[str]) -> Q:
    """Whether a dossier holds any of these values: in a column of its own or of its main contact, or in a record."""
    found = Q(Exists(_records(sorted({name.partition(".")[0] for name in names} & MODULES.keys()))))
    for name in sorted((names & FIELDS.keys()) - UNCHOSEN):
        found |= _is_filled(name)
    return found


def _records(modules: list[str]) -> QuerySet[Record]:
    return Record.objects.filter(dossier=OuterRef("pk"), module__in=modules, removed_us=0)


def _validity(asked: Question) -> Iterator[tuple[str, Tally]]:
    """A hundred for a dossier without a warning that stayed with a value."""
    sound = Case(Whenever(findings="", then=100), default=0, output_field=BigIntegerField())
    return _summed(asked, _chosen(asked), sound)


def _age_days(asked: Question) -> Iterator[tuple[str, Tally]]:
    """Whole days since the dossier was last changed."""
    return _summed(asked, _chosen(asked), _whole((Constant(asked.at_us) - F("updated_us")) / Constant(DAY_US)))


def _whole(expression: Any) -> Any:
    return Case(Whenever(pk__gt=0, then=expression), output_field=BigIntegerField())


def _summed(asked: Question, found: QuerySet[Dossier], number: Any) -> Iterator[tuple[str, Tally]]:
    if asked.of == "dossier":
        for code, each in found.annotate(number=number).values_list("code", "number"):
            yield f"dossier:{code}", Tally.of(each)
        return
    grouped = found.annotate(number=number).values("unit_id", "owner__username")
    for each in grouped.annotate(times=Count("pk"), total=Sum("number")).order_by():
        for subject in asked.subjects(staff=each["owner__username"] or "", unit=each["unit_id"]):
            yield subject, Tally(each["times"], each["total"])


_MEASURED: dict[str, Callable[[Question], Iterator[tuple[str, Tally]]]] = {
    "completeness": _completeness,
    "validity": _validity,
    "age_days": _age_days,
    "classes": _classes,
}
