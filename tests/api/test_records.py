"""Records and contacts over REST: list, add, read, change, take out."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.models import Contact, Record
from tests.world import World


@pytest.fixture
def code(world: World) -> str:
    return world.open("西安接口机电有限公司", contact_name="王小明", contact_phones="13800138000")


def test_a_record_goes_all_its_way(world: World, ask: Any, code: str) -> None:
    path = f"/customers/{code}/records/contract"
    values = {"contract.title": "配电柜供货", "contract.amount": "1.2万", "contract.signed_on": "2026-03-05"}
    added = ask("POST", path, {"values": values})
    assert (added.status_code, added.headers["Location"]) == (201, f"/api/v1{path}/1")
    assert added.json()["subject"] == f"record:{code}/contract/1"
    ask("POST", path, {"values": {"contract.title": "安装", "contract.signed_on": "2026-03-06"}})
    first = ask("GET", f"{path}?limit=1").json()
    assert (first["total"], first["amount_fen"], [each["no"] for each in first["items"]]) == (2, 1_200_000, [2])
    second = ask("GET", f"{path}?limit=1&cursor={first['cursor']}").json()
    assert ([each["no"] for each in second["items"]], second["cursor"]) == ([1], None)
    assert ask("PATCH", f"{path}/1", {"values": {"contract.status": "running"}}).json()["state"] == "done"
    one = ask("GET", f"{path}/1").json()
    assert (one["status"], one["values"]["contract.amount"], one["by"]) == ("running", "12000.00", "clerk")
    wrong = ask("PATCH", f"{path}/1", {"values": {"contract.status": "draft"}})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "state")
    assert ask("DELETE", f"{path}/1", {"reason": "重复登记"}, by="archivist").status_code == 200
    assert ask("GET", f"{path}/1").status_code == 404
    assert Record.objects.filter(removed_us=0).count() == 1


@pytest.mark.database("sqlite")
def test_what_is_wrong_is_named_by_field_and_what_is_no_module_is_refused(world: World, ask: Any, code: str) -> None:
    answer = ask("POST", f"/customers/{code}/records/contract", {"values": {"contract.amount": "很多"}})
    found = {(each["field"], each["rule"]) for each in answer.json()["findings"]}
    assert (answer.status_code, ("contract.amount", "money.shape") in found) == (422, True)
    assert ask("POST", f"/customers/{code}/records/nonsense", {"values": {}}).status_code in (403, 404, 422)
    assert ask("GET", f"/customers/{code}/records/nonsense").status_code == 404
    assert ask("GET", f"/customers/{code}/records/contract?cursor=x").status_code == 422
    assert ask("GET", f"/customers/{code}/records/contract?lmit=3").status_code == 422


def test_a_contact_goes_all_its_way(world: World, ask: Any, code: str) -> None:
    path = f"/customers/{code}/contacts"
    added = ask("POST", path, {"values": {"contact.name": "李工", "contact.phones": "13900139001"}})
    number = added.json()["result"]["id"]
    assert (added.status_code, added.headers["Location"]) == (201, f"/api/v1{path}/{number}")
    items = ask("GET", path).json()["items"]
    assert [(each["main"], each["values"]["contact.name"]) for each in items] == [(True, "王小明"), (False, "李工")]
    assert items[1]["masked"] == ["contact.phones"]
    assert ask("PATCH", f"{path}/{number}", {"values": {"contact.post": "技术"}}).status_code == 200
    assert ask("POST", f"{path}/{number}/lead", {}).status_code == 200
    assert ask("GET", f"{path}/{number}").json()["main"] is True
    body = {"field": "contact.phones", "slot": f"contact#{number}", "reason": "回访客户"}
    assert ask("POST", f"/customers/{code}/reveal", body).json()["value"] == "+8613900139001"
    other = Contact.objects.get(is_main=False).pk
    assert ask("DELETE", f"{path}/{other}", {"reason": "本人离职"}, by="archivist").status_code == 200
    assert [each["id"] for each in ask("GET", path).json()["items"]] == [number]
