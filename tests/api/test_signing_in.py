"""Who may ask: tokens and sessions; everybody else gets 401, whatever exists."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from freezegun import freeze_time

from kedang.api.urls import api
from kedang.ledger.models import Entry
from kedang.people.payloads import RevokeToken
from tests.api.conftest import Ask
from tests.world import World

ROUTES = [
    ("GET", "/me"), ("GET", "/customers"), ("POST", "/customers"), ("GET", "/customers/{code}"),
    ("PATCH", "/customers/{code}"), ("POST", "/customers/{code}/reveal"), ("POST", "/customers/{code}/assign"),
    ("POST", "/customers/{code}/file"), ("GET", "/customers/{code}/history"), ("GET", "/customers/{code}/looks"),
    ("GET", "/ledger/entries"), ("POST", "/ledger/verify"), ("GET", "/ledger/head"),
    ("GET", "/imports"), ("POST", "/imports"), ("GET", "/imports/1"), ("POST", "/imports/1/commit"),
    ("POST", "/imports/1/undo"), ("POST", "/imports/1/cancel"), ("GET", "/imports/1/problems"),
    ("GET", "/imports/1/errors.xlsx"), ("GET", "/nothing/at/all"),
    ("GET", "/todo"), ("GET", "/notices"), ("POST", "/notices/1/confirm"), ("GET", "/requests"), ("GET", "/requests/1"),
    ("POST", "/requests/1/sign"), ("POST", "/requests/1/withdraw"), ("POST", "/requests/1/signers"),
    ("GET", "/registers"), ("GET", "/registers/1"), ("GET", "/registers/1/1"), ("POST", "/matters/1"),
    ("GET", "/compliance"), ("POST", "/compliance/reports"), ("GET", "/compliance/reports/1.1"), ("GET", "/duties"),
    ("GET", "/duties/1"), ("GET", "/duties/rounds"), ("GET", "/measures"), ("GET", "/measures/1"),
    ("GET", "/dictionary"), ("GET", "/dictionary/name"),
    ("GET", "/regulation/overlays"), ("GET", "/regulation/overlays/1"),
    ("GET", "/customers/bin"), ("POST", "/customers/hand-over"), ("POST", "/customers/{code}/advance"),
    ("GET", "/customers/{code}/attachments"), ("POST", "/customers/{code}/attachments"),
    ("DELETE", "/customers/{code}/attachments/1"), ("GET", "/customers/{code}/attachments/1"),
    ("GET", "/customers/{code}/attachments/1/content"), ("GET", "/customers/{code}/attachments/1/pages/1"),
    ("POST", "/customers/{code}/attachments/1/view"), ("POST", "/customers/{code}/consents"),
    ("POST", "/customers/{code}/consents/withdraw"), ("GET", "/customers/{code}/contacts"),
    ("POST", "/customers/{code}/contacts"), ("DELETE", "/customers/{code}/contacts/1"),
    ("GET", "/customers/{code}/contacts/1"), ("PATCH", "/customers/{code}/contacts/1"),
    ("POST", "/customers/{code}/contacts/1/lead"), ("GET", "/customers/{code}/origins"),
    ("GET", "/customers/{code}/records/1"), ("POST", "/customers/{code}/records/1"),
    ("DELETE", "/customers/{code}/records/1/1"), ("GET", "/customers/{code}/records/1/1"),
    ("PATCH", "/customers/{code}/records/1/1"), ("POST", "/customers/{code}/recover"),
    ("POST", "/customers/{code}/remove"), ("POST", "/customers/{code}/restore"), ("GET", "/customers/{code}/steps"),
    ("GET", "/customers/{code}/value"), ("POST", "/customers/{code}/verify"), ("GET", "/dictionary/1"),
]  # fmt: skip


def test_every_route_is_in_the_table() -> None:
    schema = api.get_openapi_schema(path_prefix="")
    paths = {re.sub(r"{(?!code})\w+}", "1", path): methods for path, methods in schema["paths"].items()}
    known = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert known <= set(ROUTES)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_token_nothing_shows_whether_it_exists(world: World, ask: Ask, method: str, path: str) -> None:
    code = world.open("西安示例机电有限公司")
    there = ask(method, path.format(code=code), by="")
    absent = ask(method, path.format(code="C99999999X"), by="")
    assert there.status_code == absent.status_code == 401
    assert there.content == absent.content
    assert there["WWW-Authenticate"].startswith("Bearer")
    assert there["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["Bearer kd_wrong", "Bearer ", "Basic Y2xlcms6eA==", "kd_wrong", "Bearer \x00"])
def test_a_wrong_header_is_401(world: World, header: str) -> None:
    assert Client(SERVER_NAME="localhost").get("/api/v1/me", headers={"Authorization": header}).status_code == 401


def test_an_ended_token_is_401(world: World, ask: Ask) -> None:
    assert ask("GET", "/me").status_code == 200
    world.do("people.token_end", "staff:clerk", RevokeToken(label="t0"), by="clerk")
    assert ask("GET", "/me").status_code == 401


def test_an_expired_token_is_401(world: World, ask: Ask) -> None:
    assert ask("GET", "/me").status_code == 200
    with freeze_time("2099-01-01"):
        assert ask("GET", "/me").status_code == 401


def test_the_token_of_a_closed_account_is_401(world: World, ask: Ask) -> None:
    assert ask("GET", "/me").status_code == 200
    staff = world.staff["clerk"]
    staff.is_active = False
    staff.save()
    assert ask("GET", "/me").status_code == 401


def test_me_says_who_asks_and_what_they_can(ask: Ask) -> None:
    told = ask("GET", "/me").json()
    assert (told["user"], told["unit"], told["roles"], told["clearance"]) == ("clerk", "XA", ["entry_clerk"], 2)
    assert "customer.open" in told["can"]
    assert "customer.file" not in told["can"]
    assert "customer.open" not in ask("GET", "/me", by="sysop").json()["can"]


def test_the_token_is_the_credential_on_record(ask: Ask) -> None:
    assert ask("POST", "/customers", {"values": {"name": "西安示例机电有限公司"}}).status_code == 201
    assert Entry.objects.get(op="customer.open").credential == "token:t0"


def test_a_token_for_some_operations_does_no_other(world: World, ask: Ask) -> None:
    only = ("customer.open",)
    made = ask("POST", "/customers", {"values": {"name": "西安示例机电有限公司"}}, ops=only)
    assert made.status_code == 201
    code = made.json()["result"]["code"]
    refused = ask("PATCH", f"/customers/{code}", {"values": {"grade": "A"}}, ops=only)
    assert (refused.status_code, refused.json()["code"]) == (403, "denied")
    assert ask("GET", f"/customers/{code}").json()["values"].get("grade") is None
    assert Entry.objects.filter(op="customer.amend", outcome="refused").count() == 1


def test_a_session_reads_and_writes_only_with_its_csrf_token(world: World) -> None:
    browser = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    browser.force_login(world.staff["clerk"])
    assert browser.get("/api/v1/me").json()["user"] == "clerk"
    body = {"values": {"name": "西安示例机电有限公司"}}
    refused = browser.post("/api/v1/customers", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    browser.cookies["csrftoken"] = "a" * 32
    sent = browser.post("/api/v1/customers", body, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert sent.status_code == 201
    assert Entry.objects.get(op="customer.open").credential.startswith("session:")


def test_a_wrong_token_is_not_helped_by_a_session(world: World) -> None:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(world.staff["clerk"])
    assert browser.get("/api/v1/me", headers={"Authorization": "Bearer kd_wrong"}).status_code == 401
