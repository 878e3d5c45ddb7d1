"""The page of the data dictionary: what it shows, how one picks out of it, and its paper."""

from __future__ import annotations

import pytest
from django.test import Client

from kedang.customers.models import Dossier
from tests.packs.added import source
from tests.web.visits import signed_in
from tests.world import World, make_world


@pytest.fixture
def added(site: None) -> World:
    return make_world(source())


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/regulation/dictionary/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_lists_what_is_collected_and_picks_by_word_part_and_kind(added: World) -> None:
    client = signed_in(added, "auditor")
    whole = page(client)
    for word in ("主管税务机关", "办理纳税申报的税务所。", "GB/T 2260", "contact.wechat", "国有"):
        assert word in whole
    assert "传真" not in whole
    assert "传真" in page(client, "?show=off")
    found = page(client, "?q=税务")
    assert ("主管税务机关" in found, "年营业额" in found) == (True, False)
    contracts = page(client, "?part=contract")
    assert ("保证人" in contracts, "主管税务机关" in contracts) == (True, False)
    assert "年营业额" not in page(client, "?show=personal")
    assert "年营业额" in page(client, "?show=nonsense&part=nonsense")


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_it_is_printed(added: World, kind: str, begins: bytes) -> None:
    answer = signed_in(added, "clerk").get(f"/regulation/dictionary.{kind}?part=contract")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert signed_in(added, "clerk").get("/regulation/dictionary.exe").status_code == 404


def test_the_form_takes_added_fields_and_says_beside_the_field_what_is_wrong(added: World) -> None:
    client = signed_in(added, "clerk")
    form = client.get("/customers/new").content.decode()
    assert 'name="turnover"' in form
    assert 'name="fax"' not in form
    sent = {"name": "西安示例机电有限公司", "turnover": "很多", "ownership": "集体", "fax": "029-88256789"}
    wrong = client.post("/customers/new", sent)
    assert wrong.status_code == 422
    assert not Dossier.objects.exists()
    text = wrong.content.decode()
    assert "很多" in text
    client.post("/customers/new", {**sent, "turnover": "35万元", "ownership": "国有", "fax": ""})
    dossier = Dossier.objects.get()
    shown = client.get(f"/customers/{dossier.code}/").content.decode()
    assert "350,000" in shown
    again = client.get(f"/customers/{dossier.code}/edit").content.decode()
    assert 'value="350000.00"' in again
    client.post(
        f"/customers/{dossier.code}/edit",
        {"turnover": "36万元", "was.turnover": "350000.00", "was.ownership": "国有", "ownership": "国有",
         "reason": "客户来电更正", "version": "1"},
    )  # fmt: skip
    assert "360,000" in client.get(f"/customers/{dossier.code}/").content.decode()
