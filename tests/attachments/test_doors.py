"""Files over REST and at the terminal: the same rules, the same evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kedang.customers.models import Attachment
from kedang.files.models import Blob
from kedang.ledger.models import Entry
from tests.api.conftest import ask  # noqa: F401 - a fixture
from tests.attachments import samples
from tests.attachments.folder import Folder
from tests.cli.conftest import Kedang, kedang  # noqa: F401 - a fixture

NAME = "执照.png"


def test_a_file_goes_in_and_comes_out_over_rest(folder: Folder, ask: Any) -> None:  # noqa: F811
    base = f"/customers/{folder.code}/attachments"
    client = Client(SERVER_NAME="localhost")

    def bring(content: bytes, key: str, **form: str) -> Any:
        body = {"file": SimpleUploadedFile(NAME, content), "kind": "营业执照", **form}
        headers = ask.headers("clerk") | {"Idempotency-Key": key}
        return client.post(f"/api/v1{base}", body, headers=headers)

    made, again = bring(samples.png(), "k1"), bring(samples.png(), "k1")
    assert (made.status_code, again.json()["call"]) == (201, made.json()["call"])
    file = made.json()["result"]["file"]
    assert made.headers["Location"].endswith(f"{base}/{file}")
    bad = bring(samples.EXE, "k2")
    assert (bad.status_code, bad.json()["code"], Blob.objects.count()) == (422, "invalid", 1)
    assert bring(samples.png(61), "k3", nonsense="1").status_code == 422
    listed = ask("GET", base).json()
    assert [(each["file"], each["name"], each["type"], each["kind"]) for each in listed["items"]] == [
        (file, NAME, "png", "营业执照")
    ]
    assert ask("GET", f"{base}/{file}/pages/1").json()["code"] == "denied"
    look = ask("POST", f"{base}/{file}/view", {"purpose": "核对"}).json()
    assert (look["pages"], look["original"]) == (1, False)
    page = ask("GET", f"{base}/{file}/pages/1", view=look["call"])
    assert (page.headers["Content-Type"], page.content[:4]) == ("image/png", b"\x89PNG")
    assert ask("GET", f"{base}/{file}/content", view=look["call"]).status_code == 403
    look = ask("POST", f"{base}/{file}/view", {"original": True, "reason": "核对原件是否一致"}).json()
    handed = ask("GET", f"{base}/{file}/content", view=look["call"])
    assert b"".join(handed.streaming_content) == samples.png()
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert ask("DELETE", f"{base}/{file}", {"reason": "附错了文件"}).status_code == 200
    assert ask("GET", base).json()["items"] == []


@pytest.mark.database("sqlite")
def test_a_token_for_other_deeds_attaches_nothing(folder: Folder, ask: Any) -> None:  # noqa: F811
    body = {"file": SimpleUploadedFile(NAME, samples.png()), "kind": "营业执照"}
    headers = ask.headers("clerk", ("customer.amend",))
    answer = Client(SERVER_NAME="localhost").post(
        f"/api/v1/customers/{folder.code}/attachments", body, headers=headers
    )  # fmt: skip
    assert (answer.status_code, Blob.objects.count()) == (403, 0)


def test_a_file_is_attached_and_taken_out_at_the_terminal(folder: Folder, kedang: Kedang, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / NAME
    file.write_bytes(samples.png())
    ran = kedang(
        "do", "file.attach", folder.code, "--file", file, "--set", "kind=营业执照", "--as", "clerk", "--json"
    )  # fmt: skip
    assert ran.code == 0, ran.err
    number = ran.json["result"]["file"]
    row = Attachment.objects.get(pk=number)
    assert (row.kind, row.blob.kind) == ("营业执照", "png")
    seen = kedang("do", "file.view", folder.code, "--set", f"file={number}", "--as", "query", "--json")
    assert (seen.code, seen.json["state"]) == (0, "done")
    gone = kedang(
        "do", "file.detach", folder.code, "--set", f"file={number}", "--reason", "附错了文件", "--as", "clerk", "--json"
    )  # fmt: skip
    assert gone.code == 0, gone.err
    file.write_bytes(samples.EXE)
    refused = kedang(
        "do", "file.attach", folder.code, "--file", file, "--set", "kind=营业执照", "--as", "clerk", "--json"
    )  # fmt: skip
    assert (refused.code, Blob.objects.count(), Entry.objects.latest("id").outcome) == (1, 1, "refused")
    assert kedang("do", "file.attach", folder.code, "--set", "kind=合同", "--as", "clerk", "--json").code == 2


def test_numbers_beyond_all_reason_are_not_found(folder: Folder, ask: Any) -> None:  # noqa: F811
    file, huge = folder.attached(samples.png()).pk, 10**30
    base = f"/customers/{folder.code}/attachments"
    assert ask("GET", f"{base}/{huge}").status_code == 404
    assert ask("GET", f"{base}/{huge}/pages/1", view=huge).status_code == 404
    assert ask("GET", f"{base}/{file}/pages/1", view=huge).status_code == 403
    call = folder.view(file).pk
    for page in (0, huge):
        assert ask("GET", f"{base}/{file}/pages/{page}", view=call).status_code == 404
    assert ask("POST", f"{base}/{huge}/view", {}).status_code in (404, 422)
