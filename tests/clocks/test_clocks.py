"""A limit begins with one deed, ends with another, and who is late is late without any job."""

from __future__ import annotations

import pytest

from kedang.governance import clocks
from kedang.governance.clocks.models import Duty
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.packs import workdays
from tests.clocks.house import do, due, duty, house, lend, state, tick
from tests.conftest import Clock
from tests.world import World

NAME = "西安示例机电有限公司"
FIVE_WORKING = {"back_in_time": {"within": {"days": 5, "calendar": "working_days"}}}


def test_a_loan_has_to_be_back_and_comes_back_in_time(frozen_clock: Clock, world: World) -> None:
    house()
    row = lend(world, world.open(NAME))
    assert due("back_in_time") == "2026-03-05 09:00:00"
    assert (duty("back_in_time").holder, duty("back_in_time").subject) == ("clerk", row)
    frozen_clock.set("2026-03-05T09:00:00+08:00")
    assert state("back_in_time") == "open"
    do(world, "loan.back", row)
    assert state("back_in_time") == "in_time"
    frozen_clock.advance(days=30)
    assert state("back_in_time") == "in_time"


def test_what_comes_back_late_was_late_for_ever(frozen_clock: Clock, world: World) -> None:
    house()
    row = lend(world, world.open(NAME))
    frozen_clock.set("2026-03-05T09:00:01+08:00")
    assert state("back_in_time") == "overdue"
    do(world, "loan.back", row)
    assert state("back_in_time") == "late"
    assert clocks.late_of("clerk", clock.now_us()) == frozenset()


def test_who_is_late_is_barred_without_any_job_having_run(frozen_clock: Clock, world: World) -> None:
    """Shortcut 12: no tick, no worker; only time passes."""
    house()
    first, second = world.open(NAME), world.open("西安另一家有限公司")
    row = lend(world, first)
    frozen_clock.advance(days=3, seconds=1)
    assert clocks.late_of("clerk", clock.now_us()) == {"back_in_time"}
    with pytest.raises(Refused) as no:
        lend(world, second)
    assert no.value.code == "denied"
    assert no.value.articles == ("3.1c",)
    assert lend(world, second, by="archivist")
    do(world, "loan.back", row)
    third = world.open("西安第三家有限公司")
    assert lend(world, third)


def test_a_new_edition_gives_new_loans_its_own_limit_and_leaves_the_old_alone(
    frozen_clock: Clock, world: World
) -> None:
    """Shortcut 11: three natural days become five working days, over National Day."""
    frozen_clock.set("2026-09-29T10:00:00+08:00")
    house()
    old = lend(world, world.open(NAME))
    frozen_clock.advance(hours=1)
    house("2", clocks=FIVE_WORKING)
    new = lend(world, world.open("西安另一家有限公司"))
    assert due("back_in_time", subject=old) == "2026-10-02 10:00:00"
    assert due("back_in_time", subject=new) == "2026-10-12 11:00:00"
    frozen_clock.set("2026-10-02T10:00:01+08:00")
    tick()
    assert state("back_in_time", subject=old) == "overdue"
    assert state("back_in_time", subject=new) == "open"
    assert due("back_in_time", subject=old) == "2026-10-02 10:00:00"


def test_only_the_row_that_came_back_is_done(frozen_clock: Clock, world: World) -> None:
    house()
    code = world.open(NAME)
    one, two = lend(world, code), lend(world, code)
    do(world, "loan.back", one)
    assert state("back_in_time", subject=one) == "in_time"
    assert state("back_in_time", subject=two) == "open"


def test_a_clock_runs_only_where_its_answers_are_given(frozen_clock: Clock, world: World) -> None:
    house()
    code = world.open(NAME)
    lend(world, code)
    assert not Duty.objects.filter(name="urgent_back").exists()
    lend(world, code, urgent="是")
    assert due("urgent_back") == "2026-03-02 17:30:00"


def test_a_clock_that_nothing_stops_judges_the_deed_itself(frozen_clock: Clock, world: World) -> None:
    house()
    code = f"dossier:{world.open(NAME)}"
    frozen_clock.set("2026-03-10T10:00:00+08:00")
    do(world, "key.note", code, learned_on="2026-03-06")
    do(world, "key.note", code, learned_on="2026-03-05")
    do(world, "key.note", code, memo="不记得何日知悉")
    states = [clocks_state(found) for found in Duty.objects.filter(name="entered").order_by("pk")]
    assert states == ["in_time", "late"]
    assert clocks.late_of("clerk", clock.now_us()) == frozenset()


def test_a_change_of_a_named_field_starts_a_clock_and_another_change_does_not(
    frozen_clock: Clock, world: World
) -> None:
    house()
    code = world.open(NAME)
    world.amend(code, short_name="新简称")
    assert not Duty.objects.filter(name="renamed").exists()
    world.amend(code, name="西安更名有限公司")
    assert due("renamed") == "2026-03-09 09:00:00"
    do(world, "care.call", f"dossier:{code}")
    assert state("renamed") == "in_time"
    assert state("call_back") == "in_time"


def test_a_month_that_ends_on_a_day_off_ends_with_the_next_working_day(frozen_clock: Clock, world: World) -> None:
    frozen_clock.set("2026-03-31T23:59:59+08:00")
    house()
    world.open(NAME)  # April has no 31st
    assert due("call_back") == "2026-04-30 23:59:59"
    frozen_clock.set("2026-08-01T08:00:00+08:00")
    world.open("西安另一家有限公司")
    assert due("call_back", started_us=clock.now_us()) == "2026-09-01 23:59:59"
    frozen_clock.set("2026-09-05T08:00:00+08:00")
    world.open("西安第三家有限公司")  # 5 October is a day off, and so are all until the 7th
    assert due("call_back", started_us=clock.now_us()) == "2026-10-08 23:59:59"


def test_in_a_year_nobody_announced_the_duty_says_so(
    frozen_clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workdays, "LAST_YEAR", 2025)  # as if the package had not been renewed yet
    house(clocks=FIVE_WORKING, only=("back_in_time",))
    code = world.open(NAME)
    row = lend(world, code)
    assert (duty("back_in_time").due_us, duty("back_in_time").problem) == (0, "calendar:2026")
    frozen_clock.set("2026-06-30T10:00:00+08:00")
    tick()
    assert state("back_in_time") == "unknown"
    assert clocks.late_of("clerk", clock.now_us()) == frozenset()
    monkeypatch.undo()
    tick()
    assert duty("back_in_time").problem == ""
    assert due("back_in_time") == "2026-03-09 09:00:00"
    assert state("back_in_time") == "overdue"
    do(world, "loan.back", row)
    assert state("back_in_time") == "late"


def test_a_share_of_all_starts_is_watched_chosen_by_number(frozen_clock: Clock, world: World) -> None:
    house(clocks={"back_in_time": {"sample": 20, "overdue": {}}}, only=("back_in_time",))
    code = world.open(NAME)
    for _ in range(25):
        lend(world, code)
    watched = sorted(Duty.objects.values_list("n", flat=True))
    assert len(watched) == len(set(watched)) <= 20
    from kedang.governance.clocks.following import is_watched  # noqa: PLC0415 - a room of governance

    assert watched == [n for n in range(1, 26) if is_watched("back_in_time", n, 20)]
    for block in range(3):
        assert sum(is_watched("back_in_time", block * 100 + n, 20) for n in range(1, 101)) == 20


def clocks_state(found: Duty) -> str:
    return state("entered", pk=found.pk)
