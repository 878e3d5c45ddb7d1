"""Registers and matters as pages: what is offered, the form, the row, the book on paper, and who gets where."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client

from kedang.files.models import Blob
from kedang.governance.registers.models import Row
from kedang.ledger.models import Look
from tests.registers.house import house, lend, matter
from tests.web.visits import signed_in, stranger_at_the_door, text_of
from tests.world import World

NAME = "西安示例机电有限公司"
GOOD = {"i.days": "3", "i.why": "对账需要核对原件", "i.original": "no", "confirmed": "1"}


def sent(client: Client, path: str, body: dict[str, Any]) -> Any:
    """The form of a page sent with the nonce it came with."""
    page = text_of(client.get(path))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key, page[:500]
    return client.post(path, {"key": key[1], **body})


def test_a_loan_is_applied_for_and_stands_in_its_book(world: World) -> None:
    house(world)
    code = world.open(NAME)
    client = signed_in(world, "clerk")
    assert "/matters/loan.lend/" in text_of(client.get("/matters/"))
    assert client.get("/matters/loan.lend/").status_code == 200
    path = f"/matters/loan.lend/?subject=dossier:{code}"
    form = text_of(client.get(path))
    for said in ("借阅天数", "我确认按期归还，不转借、不复制。", "KD-B-07", 'name="i.original"', "“是否原件”"):
        assert said in form, said
    answer = sent(client, path, {**GOOD, "i.contact": "王经理 13800138000"})
    row = Row.objects.get(register="loans")
    assert answer.status_code == 302, text_of(answer)
    page = text_of(client.get(answer.headers["Location"]))
    assert row.number in page
    assert NAME in page
    assert "13800138000" not in page
    assert "/matters/loan.back/?subject=row:loans/" in page
    book = text_of(client.get("/registers/loans/"))
    assert row.number in book
    assert "13800138000" not in book
    assert Look.objects.filter(fields__exact="register").count() == 2


def test_a_faulty_form_comes_back_with_what_was_typed_and_what_is_wrong(world: World) -> None:
    house(world)
    code = world.open(NAME)
    client = signed_in(world, "clerk")
    answer = sent(client, f"/matters/loan.lend/?subject={code}", {**GOOD, "i.days": "99", "i.why": "核"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'value="99"' in page
    assert page.count("k-finding k-error") == 2
    assert not Row.objects.exists()
    answer = sent(client, f"/matters/loan.lend/?subject={code}", {**GOOD, "confirmed": ""})
    assert answer.status_code == 422
    assert not Row.objects.exists()


def test_sending_a_form_twice_does_it_once(world: World) -> None:
    house(world)
    client = signed_in(world, "clerk")
    path = f"/matters/loan.lend/?subject=dossier:{world.open(NAME)}"
    body = {**GOOD, "key": "one"}
    assert [client.post(path, body).status_code for _ in range(2)] == [302, 302]
    assert Row.objects.count() == 1


def test_a_second_loan_names_the_row_that_is_still_open(world: World) -> None:
    house(world)
    code = world.open(NAME)
    row = lend(world, code)
    answer = sent(signed_in(world, "archivist"), f"/matters/loan.lend/?subject=dossier:{code}", GOOD)
    assert answer.status_code == 409
    assert row.number in text_of(answer)


def test_the_next_deed_on_a_row_is_chosen_from_rows_that_allow_it(world: World) -> None:
    house(world)
    code = world.open(NAME)
    client = signed_in(world, "clerk")
    assert "row:loans" not in text_of(client.get("/matters/loan.back/"))
    row = lend(world, code)
    assert row.ref in text_of(client.get("/matters/loan.back/"))
    answer = sent(client, f"/matters/loan.back/?subject={row.ref}", {"i.whole": "no", "i.damage": "封面破损"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "back"
    assert "封面破损" in text_of(client.get(answer.headers["Location"]))


def test_a_file_goes_with_the_form_and_is_kept_while_it_is_mended(world: World) -> None:
    house(world)
    client = signed_in(world, "clerk")
    file = io.BytesIO("来信".encode())
    file.name = "投诉信.txt"
    answer = sent(client, "/matters/complaint.take/", {"i.proof": file, "i.text": "客户来信"})
    assert answer.status_code == 422
    token = Blob.objects.get().token
    assert token in text_of(answer)
    assert "投诉信.txt" in text_of(answer)
    answer = sent(
        client, "/matters/complaint.take/", {"i.kind": "leak", "i.ways": ["phone", "visit"], "i.proof": token}
    )
    assert answer.status_code == 302, text_of(answer)
    row = Row.objects.get(register="complaints")
    path = f"/registers/complaints/files/{token}/{row.number}"
    assert path in text_of(client.get(answer.headers["Location"]))
    assert b"".join(client.get(path).streaming_content).decode() == "来信"  # type: ignore[attr-defined]
    assert client.get(f"/registers/complaints/files/{'0' * 32}/{row.number}").status_code == 404
    assert signed_in(world, "stranger").get(path).status_code == 404


def test_a_book_is_printed_in_the_companys_form(world: World) -> None:
    house(world)
    first, second = lend(world, world.open(NAME)), lend(world, world.open("西安另一家有限公司"))
    page = text_of(signed_in(world, "clerk").get("/registers/loans/print?period=2026"))
    for said in ("客户资料借阅登记簿", "KD-B-07", "A/1", "档案管理员: ____", "借阅天数"):
        assert said in page, said
    assert page.index(first.number) < page.index(second.number)
    assert "style=" not in page


def test_rows_are_narrowed_by_state_and_period(world: World) -> None:
    house(world)
    row = lend(world, world.open(NAME))
    client = signed_in(world, "clerk")
    assert row.number in text_of(client.get("/registers/loans/?state=open"))
    for narrow in ("state=closed", "state=back", "period=2001", "after=1"):
        assert row.number not in text_of(client.get(f"/registers/loans/?{narrow}"))
    assert client.get("/registers/loans/?period=soon").status_code == 422
    assert client.get("/registers/loans/?after=x").status_code == 404


def test_the_auditor_sees_numbers_and_states_and_no_name(world: World) -> None:
    house(world)
    row = lend(world, world.open(NAME))
    client = signed_in(world, "auditor")
    for path in ("/registers/loans/", "/registers/loans/print", f"/registers/loans/rows/{row.number}"):
        page = text_of(client.get(path))
        assert row.number in page
        assert NAME not in page
        assert "Clerk" not in page


@pytest.mark.parametrize("name", ["stranger", "query"])
def test_what_lies_outside_does_not_exist(world: World, name: str) -> None:
    house(world)
    code = world.open(NAME)
    row = lend(world, code)
    client = signed_in(world, name)
    for path in (f"/registers/loans/rows/{row.number}", f"/matters/loan.lend/?subject=dossier:{code}",
                 f"/matters/loan.back/?subject={row.ref}", "/registers/nothing/", "/matters/loan.burn/",
                 "/matters/customer.open/"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code in ((404, 403) if name == "query" else (404,)), path
        assert NAME not in text_of(answer)
    assert row.number not in text_of(client.get("/registers/loans/"))


def test_without_sign_in_there_is_the_sign_in_page(world: World) -> None:
    house(world)
    for path in ("/registers/", "/registers/loans/", "/registers/loans/print", "/registers/loans/rows/1", "/matters/",
                 "/matters/loan.lend/"):  # fmt: skip
        answer = stranger_at_the_door().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/")


def test_who_may_not_is_told_the_article_before_filling_in(world: World) -> None:
    house(world)
    code = world.open(NAME)
    answer = signed_in(world, "head").get(f"/matters/loan.lend/?subject=dossier:{code}")
    assert answer.status_code == 403
    assert "3.1c" in text_of(answer)
    assert "loan.lend" not in text_of(signed_in(world, "head").get("/matters/"))


def test_an_empty_house_says_so(world: World) -> None:
    """The plain regulation has neither registers nor matters."""
    client = signed_in(world, "clerk")
    for path in ("/registers/", "/matters/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "k-empty" in text_of(page)


def test_a_matter_about_nothing_needs_no_choice(world: World) -> None:
    house(world)
    client = signed_in(world, "query")
    answer = sent(client, "/matters/visit.note/", {"i.name": "王小明", "i.arrived": "2026-01-05"})
    assert answer.status_code == 302
    assert Row.objects.get().register == "visits"
    assert matter(world, "people.undertake", "-", by="query").state == "done"


def test_a_request_that_waits_leads_to_its_page_and_says_beforehand_who_signs(world: World) -> None:
    house(world)
    code = world.open(NAME)
    client = signed_in(world, "clerk")
    assert f"/matters/?subject=dossier:{code}" in text_of(client.get(f"/customers/{code}/"))
    offered = text_of(client.get(f"/matters/?subject=dossier:{code}"))
    assert f"/matters/loan.far/?subject=dossier:{code}" in offered
    assert "档案管理员" in offered
    assert "/matters/visit.note/" not in offered
    path = f"/matters/loan.far/?subject=dossier:{code}"
    assert "档案管理员" in text_of(client.get(path))
    answer = sent(client, path, GOOD)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/requests/")
    assert not Row.objects.exists()
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "借阅天数" in text_of(page)
