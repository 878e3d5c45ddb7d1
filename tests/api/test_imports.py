"""Imports over REST: bring, commit, follow, mend, take back; and who may not."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl.reader.excel import load_workbook

from kedang.customers.models import Dossier
from kedang.files.models import Blob
from kedang.governance import jobs
from kedang.intake.models import Batch
from kedang.ledger.models import Entry
from tests.api.conftest import Ask
from tests.world import World

FILE = """客户名称,统一社会信用代码,所在地区,联系人,联系电话
西安示例机电有限公司,,西安市,王小明,13800138000
西安第二示例有限公司,,西安市,李四,13800138001
西安第三示例有限公司,,西安市,赵五,看名片
"""


@pytest.fixture
def send(ask: Ask) -> Any:
    """`send(by="clerk")` brings the file."""

    def post(text: str = FILE, *, by: str = "clerk", key: str = "", name: str = "名单.csv", ops: tuple[str, ...] = (),
             **form: Any) -> Any:  # fmt: skip
        headers = {"Authorization": ask.headers(by, ops)["Authorization"]} if by else {}  # type: ignore[attr-defined]
        headers |= {"Idempotency-Key": key} if key else {}
        file = SimpleUploadedFile(name, text.encode("gb18030"))
        return Client(SERVER_NAME="localhost").post("/api/v1/imports", {"file": file, **form}, headers=headers)

    return post


def committed(ask: Ask, send: Any, **form: Any) -> int:
    number = int(send(**form).json()["batch"])
    assert ask("POST", f"/imports/{number}/commit").status_code == 202
    jobs.recover()
    return number


def test_a_file_is_staged_and_nothing_is_taken_in(ask: Ask, send: Any) -> None:
    answer = send()
    assert answer.status_code == 201, answer.content
    staged = answer.json()
    assert (staged["state"], staged["certain"], staged["header_row"]) == ("staged", True, 1)
    assert staged["columns"]["客户名称"] == "name"
    assert answer["Location"] == f"/api/v1/imports/{staged['batch']}"
    assert Dossier.objects.count() == 0
    shown = ask("GET", f"/imports/{staged['batch']}").json()
    assert (shown["file"], shown["by"], shown["unit"], shown["request"]) == ("名单.csv", "clerk", "XA", None)


def test_a_commit_is_queued_then_done_and_its_counts_add_up(ask: Ask, send: Any) -> None:
    number = send().json()["batch"]
    queued = ask("POST", f"/imports/{number}/commit")
    assert (queued.status_code, queued.json()["state"]) == (202, "queued")
    assert ask("GET", f"/imports/{number}").json()["request"] == queued.json()["call"]
    jobs.recover()
    shown = ask("GET", f"/imports/{number}").json()
    assert (shown["state"], shown["rows"], shown["created"], shown["rejected"]) == ("done", 3, 2, 1)
    assert shown["rows"] == sum(shown[n] for n in ("created", "updated", "rejected", "duplicates", "unchanged"))
    assert Dossier.objects.count() == 2


def test_what_did_not_go_in_can_be_read_and_mended(ask: Ask, send: Any) -> None:
    number = committed(ask, send)
    (row,) = ask("GET", f"/imports/{number}/problems").json()["items"]
    assert (row["kind"], row["cells"][0]) == ("rejected", "西安第三示例有限公司")
    assert [f["field"] for f in row["findings"]] == ["contact.phones"]
    book = ask("GET", f"/imports/{number}/errors.xlsx")
    assert book.status_code == 200
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert sheet["A2"].value == "西安第三示例有限公司"


def test_an_import_is_taken_back(ask: Ask, send: Any) -> None:
    number = committed(ask, send)
    assert ask("POST", f"/imports/{number}/undo").status_code == 202
    jobs.recover()
    shown = ask("GET", f"/imports/{number}").json()
    assert (shown["state"], shown["reverted"], shown["kept"]) == ("reverted", 2, 0)
    assert Dossier.objects.count() == 0


def test_a_queued_import_is_cancelled_and_leaves_nothing(ask: Ask, send: Any) -> None:
    number = send().json()["batch"]
    ask("POST", f"/imports/{number}/commit")
    assert ask("POST", f"/imports/{number}/cancel").status_code == 202
    jobs.recover()
    assert Dossier.objects.count() == 0
    assert ask("GET", f"/imports/{number}").json()["request"] is None


def test_a_staged_import_is_dropped(ask: Ask, send: Any) -> None:
    number = send().json()["batch"]
    assert ask("POST", f"/imports/{number}/cancel").status_code == 202
    jobs.recover()
    assert ask("GET", f"/imports/{number}").json()["state"] == "reverted"


def test_a_dry_run_only_counts(ask: Ask, send: Any) -> None:
    number = send().json()["batch"]
    ask("POST", f"/imports/{number}/commit", {"dry_run": True})
    jobs.recover()
    shown = ask("GET", f"/imports/{number}").json()
    assert (shown["state"], shown["created"], shown["rejected"]) == ("planned", 2, 1)
    assert Dossier.objects.count() == 0


def test_the_same_key_brings_a_file_once(ask: Ask, send: Any) -> None:
    first, again = send(key="k1"), send(key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["batch"] == again.json()["batch"]
    assert (Batch.objects.count(), Blob.objects.count()) == (1, 1)
    other = send(FILE + "西安第四示例有限公司,,西安市,钱六,13800138004\n", key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Blob.objects.count() == 1


@pytest.mark.parametrize("by", ["query", "head", "boss", "sysop", "auditor"])
def test_who_may_not_import_is_told_the_article_and_the_file_is_gone(ask: Ask, send: Any, by: str) -> None:
    answer = send(by=by)
    assert (answer.status_code, answer.json()["code"], answer.json()["articles"]) == (403, "denied", ["4.1b"])
    assert (Batch.objects.count(), Blob.objects.count()) == (0, 0)


def test_a_token_for_other_operations_brings_nothing(ask: Ask, send: Any) -> None:
    answer = send(ops=("customer.open",))
    assert answer.status_code == 403
    assert Entry.objects.filter(op="import.stage", outcome="refused").count() == 1
    assert Blob.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", "/commit"), ("POST", "/undo"), ("POST", "/cancel"), ("GET", "/problems"),
     ("GET", "/errors.xlsx")],
)  # fmt: skip
@pytest.mark.parametrize("by", ["stranger", "sysop", "auditor"])
def test_an_import_one_may_not_see_does_not_exist(ask: Ask, send: Any, method: str, path: str, by: str) -> None:
    number = send().json()["batch"]
    hidden, absent = ask(method, f"/imports/{number}{path}", by=by), ask(method, f"/imports/99999{path}", by=by)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert Batch.objects.get().state == "staged"


def test_rows_are_only_for_the_one_who_brought_them(ask: Ask, send: Any) -> None:
    number = committed(ask, send)
    assert ask("GET", f"/imports/{number}", by="head").json()["file"] == ""
    for path in ("/problems", "/errors.xlsx"):
        assert ask("GET", f"/imports/{number}{path}", by="head").status_code == 404


@pytest.mark.parametrize(
    ("text", "form", "code"),
    [("", {}, "unreadable"), (FILE, {"mapping": "no toml ["}, "wrong_mapping"),
     (FILE, {"header_row": 400}, "unreadable"),
     (FILE, {"on_duplicate": "maybe"}, "invalid"), (FILE, {"colour": "red"}, "invalid")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_not_kept(send: Any, text: str, form: dict[str, Any], code: str) -> None:
    answer = send(text, **form)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert Blob.objects.count() == 0


def test_imports_are_listed_page_by_page(ask: Ask, send: Any) -> None:
    numbers = [send(key=f"k{n}", name=f"{n}.csv").json()["batch"] for n in range(3)]
    first = ask("GET", "/imports", limit=2).json()
    second = ask("GET", "/imports", limit=2, cursor=first["cursor"]).json()
    assert [b["batch"] for b in first["items"] + second["items"]] == numbers[::-1]
    assert second["cursor"] is None
    assert ask("GET", "/imports", by="stranger").json()["items"] == []


def test_an_import_that_ran_is_not_run_again(world: World, ask: Ask, send: Any) -> None:
    number = committed(ask, send)
    ask("POST", f"/imports/{number}/commit")
    jobs.recover()
    assert Dossier.objects.count() == 2
