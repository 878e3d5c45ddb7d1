"""`user`, `token`, `pack`: accounts and regulations at the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password

from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.packs.shipped import source_of
from kedang.people.actors import staff_actor
from kedang.people.models import Staff, Unit
from kedang.people.parties import deputies_of
from kedang.people.tokens import find
from tests.cli.conftest import Kedang
from tests.world import World


def test_a_new_person_has_no_right_until_one_is_given(world: World, kedang: Kedang) -> None:
    made = kedang("user", "create", "Newcomer", "--name", "新同事", "--unit", "XA", "--as", "sysop", "--json")
    assert made.code == 0, made.err
    assert check_password(made.json["password"], Staff.objects.get(username="newcomer").password)
    assert staff_actor("newcomer", "test").roles == frozenset()
    granted = kedang("user", "grant", "newcomer", "entry_clerk", "--reason", "入职授权", "--as", "secop", "--json")
    assert granted.code == 0
    assert granted.json.items() >= {"user": "newcomer", "role": "entry_clerk", "state": "done"}.items()
    kedang("user", "clear", "newcomer", "--clearance", 2, "--scope", "unit", "--reason", "入职授权", "--as", "secop")
    actor = staff_actor("newcomer", "test")
    assert (actor.roles, actor.clearance, actor.own_only) == (frozenset({"entry_clerk"}), 2, False)
    kedang("user", "revoke", "newcomer", "entry_clerk", "--reason", "岗位调整", "--as", "secop")
    assert staff_actor("newcomer", "test").roles == frozenset()


@pytest.mark.parametrize(
    "deed",
    [
        ("user", "create", "eve", "--name", "Eve", "--as", "clerk"),
        ("user", "grant", "clerk", "archivist", "--reason", "给自己", "--as", "clerk"),
        ("user", "grant", "secop", "archivist", "--reason", "给自己授权", "--as", "secop"),
        ("user", "close", "boss", "--as", "clerk"),
        ("user", "unit", "SH", "上海", "--as", "clerk"),
    ],
)
def test_only_the_offices_seat_people(world: World, kedang: Kedang, deed: tuple[str, ...]) -> None:
    ran = kedang(*deed, "--json")
    assert (ran.code, ran.json["code"]) in ((1, "denied"), (1, "not_found"))


def test_a_list_shows_everybody_to_an_officer_and_oneself_to_others(world: World, kedang: Kedang) -> None:
    everyone = kedang("user", "list", "--as", "sysop", "--json").json["users"]
    assert {row["user"] for row in everyone} == set(world.staff)
    assert [row["user"] for row in kedang("user", "list", "--as", "clerk", "--json").json["users"]] == ["clerk"]


def test_a_closed_account_may_do_nothing(world: World, kedang: Kedang) -> None:
    closed = kedang("user", "close", "clerk", "--as", "sysop", "--json").json
    assert closed.items() >= {"user": "clerk", "closed": True, "state": "done"}.items()
    assert kedang("search", "x", "--as", "clerk").code == 1


def test_a_password_is_ones_own_or_the_officers_to_set(world: World, kedang: Kedang) -> None:
    good = "korrekt-horse-battery"
    assert kedang("user", "password", "clerk", "--password-stdin", "--as", "clerk", stdin=good).code == 0
    assert check_password(good, Staff.objects.get(username="clerk").password)
    assert kedang("user", "password", "clerk", "--as", "manager", "--json").json["code"] == "not_found"
    first = kedang("user", "password", "clerk", "--as", "sysop", "--json").json
    assert (first["half"], Staff.objects.get(username="clerk").check_password(good)) == (1, True)
    second = kedang("user", "password", "clerk", "--as", "secop", "--json").json
    assert (second["half"], Staff.objects.get(username="clerk").check_password(good)) == (2, False)
    assert Staff.objects.get(username="clerk").check_password(f"{first['password']} {second['password']}")


def test_a_person_is_moved_and_a_unit_added(world: World, kedang: Kedang) -> None:
    assert kedang("user", "unit", "XA-2", "西安二部", "--below", "XA", "--as", "sysop", "--json").code == 0
    assert Unit.objects.get(code="XA-2").path.startswith(world.units["XA"].path)
    assert kedang("user", "amend", "clerk", "--unit", "XA-2", "--as", "sysop").code == 0
    assert Staff.objects.get(username="clerk").unit.code == "XA-2"


def test_a_token_is_opened_listed_and_ended(world: World, kedang: Kedang) -> None:
    made = kedang("token", "create", "clerk", "--label", "erp", "--days", 30, "--op", "customer.open", "--json")
    assert made.code == 0, made.err
    token = made.json["token"]
    found = find(token)
    assert found is not None
    assert (found.staff.username, found.ops) == ("clerk", "customer.open")
    (row,) = kedang("token", "list", "clerk", "--json").json["tokens"]
    assert (row["label"], row["ops"]) == ("erp", ["customer.open"])
    assert kedang("token", "end", "clerk", "erp", "--json").json["ended"] is True
    assert find(token) is None


def test_packs_are_listed_and_shown(world: World, kedang: Kedang) -> None:
    listed = kedang("pack", "list", "--json").json
    assert "records" in [each["name"] for each in listed["shipped"]]
    assert [each["version"] for each in listed["adopted"]] == ["plain/1"]
    assert kedang("pack", "show", "--json").json["version"] == "plain/1"
    assert "1.1" in kedang("pack", "show", "records").out


def test_a_wrong_pack_is_told_line_by_line(world: World, kedang: Kedang, tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_bytes(source_of("records"))
    whole = kedang("pack", "check", file, "--json")
    assert (whole.code, whole.json) == (0, {"ok": True, "file": str(file), "problems": []})
    file.write_bytes(source_of("records").replace(b"max_scope: all", b"max_scope: everywhere", 1))
    ran = kedang("pack", "check", file, "--json")
    assert (ran.code, ran.json["ok"]) == (1, False)
    (problem,) = ran.json["problems"]
    line = file.read_text(encoding="utf-8").splitlines()[problem["line"] - 1]
    assert "everywhere" in line
    assert f"pack.yaml:{problem['line']}" in ran.err


def test_an_edition_is_loaded_by_the_executive_alone(world: World, kedang: Kedang, tmp_path: Path) -> None:
    file = tmp_path / "pack.yaml"
    file.write_bytes(source_of("records").replace(b'edition: "1"', b'edition: "2"'))
    assert kedang("pack", "load", file, "--reason", "修订第二版", "--as", "clerk", "--json").json["code"] == "denied"
    ran = kedang("pack", "load", file, "--reason", "修订第二版", "--as", "boss", "--json")
    assert (ran.code, ran.json["pack"]) == (0, "records/2")
    assert kedang("pack", "show", "--json").json["version"] == "records/2"


def test_a_deputy_for_some_days_and_a_handover(kedang: Kedang, world: World) -> None:
    day = clock.company_day(clock.now_us() + 5 * 86_400_000_000).isoformat()
    named = kedang("user", "delegate", "manager", "--until", day, "--as", "clerk", "--json").json
    assert (named["deputy"], deputies_of("clerk", clock.now_us())) == ("manager", ("manager",))
    assert kedang("user", "delegate-end", "clerk", "--as", "clerk").code == 0
    assert deputies_of("clerk", clock.now_us()) == ()
    world.open("西安示例机电公司")
    held = kedang("user", "holdings", "clerk", "--as", "sysop", "--json").json["holdings"]
    assert {row["kind"]: row["count"] for row in held} == {"dossier": 1, "role": 1}
    leaving = (
        "user",
        "leave",
        "clerk",
        "--declaration",
        "不留存客户资料",
        "--reason",
        "离职交接",
        "--as",
        "sysop",
        "--json",
    )
    assert kedang(*leaving).code == 1
    left = kedang(*leaving, "--to", "manager")
    assert (left.code, left.json["state"]) == (0, "done")
    assert not Staff.objects.get(username="clerk").is_active


def test_a_unit_has_a_kind(kedang: Kedang, world: World) -> None:
    assert kedang("user", "unit", "SH", "上海", "--kind", "branch", "--as", "sysop").code == 0
    assert kedang("user", "unit-amend", "SH", "--lead", "--name", "上海分公司", "--as", "sysop").code == 0
    unit = Unit.objects.get(code="SH")
    assert (unit.kind, unit.lead, unit.name, unit.parent) == ("branch", True, "上海分公司", world.units["HQ"])


def test_what_the_law_replaced_what_differs_and_by_what_a_deed_was_decided(world: World, kedang: Kedang) -> None:
    shown = kedang("pack", "show", "records", "--overrides", "--json").json
    assert {each["by"] for each in shown["overrides"]} <= {"law", "standard"}
    assert "law" in {each["by"] for each in shown["overrides"]}
    assert kedang("pack", "diff", "records", "records", "--json").json["differences"] == []
    found = kedang("pack", "diff", "plain/1", "records", "--json").json["differences"]
    assert ("meta.name", "plain", "records") in {(each["key"], each["before"], each["after"]) for each in found}
    assert kedang("pack", "diff", "nothing/9", "records", "--json").code == 1
    assert kedang("pack", "schema").json["title"] == "Kedang policy pack"


def test_a_deed_is_explained_to_who_asked_for_it(world: World, kedang: Kedang) -> None:
    kedang("user", "create", "newcomer", "--name", "新同事", "--unit", "XA", "--as", "sysop", "--json")
    number = str(Call.objects.latest("pk").pk)
    told = kedang("pack", "explain", number, "--as", "auditor", "--json").json
    assert told["pack"] == "plain/1"
    assert (told["operation"], [each["number"] for each in told["articles"]]) == ("people.create", ["3.2b"])
    assert set(told) == {"call", "operation", "state", "pack", "articles", "controls"}
    assert kedang("pack", "explain", "999999", "--as", "auditor", "--json").json["code"] == "not_found"
