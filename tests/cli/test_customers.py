"""`search`, `show` and `do` on customers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedang.customers.models import Dossier
from kedang.ledger.models import Look
from tests.cli.conftest import Kedang
from tests.world import GOOD_CODE, World

NAME = "西安示例机电有限公司"


@pytest.fixture
def code(world: World) -> str:
    return world.open(NAME, region="西安市", contact_name="王小明", contact_phones="13800138000")


def test_search_gives_the_keys_of_the_contract(code: str, kedang: Kedang) -> None:
    ran = kedang("search", "示例", "--as", "clerk", "--json")
    assert ran.code == 0, ran.err
    assert set(ran.json) == {"total", "total_exact", "items", "ms"}
    assert (ran.json["total"], ran.json["total_exact"]) == (1, True)
    (item,) = ran.json["items"]
    assert set(item) == {"id", "code", "name", "class", "region", "owner"}
    assert (item["code"], item["name"], item["class"], item["region"]) == (code, NAME, "prospect", "610100")


@pytest.mark.parametrize("text", ["示", "机电", "xasl", "8000", "西安示例机电有限公司"])
def test_search_finds_by_part_pinyin_and_telephone_end(code: str, kedang: Kedang, text: str) -> None:
    assert [item["code"] for item in kedang("search", text, "--as", "clerk", "--json").json["items"]] == [code]


@pytest.mark.parametrize(
    ("condition", "found"),
    [("region=西安市", 1), ("region=陕西省", 1), ("region=北京市", 0), ("unit=XA", 1), ("unit=BJ", 0),
     ("owner=clerk", 1), ("owner=boss", 0), ("level=internal", 1), ("level=secret", 0), ("state=prospect", 1),
     ("state=filed", 0), ("kind=organisation", 1), ("kind=person", 0)],
)  # fmt: skip
def test_search_is_narrowed(code: str, kedang: Kedang, condition: str, found: int) -> None:
    assert kedang("search", "示例", "--where", condition, "--as", "clerk", "--json").json["total"] == found


def test_a_filter_nobody_knows_is_wrong_usage(code: str, kedang: Kedang) -> None:
    assert kedang("search", "示例", "--where", "colour=red", "--as", "clerk").code == 2
    assert kedang("search", "示例", "--where", "level=silly", "--as", "clerk", "--json").json["code"] == "invalid"


@pytest.mark.parametrize("user", ["stranger", "sysop", "secop", "auditor"])
def test_who_may_not_see_finds_nothing(code: str, kedang: Kedang, user: str) -> None:
    assert kedang("search", "示例", "--as", user, "--json").json["total"] == 0
    ran = kedang("show", code, "--as", user, "--json")
    assert (ran.code, ran.json["code"]) == (1, "not_found")
    assert NAME not in ran.out + ran.err


def test_show_masks_and_records_the_look(code: str, kedang: Kedang) -> None:
    ran = kedang("show", code, "--as", "clerk", "--json")
    assert ran.code == 0
    assert ran.json["values"]["name"] == NAME
    assert ran.json["masked"] == ["contact.phones"]
    assert "13800138000" not in ran.out
    assert Look.objects.filter(actor_id="clerk", kind="open").exists()


def test_reveal_wants_a_reason_and_then_shows_the_value(code: str, kedang: Kedang) -> None:
    without = kedang("show", code, "--reveal", "contact.phones", "--as", "clerk", "--json")
    assert (without.code, without.json["missing"]) == (1, ["reason"])
    assert "13800138000" not in without.out
    shown = kedang("show", code, "--reveal", "contact.phones", "--reason", "回访客户", "--as", "clerk", "--json")
    assert shown.json["revealed"] == {"contact.phones": "+8613800138000"}
    assert Look.objects.filter(actor_id="clerk", kind="reveal").count() == 1


def test_show_is_the_same_before_and_after_a_refused_change(code: str, kedang: Kedang) -> None:
    before = kedang("show", code, "--as", "query", "--json").json
    refused = kedang("do", "customer.amend", code, "--set", "grade=A", "--as", "query", "--json")
    assert (refused.code, refused.json["code"]) == (1, "denied")
    assert kedang("show", code, "--as", "query", "--json").json == before


def test_do_changes_values_named_by_field(code: str, kedang: Kedang) -> None:
    ran = kedang("do", "customer.amend", code, "--set", "grade=A", "--set", "scale=大型", "--as", "clerk", "--json")
    assert ran.code == 0, ran.err
    assert ran.json == {
        "state": "done", "result": {"code": code, "changed": ["grade", "scale"]}, "request": None, "articles": ["2.2d"],
    }  # fmt: skip
    assert Dossier.objects.get(code=code).grade == "A"


def test_do_takes_a_subject_with_its_kind(code: str, kedang: Kedang) -> None:
    assert kedang("do", "customer.amend", f"dossier:{code}", "--set", "grade=B", "--as", "clerk").code == 0


def test_do_with_the_same_key_does_the_deed_once(world: World, kedang: Kedang) -> None:
    deed = ("do", "customer.open", "-", "--set", f"name={NAME}", "--key", "k1", "--as", "clerk", "--json")
    assert kedang(*deed).json["result"] == kedang(*deed).json["result"]
    assert Dossier.objects.count() == 1
    other = kedang("do", "customer.open", "-", "--set", "name=另一家有限公司", "--key", "k1", "--as", "clerk", "--json")
    assert other.json["code"] == "key_reused"


def test_findings_are_said_in_words(world: World, kedang: Kedang) -> None:
    ran = kedang(
        "do", "customer.open", "-", "--set", f"name={NAME}", "--set", "contact.email=nothing", "--as", "clerk", "--json"
    )
    assert (ran.code, ran.json["code"]) == (1, "invalid")
    (finding,) = ran.json["findings"]
    assert (finding["field"], finding["severity"]) == ("contact.email", "error")
    assert finding["what"] in ran.err.replace("\n", " ")
    assert finding["remedy"]


@pytest.mark.parametrize(
    ("operation", "settings", "code"),
    [("nothing.at_all", [], "no_operation"), ("people.unit", [], "invalid"), ("people.unit", ["frob=1"], "invalid")],
)
def test_what_is_asked_wrongly_is_refused(
    world: World, kedang: Kedang, operation: str, settings: list[str], code: str
) -> None:
    sent = [part for setting in settings for part in ("--set", setting)]
    ran = kedang("do", operation, "-", *sent, "--as", "sysop", "--json")
    assert (ran.code, ran.json["code"]) == (1, code)


def test_evidence_is_stored_and_named(code: str, kedang: Kedang, tmp_path: Path) -> None:
    paper = tmp_path / "licence.pdf"
    paper.write_bytes(b"%PDF-1.4 scanned licence")
    ran = kedang(
        "do", "customer.amend", code, "--set", f"credit_code={GOOD_CODE}", "--set", "confirm=yes", "--file", paper,
        "--reason", "营业执照原件核对", "--as", "clerk", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
