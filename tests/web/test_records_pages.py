"""The tabs of a dossier: records and contacts are listed, added, changed and taken out in the browser's own way."""

from __future__ import annotations

import pytest

from kedang.customers.models import Contact, Record
from kedang.customers.records.payloads import AddRecord
from tests.web.visits import signed_in, text_of
from tests.world import World

NAME = "西安页签机电有限公司"


@pytest.fixture
def code(world: World) -> str:
    return world.open(NAME, region="610100", contact_name="王小明", contact_phones="13800138000")


def add(world: World, code: str, module: str, **values: str) -> None:
    keyed = {f"{module}.{key}": text for key, text in values.items()}
    world.do("record.add", f"dossier:{code}", AddRecord(module=module, values=keyed))


def test_each_tab_shows_what_it_holds_or_how_to_begin(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    for tab in ("", "contacts", "business", "interactions", "credit", "needs", "history"):
        page = text_of(client.get(f"/customers/{code}/{tab}"))
        assert "k-tabbar" in page, tab
    assert f"/customers/{code}/records/contract/new" in text_of(client.get(f"/customers/{code}/business"))
    add(world, code, "contract", title="配电柜供货", amount="12000", guarantor="保证")
    add(world, code, "contract", title="安装", amount="3000.50")
    page = text_of(client.get(f"/customers/{code}/business"))
    assert "配电柜供货" in page
    assert "15,000.50" in page, "the sum of the module"
    assert "保证" in page


def test_a_record_is_added_changed_and_taken_out_through_its_forms(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    address = f"/customers/{code}/records/complaint/"
    sent = {"complaint.day": "昨天", "complaint.subject": "漏电", "complaint.content": "配电柜漏电"}
    wrong = client.post(address + "new", sent)
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in text_of(wrong), "the finding stands beside its field"
    done = client.post(address + "new", {**sent, "complaint.day": "2026-03-01"})
    assert (done.status_code, done.headers["Location"]) == (302, f"/customers/{code}/interactions")
    assert "漏电" in text_of(client.get(f"/customers/{code}/interactions"))
    closing = {"was.complaint.status": "open", "complaint.status": "closed"}
    refused = client.post(address + "1/edit", closing)
    assert refused.status_code == 422, "no closing without handling and result"
    handled = {**closing, "complaint.handling": "更换断路器", "complaint.result": "客户满意"}
    assert client.post(address + "1/edit", handled).status_code == 302
    assert Record.objects.get().status == "closed"
    assert "更换断路器" in text_of(client.get(address + "1/"))
    assert client.get(address + "1/remove").status_code == 403, "the clerk may not"
    archivist = signed_in(world, "archivist")
    assert archivist.post(address + "1/remove", {"reason": "重复登记"}).status_code == 302
    assert client.get(address + "1/").status_code == 404
    assert "漏电" not in text_of(client.get(f"/customers/{code}/interactions"))


def test_contacts_are_added_led_and_taken_out(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    sent = {"contact.name": "李工", "contact.phones": "13900139001", "contact.post": "技术"}
    assert client.post(f"/customers/{code}/contacts/new", sent).status_code == 302
    page = text_of(client.get(f"/customers/{code}/contacts"))
    assert "李工" in page
    assert "13900139001" not in page, "masked"
    second = Contact.objects.get(post="技术")
    assert client.post(f"/customers/{code}/contacts/{second.pk}/lead").status_code == 302
    assert Contact.objects.get(is_main=True) == second
    assert "李工" in text_of(client.get(f"/customers/{code}/"))
    archivist = signed_in(world, "archivist")
    first = Contact.objects.get(is_main=False)
    assert archivist.post(f"/customers/{code}/contacts/{first.pk}/remove", {"reason": "本人已离职"}).status_code == 302
    assert "王小明" not in text_of(client.get(f"/customers/{code}/contacts"))


def test_a_masked_number_of_another_contact_is_shown_once_and_only_that_one(world: World, code: str) -> None:
    client = signed_in(world, "clerk")
    sent = {"contact.name": "李工", "contact.phones": "13900139001", "contact.post": "技术"}
    client.post(f"/customers/{code}/contacts/new", sent)
    slot = f"contact#{Contact.objects.get(post='技术').pk}"
    assert f"slot={slot.replace('#', '%23')}" in text_of(client.get(f"/customers/{code}/contacts"))
    body = {"field": "contact.phones", "slot": slot, "reason": "回访客户需要号码"}
    page = text_of(client.post(f"/customers/{code}/reveal", body))
    assert "+8613900139001" in page
    assert "13800138000" not in page
    assert client.post(f"/customers/{code}/reveal", {**body, "slot": "contact#99"}).status_code == 404


def test_there_is_no_form_for_a_part_the_regulation_does_not_collect(world: World, code: str) -> None:
    assert signed_in(world, "clerk").get(f"/customers/{code}/records/opinion/new").status_code == 404
