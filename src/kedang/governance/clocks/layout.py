"""Lays out the duties of rounds: one for each seat in each period that began, also for the time the site was off."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kedang.customers import selectors as customers
from kedang.governance.clocks import editions, holders, limits
from kedang.governance.clocks.models import Drawn, Duty, Walk
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.packs.periods import Period, periods_between
from kedang.packs.reckoning import UnknownYear
from kedang.packs.schema import Pack
from kedang.packs.times import Round, Sample
from kedang.people import units
from kedang.people.models import Staff, StaffRole, Unit
from kedang.people.parties import lasting

WALK = "rounds"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Seat:
    """For whom a round is: the company, a unit, or a person, and since when there is somebody."""

    code: str
    unit: int
    person: str = ""
    since_us: int = 0


def lay_out(at_us: int) -> int:
    """Create what is missing up to an instant; returns how many duties it created. Safe to repeat and to interrupt."""
    walk, _ = Walk.objects.get_or_create(name=WALK)
    made = 0
    for reign in editions.reigns(at_us):
        ends = reign.until_us - 1 if reign.until_us else at_us
        begins = max(walk.until_us, reign.from_us)
        if begins <= min(ends, at_us):
            for pack, goes_by in reign.parts():
                made += _lay_edition(pack, goes_by, begins, min(ends, at_us), at_us)
    Walk.objects.filter(pk=walk.pk, until_us__lt=at_us).update(until_us=at_us)
    return made


def is_behind(at_us: int) -> bool:
    """Whether periods may have begun that nobody laid out yet; they begin with a day."""
    until = Walk.objects.filter(name=WALK).values_list("until_us", flat=True).first() or 0
    return clock.company_day(until) < clock.company_day(at_us)


def lay_again(year: int) -> None:
    """The working days of a year were announced: its periods are laid out as if it had begun only now."""
    Duty.objects.filter(source="round", period=f"?{year}").delete()
    begin = clock.day_bounds_us(date(year, 1, 1))[0]
    Walk.objects.filter(name=WALK, until_us__gt=begin).update(until_us=begin)


def _lay_edition(pack: Pack, goes_by: Callable[[int], bool], from_us: int, to_us: int, at_us: int) -> int:
    made = 0
    first, last = clock.company_day(from_us), clock.company_day(to_us)
    alike = {(said.for_each, said.roles): said for said in pack.rounds.values()}
    seats = {kind: [seat for seat in _seats(said, at_us) if goes_by(seat.unit)] for kind, said in alike.items()}
    wanted = {
        name: _wanted(name, said, seats[said.for_each, said.roles], first, last) for name, said in pack.rounds.items()
    }  # fmt: skip
    there = _there([key for keys in wanted.values() for key in keys])
    for name, said in pack.rounds.items():
        new = [_duty(name, said, pack, *of, at_us) for key, of in wanted[name].items() if key not in there]
        made += _store(name, said, new, at_us) if new else 0
    return made


def _wanted(name: str, said: Round, seats: list[Seat], first: date, last: date) -> dict[str, tuple[Period, Seat]]:
    """What a stretch of days asks for, by key: every period for every seat there was before its end."""
    ends = ((period, clock.day_bounds_us(period.last)[1]) for period in _periods(said, first, last))
    return {
        _key(name, period, seat): (period, seat) for period, end in ends for seat in seats if seat.since_us < end
    }  # fmt: skip


def _there(keys: list[str]) -> set[str]:
    """Those of many keys that are stored."""
    found: set[str] = set()
    for at in range(0, len(keys), CHUNK):
        found.update(Duty.objects.filter(key__in=keys[at : at + CHUNK]).values_list("key", flat=True))
    return found


def _periods(said: Round, first: date, last: date) -> list[Period]:
    """The periods of a stretch; a year nobody announced stands as one period `?<year>` of its own."""
    found: list[Period] = []
    for year in range(first.year, last.year + 1):
        begin, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        try:
            found += [period for period in periods_between(said.every, begin, end) if period not in found]
        except UnknownYear as unknown:
            found.append(Period(begin, date(year, 12, 31), f"?{unknown.year}"))
    return found


def _seats(said: Round, at_us: int) -> list[Seat]:
    if said.for_each == "company":
        top = units.root()
        return [Seat("company", top.pk)] if top else []
    if said.for_each == "staff":
        return [_person(staff, staff.created_us) for staff in Staff.objects.filter(is_active=True).order_by("pk")]
    if said.for_each == "holder":
        return list(_role_holders(said, at_us))
    return [Seat(f"unit:{unit.pk}", unit.pk) for unit in units.seats_of(said.for_each, None)]


def _role_holders(said: Round, at_us: int) -> Iterator[Seat]:
    """Everybody who holds one of the roles, each once, since the first of them."""
    held = StaffRole.objects.filter(lasting(at_us), role__in=said.roles, staff__is_active=True)
    since: dict[int, int] = {}
    people: dict[int, Staff] = {}
    for row in held.select_related("staff").order_by("staff_id"):
        people[row.staff_id] = row.staff
        since[row.staff_id] = min(row.since_us, since.get(row.staff_id, row.since_us))
    return (_person(staff, since[pk]) for pk, staff in people.items())


def _person(staff: Staff, since_us: int) -> Seat:
    return Seat(f"staff:{staff.username}", staff.unit_id, staff.username, since_us)


def _key(name: str, period: Period, seat: Seat) -> str:
    return f"round:{name}:{period.key}:{seat.code}"


def _duty(name: str, said: Round, pack: Pack, period: Period, seat: Seat, at_us: int) -> Duty:
    duty = Duty(
        key=_key(name, period, seat), source="round", name=name, seat=seat.code, period=period.key,
        subject=seat.code if seat.person else "-", unit=seat.unit, party=holders.stored(said.by),
        applicant=seat.person, thing_holder=seat.person, day_only=True,
        started_us=clock.day_bounds_us(period.first)[0], ends_us=clock.day_bounds_us(period.last)[1] - 1,
        pack_version=pack.version, needed=said.at_least, created_us=at_us,
    )  # fmt: skip
    if period.key.startswith("?"):
        duty.problem = f"{limits.BY_CALENDAR}{period.key[1:]}"
    else:
        limits.reckon(duty, said, pack.hours)
    return duty


def _store(name: str, said: Round, missing: list[Duty], at_us: int) -> int:
    covered = _covered(name, missing)
    new = [duty for duty in missing if duty.started_us > covered.get(duty.seat, -1)]
    _quiet_past(new, at_us)
    books = holders.Books(at_us)
    for duty in new:
        holders.settle(duty, at_us, books)
    if said.sample is not None:
        return sum(_draw(duty, said.sample) for duty in new)
    for at in range(0, len(new), CHUNK):
        Duty.objects.bulk_create(new[at : at + CHUNK], ignore_conflicts=True)
    return len(new)


def _covered(name: str, wanted: list[Duty]) -> dict[str, int]:
    """Until when a seat's time is covered by periods of another edition: they run to their end, nothing is doubled."""
    earlier = Duty.objects.filter(
        source="round", name=name, ends_us__gte=min(duty.started_us for duty in wanted)
    ).exclude(pack_version=wanted[0].pack_version)  # fmt: skip
    found: dict[str, int] = {}
    for seat, ends in earlier.values_list("seat", "ends_us"):
        found[seat] = max(found.get(seat, -1), ends)
    return found


