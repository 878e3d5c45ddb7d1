"""The import wizard, step by step: nothing goes in before the check was seen, and all can be undone."""

from __future__ import annotations

import html
import io
import re

import pytest
from django.test import Client
from openpyxl.reader.excel import load_workbook

from kedang.customers.models import Contact, Dossier
from kedang.files.models import Blob
from kedang.governance import jobs
from kedang.intake.models import Batch
from tests.web.visits import HTMX, PARTNERS, bring, signed_in, text_of
from tests.world import World

SELECT = re.compile(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected')


def choices(page: str) -> dict[str, str]:
    """What a browser would send for the selects of a page."""
    chosen = {name: CHOSEN.search(inner) for name, inner in SELECT.findall(page)}
    return {name: html.unescape(found[1]) if found else "" for name, found in chosen.items()}


def confirm(client: Client, number: int, **changed: str) -> None:
    """Confirm the columns as proposed, let the worker check."""
    page = text_of(client.get(f"/imports/{number}/mapping"))
    answer = client.post(f"/imports/{number}/mapping", choices(page) | changed)
    assert answer.headers["Location"] == f"/imports/{number}/"
    jobs.recover()


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world, "clerk")


@pytest.fixture
def number(client: Client) -> int:
    answer = bring(client)
    found: int = Batch.objects.get().pk
    assert answer.headers["Location"] == f"/imports/{found}/mapping"
    return found


def test_the_columns_are_proposed_and_nothing_is_taken_in(client: Client, number: int) -> None:
    page = text_of(client.get(f"/imports/{number}/mapping"))
    chosen = choices(page)
    assert [chosen[f"column-{n}"] for n in range(4)] == ["name", "credit_code", "contact.phones", "region"]
    assert 'name="header_row" type="number" min="1" max="1000" value="2"' in page
    assert Dossier.objects.count() == 0
    assert f"/imports/{number}/" in text_of(client.get("/"))


def test_the_check_shows_what_would_happen_row_by_row(client: Client, number: int) -> None:
    confirm(client, number)
    page = text_of(client.get(f"/imports/{number}/"))
    batch = Batch.objects.get()
    assert (batch.state, batch.created, batch.rejected, batch.duplicates) == ("planned", 2, 1, 1)
    assert f'action="/imports/{number}/commit"' in page
    assert "k-finding" in page
    assert "西安华信机电有限公司" in text_of(client.get(f"/imports/{number}/?kind=duplicate"))
    assert Dossier.objects.count() == 0


def test_what_is_right_goes_in_and_the_rest_comes_back_as_a_workbook(client: Client, number: int) -> None:
    confirm(client, number)
    client.post(f"/imports/{number}/commit")
    jobs.recover()
    assert sorted(Dossier.objects.values_list("name", flat=True)) == ["杭州远大食品有限公司", "西安华信机电有限公司"]
    page = text_of(client.get(f"/imports/{number}/"))
    assert f"/imports/{number}/errors" in page
    answer = client.get(f"/imports/{number}/errors")
    book = load_workbook(io.BytesIO(b"".join(answer)), read_only=True)
    rows = list(book.worksheets[0].values)
    assert [cell for cell in rows[0] if cell] == [
        "客户名称",
        "统一社会信用代码",
        "联系电话",
        "所在地区",
        "行号",
        "字段",
        "规则",
        "说明",
    ]
    assert rows[1][2] == "13900139000"


def test_while_it_runs_the_page_says_how_far_it_is_and_then_goes_on(client: Client, number: int) -> None:
    page = text_of(client.get(f"/imports/{number}/mapping"))
    client.post(f"/imports/{number}/mapping", choices(page))
    running = text_of(client.get(f"/imports/{number}/"))
    assert f'hx-get="/imports/{number}/progress"' in running
    part = client.get(f"/imports/{number}/progress", headers=HTMX)
    assert "<progress" in text_of(part)
    assert "<html" not in text_of(part)
    jobs.recover()
    ended = client.get(f"/imports/{number}/progress", headers=HTMX)
    assert ended.headers["HX-Redirect"] == f"/imports/{number}/"


def test_an_import_is_taken_back_but_for_what_was_edited_since(world: World, client: Client, number: int) -> None:
    confirm(client, number)
    client.post(f"/imports/{number}/commit")
    jobs.recover()
    edited = Dossier.objects.get(name="杭州远大食品有限公司")
    world.amend(edited.code, by="archivist", short_name="远大")
    client.post(f"/imports/{number}/undo", {"reason": "导错了文件"})
    jobs.recover()
    assert list(Dossier.objects.values_list("code", flat=True)) == [edited.code]
    assert edited.code in text_of(client.get(f"/imports/{number}/"))


def test_an_import_can_be_dropped_before_anything_went_in(client: Client, number: int) -> None:
    confirm(client, number)
    client.post(f"/imports/{number}/cancel")
    jobs.recover()
    assert Batch.objects.get().state == "reverted"
    assert Dossier.objects.count() == 0


def test_a_column_the_person_leaves_out_is_not_taken(client: Client, number: int) -> None:
    confirm(client, number, **{"column-2": ""})
    client.post(f"/imports/{number}/commit")
    jobs.recover()
    assert Dossier.objects.count() == 2
    assert [contact for contact in Contact.objects.all() if bytes(contact.phones_ct)] == []


def test_without_a_name_column_the_check_is_refused_with_a_sentence(client: Client, number: int) -> None:
    page = text_of(client.get(f"/imports/{number}/mapping"))
    answer = client.post(f"/imports/{number}/mapping", choices(page) | {"column-0": ""})
    assert answer.status_code == 422
    assert "k-notice-bad" in text_of(answer)


def test_another_header_row_reads_the_columns_anew(client: Client, number: int) -> None:
    answer = client.post(f"/imports/{number}/mapping", {"again": "1", "header_row": "3"})
    assert answer.headers["Location"] == f"/imports/{number}/mapping"
    assert Batch.objects.get().header_row == 3
    assert client.post(f"/imports/{number}/mapping", {"again": "1", "header_row": "999"}).status_code == 422


def test_what_is_no_table_is_refused_and_not_kept(client: Client) -> None:
    for text, name in (("", "empty.csv"), ("\x7fELF\x00\x00\x01\x02" * 99, "program.csv")):
        answer = bring(client, text, name)
        assert answer.status_code == 422, name
        assert "k-notice-bad" in text_of(answer)
    assert Blob.objects.count() == Batch.objects.count() == 0
    assert client.post("/imports/new", {}).status_code == 422


def test_markup_in_a_file_is_text_on_every_page(client: Client) -> None:
    bring(
        client,
        PARTNERS.replace("杭州远大食品有限公司", '"<script>alert(1)</script>"').replace(",,13900", "<b>x</b>,,13900"),
    )
    number = Batch.objects.get().pk
    pages = [text_of(client.get(f"/imports/{number}/mapping"))]
    confirm(client, number)
    pages.append(text_of(client.get(f"/imports/{number}/")))
    assert all("<script>alert" not in page and "<b>x</b>" not in page for page in pages)
