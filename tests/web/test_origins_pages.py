"""The tab of sources and checks, its forms, and the section of every form that says where values come from."""

from __future__ import annotations

import pytest

from kedang.customers.models import Consent, Contact, Dossier, Origin, Verification
from tests.conftest import Clock
from tests.customers.sourced import VISIT, amended, opened, sourced_world
from tests.databases import Site
from tests.web.visits import signed_in, text_of
from tests.world import GOOD_CODE, World

NAME, PHONE = "西安示例机电有限公司", "13800138000"
SAID = {"origin.source": "visit", "origin.learned_on": "2026-02-20", "origin.evidence": "拜访记录 12"}


@pytest.fixture
def world(site: Site, frozen_clock: Clock) -> World:
    return sourced_world()


@pytest.fixture
def code(world: World) -> str:
    return opened(world, VISIT, credit_code=GOOD_CODE, contact_name="王小明", contact_phones=PHONE)


def test_the_form_of_a_dossier_asks_where_values_come_from_and_says_so_beside_the_field(world: World) -> None:
    client = signed_in(world, "clerk")
    assert 'name="origin.source"' in text_of(client.get("/customers/new"))
    answer = client.post("/customers/new", {"name": NAME, "kind": "organisation"})
    assert answer.status_code == 422
    assert "制度要求注明该值的来源和知悉日期" in text_of(answer)
    answer = client.post("/customers/new", {"name": NAME, "kind": "organisation", **SAID, "origin.source": "bank"})
    assert answer.status_code == 422 and 'id="h-origin.supplier"' in text_of(answer)
    assert 'value="2026-02-20"' in text_of(answer), "what was typed stands again"
    assert client.post("/customers/new", {"name": NAME, "kind": "organisation", **SAID}).status_code == 302
    row = Origin.objects.get(slot="name")
    assert (row.source, row.evidence) == ("visit", "拜访记录 12")
    code = Dossier.objects.get().code
    answer = client.post(f"/customers/{code}/edit", {"contact.phones": PHONE, "version": "1"})
    assert answer.status_code == 422
    changed = {"contact.phones": PHONE, "version": "1", "reason": "回访得知", **SAID}
    assert client.post(f"/customers/{code}/edit", changed).status_code == 302
    too_long = {**changed, "contact.phones": "13900139000", "origin.supplier": "长" * 101}
    assert client.post(f"/customers/{code}/edit", too_long).status_code == 422


def test_the_tab_tells_of_each_value_and_hides_what_is_masked(world: World, code: str) -> None:
    page = text_of(signed_in(world, "clerk").get(f"/customers/{code}/origins"))
    assert "上门拜访" in page and "2026-03-01" in page and PHONE not in page
    amended(world, code, {"name": "西安示例机电股份有限公司"}, VISIT.model_copy(update={"learned_on": "2026-02-01"}))
    page = text_of(signed_in(world, "clerk").get(f"/customers/{code}/origins"))
    assert "2026-02-04" in page, "the limit of three days"
    overview = text_of(signed_in(world, "clerk").get(f"/customers/{code}/"))
    assert "k-mark-unverified" in overview and "k-mark-sourced" in overview


def test_marked_values_are_checked_on_the_tab(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    address = f"/customers/{code}/verify"
    assert client.get(address).status_code == 302
    for wrong in ({}, {"value": "credit_code"}, {"value": "credit_code", "method": "核对原件"}):
        answer = client.post(address, {"verdict": "right", **wrong})
        assert answer.status_code == 422, wrong
    good = {"value": ["credit_code", "name"], "method": "核对原件", "document": "营业执照", "verdict": "right"}
    assert client.post(address, {**good, "version": "1"}).status_code == 302
    assert Verification.objects.count() == 2
    page = text_of(client.get(f"/customers/{code}/origins"))
    assert "营业执照" in page and "k-mark-verified" in text_of(client.get(f"/customers/{code}/"))
    assert signed_in(world, "query").post(address, good).status_code == 403


def test_a_consent_is_recorded_and_ended_and_the_values_are_emptied(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    person = f"contact:{code}/{Contact.objects.get().pk}"
    form = text_of(client.get(f"/customers/{code}/consents/new"))
    assert person in form and "只用于生日问候" in form
    given = {"person": person, "purpose": "greeting", "method": "当面签字"}
    assert client.post(f"/customers/{code}/consents/new", {**given, "method": ""}).status_code == 422
    assert client.post(f"/customers/{code}/consents/new", {**given, "person": "contact:C1/1"}).status_code == 404
    assert client.post(f"/customers/{code}/consents/new", given).status_code == 302
    amended(world, code, {"contact.birthday": "1990-05-06"})
    page = text_of(client.get(f"/customers/{code}/origins"))
    assert f"consents/end?person={person}" in page
    ended = {"person": person, "purpose": "greeting"}
    assert client.get(f"/customers/{code}/consents/end", ended).status_code == 200
    assert client.post(f"/customers/{code}/consents/end", ended).status_code == 302
    assert Consent.objects.get().withdrawn_us
    assert client.post(f"/customers/{code}/consents/end", ended).status_code == 409
    page = text_of(client.get(f"/customers/{code}/origins"))
    assert f"/customers/{code}/empty" in page and "1990" not in page
    assert client.get(f"/customers/{code}/empty").status_code == 200
    assert client.post(f"/customers/{code}/empty", {}).status_code == 302
    assert f"/customers/{code}/empty" not in text_of(client.get(f"/customers/{code}/origins"))
