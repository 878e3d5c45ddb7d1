"""The facts only the house as a whole knows: the hour, the units, what is used up, who is late, what is signed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from django.db import connection
from django.db.models import Sum

from kedang.governance import clocks
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.packing import frame
from kedang.packs import workdays
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


def _barring(pack: Pack, op: str) -> set[str]:
    """The clocks and rounds that bar a deed to whoever is late on them."""
    return {name for name, said in (*pack.clocks.items(), *pack.rounds.items()) if op in said.overdue.block}


def _used(name: str, quota: Quota, by: Actor, subject: str) -> int:
    _take_turn(name, quota, by, subject)
    done = Call.objects.filter(op__in=quota.operations, state="done", done_us__gte=_since(quota.over))
    if quota.per == "staff":
        done = done.filter(actor_ref=by.id)
    elif quota.per == "unit":
        done = done.filter(actor_ref__in=Staff.objects.filter(unit_id=by.unit).values_list("username", flat=True))
    elif quota.per == "dossier":
        done = done.filter(subject=subject)
    return done.count() if quota.counts == "deeds" else done.aggregate(rows=Sum("rows"))["rows"] or 0


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
