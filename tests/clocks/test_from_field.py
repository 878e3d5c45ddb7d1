"""A clock that runs from a date of the dossier itself judges the deed that brought it, through the gate."""

from __future__ import annotations

from typing import Any

from kedang.governance.clocks.models import Duty
from tests.clocks.house import due, house, state
from tests.conftest import Clock
from tests.world import World

ENTER: dict[str, Any] = {
    "clocks": {
        "enter": {
            "title": "获知后三个工作日内建档",
            "starts": {"operation": "customer.open", "from_field": "learned_on"},
            "within": {"days": 3, "calendar": "working_days", "until": "midnight"},
        }
    }
}


def test_a_dossier_is_entered_in_time_or_late_by_the_day_it_was_learned_of(frozen_clock: Clock, world: World) -> None:
    house(only=("enter",), **ENTER)
    world.open("西安示例机电有限公司", learned_on="2026-02-26")
    assert (due("enter"), state("enter")) == ("2026-03-02 23:59:59", "in_time")
    Duty.objects.all().delete()
    world.open("西安另一家机电有限公司", learned_on="2026-02-10")
    assert state("enter") == "late"


def test_without_the_day_nothing_is_judged(frozen_clock: Clock, world: World) -> None:
    house(only=("enter",), **ENTER)
    world.open("西安示例机电有限公司")
    assert not Duty.objects.exists()
