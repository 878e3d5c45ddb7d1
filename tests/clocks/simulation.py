"""Years of company life by a seeded hand, and an oracle that reckons every limit anew in another way.

The oracle counts days one by one in naive local time, names the period of each single day and puts equal names
together; it shares nothing with the reckoning but the calendar's own table. Only who a party is, it asks the house.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

import chinese_calendar
import pytest
from django.db import transaction
from lunardate import LunarDate

from kedang import messages
from kedang.governance import clocks
from kedang.governance.clocks import editions
from kedang.governance.clocks.following import is_watched
from kedang.governance.clocks.models import Alarm, Duty
from kedang.governance.clocks.states import state_of
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed
from kedang.packs import selectors
from kedang.packs.schema import Pack
from kedang.packs.times import Clock, Every, Hours, Round, Span
from kedang.people.models import Staff, StaffRole, Unit
from kedang.people.parties import Matter, candidates

DAY = timedelta(days=1)
OFFSET = timedelta(hours=8)
KNOWN = {day.year for day in chinese_calendar.constants.holidays}
UNKNOWN = "unknown"


class NotAnnounced(Exception):
    """The oracle's own word for a year nobody knows."""


def us(local: datetime) -> int:
    """Naive company time as a stored instant."""
    return int((local - OFFSET).replace(tzinfo=UTC).timestamp()) * 1_000_000 + local.microsecond


@cache
def works(day: date) -> bool:
    """From the tables themselves."""
    if day.year not in KNOWN:
        raise NotAnnounced(day.year)
    if day in chinese_calendar.constants.workdays:
        return True
    return day.weekday() < 5 and day not in chinese_calendar.constants.holidays


def minute_of(word: str, hours: Hours) -> int:
    word = {"close": hours.close, "midnight": "24:00"}.get(word, word)
    return int(word[:2]) * 60 + int(word[3:])


def at_minute(day: date, minute: int) -> datetime:
    """24:00 is the last microsecond of the day."""
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - naive company time throughout
    return start + timedelta(minutes=minute) - timedelta(microseconds=minute == 1440)


