"""Requests in the browser: what will happen, signing with a thumb, taking back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kedang.customers.models import Dossier
from kedang.files.models import Blob
from kedang.governance.flows.signing import saw_of
from kedang.governance.models import Call
from tests.databases import Site
from tests.flows.signed import company
from tests.flows.test_signing import BOTH, HEAD, opened
from tests.web.visits import signed_in, text_of
from tests.world import World


@pytest.fixture
def waiting(site: Site) -> tuple[World, Call, str]:
    world = company([HEAD, BOTH])
    code = opened(world)
    return world, world.amend(code, short_name="示例机电"), code


def posted(world: World, call: Call, who: str, **given: Any) -> Any:
    body = {"verdict": "agree", "saw": saw_of(Call.objects.get(pk=call.pk)), **given}
    return signed_in(world, who).post(f"/requests/{call.pk}/", body)


def test_the_head_reads_and_signs(waiting: tuple[World, Call, str]) -> None:
    world, call, code = waiting
    page = text_of(signed_in(world, "head").get(f"/requests/{call.pk}/"))
    assert "示例机电" in page and code in page
    assert posted(world, call, "head").status_code == 302
    assert Call.objects.get(pk=call.pk).step == 1
    for who in ("archivist", "boss"):
        posted(world, call, who)
    assert Dossier.objects.get(code=code).short_name == "示例机电"


def test_a_refusal_without_a_word_keeps_the_page_and_changes_nothing(waiting: tuple[World, Call, str]) -> None:
    world, call, _ = waiting
    assert posted(world, call, "head", verdict="refuse").status_code == 422
    assert Call.objects.get(pk=call.pk).state == "waiting"
    assert posted(world, call, "head", verdict="refuse", comment="不同意").status_code == 302
    assert Call.objects.get(pk=call.pk).state == "rejected"


def test_strangers_see_no_request(waiting: tuple[World, Call, str]) -> None:
    world, call, _ = waiting
    for who in ("stranger", "query", "sysop"):
        client: Client = signed_in(world, who)
        assert client.get(f"/requests/{call.pk}/").status_code == 404
        assert client.post(f"/requests/{call.pk}/", {"verdict": "agree"}).status_code == 404
        assert client.post(f"/requests/{call.pk}/withdraw").status_code == 404
    assert Call.objects.get(pk=call.pk).state == "waiting"


def test_the_applicant_reads_but_does_not_sign_and_takes_it_back(waiting: tuple[World, Call, str]) -> None:
    world, call, _ = waiting
    client = signed_in(world, "clerk")
    assert 'value="agree"' not in text_of(client.get(f"/requests/{call.pk}/"))
    assert posted(world, call, "clerk").status_code == 403
    assert client.post(f"/requests/{call.pk}/withdraw").status_code == 302
    assert Call.objects.get(pk=call.pk).state == "withdrawn"


def test_one_more_signer_is_asked_from_the_page(waiting: tuple[World, Call, str]) -> None:
    world, call, _ = waiting
    client = signed_in(world, "head")
    assert client.post(f"/requests/{call.pk}/signer", {"signer": "secop", "when": "before"}).status_code == 302
    assert posted(world, call, "head").status_code == 403
    assert posted(world, call, "secop").status_code == 302
    assert posted(world, call, "head").status_code == 302


def test_a_change_from_the_form_waits_and_leads_to_its_request(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    client = signed_in(world, "clerk")
    answer = client.post(f"/customers/{code}/edit", {"short_name": "示例", "was.short_name": ""})
    call = Call.objects.get(state="waiting")
    assert answer.headers["Location"] == f"/requests/{call.pk}/"
    assert "示例" in text_of(client.get("/requests/")) or str(call.pk) in text_of(client.get("/requests/"))


def test_a_new_dossier_waits_too(site: Site) -> None:
    world = company([HEAD], op="customer.open")
    answer = signed_in(world, "clerk").post("/customers/new", {"name": "西安新客户有限公司", "key": "n-1"})
    assert answer.headers["Location"].startswith("/requests/")
    assert Dossier.objects.count() == 0


def test_a_scan_of_the_stamped_form_is_attached_and_read_by_whom_it_concerns(site: Site) -> None:
    world = company([{**HEAD, "seal": "scan"}, BOTH])
    call = world.amend(opened(world), short_name="示例")
    assert posted(world, call, "head").status_code == 422
    scan = SimpleUploadedFile("盖章申请表.pdf", b"%PDF-1.4 stamped")
    assert posted(world, call, "head", scan=scan).status_code == 302
    page = text_of(signed_in(world, "boss").get(f"/requests/{call.pk}/"))
    assert "盖章申请表.pdf" in page
    blob = Blob.objects.get()
    address = f"/requests/{call.pk}/papers/{blob.pk}"
    answer = signed_in(world, "clerk").get(address)
    assert b"".join(answer) == b"%PDF-1.4 stamped"
    for who in ("stranger", "query", "auditor"):
        assert signed_in(world, who).get(address).status_code == 404
    assert signed_in(world, "boss").get(f"/requests/{call.pk}/papers/{blob.pk + 1}").status_code == 404


def test_a_stranger_leaves_no_file_behind(waiting: tuple[World, Call, str]) -> None:
    world, call, _ = waiting
    scan = SimpleUploadedFile("x.pdf", b"%PDF-1.4")
    assert posted(world, call, "clerk", scan=scan).status_code == 403
    assert not Blob.objects.exists()
