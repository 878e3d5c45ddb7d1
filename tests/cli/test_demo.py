"""`kedang demo`: a believable company, made through the product's own deeds, without any known password."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib.auth.hashers import check_password

from kedang.cli.demo import customers, words
from kedang.customers.models import Dossier
from kedang.governance.flows.selectors import asked_on
from kedang.governance.models import Call
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.ledger.models import Entry, Look
from kedang.packs import in_force
from kedang.people import findings
from kedang.people.models import Staff, Unit
from kedang.standards import check
from tests.cli.conftest import Kedang
from tests.databases import Site
from tests.world import World


@pytest.fixture
def demo(site: Site, kedang: Kedang) -> dict[str, object]:
    ran = kedang("demo", "--customers", 40, "--no-serve", "--json")
    assert ran.code == 0, ran.err
    result: dict[str, object] = ran.json
    return result


def accounts(demo: dict[str, object]) -> list[dict[str, object]]:
    found = demo["accounts"]
    assert isinstance(found, list)
    return found


def the_result_has_the_keys_of_the_contract(site: Site, demo: dict[str, object]) -> None:
    assert set(demo) == {"home", "url", "pack", "customers", "accounts"}
    assert (demo["home"], demo["pack"], demo["customers"]) == (str(site.home), "records", 40)
    assert str(demo["url"]).startswith("http://127.0.0.1:")
    for account in accounts(demo):
        assert set(account) >= {"user", "roles", "unit", "clearance", "password", "can"}


def everybody_can_sign_in_and_every_role_is_held(demo: dict[str, object]) -> None:
    assert len(accounts(demo)) >= 12
    for account in accounts(demo):
        assert check_password(str(account["password"]), Staff.objects.get(username=account["user"]).password)
    assert {role for account in accounts(demo) for role in account["roles"]} == in_force().role_codes  # type: ignore[attr-defined]
    assert len({account["password"] for account in accounts(demo)}) == len(accounts(demo))
    assert Unit.objects.count() == len(in_force().units) + 3


def what_an_account_can_is_what_the_pack_says(demo: dict[str, object]) -> None:
    for account in accounts(demo):
        for op in account["can"]:  # type: ignore[attr-defined]
            rule = in_force().operations[op]
            assert rule.who & set(account["roles"]) or "any_staff" in rule.who  # type: ignore[call-overload]


def the_offices_are_in_different_hands(demo: dict[str, object], kedang: Kedang) -> None:
    checks = {check["name"]: check["status"] for check in kedang("doctor", "--json").json["checks"]}
    assert checks["offices"] == "ok"
    assert checks["passwords"] == "ok"


def customers_came_in_through_the_products_own_import(demo: dict[str, object]) -> None:
    assert Dossier.objects.count() == 40
    assert Entry.objects.filter(op="import.commit", outcome="done").exists()
    assert set(Dossier.objects.values_list("unit__code", flat=True)) == {"NORTH", "EAST", "SOUTH"}


def the_ledger_is_alive_and_whole(demo: dict[str, object], kedang: Kedang) -> None:
    done = set(Entry.objects.filter(outcome="done").values_list("op", flat=True))
    assert {
        "site.found",
        "people.grant",
        "customer.amend",
        "customer.reveal",
        "customer.assign",
        "customer.file",
    } <= done
    assert Entry.objects.filter(outcome="refused").exists()
    assert Look.objects.exists()
    assert kedang("ledger", "verify", "--json").json["ok"] is True


def what_waits_waits_for_somebody(demo: dict[str, object]) -> None:
    waiting = list(Call.objects.filter(state="waiting"))
    assert waiting
    assert all(asked_on(call) for call in waiting)


def run_again_it_is_the_same_company_with_new_passwords(demo: dict[str, object], kedang: Kedang) -> None:
    again = kedang("demo", "--no-serve", "--json").json
    assert (again["customers"], Dossier.objects.count()) == (40, 40)
    old = {account["user"]: account["password"] for account in accounts(demo)}
    for account in again["accounts"]:
        staff = Staff.objects.get(username=account["user"])
        assert check_password(account["password"], staff.password)
        assert not check_password(str(old[account["user"]]), staff.password)


def test_a_company_is_made_through_the_products_own_deeds(demo: dict[str, object], kedang: Kedang) -> None:
    everybody_can_sign_in_and_every_role_is_held(demo)
    customers_came_in_through_the_products_own_import(demo)
    what_waits_waits_for_somebody(demo)
    the_ledger_is_alive_and_whole(demo, kedang)


@pytest.mark.database("sqlite")
def test_the_contract_of_the_demo(site: Site, demo: dict[str, object], kedang: Kedang) -> None:
    the_result_has_the_keys_of_the_contract(site, demo)
    what_an_account_can_is_what_the_pack_says(demo)
    the_offices_are_in_different_hands(demo, kedang)
    run_again_it_is_the_same_company_with_new_passwords(demo, kedang)


def test_a_site_that_is_no_demo_is_left_alone(world: World, kedang: Kedang) -> None:
    ran = kedang("demo", "--no-serve", "--json")
    assert (ran.code, ran.json["code"]) == (1, "state")
    assert Dossier.objects.count() == 0


def test_the_sheet_is_the_same_for_the_same_seed_and_mostly_right() -> None:
    sheet = customers.sheet("x.csv", words.SOUTH, 200, 1)
    assert sheet == customers.sheet("x.csv", words.SOUTH, 200, 1)
    assert sheet != customers.sheet("x.csv", words.SOUTH, 200, 2)
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("gb18030"))))
    assert (len(rows), sheet.good) == (sheet.rows, 200)
    standards = {
        "客户名称": "name", "统一社会信用代码": "credit_code", "所在地区": "region", "通讯地址": "address", 
        "邮政编码": "postcode",
        "所属行业": "industry", "成立日期": "date", "注册资本": "capital", "联系人": "name", 
        "联系电话": "phones", "电子邮箱": "email",
    }  # fmt: skip
    for row in rows[:200]:
        for title, standard in standards.items():
            assert check(standard, row[title]).findings == (), (title, row[title])
    assert len({row["客户名称"] for row in rows[:200]}) == 200


def test_numbers_belong_to_nobody() -> None:
    rows = csv.DictReader(io.StringIO(customers.sheet("x.csv", words.NORTH, 300, 3).content.decode("gb18030")))
    for row in list(rows)[:300]:
        for number in check("phones", row["联系电话"]).value or []:
            assert "0000" in number
        assert row["电子邮箱"].endswith(".example.com") or not row["电子邮箱"]


@pytest.mark.parametrize("pack", ["shaanxi-mobile", "jidian", "baichao", "guarantee"])
@pytest.mark.database("sqlite")
def test_every_regulation_has_its_sample_company(site: Site, kedang: Kedang, pack: str) -> None:
    """Every post is held, customers are in, requests are on their way, and the ledger is whole."""
    ran = kedang("demo", "--pack", pack, "--customers", 12, "--no-serve", "--json")
    assert ran.code == 0, ran.err
    assert Dossier.objects.count() == 12
    held = {role for account in ran.json["accounts"] for role in account["roles"]}
    assert held == in_force().role_codes
    assert Call.objects.filter(state="waiting").exists() and Row.objects.exists()
    lacking = findings.posts(in_force(), clock.now_us())
    assert [each for each in lacking if each.kind == "unfilled"] == []
    assert kedang("ledger", "verify", "--json").json["ok"] is True
