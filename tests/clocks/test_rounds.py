"""What comes round again: each seat has its duty in each period, and what was missed stays missed."""

from __future__ import annotations

from kedang.governance import clocks
from kedang.governance.clocks.models import Duty
from kedang.governance.clocks.states import state_of
from kedang.kernel import clock
from kedang.people.models import Appointment, Staff, StaffRole
from tests.clocks.house import do, due, duty, house, state, tick
from tests.conftest import Clock
from tests.world import World

NAME = "西安示例机电有限公司"


def states(name: str) -> dict[str, str]:
    """Period -> what became of it, for a round with one seat; seats are added where there are several."""
    found = Duty.objects.filter(name=name).order_by("started_us", "seat")
    many = found.values("seat").distinct().count() > 1
    return {
        each.period + (f" {each.seat}" if many else ""): state_of(each, clock.now_us()) for each in found
    }  # fmt: skip


def head(world: World, username: str, unit: str, post: str = "branch_head") -> None:
    Appointment.objects.create(
        staff=world.staff[username], unit=world.units[unit], post=post, since_us=clock.now_us() - 1
    )


def branches(world: World) -> None:
    for code in ("XA", "BJ"):
        world.units[code].kind = "branch"
        world.units[code].save()


def test_a_quarter_is_done_by_one_deed_of_the_party(frozen_clock: Clock, world: World) -> None:
    house(only=("quarterly",))
    tick()
    assert states("quarterly") == {"2026Q1": "open"}
    assert duty("quarterly").holder == "archivist"
    assert due("quarterly") == "2026-04-08 23:59:59"  # five working days of grace, over Qingming
    do(world, "care.report", by="clerk")
    assert states("quarterly") == {"2026Q1": "open"}
    do(world, "care.report", by="archivist")
    assert states("quarterly") == {"2026Q1": "in_time"}
    frozen_clock.set("2026-04-01T00:00:00+08:00")
    tick()
    assert states("quarterly") == {"2026Q1": "in_time", "2026Q2": "open"}


def test_a_deed_in_the_grace_settles_the_period_that_is_over_first(frozen_clock: Clock, world: World) -> None:
    house(only=("quarterly",))
    tick()
    frozen_clock.set("2026-04-02T10:00:00+08:00")
    tick()
    do(world, "care.report", by="archivist")
    assert states("quarterly") == {"2026Q1": "in_time", "2026Q2": "open"}
    do(world, "care.report", by="archivist")
    assert states("quarterly") == {"2026Q1": "in_time", "2026Q2": "in_time"}


def test_a_period_missed_stays_missed_but_bars_nobody_after_the_next_is_done(frozen_clock: Clock, world: World) -> None:
    house(only=("heartbeat",))
    tick()
    frozen_clock.set("2026-03-03T08:00:00+08:00")
    tick()
    assert clocks.late_of("clerk", clock.now_us()) == {"heartbeat"}
    do(world, "day.note", by="clerk")
    assert clocks.late_of("clerk", clock.now_us()) == frozenset()
    assert states("heartbeat") == {
        "2026-03-02 staff:clerk": "missed",
        "2026-03-02 staff:stranger": "missed",
        "2026-03-03 staff:clerk": "in_time",
        "2026-03-03 staff:stranger": "open",
    }
    assert clocks.late_of("stranger", clock.now_us()) == {"heartbeat"}


def test_a_deed_between_periods_makes_the_last_one_good_late(frozen_clock: Clock, world: World) -> None:
    house(only=("heartbeat",))
    frozen_clock.set("2026-03-06T08:00:00+08:00")
    tick()
    frozen_clock.set("2026-03-07T08:00:00+08:00")  # a Saturday
    tick()
    do(world, "day.note", by="clerk")
    assert state("heartbeat", seat="staff:clerk", period="2026-03-06") == "late"
    assert state("heartbeat", seat="staff:clerk", period="2026-03-05") == "missed"
    assert clocks.late_of("clerk", clock.now_us()) == frozenset()


def test_no_heartbeat_is_asked_on_a_day_off(frozen_clock: Clock, world: World) -> None:
    house(only=("heartbeat",))
    frozen_clock.set("2026-05-06T08:00:00+08:00")
    tick()
    may = [period.split()[0] for period in states("heartbeat") if period >= "2026-04-30"]
    assert sorted(set(may)) == ["2026-04-30", "2026-05-06"]


def test_each_branch_has_its_own_duty_and_needs_its_own_deeds(frozen_clock: Clock, world: World) -> None:
    branches(world)
    head(world, "head", "XA")
    head(world, "stranger", "BJ")
    house(only=("branch_report",))
    tick()
    xa, bj = (f"unit:{world.units[code].pk}" for code in ("XA", "BJ"))
    assert duty("branch_report", seat=xa).holder == "head"
    do(world, "care.report", by="head")
    assert (duty("branch_report", seat=xa).done, state("branch_report", seat=xa)) == (1, "open")
    do(world, "care.report", by="clerk")
    assert duty("branch_report", seat=xa).done == 1
    do(world, "care.report", by="head")
    assert (state("branch_report", seat=xa), state("branch_report", seat=bj)) == ("in_time", "open")


