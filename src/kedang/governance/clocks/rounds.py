"""Deeds that count for a period of a round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Max, Q, QuerySet

from kedang.governance.clocks import editions, holders, layout
from kedang.governance.clocks.models import Drawn, Duty
from kedang.kernel.deeds import Deed
from kedang.packs.times import Round
from kedang.people.parties import Matter, acting_for, candidates
from kedang.people.units import upwards

CALL = "call:"


@dataclass(frozen=True, slots=True)
class Kept:
    """A deed done for a seat of a round while nobody could tell for which period."""

    name: str
    seat: str
    call: int
    at_us: int


def count(deed: Deed, call: int, subject: str, unit_id: int) -> None:
    """Count a deed for the rounds it belongs to: for the period that runs, else for the one missed last."""
    if not (names := editions.names_done_by(deed.op)):
        return
    if layout.is_behind(deed.at_us):  # nobody has laid out today's periods yet, and this deed may be of one of them
        layout.lay_out(deed.at_us)
    asked = Duty.objects.filter(
        source="round", closed_us=0, name__in=names, seat__in=_seats(deed, subject, unit_id), started_us__lte=deed.at_us
    )
    looked_at, books = _looked_at(asked, deed.at_us), holders.Books(deed.at_us)
    who = {deed.actor.id, *acting_for(deed.actor.id, deed.at_us)} if looked_at else set()
    for _, group in groupby(looked_at, key=lambda duty: (duty.name, duty.seat)):
        duties = [duty for duty in group if _counts(duty, deed, who, books)]
        _credit(duties, deed.at_us, call, {subject, deed.subject})


def kept_of(year: int) -> list[Kept]:
    """The deeds that were kept for the periods of a year nobody had announced, in order."""
    rows = Drawn.objects.filter(duty__source="round", duty__period=f"?{year}", subject__startswith=CALL)
    found = rows.order_by("done_us", "pk").values_list("duty__name", "duty__seat", "subject", "done_us")
    return [Kept(name, seat, int(call.removeprefix(CALL)), at_us) for name, seat, call, at_us in found]


def count_kept(deeds: Iterable[Kept]) -> None:
    """The periods of that year are laid out now: each deed counts as it would have when it was done."""
    for one in deeds:
        asked = Duty.objects.filter(
            source="round", closed_us=0, name=one.name, seat=one.seat, started_us__lte=one.at_us
        )  # fmt: skip
        _credit(_looked_at(asked, one.at_us), one.at_us, one.call, ())


def _looked_at(asked: QuerySet[Duty], at_us: int) -> list[Duty]:
    """Of each seat what runs, and of all it missed, which may be years, only the last."""
    running = Q(due_us=0) | Q(due_us__gte=at_us)
    last = asked.exclude(running).values("name", "seat").annotate(last=Max("due_us"))
    for one in last.order_by():
        running |= Q(name=one["name"], seat=one["seat"], due_us=one["last"])
    return list(asked.filter(running).order_by("name", "seat", "started_us"))


def _seats(deed: Deed, subject: str, unit_id: int) -> list[str]:
    """The seats a deed may count for: the company, the units it lies in, who did it, whom it is about."""
    units = [f"unit:{unit.pk}" for unit in upwards(unit_id or deed.actor.unit)]
    people = {f"staff:{deed.actor.id}", *(thing for thing in (subject, deed.subject) if thing.startswith("staff:"))}
    return ["company", *units, *sorted(people)]


def _counts(duty: Duty, deed: Deed, who: set[str], books: holders.Books) -> bool:
    said = books.shelf.part_of(duty)
    return isinstance(said, Round) and deed.op in said.done_by and _by_party(duty, said, deed, who, books)


def _by_party(duty: Duty, said: Round, deed: Deed, who: set[str], books: holders.Books) -> bool:
    """Whether who did it, or one of those in whose place it was done, is one of those who have to."""
    if said.by == holders.HOLDER:
        return not duty.seat.startswith("staff:") or duty.seat.removeprefix("staff:") in who
    matter = Matter(applicant=deed.actor.id, unit_id=duty.unit, owner=duty.owner, holder=duty.holder)
    pack, book = books.of(duty)
    return not who.isdisjoint(candidates(pack, said.by, matter, deed.at_us, with_applicant=True, book=book))


def _credit(duties: list[Duty], at_us: int, call: int, things: Iterable[str]) -> None:
    running = [duty for duty in duties if not duty.due_us or at_us <= duty.due_us]
    missed = [duty for duty in duties if duty not in running]
    for duty in (*running, *missed[-1:]):
        if not _adds(duty, at_us, call, things):
            continue
        if duty.done >= duty.needed and not _is_nameless(duty):
            duty.stopped_us = duty.closed_us = at_us
            duty.stopped_call, duty.next_us = call, 0
            _settle(duty, at_us)
        duty.save(update_fields=["done", "stopped_us", "closed_us", "stopped_call", "next_us"])
        return


def _adds(duty: Duty, at_us: int, call: int, things: Iterable[str]) -> bool:
    """Whether the deed is one more of those that are needed; of a sample, each drawn thing counts once."""
    if isinstance(said := editions.part_of(duty), Round) and said.sample is not None:
        drawn = Drawn.objects.filter(duty=duty, subject__in=list(things), done_us=0)
        added = drawn.update(done_us=at_us)
    elif _is_nameless(duty):
        added = int(Drawn.objects.get_or_create(duty=duty, subject=f"{CALL}{call}", defaults={"done_us": at_us})[1])
    else:
        added = 1
    duty.done += added
    return added > 0


def _is_nameless(duty: Duty) -> bool:
    """Whether it stands for a year whose periods nobody can name yet: deeds are kept for it, and none is enough."""
    return duty.period.startswith("?")


def _settle(done: Duty, at_us: int) -> None:
    """Periods missed before one that was done stay missed, and nothing more is expected of them."""
    missed = Duty.objects.filter(source="round", name=done.name, seat=done.seat, closed_us=0, due_us__gt=0)
    earlier = missed.filter(due_us__lt=at_us, started_us__lte=done.started_us).exclude(pk=done.pk)
    earlier.update(closed_us=at_us, next_us=0)
