"""What a deed that was done means for the limits: it stops some, starts others, and counts for rounds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import F, Q

from kedang.governance.clocks import editions, holders, limits, rounds
from kedang.governance.clocks.models import Duty, Started
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.kernel.deeds import EMPTY, Deed
from kedang.packs.conditions import answers
from kedang.packs.schema import Pack
from kedang.packs.times import Clock, Start

BLOCK = 100
"""Of so many starts in a row exactly the share is watched that the regulation asks for."""


def after(
    deed: Deed,
    pack: Pack,
    call: Any,
    *,
    subject: str,
    unit_id: int = 0,
    owner: str = "",
    items: Mapping[str, Any] = EMPTY,
    values: Mapping[str, Any] = EMPTY,
    fields: frozenset[str] = frozenset(),
) -> None:
    """Follow a deed inside its own transaction.

    `subject` is what the deed was about in the end (a dossier it opened); where it opened a row, the clock runs on
    the row. `items` are the answers of its form, `values` what stands in the dossier now, `fields` what it touched.
    """
    opened = _opened(pack, deed.op, call.pk)
    setting = Setting(deed, pack, call.pk, opened or subject, unit_id, owner)
    _stop(deed, call.pk, subject)
    for name, said in pack.clocks.items():
        if starts(said.starts, deed.op, items, fields):
            _start(name, said, setting, day_of(said.starts, items, values))
    rounds.count(deed, call.pk, subject, unit_id)


def _opened(pack: Pack, op: str, call: int) -> str:
    """The row a deed opened, as others name it: a matter's own, or one in a case book that the deed fills besides."""
    said = pack.operations.get(op)
    if said is None:
        return ""
    books = [said.opens] if said.opens else [name for name in sorted(said.registers) if pack.registers[name].states]
    row = Row.objects.filter(register__in=books, opened_call=call).order_by("pk").first() if books else None
    return row.ref if row else ""


def _stop(deed: Deed, call: int, subject: str) -> None:
    """End what waited for this deed on this subject, by the edition each of them began under."""
    things = {subject, deed.subject} - {"-", ""}
    waiting = Q(subject__in=things | {subject}) | Q(about__in=things)
    shelf = editions.Shelf()
    for duty in Duty.objects.filter(waiting, source="clock", closed_us=0):
        said = shelf.part_of(duty)
        if isinstance(said, Clock) and deed.op in said.stops:
            Duty.objects.filter(pk=duty.pk, closed_us=0).update(
                stopped_us=deed.at_us, closed_us=deed.at_us, stopped_call=call, next_us=0, done=F("done") + 1
            )


def starts(said: Start, op: str, items: Mapping[str, Any], fields: frozenset[str]) -> bool:
    """Whether a deed with these answers on these fields sets a clock going."""
    if said.operation != op or (said.fields and said.fields.isdisjoint(fields)):
        return False
    return answers(said.where, {name: _word(answer) for name, answer in items.items()})


def _word(answer: Any) -> Any:
    return frozenset(str(word) for word in answer) if isinstance(answer, (list, tuple, set, frozenset)) else answer


def day_of(said: Start, items: Mapping[str, Any], values: Mapping[str, Any]) -> date | None:
    """The date a clock runs from; `date.max` where the date it should run from was not given."""
    if said.from_item is None and said.from_field is None:
        return None
    text = items.get(said.from_item) if said.from_item is not None else values.get(said.from_field or "")
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return date.max


@dataclass(frozen=True, slots=True)
class Setting:
    """The deed that starts a clock, and what it is about."""

    deed: Deed
    pack: Pack
    call: int
    subject: str
    unit: int
    owner: str


def _start(name: str, said: Clock, setting: Setting, day: date | None) -> None:
    number = numbers(name) if said.sample < BLOCK else 0
    if day == date.max or (number and not is_watched(name, number, said.sample)):
        return
    duty = duty_of(name, said, setting, day)
    duty.n = number
    at_us = setting.deed.at_us
    holders.settle(duty, at_us)
    limits.reckon(duty, said, setting.pack.hours)
    if not said.stops:  # the deed itself is judged: it was done in time or it was not
        duty.stopped_us = duty.closed_us = at_us
        duty.stopped_call, duty.next_us, duty.done = setting.call, 0, 1
    duty.save(force_insert=True)


def duty_of(name: str, said: Clock, setting: Setting, day: date | None) -> Duty:
    """The duty a clock makes of a deed; whose it is and when it is due is still to be found out."""
    deed, subject = setting.deed, setting.subject
    return Duty(
        key=f"clock:{name}:{setting.call}", source="clock", name=name, subject=subject,
        about=deed.subject if deed.subject != subject else "-", unit=setting.unit, owner=setting.owner,
        applicant=deed.actor.id, party=holders.stored(said.holder), thing_holder=_holder_of(subject),
        day_only=day is not None, started_us=deed.at_us if day is None else clock.day_bounds_us(day)[0],
        started_call=setting.call, pack_version=setting.pack.version, created_us=deed.at_us,
    )  # fmt: skip


def is_watched(name: str, number: int, share: int) -> bool:
    """Whether a start is in the sample: in each hundred exactly `share`, in an order nobody chooses."""
    block, place = divmod(number - 1, BLOCK)
    return place in _order(name, block)[:share]


@lru_cache(maxsize=64)
def _order(name: str, block: int) -> tuple[int, ...]:
    order = sorted(range(BLOCK), key=lambda one: hashlib.sha256(f"{name}:{block}:{one}".encode()).digest())
    return tuple(order)


def numbers(name: str, count: int = 1) -> int:
    """Count so many starts of a clock; returns the number of the first."""
    Started.objects.get_or_create(name=name)
    Started.objects.filter(name=name).update(count=F("count") + count)
    return Started.objects.values_list("count", flat=True).get(name=name) - count + 1


def _holder_of(subject: str) -> str:
    """Who has the thing of a row."""
    kind, _, ref = subject.partition(":")
    if kind != "row":
        return ""
    register, _, number = ref.partition("/")
    found = Row.objects.filter(register=register, number=number).values_list("holder", flat=True).first()
    return found or ""