def shifted(day: date, months: int, rule: str) -> date:
    """Month by month, and the day looked for downwards."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for number in range(day.day, 0, -1):
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        return found if number == day.day or rule == "clip" else found + DAY
    raise AssertionError


def oracle_due(span: Span, start: datetime, hours: Hours, *, day_only: bool = False) -> datetime:
    """Counted day by day."""
    working = span.calendar == "working_days"
    day, minutes = start.date(), span.hours * 60 + span.minutes
    until = span.until
    if day_only:
        if minutes:
            start, day = at_minute(day, 0) + DAY, day + DAY
        else:
            start, until = at_minute(day, 0), until or "24:00"
    elif span.cut_off is not None:
        moved = day
        if working and not works(day):
            while not works(moved):
                moved += DAY
        elif start > at_minute(day, minute_of(span.cut_off, hours)):
            moved += DAY
            while working and not works(moved):
                moved += DAY
        if moved != day:
            start, day = at_minute(moved, 0), moved
    for extra in range(400):
        end = _counted(span, start, day, hours, until, minutes, extra)
        if end >= start:
            return end
    raise AssertionError


def _counted(
    span: Span, start: datetime, day: date, hours: Hours, until: str | None, minutes: int, extra: int
) -> datetime:
    working = span.calendar == "working_days"
    for _ in range(extra):
        day += DAY
        while working and not works(day):
            day += DAY
    last = shifted(day, span.months + 12 * span.years, span.month_end)
    begun_off = working and not works(last)
    left = span.days
    while left:
        last += DAY
        left -= 1 if not working or works(last) else 0
    while working and not works(last):
        last += DAY
    end = datetime.combine(last, start.time())
    if begun_off:
        whole = span.days or span.months or span.years
        end = at_minute(last, 1440 if whole else 0)
    if minutes:
        end = _minutes(end, minutes, working, hours)
    if until:
        end = at_minute(end.date(), minute_of(until, hours))
    if span.if_day_off != "keep" and not works(end.date()):
        end = _off(span, end, start, until, hours)
    return end


def _minutes(end: datetime, minutes: int, working: bool, hours: Hours) -> datetime:
    if not working:
        return end + timedelta(minutes=minutes)
    opens, closes = minute_of(hours.open, hours), minute_of(hours.close, hours)
    rest = timedelta(seconds=end.second, microseconds=end.microsecond)
    end -= rest
    if not (works(end.date()) and opens <= end.hour * 60 + end.minute < closes):
        rest = timedelta()  # begun outside the company's hours: it runs from the full minute of opening
    while minutes:
        inside = works(end.date()) and opens <= end.hour * 60 + end.minute < closes
        end += timedelta(minutes=1)
        minutes -= inside
    return end + rest


def _off(span: Span, end: datetime, start: datetime, until: str | None, hours: Hours) -> datetime:
    minute = minute_of(until, hours) if until else 1440
    back = end.date()
    while not works(back):
        back -= DAY
    if span.if_day_off == "previous" and at_minute(back, minute) >= start:
        return at_minute(back, minute)
    on = end.date()
    while not works(on):
        on += DAY
    return at_minute(on, minute)


@cache
def festivals_on(day: date) -> tuple[str, ...]:
    """Which festivals a day is, from its own lunar date and solar term."""
    if day.year not in KNOWN:
        raise NotAnnounced(day.year)
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    named = {(1, 1): "new_year", (5, 1): "labour_day", (10, 1): "national_day"}.get((day.month, day.day))
    moon = {(1, 1): "spring_festival", (5, 5): "dragon_boat", (8, 15): "mid_autumn"}.get((lunar.month, lunar.day))
    term = [name for _, name in chinese_calendar.get_solar_terms(day, day)]
    found = [named, None if lunar.is_leap_month else moon, "qingming" if "清明" in term else None]
    return tuple(sorted(name for name in found if name))


def labels(every: Every, day: date) -> tuple[str, ...]:
    """The names of the periods a day belongs to."""
    if every.festivals:
        return _festival_labels(day)
    if every.days:
        if every.on == "working_days":
            if not works(day):
                return ()
            number = sum(works(date(day.year, 1, 1) + DAY * n) for n in range((day - date(day.year, 1, 1)).days))
            return (f"{day.year} work {number // every.days}",)
        return (str((day.toordinal() - 1) // every.days),)
    if every.weeks:
        return (str((day - timedelta(days=day.weekday())).toordinal() // 7 // every.weeks),)
    return (str(_month_number(every, day)),)


def _festival_labels(day: date) -> tuple[str, ...]:
    for ahead in range(30):
        coming = day + DAY * ahead
        if coming.year not in KNOWN and coming.year != day.year:
            return ()
        if names := festivals_on(coming):
            return tuple(f"{coming.year}-{name}" for name in names)
    return ()


def _month_number(every: Every, day: date) -> int:
    month, begin = (int(part) for part in every.begin.split("-"))
    number = day.year * 12 + day.month - month
    first = begin
    while True:
        try:
            edge = date(day.year, day.month, first)
            break
        except ValueError:
            first -= 1
    return (number - (day < edge)) // (every.months or 12 * every.years)


@dataclass
class Expected:
    """What the oracle holds of one duty."""

    name: str
    seat: str
    first: datetime
    last: datetime
    due: datetime | None
    needed: int = 1
    done: int = 0
    stopped: datetime | None = None
    closed: bool = False

    def state(self, now: datetime) -> str:
        if self.due is None:
            return UNKNOWN
        if self.stopped:
            return "in_time" if self.stopped <= self.due else "late"
        if now <= self.due:
            return "open"
        return "missed" if self.seat else "overdue"


@dataclass
class Company:
    """A life of a company under a pack: what is done, when anybody looks, when the power fails."""

    pack: Pack
    begin: datetime
    seed: int
    now: datetime = field(init=False)
    calls: int = 0
    clocks: dict[str, Expected] = field(default_factory=dict)
    rounds: dict[tuple[str, str, str], Expected] = field(default_factory=dict)
    open_of: dict[tuple[str, str], list[Expected]] = field(default_factory=lambda: defaultdict(list))
    """Periods of a seat on which something is still expected, in order."""
    starts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    open_on: dict[str, list[Expected]] = field(default_factory=lambda: defaultdict(list))
    ticks: list[datetime] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.begin
        self.random = random.Random(self.seed)
        self.staff = list(Staff.objects.order_by("username"))
        self.watched = {name: said for name, said in self.pack.rounds.items() if said.sample is None}
        self.seats = {name: list(self._seats(said)) for name, said in self.watched.items()}
        self.actors = {staff.username: Actor(staff.username, pk=staff.pk, unit=staff.unit_id) for staff in self.staff}
        self.parties: dict[tuple[str, str, str], bool] = {}
        self.within = {
            unit.pk: {int(part) for part in unit.path.split("/") if part} for unit in Unit.objects.all()
        }  # fmt: skip

    def _seats(self, said: Round) -> Iterator[tuple[str, int, str]]:
        units = list(Unit.objects.exclude(kind="outside"))
        top = [unit for unit in units if unit.parent_id is None]
        if said.for_each == "company":
            yield "company", top[0].pk, ""
        elif said.for_each == "staff":
            yield from ((f"staff:{each.username}", each.unit_id, each.username) for each in self.staff)
        elif said.for_each == "holder":
            names = set(StaffRole.objects.filter(role__in=said.roles).values_list("staff__username", flat=True))
            yield from (
                (f"staff:{each.username}", each.unit_id, each.username) for each in self.staff if each.username in names
            )
        elif said.for_each == "unit":
            yield from ((f"unit:{unit.pk}", unit.pk, "") for unit in units)
        else:
            found = [unit for unit in units if unit.kind == said.for_each and unit.parent_id is not None]
            yield from ((f"unit:{unit.pk}", unit.pk, "") for unit in found or top)

    # What happens

    def live(self, until: datetime, per_day: float, patch: pytest.MonkeyPatch) -> None:
        """Let time pass until an instant: deeds, ticks at odd hours, days without any, crashes."""
        self._lay(self.now.date(), until.date())
        ops = sorted({
            *(said.starts.operation for said in self.pack.clocks.values()),
            *(op for said in self.pack.clocks.values() for op in said.stops),
            *(op for said in self.watched.values() for op in said.done_by),
        })  # fmt: skip
        while self.now < until:
            self.now += timedelta(seconds=self.random.randint(1, int(2 * 86400 / (per_day + 1))))
            if self.now >= until:
                break
            chance = self.random.random()
            if chance < 1 / (per_day + 1):
                self.tick(patch)
            elif chance > 0.999:
                self.now += timedelta(days=self.random.randint(3, 40))  # nobody is there
            elif ops:
                self.deed(self.random.choice(ops))
        self.now = until
        self.tick(patch, crash=False)

    def tick(self, patch: pytest.MonkeyPatch, crash: bool = True) -> None:
        """One look at the clock; sometimes the power fails in the middle, and everything known is what was stored."""
        if crash and self.random.random() < 0.05:
            left = self.random.randint(0, 2)
            with patch.context() as here:
                here.setattr(messages, "post", _failing(left), raising=False)
                try:
                    clocks.tick(us(self.now))
                except KeyboardInterrupt:
                    _forget()
                    self.now += timedelta(seconds=self.random.randint(1, 600))
        clocks.tick(us(self.now))
        self.ticks.append(self.now)

    def deed(self, op: str) -> None:
        """Somebody does something; now and then the power fails before it is stored, and they do it again."""
        by = self.random.choice(self.staff)
        fresh = not self.subjects or self.random.random() < 0.5
        subject = f"dossier:C{self.calls}" if fresh else self.random.choice(self.subjects[-40:])
        said = [one.starts for one in self.pack.clocks.values() if one.starts.operation == op]
        day = self.now.date() - DAY * self.random.randint(0, 6)
        items = {one.from_item: day.isoformat() for one in said if one.from_item}
        items |= {
            name: sorted(words)[0]
            for one in said
            for name, words in one.where.items()
            if isinstance(words, frozenset) and self.random.random() < 0.7
        }
        values = {one.from_field: day.isoformat() for one in said if one.from_field}
        fields = frozenset(name for one in said for name in sorted(one.fields)[:1] if self.random.random() < 0.7)
        self.calls += 1
        made = Deed(self.calls, op, self.actors[by.username], us(self.now), self.pack.version, subject=subject)
        call = type("Stub", (), {"pk": self.calls})()

        def follow() -> None:
            clocks.after(
                made, self.pack, call, subject=subject, unit_id=by.unit_id, items=items, values=values, fields=fields
            )

        if self.random.random() < 0.02:
            try:
                with transaction.atomic():
                    follow()
                    raise KeyboardInterrupt
            except KeyboardInterrupt:
                _forget()
        with transaction.atomic():
            follow()
        self.subjects.append(subject)
        self._expect_clocks(op, subject, items, fields, day)
        self._expect_rounds(op, by)

    # What the oracle makes of it

    def _expect_clocks(self, op: str, subject: str, items: dict[str, str], fields: frozenset[str], day: date) -> None:
        for one in list(self.open_on[subject]):
            if op in self.pack.clocks[one.name].stops:
                one.stopped = self.now
                self.open_on[subject].remove(one)
        for name, said in self.pack.clocks.items():
            if said.starts.operation == op and self._starts(said, items, fields) and self._sampled(name, said):
                self._begin(name, said, subject, day)

    def _starts(self, said: Clock, items: dict[str, str], fields: frozenset[str]) -> bool:
        if said.starts.fields and not said.starts.fields & fields:
            return False
        return all(items.get(name) in words for name, words in said.starts.where.items())

    def _sampled(self, name: str, said: Clock) -> bool:
        if said.sample == 100:
            return True
        self.starts[name] += 1
        return is_watched(name, self.starts[name], said.sample)

    def _begin(self, name: str, said: Clock, subject: str, day: date) -> None:
        dated = bool(said.starts.from_item or said.starts.from_field)
        first = at_minute(day, 0) if dated else self.now
        made = Expected(name, "", first, first, self._due(said.within, first, dated))
        self.clocks[f"clock:{name}:{self.calls}"] = made
        if said.stops:
            self.open_on[subject].append(made)
        else:
            made.stopped = self.now

    def _due(self, span: Span, first: datetime, day_only: bool) -> datetime | None:
        try:
            return oracle_due(span, first, self.pack.hours, day_only=day_only)
        except NotAnnounced:
            return None

    def _lay(self, first: date, last: date) -> None:
        """Every day is named, and equal names put together."""
        for name, said in self.watched.items():
            for label, days in self._named_days(said, first, last).items():
                begin, end = at_minute(min(days), 0), at_minute(max(days), 1440)
                due = self._round_due(said, begin, end)
                for code, _, _ in self.seats[name]:
                    if (name, code, label) not in self.rounds:
                        one = self.rounds[(name, code, label)] = Expected(name, code, begin, end, due, said.at_least)
                        self.open_of[(name, code)].append(one)

        for mine in self.open_of.values():
            mine.sort(key=_begins)

    def _round_due(self, said: Round, begin: datetime, end: datetime) -> datetime | None:
        if said.within is not None:
            inside = self._due(said.within, begin, True)
            return inside and min(inside, end)
        return end if said.grace is None else self._due(said.grace, at_minute(end.date(), 0), True)

    def _named_days(self, said: Round, first: date, last: date) -> dict[str, list[date]]:
        found: dict[str, list[date]] = defaultdict(list)
        wide = 40 if said.every.days or said.every.festivals else 400 * max(1, said.every.years)
        day = first - DAY * wide
        while day <= last + DAY * wide:
            try:
                for label in labels(said.every, day):
                    found[label].append(day)
            except NotAnnounced:
                pass
            day += DAY
        return {label: days for label, days in found.items() if max(days) >= first and min(days) <= last}

    def _expect_rounds(self, op: str, by: Staff) -> None:
        within = self.within[by.unit_id]
        for name, said in self.watched.items():
            if op not in said.done_by:
                continue
            for code, unit, person in self.seats[name]:
                if person and person != by.username:
                    continue
                if (not person and code != "company" and unit not in within) or not self._may(name, code, unit, by):
                    continue
                self._credit(name, code)

    def _may(self, name: str, code: str, unit: int, by: Staff) -> bool:
        said = self.watched[name]
        if said.by.person == "holder":
            return True
        if (name, code, by.username) not in self.parties:
            holder = Duty.objects.filter(name=name, seat=code).order_by("-started_us").first()
            matter = Matter(applicant=by.username, unit_id=unit, holder=holder.holder if holder else "")
            found = candidates(self.pack, said.by, matter, us(self.now), with_applicant=True)
            self.parties[(name, code, by.username)] = by.username in found
        return self.parties[(name, code, by.username)]

    def _credit(self, name: str, code: str) -> None:
        mine = self.open_of[(name, code)]
        begun = mine[: bisect_right(mine, self.now, key=_begins)]
        running = [one for one in begun if one.due is None or self.now <= one.due]
        missed = [one for one in begun if one not in running]
        target = running[0] if running else missed[-1] if missed else None
        if target is None:
            return
        target.done += 1
        if target.done >= target.needed:
            target.stopped, target.closed = self.now, True
            for earlier in missed:
                if earlier.first <= target.first:
                    earlier.closed = True
            self.open_of[(name, code)] = [one for one in mine if not one.closed]

    # The comparison

    def compare(self) -> None:
        """Nothing missed, early, late or doubled."""
        self._compare_clocks()
        self._compare_rounds()
        self._compare_notices()

    def _compare_clocks(self) -> None:
        found = {duty.key: duty for duty in Duty.objects.filter(source="clock")}
        assert sorted(found) == sorted(self.clocks)
        for key, one in self.clocks.items():
            self._same(key, found[key], one)

    def _compare_rounds(self) -> None:
        stored: dict[tuple[str, str, int, int], Duty] = {}
        for duty in Duty.objects.filter(source="round", name__in=self.watched).exclude(period__startswith="?"):
            stored[(duty.name, duty.seat, duty.started_us, duty.ends_us)] = duty
        expected = {(one.name, one.seat, us(one.first), us(one.last)): one for one in self.rounds.values()}
        wanted = {key: one for key, one in expected.items() if one.first <= self.now}
        assert sorted(stored) == sorted(wanted)
        for key, one in wanted.items():
            self._same(str(key), stored[key], one)

    def _same(self, key: str, duty: Duty, one: Expected) -> None:
        assert duty.started_us == us(one.first), key
        assert duty.due_us == (us(one.due) if one.due else 0), (key, one.due)
        assert state_of(duty, us(self.now)) == one.state(self.now), key
        assert duty.stopped_us == (us(one.stopped) if one.stopped else 0), key
        if one.due is None:
            assert duty.problem.startswith("calendar:"), key

    def _compare_notices(self) -> None:
        """Never early, never after the end, and wherever somebody looked while it was due."""
        gone: dict[int, list[Alarm]] = defaultdict(list)
        for alarm in Alarm.objects.all():
            gone[alarm.duty_id].append(alarm)
        looks = [us(tick) for tick in self.ticks]
        created: dict[tuple[str, str, int], int] = {}
        for duty in Duty.objects.filter(source="round"):
            if 0 < duty.due_us < duty.created_us:
                group = (duty.name, duty.seat, duty.created_us)
                created[group] = max(created.get(group, 0), duty.due_us)
        for duty in Duty.objects.exclude(due_us=0):
            mine = {(each.kind, each.no): each for each in gone[duty.pk]}
            assert len(mine) == len(gone[duty.pk])
            assert all(each.at_us <= each.sent_us for each in mine.values())
            assert all(not duty.closed_us or each.sent_us <= duty.closed_us for each in mine.values())
            assert all(each.at_us > duty.due_us for each in mine.values() if each.kind != "remind")
            assert all(each.sent_us <= duty.due_us for each in mine.values() if each.kind == "remind")
            silent = created.get((duty.name, duty.seat, duty.created_us), 0) > duty.due_us
            seen = [at for at in looks if at > duty.due_us and at >= duty.created_us and not 0 < duty.closed_us <= at]
            if seen and not silent:
                assert mine[("overdue", 0)].sent_us <= seen[0], duty.key
            elif not seen:
                assert ("overdue", 0) not in mine or mine[("overdue", 0)].sent_us not in looks, duty.key
            self._escalated(duty, mine, seen, silent)

    def _escalated(self, duty: Duty, mine: dict[tuple[str, int], Alarm], seen: list[int], silent: bool) -> None:
        said = editions.part_of(duty)
        limit = datetime.fromtimestamp(duty.due_us // 1_000_000, UTC).replace(tzinfo=None) + OFFSET
        limit += timedelta(microseconds=duty.due_us % 1_000_000)
        for no, one in enumerate(said.escalate):
            instant = self._due(one.after, limit, False)
            if instant is None or silent:
                continue
            due = max(us(instant), duty.due_us + 1)
            later = [at for at in seen if at >= due]
            assert bool(later) <= (("escalate", no) in mine), (duty.key, no)
            if ("escalate", no) in mine:
                assert mine[("escalate", no)].at_us == due, (duty.key, no)
                assert not later or mine[("escalate", no)].sent_us <= later[0]


def _begins(one: Expected) -> datetime:
    return one.first


def _forget() -> None:
    """A new process has nothing in its caches; only the reading of an edition's bytes, which follows from them."""
    for name, kept in vars(selectors).items():
        if name != "_lawful" and hasattr(kept, "cache_clear"):
            kept.cache_clear()


def _failing(left: int) -> Callable[..., None]:
    """Posting that works so often, and then the power fails."""
    real, rest = messages.post, [left]

    def post(*args: object, **named: object) -> None:
        if not rest[0]:
            raise KeyboardInterrupt
        rest[0] -= 1
        real(*args, **named)  # type: ignore[arg-type]

    return post
