"""Whose a duty is: of several who may do it each is late; a new holder has it at once; who leaves holds it."""

from __future__ import annotations

import pytest

from kedang.governance import clocks, holdings
from kedang.governance.clocks.models import Duty
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.people.models import Appointment, StaffRole
from tests.clocks.house import do, duty, house, lend, tick
from tests.conftest import Clock
from tests.world import World

NAME = "西安示例机电有限公司"
OVERDUE = {"overdue": {"block": ["loan.lend"]}, "grace": None}


def test_every_holder_of_a_role_is_late_with_what_any_of_them_may_do(frozen_clock: Clock, world: World) -> None:
    StaffRole.objects.create(
        staff=world.staff["boss"], role="archivist", granted_by="sysop", since_us=clock.now_us() - 1
    )
    house(only=("quarterly",), rounds={"quarterly": OVERDUE})
    code = world.open(NAME)
    tick()
    assert duty("quarterly").holder == ""
    frozen_clock.set("2026-04-01T09:00:00+08:00")
    assert clocks.late_of("boss", clock.now_us()) == frozenset()
    assert clocks.late_of("boss", clock.now_us(), {"quarterly"}) == {"quarterly"}
    assert clocks.late_of("manager", clock.now_us(), {"quarterly"}) == frozenset()
    for late in ("boss", "archivist"):
        with pytest.raises(Refused):
            lend(world, code, late)
    do(world, "care.report", by="archivist")
    do(world, "care.report", by="boss")
    lend(world, code, "boss")


def test_a_new_holder_has_what_is_open_at_once(frozen_clock: Clock, world: World) -> None:
    house(only=("quarterly", "branch_report"))
    tick()
    assert duty("quarterly").holder == "archivist"
    StaffRole.objects.create(staff=world.staff["boss"], role="archivist", granted_by="sysop", since_us=clock.now_us())
    assert clocks.look_again(clock.now_us()) == 1
    assert duty("quarterly").holder == ""
    StaffRole.objects.filter(role="archivist", staff=world.staff["archivist"]).delete()
    clocks.look_again(clock.now_us())
    assert duty("quarterly").holder == "boss"
    assert clocks.look_again(clock.now_us()) == 0


def test_an_appointment_hands_the_duties_of_the_post_on(frozen_clock: Clock, world: World) -> None:
    for code in ("XA", "BJ"):
        world.units[code].kind = "branch"
        world.units[code].save()
    seat = Appointment.objects.create(
        staff=world.staff["head"], unit=world.units["XA"], post="branch_head", since_us=clock.now_us() - 1
    )
    house(only=("branch_report",))
    tick()
    mine = Duty.objects.filter(name="branch_report", unit=world.units["XA"].pk)
    assert mine.get().holder == "head"
    seat.delete()
    Appointment.objects.create(
        staff=world.staff["manager"], unit=world.units["XA"], post="branch_head", since_us=clock.now_us()
    )
    clocks.look_again(clock.now_us())
    assert mine.get().holder == "manager"


def test_open_duties_stand_on_the_list_of_who_leaves(frozen_clock: Clock, world: World) -> None:
    house(only=("back_in_time",))
    row = lend(world, world.open(NAME))
    held = {each.kind: each for each in holdings.of(world.staff["clerk"], clock.now_us())}
    assert (held["duty"].count, held["duty"].names) == (1, (f"back_in_time {row}",))
    do(world, "loan.back", row)
    assert "duty" not in {each.kind for each in holdings.of(world.staff["clerk"], clock.now_us())}
