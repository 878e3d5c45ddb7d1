"""Customers over REST: lists, dossiers, deeds, and every way a deed is refused."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.models import Dossier
from kedang.customers.payloads import AmendDossier
from kedang.ledger.models import Entry, Look
from tests.api.conftest import Ask
from tests.world import GOOD_CODE, World

NAME = "西安示例机电有限公司"
PHONE = "13800138000"
PROBLEM = {"type", "title", "status", "code", "detail", "articles", "missing", "findings"}


@pytest.fixture
def code(world: World) -> str:
    return world.open(NAME, region="西安市", contact_name="王小明", contact_phones=PHONE)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) == PROBLEM
    assert (body["status"], body["code"]) == (status, code)
    return body


def test_opening_answers_201_with_the_address(ask: Ask) -> None:
    answer = ask("POST", "/customers", {"values": {"name": NAME, "region": "西安市"}})
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["state"], body["subject"]) == ("done", f"dossier:{body['result']['code']}")
    assert answer["Location"] == f"/api/v1/customers/{body['result']['code']}"
    assert ask("GET", answer["Location"].removeprefix("/api/v1")).json()["name"] == NAME


def test_a_dossier_is_shown_masked_and_the_look_recorded(code: str, ask: Ask) -> None:
    answer = ask("GET", f"/customers/{code}")
    body = answer.json()
    assert (body["code"], body["name"], body["unit"], body["owner"]) == (code, NAME, "XA", "clerk")
    assert body["masked"] == ["contact.phones"]
    assert PHONE.encode() not in answer.content
    assert Look.objects.filter(actor_id="clerk", kind="open").count() == 1


@pytest.mark.parametrize("by", ["stranger", "sysop", "secop", "auditor"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None), ("PATCH", "", {"values": {"grade": "A"}}), ("GET", "/history", None),
        ("GET", "/looks", None),
        ("POST", "/reveal", {"field": "contact.phones", "reason": "回访客户"}), ("POST", "/file", {}),
        ("POST", "/assign", {"owner": "boss"}),
    ],
)  # fmt: skip
def test_what_one_may_not_see_does_not_exist(
    code: str, ask: Ask, by: str, method: str, path: str, body: dict[str, Any] | None
) -> None:
    before = ask("GET", f"/customers/{code}").json()
    hidden = ask(method, f"/customers/{code}{path}", body, by=by)
    absent = ask(method, f"/customers/C99999999X{path}", body, by=by)
    problem(hidden, 404, "not_found")
    assert hidden.content == absent.content
    assert ask("GET", f"/customers/{code}").json() == before


def test_what_lies_above_the_clearance_does_not_exist(world: World, code: str, ask: Ask) -> None:
    world.do("customer.amend", f"dossier:{code}", AmendDossier(values={"level": "confidential"}), by="clerk")
    problem(ask("GET", f"/customers/{code}", by="query"), 404, "not_found")
    assert ask("GET", "/customers", by="query").json()["total"] == 0
    assert ask("GET", f"/customers/{code}", by="clerk").status_code == 200


def test_who_sees_but_may_not_do_gets_the_article(code: str, ask: Ask) -> None:
    before = ask("GET", f"/customers/{code}").json()
    refused = problem(ask("PATCH", f"/customers/{code}", {"values": {"grade": "A"}}, by="query"), 403, "denied")
    assert refused["articles"] == ["2.2d"]
    refused = problem(ask("POST", f"/customers/{code}/file", {}, by="clerk"), 403, "denied")
    assert refused["articles"] == ["4.1c"]
    assert ask("GET", f"/customers/{code}").json() == before
    assert Entry.objects.filter(outcome="refused").count() == 2


def test_a_change_is_done_and_told(code: str, ask: Ask) -> None:
    answer = ask("PATCH", f"/customers/{code}", {"values": {"grade": "A"}})
    assert (answer.status_code, answer.json()["result"]["changed"]) == (200, ["grade"])
    (event, *_) = ask("GET", f"/customers/{code}/history").json()["items"]
    assert (event["op"], event["by"], event["version"]) == ("customer.amend", "clerk", 2)
    assert event["changes"] == [{"field": "grade", "title": event["changes"][0]["title"], "before": "", "after": "A"}]


def test_a_key_field_asks_for_a_reason(code: str, ask: Ask) -> None:
    change = {"values": {"name": "西安示例机电股份有限公司"}}
    missing = problem(ask("PATCH", f"/customers/{code}", change), 422, "incomplete")
    assert (missing["missing"], missing["articles"]) == (["reason"], ["2.2d", "2.2a"])
    assert ask("PATCH", f"/customers/{code}", change | {"reason": "工商变更登记"}).status_code == 200


def test_a_wrong_value_is_told_with_its_remedy(ask: Ask) -> None:
    answer = ask("POST", "/customers", {"values": {"name": NAME, "contact.email": "nothing"}})
    (finding,) = problem(answer, 422, "invalid")["findings"]
    assert (finding["field"], finding["severity"]) == ("contact.email", "error")
    assert finding["what"]
    assert finding["remedy"]
    assert Dossier.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [{}, {"values": []}, {"values": {"name": NAME}, "colour": "red"}, {"values": {"name": 7}}, [1], None],
)
def test_a_body_that_cannot_be_read_is_422(ask: Ask, body: Any) -> None:
    problem(ask("POST", "/customers", body), 422, "invalid")


def test_a_body_that_is_no_json_is_400(ask: Ask) -> None:
    problem(ask("POST", "/customers", "no json"), 400, "bad_request")


def test_an_unknown_field_is_refused_and_never_dropped(ask: Ask) -> None:
    answer = ask("POST", "/customers", {"values": {"name": NAME, "shoe_size": "43"}})
    assert [f["field"] for f in problem(answer, 422, "invalid")["findings"]] == ["shoe_size"]


def test_a_change_on_an_old_picture_is_stale(code: str, ask: Ask) -> None:
    version = ask("GET", f"/customers/{code}").json()["version"]
    assert ask("PATCH", f"/customers/{code}", {"values": {"grade": "A"}}, by="archivist").status_code == 200
    late = ask("PATCH", f"/customers/{code}", {"values": {"grade": "B"}, "base_version": version})
    assert problem(late, 409, "stale")["missing"] == ["grade"]
    assert ask("GET", f"/customers/{code}").json()["values"]["grade"] == "A"
    other = ask("PATCH", f"/customers/{code}", {"values": {"scale": "大型"}, "base_version": version})
    assert other.status_code == 200


def test_a_filed_dossier_is_not_changed(world: World, ask: Ask) -> None:
    code = world.open(NAME, region="西安市", credit_code=GOOD_CODE, contact_name="王小明", contact_phones=PHONE)
    done = ask("POST", f"/customers/{code}/file", {"reason": "资料已核齐"}, by="archivist")
    assert done.status_code == 200, done.content
    refused = problem(ask("PATCH", f"/customers/{code}", {"values": {"grade": "A"}}), 403, "denied")
    assert refused["articles"] == ["3.1c"]
    assert [row["code"] for row in ask("GET", "/customers", state="filed").json()["items"]] == [code]


def test_an_incomplete_dossier_is_not_filed(code: str, ask: Ask) -> None:
    answer = ask("POST", f"/customers/{code}/file", {"reason": "资料已核齐"}, by="archivist")
    assert [f["field"] for f in problem(answer, 422, "invalid")["findings"]] == ["credit_code"]


def test_the_same_key_does_the_deed_once(ask: Ask) -> None:
    first = ask("POST", "/customers", {"values": {"name": NAME}}, key="k1")
    again = ask("POST", "/customers", {"values": {"name": NAME}}, key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Dossier.objects.count() == 1
    problem(ask("POST", "/customers", {"values": {"name": "另一家有限公司"}}, key="k1"), 409, "key_reused")


def test_a_key_belongs_to_one_person(ask: Ask) -> None:
    ask("POST", "/customers", {"values": {"name": NAME}}, key="k1")
    assert ask("POST", "/customers", {"values": {"name": "另一家有限公司"}}, key="k1", by="manager").status_code == 201


def test_a_value_is_revealed_once_for_a_reason(code: str, ask: Ask) -> None:
    asked = {"field": "contact.phones"}
    problem(ask("POST", f"/customers/{code}/reveal", asked), 422, "incomplete")
    shown = ask("POST", f"/customers/{code}/reveal", asked | {"reason": "回访客户"}).json()
    assert (shown["value"], shown["field"], shown["code"]) == ("+86" + PHONE, "contact.phones", code)
    look = Look.objects.get(kind="reveal")
    assert (look.actor_id, look.call_id) == ("clerk", shown["call"])


def test_a_dossier_changes_hands(code: str, ask: Ask) -> None:
    answer = ask("POST", f"/customers/{code}/assign", {"owner": "manager"}, by="head")
    assert answer.status_code == 200, answer.content
    assert ask("GET", f"/customers/{code}", by="manager").json()["owner"] == "manager"


def test_who_looked_is_for_those_who_answer_for_it(code: str, ask: Ask) -> None:
    ask("GET", f"/customers/{code}", by="query")
    assert problem(ask("GET", f"/customers/{code}/looks", by="clerk"), 403, "denied")["articles"] == ["3.1d"]
    lookers = [look["by"] for look in ask("GET", f"/customers/{code}/looks", by="archivist").json()["items"]]
    assert "query" in lookers


def test_a_list_shows_only_what_one_may_see(world: World, code: str, ask: Ask) -> None:
    other = world.open("北京示例商贸有限公司", by="stranger")
    assert [row["code"] for row in ask("GET", "/customers").json()["items"]] == [code]
    assert [row["code"] for row in ask("GET", "/customers", by="stranger").json()["items"]] == [other]
    assert {row["code"] for row in ask("GET", "/customers", by="boss").json()["items"]} == {code, other}
    assert ask("GET", "/customers", by="auditor").json() == {
        "items": [],
        "total": 0,
        "total_exact": True,
        "cursor": None,
    }


def test_paging_shows_each_dossier_once(world: World, ask: Ask) -> None:
    made = {world.open(f"西安示例{number}号有限公司") for number in range(7)}
    seen: list[str] = []
    cursor = None
    for _ in range(9):
        page = ask("GET", "/customers", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [row["code"] for row in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert (len(seen), set(seen)) == (7, made)


@pytest.mark.parametrize("q", ["示例", "xasl", "8000", "机电"])
def test_a_list_is_searched(code: str, ask: Ask, q: str) -> None:
    assert [row["code"] for row in ask("GET", "/customers", q=q).json()["items"]] == [code]
    assert ask("GET", "/customers", q=q, by="stranger").json()["total"] == 0


@pytest.mark.parametrize(
    "query",
    [{"cursor": "abc"}, {"level": "silly"}, {"state": "lost"}, {"kind": "dog"}, {"limit": 0}, {"limit": 100000},
     {"region": "月球"}, {"colour": "red"}, {"regoin": "西安市"}],
)  # fmt: skip
def test_a_list_refuses_what_it_does_not_understand(code: str, ask: Ask, query: dict[str, Any]) -> None:
    problem(ask("GET", "/customers", **query), 422, "invalid")


def test_an_address_that_is_not_there_is_404(ask: Ask) -> None:
    problem(ask("GET", "/nothing/at/all"), 404, "not_found")
