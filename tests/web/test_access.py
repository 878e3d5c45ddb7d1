"""Who gets where: each page, made from the URL table, for nobody, for a stranger, and for one who may look only."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kedang.customers.models import Dossier
from kedang.files.models import Blob
from kedang.intake.models import Batch
from kedang.ledger.models import Entry, Version
from kedang.web.routes import Route, routes
from tests.web.visits import HTMX, bring, signed_in, stranger_at_the_door, text_of
from tests.world import World

NAME = "西安示例机电有限公司"
OPEN_TO_ALL = {"healthz", "account_login", "account_inactive", "set_language", "account_logout"}
"""Answered without sign-in: the door itself, and nothing of the house."""
BODIES = {
    "customer.open": {"name": "西安另一家有限公司", "region": "西安市", "kind": "organisation"},
    "customer.amend": {"short_name": "新简称", "was.short_name": ""},
    "customer.reveal": {"field": "contact.phones", "reason": "回访客户需要号码"},
    "customer.assign": {"owner": "manager", "unit": "XA"},
    "customer.file": {},
    "customer.restore": {"field": "name", "version": "1"},
    "customer.advance": {"to": "retained"},
    "customer.remove": {"reason": "重复建档了"},
    "customer.recover": {"reason": "并非重复"},
    "customer.hand_over": {"of": "clerk", "owner": "manager"},
    "customer.verify": {"value": "name", "method": "核对原件", "verdict": "right"},
    "consent.give": {"purpose": "duty", "method": "当面签字"},
    "consent.withdraw": {"purpose": "duty"},
    "file.attach": {"files": SimpleUploadedFile("licence.txt", b"licence"), "kind": "其他"},
    "file.view": {},
    "file.detach": {"reason": "附错了文件"},
    "record.add": {"contract.title": "供货"},
    "record.amend": {"contract.title": "供货"},
    "record.remove": {"reason": "重复登记"},
    "contact.add": {"contact.name": "李工"},
    "contact.amend": {"contact.post": "技术"},
    "contact.remove": {"reason": "本人已离职"},
    "contact.lead": {},
    "import.stage": {},
    "import.commit": {},
    "import.undo": {"reason": "导错了文件"},
    "ledger.verify": {},
    "notice.confirm": {},
    "notice.address": {"channel": "mail", "target": "someone@example.cn", "on": "1"},
    "ledger.export": {},
    "compliance.read": {"period": ""},
    "people.delegate": {"deputy": "manager", "until": "2099-12-30"},
    "people.delegate_end": {"deputy": "manager"},
}
"""What is sent for each operation a page performs; a page with a new operation needs a line here."""
MAY_LOOK_ONLY = {
    "customer.open", "customer.amend", "customer.assign", "customer.file", "customer.restore", "customer.advance",
    "customer.remove", "customer.hand_over", "file.attach", "record.add", "contact.add",
    "contact.amend", "contact.remove", "contact.lead", "customer.verify", "consent.give", "consent.withdraw",
}  # fmt: skip
"""Operations the query clerk sees the subject of and is refused, with the article."""


def pages() -> list[Route]:
    return [route for route in routes() if not route.pattern.startswith("/api/")]


def on_one_dossier() -> list[Route]:
    return [route for route in pages() if route.touch and route.touch.subject == "code"]


def named(found: list[Route]) -> list[str]:
    return [route.name for route in found]


def address(route: Route, code: str = "C00000001X", batch: int = 1) -> str:
    named = route.pattern.replace("<str:code>", code).replace("<int:batch>", str(batch))
    named = named.replace("<str:module>", "contract")
    return re.sub(r"<int:\w+>", "1", named)


def on_one_batch() -> list[Route]:
    return [route for route in pages() if route.touch and route.touch.subject == "batch"]


@pytest.fixture
def code(world: World) -> str:
    return world.open(NAME, by="clerk", contact_phones="13800138000")


def state() -> tuple[object, ...]:
    rows = Dossier.objects.order_by("id").values_list("id", "name", "version_no", "owner_id", "unit_id", "filed_us")
    return (*rows, Version.objects.count())


@pytest.mark.database("sqlite")
def test_without_sign_in_every_page_leads_to_the_sign_in_page(world: World, code: str) -> None:
    for route in pages():
        for path in (address(route, code), address(route, "C99999999Z")):
            client = stranger_at_the_door()
            answer, sent = client.get(path), client.post(path, BODIES.get(route.touch.op if route.touch else "", {}))
            if route.name in OPEN_TO_ALL:
                continue
            assert (answer.status_code, sent.status_code) == (302, 302), path
            assert answer.headers["Location"].startswith("/account/login/"), path
    assert Dossier.objects.count() == 1


def test_what_lies_outside_does_not_exist(world: World, code: str) -> None:
    before = state()
    client = signed_in(world, "stranger")
    for route in on_one_dossier():
        there, nowhere = address(route, code), address(route, "C99999999Z")
        assert route.touch
        body = BODIES[route.touch.op] if route.touch.op else {}
        for headers in ({}, HTMX):
            for answer in (
                client.get(there, headers=headers),
                client.post(there, body, headers=headers) if route.touch.op else client.get(nowhere, headers=headers),
            ):
                assert answer.status_code == 404, (route.name, answer.status_code)
                assert NAME not in text_of(answer)
    assert state() == before


def test_what_is_classified_above_ones_clearance_does_not_exist(world: World, code: str) -> None:
    world.amend(code, by="archivist", level="secret")
    before = state()
    client = signed_in(world, "clerk")
    for route in on_one_dossier():
        assert client.get(address(route, code)).status_code == 404, route.name
        assert route.touch
        if route.touch.op:
            assert client.post(address(route, code), BODIES[route.touch.op]).status_code == 404, route.name
    assert NAME not in text_of(client.get("/customers/"))
    assert NAME not in text_of(client.get("/customers/?q=示例"))
    assert NAME not in text_of(client.get(f"/customers/new/twins?name={NAME}"))
    assert state() == before


def test_who_may_see_but_not_do_is_told_the_article(world: World, code: str) -> None:
    before, refused = state(), Entry.objects.filter(outcome="refused").count()
    client = signed_in(world, "query")
    doing = [route for route in pages() if route.touch and route.touch.op in MAY_LOOK_ONLY]
    assert {route.touch.op for route in doing if route.touch} == MAY_LOOK_ONLY
    for route in doing:
        assert route.touch
        for answer in (client.get(address(route, code)), client.post(address(route, code), BODIES[route.touch.op])):
            assert answer.status_code == 403, route.name
            assert "k-badge-bad" in text_of(answer), route.name
    assert state() == before
    assert Entry.objects.filter(outcome="refused").count() == refused + len(doing)


@pytest.mark.parametrize("name", ["sysop", "secop", "auditor"])
def test_officers_who_read_no_dossier_find_none(world: World, code: str, name: str) -> None:
    client = signed_in(world, name)
    for route in on_one_dossier():
        assert client.get(address(route, code)).status_code == 404, route.name
    assert NAME not in text_of(client.get("/customers/"))
    assert NAME not in text_of(client.get("/"))


def test_the_ledger_page_exists_for_its_readers_alone(world: World, code: str) -> None:
    reading = [route for route in pages() if route.touch and route.touch.reads == "ledger"]
    assert reading
    for name in ("clerk", "query", "archivist", "sysop"):
        client = signed_in(world, name)
        for route in reading:
            asked = client.post(address(route)) if route.touch and route.touch.op else client.get(address(route))
            assert asked.status_code == 404, (name, route.name)
    assert signed_in(world, "auditor").get("/ledger/").status_code == 200


def test_each_operation_of_a_page_has_a_body_to_try_it_with() -> None:
    ops = {route.touch.op for route in pages() if route.touch and route.touch.op}
    assert ops <= set(BODIES)


def test_a_page_that_changes_something_asks_for_post(world: World, code: str) -> None:
    before = state()
    client = signed_in(world, "clerk")
    for route in pages():
        if route.touch and route.touch.op and "<int:" not in route.pattern:
            client.get(address(route, code), BODIES.get(route.touch.op, {}))  # type: ignore[arg-type]
    assert state() == before


def test_a_file_somebody_brought_is_nothing_to_others(world: World) -> None:
    bring(signed_in(world, "clerk"))
    number = Batch.objects.get().pk
    for name in ("stranger", "auditor"):
        client = signed_in(world, name)
        for route in on_one_batch():
            assert route.touch
            path = address(route, batch=number)
            answer = client.post(path, BODIES[route.touch.op]) if route.touch.op else client.get(path)
            assert answer.status_code == 404, (name, route.name)
        assert 'class="k-row"' not in text_of(client.get("/imports/"))
    assert Batch.objects.get().state == "staged"


def test_who_looks_after_the_unit_sees_that_there_is_an_import_but_no_row_of_it(world: World) -> None:
    bring(signed_in(world, "clerk"))
    number = Batch.objects.get().pk
    client = signed_in(world, "head")
    page = text_of(client.get(f"/imports/{number}/"))
    assert "西安华信" not in page
    assert "partners.csv" not in page
    for path in ("mapping", "errors"):
        assert client.get(f"/imports/{number}/{path}").status_code == 404
    assert client.post(f"/imports/{number}/commit").status_code == 404


def test_who_may_not_import_is_told_the_article(world: World) -> None:
    answer = bring(signed_in(world, "query"))
    assert answer.status_code == 403
    assert "k-badge-bad" in text_of(answer)
    assert Batch.objects.count() == Blob.objects.count() == 0
