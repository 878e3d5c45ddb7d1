"""The tab of the files in a browser without a screen."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kedang.customers.models import Attachment
from kedang.files.models import Blob
from kedang.governance.models import Call
from kedang.ledger.models import Entry, Look
from tests.attachments import samples
from tests.attachments.folder import Folder
from tests.web.visits import signed_in, text_of

NAME = '执照 "正本"；.png'


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def address(folder: Folder, rest: str = "") -> str:
    return f"/customers/{folder.code}/files/{rest}"


def test_several_files_are_attached_at_once_and_what_is_refused_is_said_by_name(folder: Folder) -> None:
    client = signed_in(folder.world, "clerk")
    body = {
        "files": [upload(NAME, samples.png()), upload("virus.pdf", samples.EXE), upload("合同.pdf", samples.pdf())],
        "kind": "合同", "key": "nonce",
    }  # fmt: skip
    answer = client.post(address(folder, "new"), body)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "virus.pdf" in page
    assert "合同.pdf" in page
    assert set(Attachment.objects.values_list("blob__kind", flat=True)) == {"png", "pdf"}
    more = client.post(address(folder, "new"), {"files": upload("b.png", samples.png(61)), "kind": "合同"})
    assert (more.status_code, more.headers["Location"]) == (302, address(folder))
    assert text_of(client.get(address(folder))).count('class="k-row"') == 3


@pytest.mark.database("sqlite")
def test_sent_without_a_file_or_twice_nothing_is_added(folder: Folder) -> None:
    client = signed_in(folder.world, "clerk")
    assert client.post(address(folder, "new"), {"kind": "合同"}).status_code == 422
    for _ in range(2):
        body = {"files": upload("b.png", samples.png()), "kind": "合同", "key": "once"}
        assert client.post(address(folder, "new"), body).status_code == 302
    assert (Attachment.objects.count(), Blob.objects.count()) == (1, 1)


def test_a_file_is_looked_at_page_by_page(folder: Folder) -> None:
    row = folder.attached(samples.pdf(pages=2), "合同.pdf")
    client = signed_in(folder.world, "clerk")
    assert "/pages/1" not in text_of(client.get(address(folder, f"{row.pk}/")))
    sent = client.post(address(folder, f"{row.pk}/"), {"key": "look"})
    assert sent.status_code == 302
    page = client.get(sent.headers["Location"])
    sources = re.findall(r'<img src="(/customers/[^"]+)"', text_of(page))
    assert len(sources) == 2
    picture = client.get(sources[1])
    assert (picture.headers["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    for name, value in (
        ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "sandbox; default-src 'none'"),
    ):  # fmt: skip
        assert picture.headers[name] == value
    assert Look.objects.filter(kind="reveal", fields=f"attachment#{row.pk}").count() == 1
    assert Entry.objects.filter(op="file.view", outcome="done").count() == 1
    other = signed_in(folder.world, "query")
    assert other.get(sources[1]).status_code == 403
    assert client.get(address(folder, f"{row.pk}/pages/1")).status_code == 404


def test_an_original_is_saved_and_never_opened(folder: Folder) -> None:
    row = folder.attached(samples.png(), NAME)
    client = signed_in(folder.world, "clerk")
    there = address(folder, f"{row.pk}/")
    asked = client.post(there, {"how": "original"})
    assert asked.status_code == 422
    sent = client.post(there, {"how": "original", "reason": "核对原件是否一致"})
    saved = f"{there}original?view={Call.objects.latest('pk').pk}"
    assert saved in text_of(client.get(sent.headers["Location"]))
    answer = client.get(saved)
    assert b"".join(answer.streaming_content) == samples.png()  # type: ignore[attr-defined]
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert NAME in unquote(disposition)
    assert "\n" not in disposition
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_guessed_address_tells_nothing(folder: Folder) -> None:
    row = folder.attached(samples.png(), NAME)
    call = folder.view(row.pk).pk
    for name in ("stranger", "auditor", "sysop"):
        client = signed_in(folder.world, name)
        for rest in ("", f"{row.pk}/", f"{row.pk}/?view={call}", f"{row.pk}/pages/1?view={call}", f"{row.pk}/original"):
            answer = client.get(address(folder, rest))
            assert answer.status_code == 404, (name, rest)
            assert "执照" not in text_of(answer)
    clerk = signed_in(folder.world, "clerk")
    other = folder.world.open("另一家示例有限公司")
    assert clerk.get(f"/customers/{other}/files/{row.pk}/").status_code == 404
    assert clerk.get(f"/customers/{other}/files/{row.pk}/pages/1?view={call}").status_code == 404


def test_a_file_is_taken_out_with_a_reason(folder: Folder) -> None:
    row = folder.attached(samples.png(), NAME)
    client = signed_in(folder.world, "clerk")
    there = address(folder, f"{row.pk}/remove")
    assert client.get(there).status_code == 200
    assert client.post(there, {"reason": ""}).status_code == 422
    assert client.post(there, {"reason": "附错了文件"}).status_code == 302
    assert 'class="k-row"' not in text_of(client.get(address(folder)))
    assert signed_in(folder.world, "query").get(there).status_code in (403, 404)


@pytest.mark.database("sqlite")
def test_the_list_of_one_record_and_its_pages(folder: Folder) -> None:
    folder.world.amend(folder.code, contact_name="王小明", contact_phones="13800138000")
    contact = folder.seen().contacts.get()
    row = folder.attached(samples.png())
    folder.attached(samples.png(61), slot=f"contact#{contact.pk}")
    Attachment.objects.bulk_create(
        Attachment(dossier=row.dossier, blob=row.blob, kind="其他", by_ref="clerk", created_us=1) for _ in range(60)
    )
    client = signed_in(folder.world, "clerk")
    first = text_of(client.get(address(folder)))
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = text_of(client.get(address(folder) + following[1]))
    assert (first.count('class="k-row"'), second.count('class="k-row"')) == (50, 12)
    only = text_of(client.get(address(folder), {"slot": f"contact#{contact.pk}"}))
    assert only.count('class="k-row"') == 1
