"""Opening, reading, changing and revealing through the pages."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from kedang.customers.models import Dossier
from kedang.ledger.models import Entry, Look
from tests.web.visits import HTMX, signed_in, text_of
from tests.world import GOOD_CODE, World

NAME, PHONE = "西安示例机电有限公司", "13800138000"
FIELD = re.compile(r'<(?:input|textarea)[^>]*name="([^"]+)"[^>]*?(?:value="([^"]*)")?[^>]*>')


def form_of(client: Client, path: str) -> dict[str, str]:
    """What a browser would send back unchanged."""
    page = text_of(client.get(path))
    sent = {}
    for tag in re.findall(r"<input[^>]*>", page.split('<form class="k-stack"')[1]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            sent[name[1]] = html.unescape(value[1]) if value else ""
    return sent


@pytest.fixture
def code(world: World) -> str:
    return world.open(NAME, by="clerk", contact_phones=PHONE, region="西安市")


def test_a_dossier_is_opened_from_the_form_once(world: World) -> None:
    client = signed_in(world, "clerk")
    form = form_of(client, "/customers/new") | {
        "name": NAME,
        "region": "西安市",
        "credit_code": GOOD_CODE,
        "unit": "XA",
    }
    first, again = client.post("/customers/new", form), client.post("/customers/new", form)
    dossier = Dossier.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/customers/{dossier.code}/"
    assert (dossier.name, dossier.credit_code, dossier.region) == (NAME, GOOD_CODE, "610100")


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    client = signed_in(world, "clerk")
    answer = client.post("/customers/new", {"name": "", "contact.email": "not an address", "address": "高新路 1 号"})
    page = text_of(answer)
    assert answer.status_code == 422
    box = page.split('id="f-contact.email"')[1][:600]
    assert "k-error" in box
    assert 'value="not an address"' in page
    assert 'value="高新路 1 号"' in page
    assert Dossier.objects.count() == 0


def test_a_doubtful_value_is_kept_when_the_person_says_so_and_why(world: World) -> None:
    client = signed_in(world, "clerk")
    wrong = GOOD_CODE[:-1] + "0"
    form = {"name": NAME, "credit_code": wrong, "unit": "XA"}
    asked = client.post("/customers/new", form)
    assert asked.status_code == 422
    assert 'name="confirm"' in text_of(asked)
    assert client.post("/customers/new", form | {"confirm": "1", "reason": "客户执照上就是这样"}).status_code == 302
    dossier = Dossier.objects.get()
    assert dossier.credit_code == wrong
    page = text_of(client.get(f"/customers/{dossier.code}/"))
    assert "k-finding" in page
    assert NAME in text_of(client.get("/"))


def test_a_customer_that_is_here_already_is_shown_before_saving(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    assert code in text_of(client.get(f"/customers/new/twins?name={NAME}", headers=HTMX))
    answer = client.post("/customers/new", {"name": NAME, "region": "西安市"})
    assert answer.status_code == 422
    assert code in text_of(answer)
    assert Dossier.objects.count() == 1


def test_only_what_was_changed_is_sent_on(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    form = form_of(client, f"/customers/{code}/edit") | {"short_name": "示例"}
    assert client.post(f"/customers/{code}/edit", form).status_code == 302
    entry = Entry.objects.filter(op="customer.amend").latest("id")
    assert b'"fields":["short_name"]' in bytes(entry.body)
    assert Dossier.objects.get().short_name == "示例"


def test_a_key_field_asks_for_a_reason(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    form = form_of(client, f"/customers/{code}/edit") | {"name": "西安示例股份有限公司", "reason": ""}
    asked = client.post(f"/customers/{code}/edit", form)
    assert asked.status_code == 422
    assert 'id="reason"' in text_of(asked)
    assert Dossier.objects.get().name == NAME
    assert client.post(f"/customers/{code}/edit", form | {"reason": "公司改制更名"}).status_code == 302
    assert Dossier.objects.get().name == "西安示例股份有限公司"


def test_two_people_on_different_fields_both_get_through(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    form = form_of(client, f"/customers/{code}/edit")
    world.amend(code, by="archivist", address="高新路 2 号")
    assert client.post(f"/customers/{code}/edit", form | {"short_name": "示例"}).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.address, dossier.short_name) == ("高新路 2 号", "示例")


def test_two_people_on_one_field_the_second_sees_what_the_first_wrote(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    form = form_of(client, f"/customers/{code}/edit") | {"short_name": "我的简称"}
    world.amend(code, by="archivist", short_name="他的简称")
    answer = client.post(f"/customers/{code}/edit", form)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "他的简称" in page
    assert 'value="我的简称"' in page
    assert Dossier.objects.get().short_name == "他的简称"


def test_a_masked_number_left_empty_stays_and_is_nowhere_in_the_page(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    for path in (f"/customers/{code}/", f"/customers/{code}/edit", f"/customers/{code}/history", "/customers/", "/"):
        assert PHONE not in text_of(client.get(path)), path
    form = form_of(client, f"/customers/{code}/edit") | {"address": "高新路 3 号"}
    assert client.post(f"/customers/{code}/edit", form).status_code == 302
    reveal = client.post(
        f"/customers/{code}/reveal", {"field": "contact.phones", "reason": "核对联系电话"}, headers=HTMX
    )
    assert PHONE in text_of(reveal)


def test_revealing_asks_why_and_is_recorded(world: World, code: str) -> None:
    client = signed_in(world, "query")
    path = f"/customers/{code}/reveal"
    assert 'name="reason"' in text_of(client.get(f"{path}?field=contact.phones", headers=HTMX))
    without = client.post(path, {"field": "contact.phones", "reason": ""})
    assert without.status_code == 422
    assert PHONE not in text_of(without)
    shown = client.post(path, {"field": "contact.phones", "reason": "客户要求回电"})
    assert PHONE in text_of(shown)
    look = Look.objects.latest("id")
    assert (look.kind, look.fields, look.actor_id) == ("reveal", "contact.phones", "query")
    assert Entry.objects.filter(op="customer.reveal", outcome="done", actor_id="query").count() == 1


def test_the_reason_never_holds_the_number_itself(world: World, code: str) -> None:
    answer = signed_in(world, "query").post(
        f"/customers/{code}/reveal", {"field": "contact.phones", "reason": f"回电 {PHONE}"}
    )
    assert answer.status_code == 422


def test_the_history_tells_old_and_new(world: World, code: str) -> None:
    world.amend(code, by="clerk", name="西安示例股份有限公司", reason="公司改制更名")
    page = text_of(signed_in(world, "query").get(f"/customers/{code}/history"))
    assert f"<del>{NAME}</del>" in page
    assert "<ins>西安示例股份有限公司</ins>" in page
    assert "公司改制更名" in page


def test_who_looked_is_shown_to_those_who_watch_only(world: World, code: str) -> None:
    signed_in(world, "query").get(f"/customers/{code}/")
    assert 'id="looks"' in text_of(signed_in(world, "archivist").get(f"/customers/{code}/"))
    assert 'id="looks"' not in text_of(signed_in(world, "query").get(f"/customers/{code}/"))


def test_a_filed_dossier_offers_no_change(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    assert f"/customers/{code}/edit" in text_of(client.get(f"/customers/{code}/"))
    Dossier.objects.update(filed_us=1)
    assert f"/customers/{code}/edit" not in text_of(client.get(f"/customers/{code}/"))


def test_a_dossier_is_handed_to_a_colleague(world: World, code: str) -> None:
    client = signed_in(world, "head")
    answer = client.post(f"/customers/{code}/assign", {"owner": "manager", "unit": "XA", "reason": "人员调整"})
    assert answer.headers["Location"] == f"/customers/{code}/"
    assert Dossier.objects.get().owner == world.staff["manager"]
