"""When a limit passes the product does by itself what the regulation says, once, on record, as nobody's deed."""

from __future__ import annotations

from datetime import date

from kedang.governance import clockwork
from kedang.governance.compliance.periods import Period
from kedang.governance.measures import limits
from kedang.governance.models import Call
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from tests.clocks.house import deed, do, house, lend, state
from tests.conftest import Clock
from tests.world import World

NAME = "西安示例机电有限公司"


def lapsing() -> None:
    """A house in which a loan that is not back after three days comes back by itself."""
    move = {"register": "loans", "from": ["out"], "to": "back"}
    house(
        only=("back_in_time",),
        operations={"loan.lapse": deed("期满收回", "row", ["system"], moves=move)},
        clocks={"back_in_time": {"stops": ["loan.back", "loan.lapse"], "overdue": {"does": "loan.lapse"}}},
    )


def test_a_row_goes_back_by_itself_when_its_limit_passed(frozen_clock: Clock, world: World) -> None:
    lapsing()
    row = lend(world, world.open(NAME))
    frozen_clock.advance(days=3)
    assert clockwork.turn()["lapsed"] == 0
    frozen_clock.advance(seconds=1)
    assert clockwork.turn()["lapsed"] == 1
    assert Row.objects.get(register="loans").state == "back"
    call = Call.objects.get(op="loan.lapse")
    assert (call.actor_ref, call.subject, call.state) == ("system:clockwork", row, "done")
    assert state("back_in_time") == "late"


def test_it_happens_once_and_not_to_what_is_back(frozen_clock: Clock, world: World) -> None:
    lapsing()
    first = lend(world, world.open(NAME))
    lend(world, world.open("西安另一家有限公司"))
    do(world, "loan.back", first)
    frozen_clock.advance(days=4)
    assert [clockwork.turn()["lapsed"] for _ in range(3)] == [1, 0, 0]
    assert Call.objects.filter(op="loan.lapse").count() == 1


def test_a_heap_of_limits_without_such_a_deed_lapses_nothing(frozen_clock: Clock, world: World) -> None:
    house(only=("back_in_time",))
    lend(world, world.open(NAME))
    frozen_clock.advance(days=30)
    assert clockwork.turn()["lapsed"] == 0
    assert Row.objects.get(register="loans").state == "out"


def test_what_the_product_took_back_nobody_broke(frozen_clock: Clock, world: World) -> None:
    lapsing()
    lend(world, world.open(NAME))
    frozen_clock.advance(days=4)
    whole_year = Period("2026", date(2026, 1, 1), date(2026, 12, 31))
    assert limits.broken("clock", "back_in_time", whole_year, clock.now_us()).count() == 1
    clockwork.turn()
    assert limits.broken("clock", "back_in_time", whole_year, clock.now_us()).count() == 0
    late = lend(world, world.open("西安另一家有限公司"))
    frozen_clock.advance(days=4)
    do(world, "loan.back", late)
    assert limits.broken("clock", "back_in_time", whole_year, clock.now_us()).count() == 1
