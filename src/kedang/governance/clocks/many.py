"""What many deeds of one chunk of a bulk deed mean for the limits: as `following`, but reckoned once for all alike.

Where the deed itself is judged, a limit that was kept is counted and not written down dossier by dossier: one duty for
each day the limits ran from, closed, says how many (`needed` and `done`). Whatever was late, cannot be reckoned yet or
still has to be done stands as a duty of its own, as it would after a deed done alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import F, Q

from kedang.governance.clocks import editions, holders, limits
from kedang.governance.clocks.following import Setting, day_of, duty_of, is_watched, numbers, starts
from kedang.governance.clocks.models import Duty
from kedang.governance.clocks.states import IN_TIME, state_of
from kedang.kernel.deeds import Deed, Part
from kedang.kernel.sql import write_rows
from kedang.packs.schema import Pack
from kedang.packs.times import Clock

AT_ONCE = 500
FIELDS = tuple(field for field in Duty._meta.concrete_fields if not field.primary_key)
COLUMNS = tuple(str(field.column) for field in FIELDS)


def after_many(deed: Deed, pack: Pack, call: int, parts: Sequence[Part]) -> None:
    """Follow the parts of a chunk inside its transaction; `deed` is the bulk deed at the instant of the chunk."""
    chunk = _Chunk(deed, pack, call)
    for op in dict.fromkeys(part.op for part in parts):
        _stop(
            deed,
            call,
            op,
            [subject for part in parts if part.op == op and not part.opened for subject in part.subjects],
        )
    for part in parts:
        for name, said in pack.clocks.items():
            if starts(said.starts, part.op, part.items, part.fields):
                chunk.start(name, said, part)
    chunk.write()


def forget(subjects: Sequence[str]) -> None:
    """Nothing is expected any more of dossiers that were taken away again."""
    for at in range(0, len(subjects), AT_ONCE):
        Duty.objects.filter(subject__in=subjects[at : at + AT_ONCE], source="clock", closed_us=0).delete()


def _stop(deed: Deed, call: int, op: str, subjects: Sequence[str]) -> None:
    """End what waited for this deed on these subjects, by the edition each of them began under."""
    for at in range(0, len(subjects), AT_ONCE):
        some = subjects[at : at + AT_ONCE]
        waiting = Duty.objects.filter(Q(subject__in=some) | Q(about__in=some), source="clock", closed_us=0)
        ended = [duty.pk for duty in waiting if op in _stops(duty)]
        Duty.objects.filter(pk__in=ended, closed_us=0).update(
            stopped_us=deed.at_us, closed_us=deed.at_us, stopped_call=call, next_us=0, done=F("done") + 1
        )


def _stops(duty: Duty) -> frozenset[str]:
    said = editions.part_of(duty)
    return said.stops if isinstance(said, Clock) else frozenset()


class _Chunk:
    """The duties of a chunk: whose they are and when they are due is found out once for all that agree in it."""

    def __init__(self, deed: Deed, pack: Pack, call: int) -> None:
        self._deed, self._pack, self._call = deed, pack, call
        self._books = holders.Books(deed.at_us)
        self._known: dict[tuple[Any, ...], Duty] = {}
        self._kept: dict[str, tuple[Duty, int]] = {}
        self._rows: list[tuple[Any, ...]] = []

    def start(self, name: str, said: Clock, part: Part) -> None:
        """Set a clock going for each subject of a part."""
        day = day_of(said.starts, part.items, part.values)
        watched = list(_watched(name, said, part.subjects))
        if day is None or day != day.max:
            key = (name, day, part.op, part.unit, part.owner)
            if key not in self._known:
                self._known[key] = self._made(name, said, part, day)
            self._begin(self._known[key], watched, said)

    def write(self) -> None:
        """Write what was gathered."""
        for duty, count in self._kept.values():
            more = {"done": F("done") + count, "needed": F("needed") + count, "stopped_us": self._deed.at_us}
            if not Duty.objects.filter(key=duty.key).update(**more, closed_us=self._deed.at_us):
                duty.done = duty.needed = count
                duty.save(force_insert=True)
        if self._rows:
            with connection.cursor() as cursor:
                write_rows(cursor, connection.vendor, Duty._meta.db_table, COLUMNS, self._rows)

    def _made(self, name: str, said: Clock, part: Part, day: Any) -> Duty:
        """A duty of the part without its subject."""
        setting = Setting(
            replace(self._deed, op=part.op), self._pack, self._call, self._deed.subject, part.unit, part.owner
        )  # fmt: skip
        duty = duty_of(name, said, setting, day)
        holders.settle(duty, self._deed.at_us, self._books)
        limits.reckon(duty, said, self._pack.hours)
        if not said.stops:
            duty.stopped_us = duty.closed_us = self._deed.at_us
            duty.stopped_call, duty.next_us, duty.done = self._call, 0, 1
        return duty

    def _begin(self, duty: Duty, watched: Sequence[tuple[str, int]], said: Clock) -> None:
        if not said.stops and state_of(duty, self._deed.at_us) == IN_TIME:
            duty.key = f"clock:{duty.name}:{self._call}:{duty.started_us}:{duty.unit}:{duty.owner}"
            if watched:
                self._kept[duty.key] = duty, self._kept.get(duty.key, (duty, 0))[1] + len(watched)
            return
        stored = (field.get_db_prep_save(getattr(duty, field.attname), connection) for field in FIELDS)
        row = dict(zip(COLUMNS, stored, strict=True))
        for subject, number in watched:
            row |= {"key": f"clock:{duty.name}:{self._call}:{subject}", "subject": subject, "n": number}
            self._rows.append(tuple(row[column] for column in COLUMNS))


def _watched(name: str, said: Clock, subjects: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Those of the subjects that are in the sample, with their numbers; 0 where all are watched."""
    if said.sample >= 100:
        yield from ((subject, 0) for subject in subjects)
        return
    first = numbers(name, len(subjects))
    for number, subject in enumerate(subjects, start=first):
        if is_watched(name, number, said.sample):
            yield subject, number
