"""Page, API and command show the same duties, and to each person only what they may see."""

from __future__ import annotations

import pytest

from kedang.governance.clocks.models import Duty
from kedang.people.models import Staff
from tests.api.conftest import Ask, ask
from tests.cli.conftest import Kedang, kedang
from tests.clocks.house import do, duty, house, lend, tick
from tests.conftest import Clock
from tests.web.visits import signed_in, text_of
from tests.world import World

__all__ = ["ask", "kedang"]
NAME = "西安示例机电有限公司"


@pytest.fixture
def late(frozen_clock: Clock, world: World) -> str:
    """A loan of the clerk's that is overdue, and a row that came back."""
    house(only=("back_in_time", "quarterly"))
    code = world.open(NAME)
    do(world, "loan.back", lend(world, code))
    row = lend(world, code)
    frozen_clock.advance(days=3, seconds=1)
    tick()
    return row


def test_the_page_says_who_is_late_with_what_by_which_article(late: str, world: World) -> None:
    page = text_of(signed_in(world, "clerk").get("/duties/?list=overdue"))
    for text in ("借出三天内归还", "3.1c", "Clerk", "2026-03-05 09:00", "借阅登记簿", late.partition("/")[2]):
        assert text in page, text
    ended = text_of(signed_in(world, "clerk").get("/duties/?list=done"))
    assert "借出三天内归还" in ended
    assert "每季上报" in page  # the calendar of rounds
    assert "2026Q1" in page


def test_one_duty_has_a_page_with_its_notices(late: str, world: World) -> None:
    page = text_of(signed_in(world, "clerk").get(f"/duties/{duty('back_in_time', subject=late).pk}/"))
    assert "clockhouse/1" in page
    assert "2026-03-05 09:00" in page


def test_another_unit_sees_nothing_of_it_and_who_reads_compliance_sees_all(late: str, world: World) -> None:
    pk = duty("back_in_time", subject=late).pk
    assert "借出三天内归还" not in text_of(signed_in(world, "stranger").get("/duties/?list=overdue"))
    assert signed_in(world, "stranger").get(f"/duties/{pk}/").status_code == 404
    assert "借出三天内归还" in text_of(signed_in(world, "boss").get("/duties/?list=overdue"))
    assert signed_in(world, "manager").get(f"/duties/{pk}/").status_code == 200


def test_a_dossier_one_may_not_see_is_not_named_by_its_duty(frozen_clock: Clock, world: World) -> None:
    house(only=("call_back",))
    code = world.open(NAME)
    assert code in text_of(signed_in(world, "clerk").get("/duties/?list=open"))
    auditor = text_of(signed_in(world, "auditor").get("/duties/?list=open"))
    assert "建档后一个月内回访" in auditor
    assert code not in auditor


def test_the_api_gives_the_same(late: str, world: World, ask: Ask) -> None:
    answer = ask("GET", "/duties", by="clerk", list="overdue", whose="mine")
    assert answer.status_code == 200
    [item] = answer.json()["items"]
    assert item.items() >= {
        "name": "back_in_time", "state": "overdue", "article": "3.1c", "subject": late, "holder": "clerk",
        "due": "2026-03-05T01:00:00+00:00", "pack": "clockhouse/1",
    }.items()  # fmt: skip
    assert answer.json()["counts"] == {"overdue": 1, "soon": 0, "open": 0, "done": 1}
    assert ask("GET", f"/duties/{item['id']}", by="clerk").json() == item
    assert ask("GET", f"/duties/{item['id']}", by="stranger").status_code == 404
    [quarter] = ask("GET", "/duties/rounds", by="boss").json()["items"]
    assert (quarter["period"], quarter["last"], quarter["open"]) == ("2026Q1", "2026-03-31", 1)
    assert ask("GET", "/duties", by="clerk", lst="overdue").status_code == 422


def test_pages_of_the_api_follow_each_other(frozen_clock: Clock, world: World, ask: Ask) -> None:
    house(only=("call_back",))
    for n in range(5):
        world.open(f"西安示例{n}号有限公司")
    first = ask("GET", "/duties", by="clerk", list="open", limit=3).json()
    rest = ask("GET", "/duties", by="clerk", list="open", limit=3, cursor=first["cursor"]).json()
    assert rest["cursor"] is None
    found = [each["id"] for each in (*first["items"], *rest["items"])]
    assert sorted(found) == sorted(Duty.objects.values_list("pk", flat=True))
    assert len(found) == 5


def test_the_command_lists_and_ticks(late: str, world: World, kedang: Kedang) -> None:
    found = kedang("duty", "list", "--as", "clerk", "--json")
    assert found.code == 0, found.err
    assert [(each["name"], each["state"]) for each in found.json["duties"]] == [("back_in_time", "overdue")]
    assert kedang("duty", "list", "--as", "stranger", "--json").json["duties"] == []
    Staff.objects.filter(username="archivist").update(is_active=False)
    ticked = kedang("duty", "tick", "--json")
    assert ticked.code == 0, ticked.err
    assert ticked.json == {"reckoned": 0, "laid_out": 0, "reassigned": 1, "sent": 0, "lapsed": 0}
