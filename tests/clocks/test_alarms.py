"""Notices before and after a limit: each exactly once, to whom the regulation says, however often anybody looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kedang import messages
from kedang.governance.clocks import sending
from kedang.governance.clocks.models import Alarm, Duty
from kedang.kernel import clock
from kedang.messages.models import Notice
from kedang.packs import workdays
from kedang.people.models import Appointment
from tests.clocks.house import alarms, do, duty, house, lend, tick
from tests.conftest import Clock
from tests.world import World

NAME = "西安示例机电有限公司"


def heads(world: World) -> None:
    for username, unit, post in (("head", "XA", "branch_head"), ("boss", "HQ", "manager")):
        Appointment.objects.create(
            staff=world.staff[username], unit=world.units[unit], post=post, since_us=clock.now_us() - 1
        )


def told() -> list[tuple[str, str]]:
    """To whom, and the kind of notice."""
    return [(each.to, each.key.split(":")[2]) for each in Notice.objects.order_by("at_us", "pk")]


def test_notices_come_at_their_instants_each_once(frozen_clock: Clock, world: World) -> None:
    heads(world)
    house(only=("back_in_time",))
    lend(world, world.open(NAME))
    expected = [
        ("2026-03-04T08:59:59", []),
        ("2026-03-04T09:00:00", [("remind", 0)]),
        ("2026-03-05T07:00:00", [("remind", 0), ("remind", 1)]),
        ("2026-03-05T09:00:00", [("remind", 0), ("remind", 1)]),
        ("2026-03-05T09:00:01", [("remind", 0), ("remind", 1), ("overdue", 0)]),
        ("2026-03-06T09:00:00", [("remind", 0), ("remind", 1), ("overdue", 0), ("repeat", 1)]),
    ]
    for at, sent in expected:
        frozen_clock.set(f"{at}+08:00")
        for _ in range(3):
            tick()
        assert alarms("back_in_time") == sent, at
    frozen_clock.set("2026-03-09T09:00:01+08:00")
    tick()
    assert told()[:4] == [("clerk", "remind"), ("clerk", "remind"), ("clerk", "overdue"), ("clerk", "repeat")]
    assert set(told()[4:]) == {("clerk", "repeat"), ("head", "escalate"), ("boss", "escalate")}


def test_after_a_long_stop_only_the_newest_repeat_is_sent_and_no_reminder_that_is_over(
    frozen_clock: Clock, world: World
) -> None:
    heads(world)
    house(only=("back_in_time",))
    lend(world, world.open(NAME))
    frozen_clock.set("2026-04-05T12:00:00+08:00")
    tick()
    assert sorted(alarms("back_in_time")) == [("escalate", 0), ("escalate", 1), ("overdue", 0), ("repeat", 31)]
    frozen_clock.set("2026-04-06T12:00:00+08:00")
    tick()
    assert alarms("back_in_time")[-1] == ("repeat", 32)


def test_what_is_done_gives_no_more_notice(frozen_clock: Clock, world: World) -> None:
    house(only=("back_in_time",))
    row = lend(world, world.open(NAME))
    do(world, "loan.back", row)
    frozen_clock.advance(days=30)
    tick()
    assert not Alarm.objects.exists()


def test_an_edition_changed_meanwhile_changes_no_notice_of_what_runs(frozen_clock: Clock, world: World) -> None:
    house(only=("back_in_time",))
    lend(world, world.open(NAME))
    house("2", only=("quarterly",))
    frozen_clock.advance(days=3, seconds=1)
    tick()
    assert ("overdue", 0) in alarms("back_in_time")


def test_of_many_periods_missed_while_the_site_was_off_only_the_newest_gives_notice(
    frozen_clock: Clock, world: World
) -> None:
    house(only=("heartbeat",))
    frozen_clock.set("2026-06-30T12:00:00+08:00")
    tick()
    missed = Duty.objects.filter(seat="staff:clerk", due_us__lt=clock.now_us())
    assert missed.count() > 70
    assert Alarm.objects.filter(duty__in=missed).count() == 1
    assert Notice.objects.filter(to="clerk").count() == 1


def test_a_crash_while_sending_loses_nothing_and_doubles_nothing(
    frozen_clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    house(only=("back_in_time",))
    for n in range(5):
        lend(world, world.open(f"西安示例{n}号有限公司"))
    frozen_clock.advance(days=3, seconds=1)
    posts: Iterator[int] = iter(range(100))
    real = messages.post_all

    def dying(notes: list[messages.Note]) -> None:
        real(notes[: len(notes) // 2])
        if next(posts) == 1:
            raise SystemExit("killed")
        real(notes)

    monkeypatch.setattr(sending, "BATCH", 2)
    monkeypatch.setattr(messages, "post_all", dying, raising=False)
    with pytest.raises(SystemExit):
        tick()
    assert Notice.objects.count() == Alarm.objects.count() == 2
    tick()
    assert Notice.objects.count() == Alarm.objects.count() == 5


def test_a_limit_of_midnight_is_told_as_24_00(frozen_clock: Clock, world: World) -> None:
    house(only=("call_back",))
    world.open(NAME)
    assert sending.shown_due(duty("call_back").due_us) == "2026-04-02 24:00"


def test_repeats_that_met_a_year_nobody_announced_go_on_when_it_is(
    frozen_clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workdays, "LAST_YEAR", 2025)
    frozen_clock.set("2025-12-22T09:00:00+08:00")
    weekly = {"overdue": {"every": {"days": 5, "calendar": "working_days"}}, "remind": [], "escalate": []}
    house(only=("back_in_time",), clocks={"back_in_time": weekly})
    lend(world, world.open(NAME))
    frozen_clock.set("2026-01-30T12:00:00+08:00")
    for _ in range(2):
        tick()
    assert alarms("back_in_time") == [("overdue", 0)]
    assert duty("back_in_time").problem == "calendar:2026"
    monkeypatch.undo()
    tick()
    assert duty("back_in_time").problem == ""
    kind, no = alarms("back_in_time")[-1]
    assert (kind, no > 3) == ("repeat", True)
    frozen_clock.advance(days=8)
    tick()
    assert alarms("back_in_time")[-1] == ("repeat", no + 1)


def test_where_nobody_is_meant_those_are_told_whose_duty_it_is(frozen_clock: Clock, world: World) -> None:
    heads(world)
    nobody = {"overdue": {"notify": [{"person": "owner"}, {"superior_of": "owner"}]}, "remind": [], "escalate": []}
    house(only=("back_in_time",), clocks={"back_in_time": nobody})
    lend(world, world.open(NAME))
    Duty.objects.update(owner="")
    frozen_clock.advance(days=3, seconds=1)
    tick()
    assert told() == [("clerk", "overdue")]
