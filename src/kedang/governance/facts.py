"""The facts only the house as a whole knows: the hour, the units, what is used up, who is late, what is signed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from kedang.governance import clocks
from kedang.governance.models import Call, Counted
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import Refused
from kedang.kernel.packing import frame
from kedang.packs import workdays
from kedang.packs.decide import USED_UP
from kedang.packs.protection import Quota
from kedang.packs.schema import Pack
from kedang.people import undertakings, units
from kedang.people.models import Staff

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def enriched(pack: Pack, op: str, by: Actor, facts: Facts, subject: str = "") -> Facts:
    """The facts of a deed with what no room below can know, as they are at this moment."""
    now = clock.now_us()
    local = clock.from_us(now).astimezone(clock.COMPANY_ZONE)
    kind, codes = units.kind_and_codes(facts.unit)
    return replace(
        facts,
        unit_kind=kind,
        unit_codes=codes,
        minute=local.hour * 60 + local.minute,
        weekday=WEEKDAYS[local.weekday()],
        date=local.date().isoformat(),
        workday=workdays.is_workday(local.date(), unknown=local.weekday() < 5),
        times={name: _used(name, quota, by, subject) for name, quota in pack.quotas.items() if op in quota.operations},
        late=clocks.late_of(by.id, now, _barring(pack, op)) if by.kind == "staff" else frozenset(),
        signed=undertakings.signed_by(by.pk, now) if by.pk else frozenset(),
    )


def surrounded(facts: Facts, like: Facts) -> Facts:
    """The facts of another deed of the same kind in the same unit at the same moment: the house is asked only once."""
    return replace(
        facts, unit_kind=like.unit_kind, unit_codes=like.unit_codes, minute=like.minute, weekday=like.weekday,
        date=like.date, workday=like.workday, times=like.times, late=like.late, signed=like.signed,
    )  # fmt: skip


def _barring(pack: Pack, op: str) -> set[str]:
    """The clocks and rounds that bar a deed to whoever is late on them."""
    return {name for name, said in (*pack.clocks.items(), *pack.rounds.items()) if op in said.overdue.block}


def require_room(pack: Pack, op: str, by: Actor, subjects: Sequence[str]) -> None:
    """Raise Refused(denied) where a quota has no room for one more deed on each of these; asked inside a transaction,
    nobody else is judged by the same quota before it ends."""
    for name, quota in pack.quotas.items():
        if op not in quota.operations:
            continue
        each = quota.per == "dossier"
        for subject in dict.fromkeys(subjects) if each else ("",):
            if _used(name, quota, by, subject) + (1 if each else len(subjects)) > quota.most:
                raise Refused("denied", articles=(quota.article,) if quota.article else (), detail=USED_UP)


def _used(name: str, quota: Quota, by: Actor, subject: str) -> int:
    _take_turn(name, quota, by, subject)
    since = _since(quota.over)
    done = _whose(Call.objects.filter(op__in=quota.operations, state="done", done_us__gte=since), quota, by, subject)
    parts = _whose(Counted.objects.filter(op__in=quota.operations, at_us__gte=since), quota, by, subject)
    if quota.counts == "deeds":
        return done.count() + (parts.aggregate(number=Sum("number"))["number"] or 0)
    parts = parts.exclude(call__op__in=quota.operations)  # those rows are counted with the call itself
    return (done.aggregate(rows=Sum("rows"))["rows"] or 0) + (parts.aggregate(number=Sum("number"))["number"] or 0)


def _whose(done: QuerySet[Any], quota: Quota, by: Actor, subject: str) -> QuerySet[Any]:
    if quota.per == "staff":
        return done.filter(actor_ref=by.id)
    if quota.per == "unit":
        return done.filter(actor_ref__in=Staff.objects.filter(unit_id=by.unit).values_list("username", flat=True))
    return done.filter(subject=subject) if quota.per == "dossier" else done


def _take_turn(name: str, quota: Quota, by: Actor, subject: str) -> None:
    """Two deeds on one quota are judged one after the other; SQLite has one writer anyway."""
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return
    whose = {"staff": by.id, "unit": str(by.unit), "dossier": subject}.get(quota.per, "")
    digest = hashlib.sha256(frame("quota", name, whose)).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])


def _since(over: str) -> int:
    today = clock.company_day(clock.now_us())
    first: date = {
        "day": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }[over]
    return clock.day_bounds_us(first)[0]
