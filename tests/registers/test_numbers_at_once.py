"""Many at once: numbers without a gap or a twin, one open loan of one thing, one of two who move a row."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from kedang.governance.registers.models import Counter, Line, Row, Slot
from kedang.kernel.errors import Refused
from tests.registers.house import house, lend, matter
from tests.world import World

MANY = 16


def at_once(work: Callable[[int], Any], n: int = MANY) -> list[Any]:
    """What `work` gave, or the code with which it was refused, for each of `n` at the same moment."""
    gate = Barrier(n)

    def one(no: int) -> Any:
        try:
            gate.wait()
            return work(no)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(one, range(n)))


def test_numbers_have_no_gap_however_many_write(world: World) -> None:
    house(world)
    people = ("clerk", "stranger", "archivist", "head")

    def note(no: int) -> str:
        """Every fourth has a form that cannot stand: its number must not be lost."""
        day = "2999-01-01" if no % 4 == 3 else "2026-01-01"
        return str(matter(world, "visit.note", "-", by=people[no % 2 * 2], name="来客", arrived=day).outcome["number"])

    given = at_once(note)
    assert given.count("invalid") == MANY // 4
    rows = Row.objects.filter(register="visits")
    assert rows.count() == MANY - MANY // 4
    for counter in Counter.objects.filter(register="visits"):
        serials = sorted(rows.filter(counted_unit=counter.unit_id).values_list("serial", flat=True))
        assert serials == list(range(1, counter.last + 1))


def test_one_thing_is_lent_to_one_of_many(world: World) -> None:
    house(world)
    code = world.open("西安示例机电有限公司")
    given = at_once(lambda no: lend(world, code, by=("clerk", "archivist")[no % 2]).number)
    assert given.count("claimed") == MANY - 1
    row = Row.objects.get(register="loans")
    assert (row.number[-4:], Slot.objects.filter(taken=True).count()) == ("0001", 1)


def test_of_many_who_return_it_one_does(world: World) -> None:
    house(world)
    row = lend(world, world.open("西安示例机电有限公司"))
    given = at_once(lambda no: matter(world, "loan.back", row.ref, whole="是").state)
    assert given.count("done") == 1
    assert set(given) <= {"done", "state", "claimed"}
    assert Line.objects.filter(row=row).count() == 2