def test_a_spot_check_is_done_when_every_drawn_dossier_was_looked_at(frozen_clock: Clock, world: World) -> None:
    house(only=("spot_check",))
    tick()
    assert not Duty.objects.exists()  # nothing to draw from: no duty, and no evidence either
    codes = [world.open(f"西安示例{n}号有限公司") for n in range(10)]
    tick()
    drawn = set(duty("spot_check").drawn.values_list("subject", flat=True))
    assert len(drawn) == duty("spot_check").needed == 3
    tick()
    assert set(duty("spot_check").drawn.values_list("subject", flat=True)) == drawn
    others = {f"dossier:{code}" for code in codes} - drawn
    do(world, "check.look", others.pop(), by="archivist")
    assert duty("spot_check").done == 0
    first, *rest = sorted(drawn)
    for _ in range(2):
        do(world, "check.look", first, by="archivist")
    assert (duty("spot_check").done, state("spot_check")) == (1, "open")
    for code in rest:
        do(world, "check.look", code, by="archivist")
    assert (duty("spot_check").done, state("spot_check")) == (3, "in_time")


def test_after_a_long_stop_every_missed_period_is_there_once(frozen_clock: Clock, world: World) -> None:
    house(only=("quarterly", "festival"))
    tick()
    frozen_clock.set("2026-12-20T10:00:00+08:00")
    for _ in range(2):
        tick()
    assert states("quarterly") == {"2026Q1": "missed", "2026Q2": "missed", "2026Q3": "missed", "2026Q4": "unknown"}
    assert duty("quarterly", period="2026Q4").problem == "calendar:2027"  # its days of grace lie in 2027
    festivals = states("festival")
    assert list(festivals) == [
        "2026-qingming", "2026-labour_day", "2026-dragon_boat", "2026-mid_autumn", "2026-national_day",
    ]  # fmt: skip
    assert set(festivals.values()) == {"missed"}


def test_a_new_edition_begins_with_the_period_after_the_one_that_runs(frozen_clock: Clock, world: World) -> None:
    house(only=("quarterly",))
    tick()
    frozen_clock.set("2026-03-15T10:00:00+08:00")
    house("2", only=("quarterly",), rounds={"quarterly": {"every": {"months": 1}}})
    frozen_clock.set("2026-05-02T10:00:00+08:00")
    tick()
    assert list(states("quarterly")) == ["2026Q1", "2026-04", "2026-05"]
    assert duty("quarterly", period="2026Q1").pack_version == "clockhouse/1"


def test_who_joins_has_the_duty_of_the_running_period_and_of_none_before(frozen_clock: Clock, world: World) -> None:
    house(only=("heartbeat",))
    tick()
    frozen_clock.set("2026-03-05T09:00:00+08:00")
    StaffRole.objects.create(
        staff=world.staff["query"], role="entry_clerk", granted_by="secop", since_us=clock.now_us()
    )
    tick()
    periods = Duty.objects.filter(seat="staff:query").values_list("period", flat=True)
    assert list(periods) == ["2026-03-05"]


def test_who_leaves_owes_nothing_more_and_hands_on_what_is_the_seats(frozen_clock: Clock, world: World) -> None:
    house(only=("heartbeat", "quarterly"))
    tick()
    StaffRole.objects.create(staff=world.staff["boss"], role="archivist", granted_by="secop", since_us=clock.now_us())
    Staff.objects.filter(username__in=("archivist", "clerk")).update(is_active=False)
    tick()
    assert duty("quarterly").holder == "boss"
    assert state("heartbeat", seat="staff:clerk") == "void"
    frozen_clock.set("2026-03-09T09:00:00+08:00")
    tick()
    assert state("heartbeat", seat="staff:clerk") == "void"


def test_in_a_year_nobody_announced_each_round_says_so_and_catches_up_when_it_is_known(
    frozen_clock: Clock, world: World, monkeypatch
) -> None:
    from kedang.packs import workdays  # noqa: PLC0415 - patched

    monkeypatch.setattr(workdays, "LAST_YEAR", 2025)
    house(only=("heartbeat", "festival", "quarterly"))
    tick()
    frozen_clock.set("2026-03-04T12:00:00+08:00")
    tick()
    assert {(each.name, each.problem, each.due_us) for each in Duty.objects.all()} == {
        ("heartbeat", "calendar:2026", 0),
        ("festival", "calendar:2026", 0),
        ("quarterly", "calendar:2026", 0),
    }
    monkeypatch.undo()
    tick()
    assert not Duty.objects.exclude(problem="").exists()
    assert states("quarterly") == {"2026Q1": "open"}
    assert [period for period in states("heartbeat") if "clerk" in period] == [
        "2026-03-02 staff:clerk", "2026-03-03 staff:clerk", "2026-03-04 staff:clerk",
    ]  # fmt: skip


def test_what_was_done_before_its_year_was_announced_counts_when_it_is(
    frozen_clock: Clock, world: World, monkeypatch
) -> None:
    from kedang.packs import workdays  # noqa: PLC0415 - patched

    monkeypatch.setattr(workdays, "LAST_YEAR", 2025)
    house(only=("heartbeat",))
    for day in ("02", "04"):  # Monday and Wednesday; the Tuesday between them is missed
        frozen_clock.set(f"2026-03-{day}T12:00:00+08:00")
        tick()
        do(world, "day.note", by="clerk")
    assert state("heartbeat", seat="staff:clerk") == "unknown"
    assert not duty("heartbeat", seat="staff:clerk").closed_us
    frozen_clock.set("2026-03-05T12:00:00+08:00")
    monkeypatch.undo()
    tick()
    assert {period: found for period, found in states("heartbeat").items() if "clerk" in period} == {
        "2026-03-02 staff:clerk": "in_time", "2026-03-03 staff:clerk": "missed",
        "2026-03-04 staff:clerk": "in_time", "2026-03-05 staff:clerk": "open",
    }  # fmt: skip
