"""What has to be stored after some years of company life: the oracle's own books, and the comparison with the product.

Only two things are asked of the house: who a party is, and which things the lot drew into a sample.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kedang.governance.clocks.following import is_watched
from kedang.governance.clocks.models import Alarm, Drawn, Duty
from kedang.governance.clocks.states import state_of
from kedang.messages.models import Notice
from kedang.packs.schema import Pack
from kedang.packs.times import Clock, Round, Span
from kedang.packs.vocabulary import Range
from kedang.people.models import Staff, StaffRole, Unit
from kedang.people.parties import Matter, candidates
from tests.clocks.oracle import DAY, NotAnnounced, at_minute, notices, oracle_due, periods, us

UNKNOWN = "unknown"


@dataclass
class Expected:
    """What the oracle holds of one duty."""

    name: str
    seat: str
    first: datetime
    last: datetime
    due: datetime | None
    needed: int = 1
    nameless: bool = False
    """A whole year of which nobody announced the periods."""
    done: int = 0
    created: datetime | None = None
    stopped: datetime | None = None
    closed: datetime | None = None
    drawn: set[str] | None = None
    """Of a sample, what is still to be looked at."""
    forgotten: bool = False
    """Nobody ever thinks of it again."""

    def state(self, now: datetime) -> str:
        if self.due is None:
            return UNKNOWN
        if self.stopped:
            return "in_time" if self.stopped <= self.due else "late"
        if now <= self.due:
            return "open"
        return "missed" if self.seat else "overdue"


@dataclass(frozen=True)
class Done:
    """A deed as the company knows of it."""

    number: int
    op: str
    by: Staff
    unit: int
    subject: str
    items: Mapping[str, Any]
    fields: frozenset[str]
    day: date | None
    """The day that stands in its form or in the dossier, where a clock may run from it."""


def begins(one: Expected) -> datetime:
    return one.first


@dataclass
class Expectations:
    """The oracle's books."""

    pack: Pack
    now: datetime
    clocks: dict[str, Expected] = field(default_factory=dict)
    rounds: list[Expected] = field(default_factory=list)
    open_of: dict[tuple[str, str], list[Expected]] = field(default_factory=lambda: defaultdict(list))
    """Periods of a seat on which something is still expected, in order."""
    open_on: dict[str, list[Expected]] = field(default_factory=lambda: defaultdict(list))
    starts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    looks: list[datetime] = field(default_factory=list)
    crashes: set[int] = field(default_factory=set)
    dossiers: dict[str, int] = field(default_factory=dict)
    """Those that were opened, and the unit of each."""

    def __post_init__(self) -> None:
        self.laid, self.walked = self.now, self.now - DAY  # nobody has looked yet
        self.staff = {staff.username: staff for staff in Staff.objects.order_by("username")}
        self.within = {unit.pk: {int(n) for n in unit.path.split("/") if n} for unit in Unit.objects.all()}
        self.seats = {name: list(self._seats(said)) for name, said in self.pack.rounds.items()}
        self.pending: list[Expected] = []
        self.waiting: list[Expected] = []
        """Periods of samples that began, and of which nothing could be drawn yet."""
        self.parties: dict[tuple[str, int, str], bool] = {}
        self.known: set[tuple[str, datetime, datetime, str]] = set()

    def _seats(self, said: Round) -> Iterator[tuple[str, int, str]]:
        units = list(Unit.objects.exclude(kind="outside"))
        top = [unit for unit in units if unit.parent_id is None]
        people = list(self.staff.values())
        if said.for_each == "company":
            yield "company", top[0].pk, ""
        elif said.for_each in ("staff", "holder"):
            roles = StaffRole.objects.filter(role__in=said.roles) if said.roles else StaffRole.objects.all()
            names = {staff.username for staff in people}
            names &= names if said.for_each == "staff" else set(roles.values_list("staff__username", flat=True))
            yield from ((f"staff:{each.username}", each.unit_id, each.username) for each in people
                        if each.username in names)  # fmt: skip
        elif said.for_each == "unit":
            yield from ((f"unit:{unit.pk}", unit.pk, "") for unit in units)
        else:
            found = [unit for unit in units if unit.kind == said.for_each and unit.parent_id is not None]
            yield from ((f"unit:{unit.pk}", unit.pk, "") for unit in found or top)

    # Periods

    def lay(self, until: date) -> None:
        """All periods of the rounds from where they were laid before."""
        for name, said in self.pack.rounds.items():
            for label, begin, end in periods(said.every, self.laid.date(), until):
                first, last = at_minute(begin, 0), at_minute(end, 1440)
                nameless = label.startswith("?")
                due = None if nameless else self._round_due(said, first, last)
                for code, _, _ in self.seats[name]:
                    if (key := (code, first, last, f"{name} {label}")) not in self.known:
                        self.known.add(key)
                        self.pending.append(Expected(name, code, first, last, due, said.at_least, nameless))
        self.pending.sort(key=begins)
        self.laid = at_minute(until, 0)

    def _round_due(self, said: Round, first: datetime, last: datetime) -> datetime | None:
        if said.within is not None:
            inside = self._due(said.within, first, True)
            return inside and min(inside, last)
        return last if said.grace is None else self._due(said.grace, at_minute(last.date(), 0), True)

    def _due(self, span: Span, first: datetime, day_only: bool) -> datetime | None:
        try:
            return oracle_due(span, first, self.pack.hours, day_only=day_only)
        except NotAnnounced:
            return None

    def look(self, at: datetime) -> None:
        """Somebody looked at the clock: periods that began since the last look have their duties now."""
        before, self.walked = at_minute(self.walked.date(), 0), at
        begun = bisect_right(self.pending, at, key=begins)
        came, self.pending = self.waiting + self.pending[:begun], self.pending[begun:]
        self.waiting = []
        for one in came:
            said = self.pack.rounds[one.name]
            if said.sample is not None and one.last < before:
                continue  # over before there was anything to draw from
            if said.sample is not None and not one.nameless:
                one.needed = self._drawn(said, one)
            if not one.needed:
                self.waiting.append(one)
                continue
            one.created = at
            self.rounds.append(one)
            insort(self.open_of[one.name, one.seat], one, key=begins)

    def _drawn(self, said: Round, one: Expected) -> int:
        """How many there are to draw: the share, at least so many, never more than there are."""
        assert said.sample is not None
        assert said.sample.of == "dossiers"
        unit = 0 if one.seat == "company" else int(one.seat.removeprefix("unit:"))
        there = sum(1 for place in self.dossiers.values() if not unit or unit in self.within[place])
        share = there * said.sample.share
        return min(there, max((share + 99) // 100, said.sample.at_least))

    def fell_out(self, at: datetime) -> None:
        """The power failed while notices went out: what had gone out before that is out."""
        self.look(at)
        self.crashes.add(us(at))

    # Deeds

    def happened(self, done: Done) -> None:
        """A deed was done now."""
        ops = {op for said in self.pack.rounds.values() for op in said.done_by}
        if done.op in ops and self.walked.date() < self.now.date():
            self.look(self.now)
        self._clocks(done)
        self._rounds(done)

    def _clocks(self, done: Done) -> None:
        for one in list(self.open_on[done.subject]):
            if done.op in self.pack.clocks[one.name].stops:
                one.stopped = one.closed = self.now
                self.open_on[done.subject].remove(one)
        for name, said in self.pack.clocks.items():
            if said.starts.operation == done.op and _starts(said, done) and self._sampled(name, said):
                self._begin(name, said, done)

    def _sampled(self, name: str, said: Clock) -> bool:
        if said.sample == 100:
            return True
        self.starts[name] += 1
        return is_watched(name, self.starts[name], said.sample)

    def _begin(self, name: str, said: Clock, done: Done) -> None:
        dated = bool(said.starts.from_item or said.starts.from_field)
        if dated and done.day is None:
            return
        first = at_minute(done.day, 0) if dated and done.day else self.now
        due = self._due(said.within, first, dated)
        made = Expected(name, "", first, first, due, created=self.now)
        self.clocks[f"clock:{name}:{done.number}"] = made
        if said.stops:
            self.open_on[done.subject].append(made)
        else:
            made.stopped = made.closed = self.now

    def _rounds(self, done: Done) -> None:
        for name, said in self.pack.rounds.items():
            if done.op not in said.done_by:
                continue
            for code, unit, person in self.seats[name]:
                if self.counts(name, (code, unit, person), done.by, done.unit):
                    self._credit(said, name, code, done.subject)

    def counts(self, name: str, seat: tuple[str, int, str], by: Staff, place: int) -> bool:
        """Whether what somebody does about a thing of a unit counts for a seat of a round."""
        said, (code, unit, person) = self.pack.rounds[name], seat
        if (person and person != by.username) or not (person or code == "company" or unit in self.within[place]):
            return False
        if said.by.person == "holder":
            return True
        if (name, unit, by.username) not in self.parties:
            found = candidates(
                self.pack, said.by, Matter(applicant=by.username, unit_id=unit), us(self.now), with_applicant=True
            )
            self.parties[name, unit, by.username] = by.username in found
        return self.parties[name, unit, by.username]

    def _credit(self, said: Round, name: str, code: str, subject: str) -> None:
        mine = self.open_of[name, code]
        running = [one for one in mine if one.due is None or self.now <= one.due]
        missed = [one for one in mine if one not in running]
        for target in (*running, *missed[-1:]):
            if said.sample is not None:
                if subject not in self.to_draw(target):
                    continue
                self.to_draw(target).remove(subject)
            target.done += 1
            if target.done >= target.needed and not target.nameless:
                target.stopped = target.closed = self.now
                for earlier in missed:
                    if earlier.first <= target.first and earlier.closed is None:
                        earlier.closed = self.now
                self.open_of[name, code] = [one for one in mine if one.closed is None]
            return

    def to_draw(self, one: Expected) -> set[str]:
        """What the lot drew, which has to be so many and of the right dossiers."""
        if one.drawn is None:
            rows = Drawn.objects.filter(duty__name=one.name, duty__seat=one.seat, duty__started_us=us(one.first))
            one.drawn = set(rows.values_list("subject", flat=True))
            unit = 0 if one.seat == "company" else int(one.seat.removeprefix("unit:"))
            assert len(one.drawn) == one.needed or one.due is None
            assert all(not unit or unit in self.within[self.dossiers[thing]] for thing in one.drawn)
        return one.drawn

    # The comparison

    def compare(self) -> None:
        """Nothing missed, early, late or doubled."""
        clocks = {duty.key: duty for duty in Duty.objects.filter(source="clock")}
        assert sorted(clocks) == sorted(self.clocks)
        for key, one in self.clocks.items():
            self._same(clocks[key], one)
        stored, wanted = _together(Duty.objects.filter(source="round")), defaultdict(list)
        for one in self.rounds:
            wanted[one.name, one.seat, us(one.first), us(one.last)].append(one)
        assert sorted(stored) == sorted(wanted)
        for place, duties in stored.items():
            mine = sorted(wanted[place], key=lambda one: (one.stopped is None, one.stopped or one.first))
            for duty, one in zip(duties, mine, strict=True):
                self._same(duty, one)
        self._notices()

    def _same(self, duty: Duty, one: Expected) -> None:
        assert duty.started_us == us(one.first), duty.key
        assert duty.due_us == (us(one.due) if one.due else 0), (duty.key, one.due)
        assert state_of(duty, us(self.now)) == one.state(self.now), duty.key
        assert duty.stopped_us == (us(one.stopped) if one.stopped else 0), duty.key
        assert duty.closed_us == (us(one.closed) if one.closed else 0), duty.key
        assert duty.created_us == (us(one.created) if one.created else 0), duty.key
        assert not duty.seat or (duty.done, duty.needed) == (one.done, one.needed), duty.key
        assert one.due is not None or duty.problem.startswith("calendar:"), duty.key
        if duty.seat and self.pack.rounds[duty.name].sample is not None:
            self.to_draw(one)

    def _notices(self) -> None:
        """Each at the first look when it was due; of what was missed while nobody was there, of the newest alone."""
        gone: dict[int, dict[tuple[str, int], tuple[int, int]]] = defaultdict(dict)
        count = 0
        for pk, kind, no, at_us, sent_us in Alarm.objects.values_list("duty", "kind", "no", "at_us", "sent_us"):
            gone[pk][kind, no], count = (at_us, sent_us), count + 1
        assert count == sum(len(mine) for mine in gone.values())
        _told()
        looks, newest = [us(at) for at in self.looks], self._newest()
        for duty in Duty.objects.all():
            mine = gone[duty.pk]
            if 0 < duty.due_us < newest.get((duty.name, duty.seat, duty.created_us), 0) or not duty.due_us:
                assert not mine, duty.key
                continue
            here = {sent for _, sent in mine.values()} & self.crashes
            said = self.pack.rounds[duty.name] if duty.seat else self.pack.clocks[duty.name]
            wanted = notices(
                said, self.pack.hours, started=duty.started_us, due=duty.due_us, created=duty.created_us,
                closed=duty.closed_us, looks=sorted([*looks, *here]) if here else looks,
            )  # fmt: skip
            assert mine == wanted, (duty.key, sorted(mine.items() ^ wanted.items()))

    def _newest(self) -> dict[tuple[str, str, int], int]:
        """Of periods that were over when their duties were made, the one that was due last."""
        found: dict[tuple[str, str, int], int] = {}
        for duty in Duty.objects.filter(source="round", due_us__gt=0):
            if duty.due_us < duty.created_us:
                group = (duty.name, duty.seat, duty.created_us)
                found[group] = max(found.get(group, 0), duty.due_us)
        return found


def _told() -> None:
    """Whatever went out reached somebody, the same people for the same seat, and nobody was told anything else."""
    told: dict[str, set[str]] = defaultdict(set)
    for to, key in Notice.objects.filter(key__startswith="duty:").values_list("to", "key"):
        told[key].add(to)
    alike: dict[tuple[Any, ...], set[str]] = {}
    seat = ("name", "seat", "unit", "party", "applicant", "owner", "holder", "thing_holder")
    for duty, kind, no, *who in Alarm.objects.values_list("duty", "kind", "no", *(f"duty__{one}" for one in seat)):
        people = told.pop(f"duty:{duty}:{kind}:{no}", set())
        assert people, (duty, kind, no)
        which = (kind, 0 if kind == "repeat" else no, *who)
        assert alike.setdefault(which, people) == people, (duty, kind, no)
    assert not told


def _together(duties: Iterable[Duty]) -> dict[tuple[str, str, int, int], list[Duty]]:
    """Duties of one seat for the same days (two festivals may be on one): those done first before the others."""
    found: dict[tuple[str, str, int, int], list[Duty]] = defaultdict(list)
    for duty in sorted(duties, key=lambda duty: (not duty.stopped_us, duty.stopped_us)):
        found[duty.name, duty.seat, duty.started_us, duty.ends_us].append(duty)
    return found


def _starts(said: Clock, done: Done) -> bool:
    if said.starts.fields and not said.starts.fields & done.fields:
        return False
    return all(_answered(wanted, done.items.get(name)) for name, wanted in said.starts.where.items())


def _answered(wanted: frozenset[str] | Range, given: Any) -> bool:
    if isinstance(wanted, Range):
        low = given if wanted.min is None else wanted.min
        high = given if wanted.max is None else wanted.max
        return isinstance(given, int) and low <= given <= high
    return any(word in wanted for word in (given if isinstance(given, list) else [given]))
