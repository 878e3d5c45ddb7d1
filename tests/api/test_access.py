"""Who gets where over REST: every path of the contract, for nobody, for a stranger, above the level, to look only."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kedang.api.urls import api
from kedang.customers.models import Dossier
from kedang.intake.models import Batch
from kedang.ledger.models import Entry, Version
from tests.world import World

Route = tuple[str, str]
BODIES: dict[Route, dict[str, Any]] = {
    ("PATCH", "/customers/{code}"): {"values": {"short_name": "新简称"}},
    ("POST", "/customers/{code}/reveal"): {"field": "contact.phones", "reason": "回访客户"},
    ("POST", "/customers/{code}/assign"): {"owner": "manager"},
    ("POST", "/customers/{code}/file"): {},
    ("POST", "/customers/{code}/restore"): {"fields": ["name"], "version": 1},
    ("POST", "/customers/{code}/advance"): {"to": "retained"},
    ("POST", "/customers/{code}/remove"): {"reason": "重复建档了"},
    ("POST", "/customers/{code}/recover"): {"reason": "并非重复"},
    ("POST", "/customers/{code}/verify"): {"fields": ["name"], "method": "核对"},
    ("POST", "/customers/{code}/consents"): {"purpose": "duty", "method": "当面签字"},
    ("POST", "/customers/{code}/consents/withdraw"): {"purpose": "duty"},
    ("POST", "/customers/{code}/records/{module}"): {"values": {"contract.title": "供货"}},
    ("PATCH", "/customers/{code}/records/{module}/{no}"): {"values": {"contract.title": "供货"}},
    ("DELETE", "/customers/{code}/records/{module}/{no}"): {"reason": "重复登记"},
    ("POST", "/customers/{code}/contacts"): {"values": {"contact.name": "李工"}},
    ("PATCH", "/customers/{code}/contacts/{contact}"): {"values": {"contact.post": "技术"}},
    ("DELETE", "/customers/{code}/contacts/{contact}"): {"reason": "本人已离职"},
    ("POST", "/customers/{code}/contacts/{contact}/lead"): {},
    ("POST", "/customers/{code}/attachments"): {},
    ("DELETE", "/customers/{code}/attachments/{file}"): {"reason": "附错了文件"},
    ("POST", "/customers/{code}/attachments/{file}/view"): {},
    ("POST", "/imports/{number}/commit"): {},
    ("POST", "/imports/{number}/undo"): {},
    ("POST", "/imports/{number}/cancel"): {},
    ("POST", "/matters/{operation}"): {},
    ("POST", "/notices/{notice}/confirm"): {},
    ("POST", "/requests/{number}/sign"): {"verdict": "agree", "saw": "0"},
    ("POST", "/requests/{number}/withdraw"): {},
    ("POST", "/requests/{number}/signers"): {"signer": "head"},
}
"""What is sent to each path that writes; a new one without a line here fails."""
MAY_LOOK_ONLY = {
    "/customers/{code}", "/customers/{code}/assign", "/customers/{code}/file", "/customers/{code}/records/{module}",
    "/customers/{code}/contacts", "/customers/{code}/contacts/{contact}", "/customers/{code}/attachments",
    "/customers/{code}/restore", "/customers/{code}/advance", "/customers/{code}/remove",
    "/customers/{code}/verify", "/customers/{code}/consents", "/customers/{code}/consents/withdraw",
}  # fmt: skip
"""Paths whose write the query clerk is refused, with the article."""


def contract() -> list[Route]:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return [
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in schema["paths"].items()
        for method in methods
    ]


def about(word: str) -> list[Route]:
    return [route for route in contract() if word in route[1]]


def state() -> tuple[Any, ...]:
    rows = Dossier.objects.order_by("id").values_list("id", "name", "version_no", "owner_id", "unit_id", "filed_us")
    return (*rows, Version.objects.count(), *Batch.objects.values_list("state", flat=True))


def filled(path: str, other: int = 1, **names: Any) -> str:
    """A path with its names; a number nobody gave is `other`."""
    return re.sub(r"{(\w+)}", lambda found: str({"module": "contract", **names}.get(found[1], other)), path)


def sent(ask: Any, route: Route, **names: Any) -> Any:
    method, path = route
    by = names.pop("by", "")
    body = None if method == "GET" else BODIES[route]
    return ask(method, filled(path, **names), body, by=by)


@pytest.fixture
def code(world: World) -> str:
    return world.open("西安示例机电有限公司", by="clerk", contact_phones="13800138000")


@pytest.fixture
def number(world: World, ask: Any) -> int:
    file = SimpleUploadedFile("partners.csv", "客户名称,所在地区\n西安华信机电有限公司,西安市\n".encode())
    client = Client(SERVER_NAME="localhost")
    answer = client.post("/api/v1/imports", {"file": file}, headers=ask.headers("clerk"))
    assert answer.status_code == 201, answer.content
    return Batch.objects.get().pk


def test_every_path_that_writes_has_its_line() -> None:
    named = [route for route in contract() if route[0] != "GET" and "{" in route[1]]
    assert set(named) == set(BODIES)


@pytest.mark.database("sqlite")
def test_nobody_gets_401_whether_or_not_the_thing_exists(world: World, ask: Any, code: str) -> None:
    before = state()
    for method, path in contract():
        for there in (filled(path, code=code), filled(path, code="C99999999Z", other=999)):
            answer = ask(method, there, {}, by="")
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized"), (method, there)
    assert state() == before


def test_outside_the_unit_the_dossier_does_not_exist(world: World, ask: Any, code: str) -> None:
    before = state()
    for route in about("{code}"):
        for by in ("stranger", "sysop", "auditor"):
            answer = sent(ask, route, code=code, by=by)
            assert answer.status_code == 404, (route, by, answer.content)
            assert answer.json()["code"] == "not_found"
    assert state() == before


def test_above_the_level_the_dossier_does_not_exist(world: World, ask: Any) -> None:
    secret = world.open("机密客户有限公司", by="archivist", level="secret")
    Dossier.objects.filter(code=secret).update(unit=world.units["XA"])
    before = state()
    for route in about("{code}"):
        assert sent(ask, route, code=secret, by="clerk").status_code == 404, route
    assert state() == before


def test_who_may_see_but_not_do_gets_403_with_the_article(world: World, ask: Any, code: str) -> None:
    before = state()
    for route in about("{code}"):
        if route[0] == "GET":
            continue
        answer = sent(ask, route, code=code, by="query")
        if route[1] in MAY_LOOK_ONLY:
            assert (answer.status_code, answer.json()["code"]) == (403, "denied"), route
            assert answer.json()["articles"], route
            assert Entry.objects.latest("id").outcome == "refused"
    assert state() == before


def test_a_batch_does_not_exist_outside_the_unit(world: World, ask: Any, number: int) -> None:
    before = state()
    for route in about("{number}"):
        for by in ("stranger", "sysop"):
            answer = sent(ask, route, number=number, by=by)
            assert answer.status_code == 404, (route, by, answer.content)
    assert state() == before


def test_a_colleague_sees_how_far_a_batch_is_and_none_of_its_rows(world: World, ask: Any, number: int) -> None:
    before = state()
    for route in about("{number}"):
        answer = sent(ask, route, number=number, by="query")
        if route == ("GET", "/imports/{number}"):
            assert (answer.status_code, answer.json()["file"]) == (200, "")
        else:
            assert answer.status_code in (403, 404), (route, answer.content)
    assert state() == before