def _quiet_past(new: list[Duty], at_us: int) -> None:
    """Of several periods missed while the site was off, only the newest of each seat still gives notice."""
    newest: dict[str, Duty] = {}
    for duty in sorted(new, key=lambda duty: duty.due_us):
        if 0 < duty.due_us < at_us:
            if duty.seat in newest:
                newest[duty.seat].next_us = 0
            newest[duty.seat] = duty


def _draw(duty: Duty, sample: Sample) -> bool:
    """Store a duty with the things drawn for it; where there is nothing to draw from, there is no duty yet."""
    things = [] if duty.period.startswith("?") else _sampled(duty, sample)
    if not things and not duty.period.startswith("?"):
        return False
    duty.needed = max(len(things), 1)
    with transaction.atomic():
        Duty.objects.bulk_create([duty], ignore_conflicts=True)
        stored = Duty.objects.select_for_update().get(key=duty.key)
        if stored.drawn.exists():
            return False
        Drawn.objects.bulk_create((Drawn(duty=stored, subject=thing) for thing in things), batch_size=5000)
    return True


def _sampled(duty: Duty, sample: Sample) -> list[str]:
    """The share that is looked at, in an order that follows from the period alone and that nobody chooses."""
    everything = list(_population(duty, sample))
    size = min(len(everything), max(-(-len(everything) * sample.share // 100), sample.at_least))
    return heapq.nsmallest(size, everything, key=lambda thing: _lot(duty.key, thing))


def _lot(key: str, thing: str) -> bytes:
    return hashlib.sha256(f"{key}|{thing}".encode()).digest()


def _population(duty: Duty, sample: Sample) -> Iterable[str]:
    below = Unit.objects.filter(path__startswith=Unit.objects.get(pk=duty.unit).path).values("pk")
    company = duty.seat == "company"
    if sample.of == "rows":
        rows = Row.objects.filter(register=sample.register_ or "")
        rows = rows if company else rows.filter(unit_id__in=below)
        return (f"row:{register}/{number}" for register, number in rows.values_list("register", "number").iterator())
    if sample.of == "staff":
        staff = Staff.objects.filter(is_active=True)
        staff = staff if company else staff.filter(unit_id__in=below)
        return (f"staff:{username}" for username in staff.values_list("username", flat=True))
    dossiers = customers.standing()
    dossiers = dossiers if company else dossiers.filter(unit_id__in=below)
    return (f"dossier:{code}" for code in dossiers.values_list("code", flat=True).iterator())
