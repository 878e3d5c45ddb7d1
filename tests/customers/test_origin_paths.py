"""No way in leads past the rules: form, API, command, file and deed agree on every case of source, day and consent."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kedang.cli.main import run
from kedang.customers.models import Contact, Dossier, Origin
from kedang.customers.origin_payloads import GiveConsent, OriginIn, WithdrawConsent
from kedang.customers.payloads import AmendDossier
from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from tests.customers.sourced import sourced_world
from tests.databases import Site
from tests.intake import samples
from tests.intake.importing import imported
from tests.web.visits import signed_in
from tests.world import World

NAME, PHONE, BORN = "西安示例机电有限公司", "13800138000", "1990-05-06"
DAY = (clock.company_day(clock.now_us()) - timedelta(days=1)).isoformat()
Change = dict[str, str]
Way = Callable[[World, str, Change, OriginIn, Path], None]


@pytest.fixture
def world(site: Site) -> World:
    return sourced_world()


def by_deed(world: World, code: str, change: Change, origin: OriginIn, folder: Path) -> None:
    payload = AmendDossier(values=change, origin=origin)
    try:
        perform("customer.amend", by=world.actor("clerk"), subject=f"dossier:{code}", payload=payload)
    except Refused as no:
        assert no.code == "invalid"


def by_form(world: World, code: str, change: Change, origin: OriginIn, folder: Path) -> None:
    sent = {f"origin.{name}": text for name, text in origin.model_dump().items()}
    answer = signed_in(world, "clerk").post(f"/customers/{code}/edit", {**change, **sent})
    assert answer.status_code in (302, 422)


def by_api(world: World, code: str, change: Change, origin: OriginIn, folder: Path) -> None:
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.staff["clerk"])
    body = {"values": change, "origin": origin.model_dump()}
    answer = client.patch(f"/api/v1/customers/{code}", data=body, content_type="application/json")
    assert answer.status_code in (200, 422), answer.content


def by_command(world: World, code: str, change: Change, origin: OriginIn, folder: Path) -> None:
    settings = [f"{key}={text}" for key, text in change.items()]
    settings += [f"origin.{name}={text}" for name, text in origin.model_dump().items() if text]
    sets = [part for each in settings for part in ("--set", each)]
    assert run(["do", "customer.amend", code, *sets, "--as", "clerk", "--json"]) in (0, 1)


def by_file(world: World, code: str, change: Change, origin: OriginIn, folder: Path) -> None:
    columns = {"name": Dossier.objects.get(code=code).name, **change}
    columns |= {"source": origin.source} if origin.source else {}
    columns |= {"learned_on": origin.learned_on} if origin.learned_on else {}
    path = samples.text_file(folder / f"{code}.csv", samples.csv_text([list(columns), list(columns.values())]))
    titles = {key: key for key in columns}
    imported(world, path, columns=titles, confirm=True, on_duplicate="update", origin=origin.model_copy(
        update={"source": "", "learned_on": ""}))  # fmt: skip


WAYS: tuple[Way, ...] = (by_deed, by_form, by_api, by_command, by_file)


def fresh(world: World, number: int) -> str:
    """A dossier of its own with a contact."""
    payload: Any = {"values": {"name": f"{NAME}{number}", "contact.name": "王小明"}}
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.staff["clerk"])
    origin = {"source": "visit", "learned_on": DAY}
    answer = client.post("/api/v1/customers", data={**payload, "origin": origin}, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return str(answer.json()["result"]["code"])


def cases() -> Iterator[tuple[OriginIn, bool]]:
    """Every mixture of source and day, with what else the source wants; and whether the value may stand."""
    for source, day in itertools.product(("", "visit", "bank", "public"), ("", DAY)):
        for supplier, evidence in itertools.product(("", "某银行"), ("", "公示截图")):
            whole = {"visit": True, "bank": bool(supplier), "public": bool(evidence)}.get(source, False)
            given = OriginIn(source=source, learned_on=day, supplier=supplier, evidence=evidence)
            yield given, whole and bool(day)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_in_writes_a_value_that_does_not_say_where_it_comes_from(
    world: World, way: Way, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tried = [case for case in cases() if case[0].source != "bank" or case[0].evidence == ""]
    for number, (origin, may) in enumerate(tried):
        code = fresh(world, number)
        way(world, code, {"contact.phones": PHONE}, origin, tmp_path)
        contact = Contact.objects.get(dossier__code=code)
        assert bool(contact.phones_ct) is may, (way.__name__, origin)
        rows = Origin.objects.filter(dossier__code=code, slot=f"contact#{contact.pk}.phones")
        assert [row.source for row in rows] == ([origin.source] if may else [])


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_in_writes_a_value_of_a_person_who_did_not_agree(
    world: World, way: Way, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    origin = OriginIn(source="visit", learned_on=DAY)
    for number, agreed in enumerate(("never", "withdrawn", "yes")):
        code = fresh(world, number)
        person = f"contact:{code}/{Contact.objects.get(dossier__code=code).pk}"
        if agreed != "never":
            world.do("consent.give", person, GiveConsent(purpose="greeting", method="当面签字"))
        if agreed == "withdrawn":
            world.do("consent.withdraw", person, WithdrawConsent(purpose="greeting"))
        way(world, code, {"contact.birthday": BORN}, origin, tmp_path)
        assert bool(Contact.objects.get(dossier__code=code).extra) is (agreed == "yes"), (way.__name__, agreed)


def test_checks_and_consents_are_reached_by_command_and_rest(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    code = fresh(world, 0)
    person = f"contact:{code}/{Contact.objects.get().pk}"

    def does(*words: str) -> int:
        return run(["do", *words, "--as", "clerk", "--json"])

    assert (
        does("customer.verify", code, "--set", "fields=name", "--set", "fields=contact.name", "--set", "method=核对")
        == 0
    )
    assert does("customer.verify", code, "--set", "fields=grade", "--set", "method=核对") == 1
    assert does("consent.give", person, "--set", "purpose=greeting", "--set", "method=当面签字") == 0
    capfd.readouterr()
    assert run(["show", code, "--origins", "--as", "clerk", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert {each["field"]: each["verdict"] for each in told["items"]}["name"] == "right"
    assert [each["state"] for each in told["consents"]] == ["in_force"]
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.staff["clerk"])
    answer = client.get(f"/api/v1/customers/{code}/origins").json()
    named = {each["field"]: (each["source"], each["learned"], each["verdict"]) for each in answer["items"]}
    assert named["name"] == ("上门拜访", DAY, "right")
    ended = {"contact": Contact.objects.get().pk, "purpose": "greeting"}
    path = f"/api/v1/customers/{code}/consents"
    assert client.post(f"{path}/withdraw", data=ended, content_type="application/json").status_code == 200
    given = {**ended, "method": "线上表单"}
    assert client.post(path, data=given, content_type="application/json").status_code == 200
    body = {"fields": ["name"], "method": "核对", "verdict": "missing"}
    assert (
        client.post(f"/api/v1/customers/{code}/verify", data=body, content_type="application/json").status_code == 422
    )
    states = [each["state"] for each in client.get(f"/api/v1/customers/{code}/origins").json()["consents"]]
    assert sorted(states) == ["in_force", "withdrawn"]
