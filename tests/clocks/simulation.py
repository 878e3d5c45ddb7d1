"""Years of company life by a seeded hand: what is done, when anybody looks at the clock, and when the power fails."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from kedang import messages
from kedang.customers.models import Dossier
from kedang.governance import clocks
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed
from kedang.packs import selectors
from kedang.packs.schema import Pack
from kedang.packs.times import Start
from kedang.packs.vocabulary import Range
from kedang.people.models import Staff
from tests.clocks.expectations import Done, Expectations, Expected
from tests.clocks.oracle import DAY, us

FINISHES, SAMPLES = 0.2, 0.15
"""Of all deeds so many end something that waits, and look at something that was drawn; what else is done is chance."""
FORGOTTEN = 0.03
"""Of all that waits so much is never thought of again."""
OPENS = "customer.open"


class Company:
    """A life of a company under a pack, and the oracle that watches it."""

    def __init__(self, pack: Pack, begin: datetime, seed: int) -> None:
        self.pack, self.now, self.random = pack, begin, random.Random(seed)
        self.oracle = Expectations(pack, begin)
        self.staff = list(self.oracle.staff.values())
        self.actors = {staff.username: Actor(staff.username, pk=staff.pk, unit=staff.unit_id) for staff in self.staff}
        self.units = sorted(self.oracle.within)
        self.deeds = 0
        self.ops = sorted({
            *(said.starts.operation for said in pack.clocks.values()),
            *(op for said in pack.clocks.values() for op in said.stops),
            *(op for said in pack.rounds.values() for op in said.done_by),
        })  # fmt: skip

    def live(self, until: datetime, per_day: float, patch: pytest.MonkeyPatch) -> None:
        """Let time pass until an instant: deeds, ticks at odd hours, days without any, crashes."""
        self.oracle.lay(until.date())
        while self.now < until:
            self.now += timedelta(seconds=self.random.randint(1, int(2 * 86400 / (per_day + 1))))
            if self.now >= until:
                break
            chance = self.random.random()
            if chance < 1 / (per_day + 1):
                self.tick(patch)
            elif chance > 0.999:
                self.now += timedelta(days=self.random.randint(3, 40))  # nobody is there
            elif self.ops:
                self.deed()
        self.now = until
        self.tick(patch, crash=False)

    def rest(self, until: datetime, patch: pytest.MonkeyPatch) -> None:
        """Nobody does anything, and the machine is off, until an instant."""
        self.oracle.lay(until.date())
        self.now = until
        self.tick(patch, crash=False)

    def compare(self) -> None:
        """Everything is as the oracle says."""
        self.oracle.now = self.now
        self.oracle.compare()

    def tick(self, patch: pytest.MonkeyPatch, crash: bool = True) -> None:
        """One look at the clock; sometimes the power fails in the middle, and everything known is what was stored."""
        if crash and self.random.random() < 0.05:
            with patch.context() as here:
                here.setattr(messages, "post_all", _failing(self.random), raising=False)
                try:
                    clocks.tick(us(self.now))
                except KeyboardInterrupt:
                    _forget()
                    self.oracle.fell_out(self.now)
                    self.now += timedelta(seconds=self.random.randint(1, 600))
        clocks.tick(us(self.now))
        self.oracle.look(self.now)
        self.oracle.looks.append(self.now)

    def deed(self) -> None:
        """Somebody does something; now and then the power fails before it is stored, and they do it again."""
        self.deeds += 1
        done = self._thought_of()
        call = type("Stub", (), {"pk": done.number})()
        made = Deed(
            done.number, done.op, self.actors[done.by.username], us(self.now), self.pack.version, subject=done.subject
        )
        values = {
            said.starts.from_field: done.day.isoformat() if done.day else ""
            for said in self.pack.clocks.values() if said.starts.from_field
        }  # fmt: skip

        owner = self.random.choice([*self.actors, ""])

        def follow() -> None:
            if done.op == OPENS:
                self._open(done)
            clocks.after(
                made, self.pack, call, subject=done.subject, unit_id=done.unit, owner=owner, items=done.items,
                values=values, fields=done.fields,
            )  # fmt: skip

        if self.random.random() < 0.02:
            try:
                with transaction.atomic():
                    follow()
                    raise KeyboardInterrupt
            except KeyboardInterrupt:
                _forget()
        with transaction.atomic():
            follow()
        if done.op == OPENS:
            self.oracle.dossiers[done.subject] = done.unit
        self.oracle.now = self.now
        self.oracle.happened(done)
        for one in self.oracle.open_on[done.subject]:
            one.forgotten |= one.created == self.now and self.random.random() < FORGOTTEN

    def _open(self, done: Done) -> None:
        code = done.subject.removeprefix("dossier:")
        name = f"客户{code}"
        Dossier.objects.create(
            id=done.number, code=code, name=name, name_key=name, unit_id=done.unit, created_us=us(self.now),
            updated_us=us(self.now),
        )  # fmt: skip

    # What comes to mind

    def _thought_of(self) -> Done:
        by, place = self.random.choice(self.staff), self.random.choice(self.units)
        place = by.unit_id if self.random.random() < 0.5 else place
        op, subject, chance = self.random.choice(self.ops), "", self.random.random()
        if chance < FINISHES and (one := self._waits()):
            op, subject = self.random.choice(sorted(self.pack.clocks[one[1].name].stops)), one[0]
        elif chance < FINISHES + SAMPLES and (sample := self._sample()):
            op, subject, by, place = sample
        elif self.random.random() < 0.5:
            by, place = self._apt(op) or (by, place)
        if op == OPENS or not (subject or self.oracle.dossiers):
            subject = f"dossier:C{self.deeds}"
        subject = subject or self.random.choice(list(self.oracle.dossiers)[-40:])
        starts = [one.starts for one in self.pack.clocks.values() if one.starts.operation == op]
        day = self.now.date() - DAY * self.random.randint(-1, 6) if self.random.random() < 0.97 else None
        fields = frozenset(name for one in starts for name in sorted(one.fields)[:1] if self.random.random() < 0.7)
        return Done(self.deeds, op, by, place, subject, self._answers(starts, day), fields, day)

    def _waits(self) -> tuple[str, Expected] | None:
        """Something that waits for a deed and is not forgotten; soon or much later."""
        open_on = self.oracle.open_on.items()
        waiting = [(subject, one) for subject, those in open_on for one in those if not one.forgotten]
        return self.random.choice(waiting) if waiting else None

    def _sample(self) -> tuple[str, str, Staff, int] | None:
        """A thing that was drawn, and somebody whose looking at it counts."""
        open_ones = [
            one for name, said in self.pack.rounds.items() if said.sample
            for code, _, _ in self.oracle.seats[name] for one in self.oracle.open_of[name, code]
        ]  # fmt: skip
        if not open_ones:
            return None
        one = self.random.choice(open_ones[-4:])
        op = self.random.choice(sorted(self.pack.rounds[one.name].done_by))
        left = sorted(self.oracle.to_draw(one))
        found = self._apt(op, only=one.seat)
        return (op, self.random.choice(left), *found) if left and found else None

    def _apt(self, op: str, only: str = "") -> tuple[Staff, int] | None:
        """Somebody, and a place, with whom a deed counts for a round."""
        seats = [
            (name, seat) for name, said in self.pack.rounds.items() if op in said.done_by
            for seat in self.oracle.seats[name] if not only or seat[0] == only
        ]  # fmt: skip
        if not seats:
            return None
        name, seat = self.random.choice(seats)
        able = [staff for staff in self.staff if self.oracle.counts(name, seat, staff, seat[1])]
        return (self.random.choice(able), seat[1]) if able else None

    def _answers(self, starts: list[Start], day: date | None) -> dict[str, Any]:
        items: dict[str, Any] = {one.from_item: day.isoformat() if day else "" for one in starts if one.from_item}
        for one in starts:
            for name, wanted in one.where.items():
                if (given := self._answer(wanted)) is not None:
                    items[name] = given
        return items

    def _answer(self, wanted: frozenset[str] | Range) -> Any:
        """Something that fits, something that does not, or nothing."""
        if isinstance(wanted, Range):
            edge = self.random.choice([n for n in (wanted.min, wanted.max) if n is not None])
            return self.random.choice([edge - 1, edge, edge + 1, None])
        word = self.random.choice(sorted(wanted))
        return self.random.choice([word, word, [word, "else"], "else", None])


def _forget() -> None:
    """A new process has nothing in its caches; only the reading of an edition's bytes, which follows from them."""
    for name, kept in vars(selectors).items():
        if name != "_lawful" and hasattr(kept, "cache_clear"):
            kept.cache_clear()


def _failing(chance: random.Random) -> Callable[[list[messages.Note]], None]:
    """Posting that works so often, and then the power fails in the middle of it."""
    real, rest = messages.post_all, [chance.randint(0, 2)]

    def post_all(notes: list[messages.Note]) -> None:
        if not rest[0]:
            real(notes[: len(notes) // 2])
            raise KeyboardInterrupt
        rest[0] -= 1
        real(notes)

    return post_all
