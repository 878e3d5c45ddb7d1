"""Page, API and command show the same figures, and to each person only those they may know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Ask
from tests.cli.conftest import Kedang
from tests.conftest import Clock
from tests.measures.house import back, head, house, lend, tick
from tests.web.visits import signed_in, text_of
from tests.world import World

NAME = "西安示例机电有限公司"
PATH = "/regulation/measures/"


@pytest.fixture
def april(frozen_clock: Clock, world: World) -> str:
    """A loan that came back in time, and the clerk's that is overdue since March."""
    house(world)
    code = world.open(NAME)
    other = world.open("西安另一家有限公司")
    back(world, lend(world, code))
    lend(world, other)
    head(world, "query", "XA")
    frozen_clock.set("2026-04-10T10:00:00+08:00")
    tick()
    return code


def by_name(answer: dict[str, Any], name: str, of: str = "") -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in answer["tables"] if each["name"] == name and of in ("", each["of"])
    )  # fmt: skip
    return found


def test_the_page_shows_points_grades_what_is_behind_and_what_is_proposed(april: str, world: World) -> None:
    page = text_of(signed_in(world, "boss").get(PATH, {"period": "2026Q1"}))
    for text in (
        "借阅管理分",
        "3.1c",
        "60",
        "好",
        "1/2",
        "50%",
        "逾期不还",
        "提醒",
        "不得违反工资规定。",
        "2026-03-05",
    ):
        assert text in page, text
    assert 'max="100"' in page
    assert "style=" not in page.split("<main", 1)[-1]
    assert signed_in(world, "boss").get(PATH).status_code == 200
    assert signed_in(world, "boss").get(PATH, {"period": "soon"}).status_code == 422


def test_the_page_is_one_for_everybody_and_shows_each_their_own(april: str, world: World) -> None:
    page = text_of(signed_in(world, "clerk").get(PATH, {"period": "2026Q1"}))
    assert "逾期不还" in page
    assert "借阅管理分" not in page
    assert "Manager" not in page
    assert "借阅管理分" in text_of(signed_in(world, "query").get(PATH, {"period": "2026Q1"}))
    assert "逾期不还" not in text_of(signed_in(world, "stranger").get(PATH, {"period": "2026Q1"}))
    assert NAME not in text_of(signed_in(world, "stranger").get(PATH))


def test_the_api_tells_who_reads_compliance_all(april: str, world: World, ask: Ask) -> None:
    found = ask("GET", "/measures", by="boss", period="2026Q1").json()
    assert (found["pack"], found["period"]) == ("house/1", "2026Q1")
    line = next(each for each in by_name(found, "care")["lines"] if each["subject"] == "unit:XA")
    assert (line["points"], line["grade"]) == (60, "好")
    assert {part["name"]: (part["value"], part["points"]) for part in line["parts"]} == {
        "in_time": (50, 50), "out": (1, -10),
    }  # fmt: skip
    behind = next(each for each in line["figures"] if each["name"] == "in_time")
    assert (behind["article"], behind["part"], behind["whole"]) == ("3.1c", 1, 2)
    sanction = next(each for each in found["sanctions"] if each["name"] == "late_loans")
    assert [(one["who"], one["no"]) for one in sanction["proposed"]] == [("staff:clerk", 1)]
    assert (sanction["article"], sanction["appeal_days"]) == ("3.1c", 5)


def test_without_a_period_each_has_its_own(april: str, world: World, ask: Ask) -> None:
    found = ask("GET", "/measures", by="boss").json()
    assert found["period"] == ""
    assert by_name(found, "care")["period"] == "2026Q2"
    assert by_name(found, "loans")["period"] == "2026-04"
    one = ask("GET", "/measures/loans", by="boss", period="2026-03").json()
    assert [each["name"] for each in one["tables"]] == ["loans"]
    assert {each["subject"]: each["value"] for each in one["tables"][0]["lines"]}["staff:clerk"] == 2


def test_others_see_themselves_and_the_unit_they_head(april: str, world: World, ask: Ask) -> None:
    mine = ask("GET", "/measures", by="clerk", period="2026Q1").json()
    assert [each["subject"] for each in by_name(mine, "loans")["lines"]] == ["staff:clerk"]
    assert {each["of"] for each in mine["tables"]} == {"staff"} or {each["of"] for each in mine["tables"]} == {
        "staff", "dossier",
    }  # fmt: skip
    assert ask("GET", "/measures/care", by="clerk").status_code == 404
    assert ask("GET", "/measures/nothing", by="boss").status_code == 404
    headed = ask("GET", "/measures", by="query", period="2026Q1").json()
    assert [each["subject"] for each in by_name(headed, "care")["lines"]] == ["unit:XA"]
    assert "staff:clerk" in {each["subject"] for each in by_name(headed, "loans")["lines"]}
    assert "staff:boss" not in {each["subject"] for each in by_name(headed, "loans")["lines"]}


def test_dossiers_are_listed_for_who_may_see_them_and_averaged_for_the_rest(
    april: str, world: World, ask: Ask
) -> None:  # fmt: skip
    auditor = ask("GET", "/measures/quality", by="auditor").json()
    assert [each["of"] for each in auditor["tables"]] == ["company"]
    assert auditor["tables"][0]["lines"][0]["points"] is not None
    clerk = ask("GET", "/measures/quality", by="clerk").json()
    assert f"dossier:{april}" in {each["subject"] for each in clerk["tables"][0]["lines"]}
    assert ask("GET", "/measures/quality", by="stranger").status_code == 404
    past = ask("GET", "/measures/quality", by="boss", period="2025").json()
    assert all(line["points"] is None for table in past["tables"] for line in table["lines"])
    assert past["tables"][0]["note"]


def test_the_command_gives_the_same(april: str, world: World, ask: Ask, kedang: Kedang) -> None:
    ran = kedang("measure", "care", "--period", "2026Q1", "--as", "boss", "--json")
    assert ran.code == 0
    asked = ask("GET", "/measures/care", by="boss", period="2026Q1").json()
    assert ran.json["tables"] == asked["tables"]
    whole = kedang("measure", "--as", "clerk", "--period", "2026Q1")
    assert whole.code == 0
    assert "staff:clerk" in whole.out
    assert kedang("measure", "care", "--as", "clerk", "--json").code == 1
