"""Requests over REST: filed with 202, read with their difference, signed with what was seen."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.models import Dossier
from tests.databases import Site
from tests.flows.signed import company
from tests.flows.test_signing import BOTH, HEAD, opened
from tests.world import World


@pytest.fixture
def world(site: Site) -> World:
    return company([HEAD, BOTH])


def test_a_change_is_filed_read_and_signed(world: World, ask: Any) -> None:
    code = opened(world)
    filed = ask("PATCH", f"/customers/{code}", {"values": {"short_name": "示例"}}, by="clerk")
    assert (filed.status_code, filed.json()["state"]) == (202, "waiting")
    number = filed.json()["call"]
    for who in ("head", "archivist", "boss"):
        listed = ask("GET", "/requests?which=waiting", by=who).json()
        assert [each["request"] for each in listed["items"]] == [number]
        page = ask("GET", f"/requests/{number}", by=who).json()
        assert page["may_sign"] and page["lines"][0]["after"] == "示例"
        signed = ask("POST", f"/requests/{number}/sign", {"verdict": "agree", "saw": page["saw"]}, by=who)
        assert signed.status_code == 200
    assert signed.json()["state"] == "done"
    assert Dossier.objects.get(code=code).short_name == "示例"


def test_a_signature_on_something_else_is_a_conflict(world: World, ask: Any) -> None:
    code = opened(world)
    number = ask("PATCH", f"/customers/{code}", {"values": {"short_name": "示例"}}, by="clerk").json()["call"]
    no = ask("POST", f"/requests/{number}/sign", {"verdict": "agree", "saw": "f" * 64}, by="head")
    assert (no.status_code, no.json()["code"]) == (409, "stale")


def test_strangers_get_404_and_the_applicant_403(world: World, ask: Any) -> None:
    code = opened(world)
    number = ask("PATCH", f"/customers/{code}", {"values": {"short_name": "示例"}}, by="clerk").json()["call"]
    body = {"verdict": "agree", "saw": "0"}
    assert ask("GET", f"/requests/{number}", by="stranger").status_code == 404
    assert ask("POST", f"/requests/{number}/sign", body, by="stranger").status_code == 404
    assert ask("POST", f"/requests/{number}/sign", body, by="clerk").status_code == 403
    taken = ask("POST", f"/requests/{number}/withdraw", {}, by="clerk")
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn")
