"""Registers and matters at the terminal and over REST."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.governance.registers.models import Row
from tests.cli.conftest import Kedang
from tests.registers.house import house, lend, matter
from tests.world import World

NAME = "西安示例机电有限公司"


def test_a_matter_is_done_at_the_terminal_and_its_row_is_read_there(world: World, kedang: Kedang) -> None:
    house(world)
    code = world.open(NAME)
    ran = kedang(
        "do", "loan.lend", code, "--as", "clerk", "--set", "days=3", "--set", "why=对账需要核对",
        "--set", "original=否",
        "--set", "contact=王经理 13800138000", "--confirm", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert (ran.json["state"], ran.json["result"]["register"], ran.json["articles"]) == ("done", "loans", ["3.1c"])
    number = ran.json["result"]["number"]
    books = kedang("register", "list", "--as", "clerk", "--json").json["registers"]
    assert {"name": "loans", "title": "客户资料借阅登记簿", "article": "3.1c", "open": 1, "closed": 0} in books
    rows = kedang("register", "show", "loans", "--as", "clerk", "--json").json["rows"]
    assert [(row["number"], row["items"]["days"]) for row in rows] == [(number, "3")]
    row = kedang("register", "row", number, "--as", "clerk", "--json").json
    assert row["lines"][0]["operation"] == "loan.lend"
    assert row["masked"] == ["contact"]
    assert "13800138000" not in str(row)


def test_what_is_wrong_with_a_form_is_said_at_the_terminal(world: World, kedang: Kedang) -> None:
    house(world)
    code = world.open(NAME)
    ran = kedang("do", "loan.lend", code, "--as", "clerk", "--set", "days=many", "--confirm", "--json")
    assert ran.code == 1
    assert [(found["field"], found["rule"]) for found in ran.json["findings"]] == [("days", "form.number")]
    assert kedang("do", "loan.burn", code, "--as", "clerk", "--json").json["code"] == "no_operation"


def test_a_form_of_a_product_operation_is_filled_at_the_terminal(world: World, kedang: Kedang) -> None:
    house(world)
    code = world.open(NAME, contact_phones="13800138000")
    ran = kedang(
        "do", "customer.reveal", code, "--as", "clerk", "--set", "field=contact.phones", "--set", "task=三月回访",
        "--reason", "回访客户需要", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert Row.objects.get().register == "looks"


def test_a_stranger_reads_no_row_and_learns_of_none(world: World, kedang: Kedang, ask: Any) -> None:
    house(world)
    row = lend(world, world.open(NAME))
    assert kedang("register", "show", "loans", "--as", "stranger", "--json").json["rows"] == []
    assert kedang("register", "row", row.number, "--as", "stranger", "--json").json["code"] == "not_found"
    assert kedang("register", "show", "loans", "--as", "query", "--json").json["code"] == "not_found"
    for path in ("/registers/loans", f"/registers/loans/{row.number}"):
        assert ask("GET", path, by="query").status_code == 404
    assert ask("GET", f"/registers/loans/{row.number}", by="stranger").status_code == 404
    assert ask("GET", "/registers/loans", by="stranger").json()["items"] == []
    assert ask("GET", "/registers", by="").status_code == 401


def test_who_reads_compliance_and_no_dossier_sees_number_and_state_alone(world: World, ask: Any) -> None:
    house(world)
    row = lend(world, world.open(NAME))
    shown = ask("GET", f"/registers/loans/{row.number}", by="auditor").json()
    assert (shown["number"], shown["state"], shown["hidden"]) == (row.number, "out", True)
    assert (shown["subject"], shown["holder"], shown["items"], shown["lines"]) == ("", "", [], [])


def test_readers_are_those_the_regulation_names(world: World, ask: Any) -> None:
    house(world)
    matter(world, "visit.note", "-", name="王小明", arrived="2026-01-05")
    assert len(ask("GET", "/registers/visits", by="archivist").json()["items"]) == 1
    assert ask("GET", "/registers/visits", by="clerk").status_code == 404


def test_a_matter_over_rest(world: World, ask: Any) -> None:
    house(world)
    code = world.open(NAME)
    asked = {
        "subject": f"dossier:{code}", "confirmed": True, "form": {"days": 3, "why": "对账需要核对", "original": False},
    }  # fmt: skip
    done = ask("POST", "/matters/loan.lend", asked, by="clerk", key="one")
    assert (done.status_code, done.json()["state"]) == (200, "done"), done.content
    again = ask("POST", "/matters/loan.lend", asked, by="clerk", key="one")
    assert again.json()["call"] == done.json()["call"]
    assert Row.objects.count() == 1
    refused = ask("POST", "/matters/loan.lend", asked, by="clerk").json()
    assert (refused["code"], refused["missing"]) == ("claimed", [done.json()["result"]["number"]])
    wrong = ask("POST", "/matters/loan.lend", {**asked, "form": {"days": 99}}, by="clerk").json()
    assert {found["field"] for found in wrong["findings"]} == {"days"}
    assert wrong["findings"][0]["what"]
    for nothing in ("customer.open", "loan.burn"):
        assert ask("POST", f"/matters/{nothing}", asked, by="clerk").status_code == 404


@pytest.mark.parametrize("period, n", [("2026", 2), ("2026Q1", 1), ("2026-04", 1), ("2026-03-02", 1), ("2027", 0)])
@pytest.mark.database("sqlite")
def test_rows_of_a_period(frozen_clock: Any, world: World, kedang: Kedang, period: str, n: int) -> None:
    house(world)
    lend(world, world.open(NAME))
    frozen_clock.set("2026-04-01T00:00:00+08:00")
    lend(world, world.open("西安另一家有限公司"))
    rows = kedang("register", "show", "loans", "--period", period, "--as", "clerk", "--json").json["rows"]
    assert len(rows) == n


@pytest.mark.database("sqlite")
def test_no_period_is_refused(world: World, ask: Any) -> None:
    house(world)
    for period in ("2026Q5", "2026-13", "last year", "0000", "9999-12-31"):
        answer = ask("GET", f"/registers/loans?period={period}", by="clerk")
        assert answer.status_code in ((200, 422) if period == "9999-12-31" else (422,)), period


def test_pages_of_a_register_follow_each_other(world: World, ask: Any) -> None:
    house(world)
    made = [matter(world, "note.keep", "unit:XA").outcome["number"] for _ in range(5)]
    seen, cursor = [], ""
    for _ in range(3):
        page = ask("GET", f"/registers/plain_book?limit=2{cursor}", by="clerk").json()
        seen += [row["number"] for row in page["items"]]
        cursor = f"&cursor={page['cursor']}"
    assert page["cursor"] is None
    assert seen == made[::-1]


def test_a_matter_that_waits_answers_202_and_names_the_request(world: World, ask: Any, kedang: Kedang) -> None:
    house(world)
    code, other = world.open(NAME), world.open("西安另一家有限公司")
    form = {"days": 3, "why": "外地对账需要", "original": False}
    asked = {"subject": f"dossier:{code}", "confirmed": True, "form": form}
    answer = ask("POST", "/matters/loan.far", asked, by="clerk")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting"), answer.content
    ran = kedang(
        "do", "loan.far", other, "--as", "clerk", "--set", "days=3", "--set", "why=外地对账需要",
        "--set", "original=否", "--confirm", "--json",
    )  # fmt: skip
    assert (ran.code, ran.json["state"], ran.json["result"]) == (0, "waiting", None), ran.err
    assert isinstance(ran.json["request"], int)
    assert not Row.objects.exists()
