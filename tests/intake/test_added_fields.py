"""Fields of the regulation come in by file as by form and API: known by title, judged alike, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kedang.customers import present
from kedang.customers.digest import state_digest
from kedang.customers.models import Contact, Dossier
from kedang.intake import present as present_of_batch
from kedang.intake.mapping import NOT_COLLECTED
from kedang.kernel.errors import Refused
from kedang.people.payloads import CreateToken
from kedang.people.tokens import new_token
from tests.intake import samples
from tests.intake.importing import counts, imported, staged, undone
from tests.packs.added import source
from tests.web.visits import signed_in
from tests.world import World, make_world

NAME = "西安示例机电有限公司"
TITLES = [
    "客户名称", "年营业额", "是否上市", "所有制", "旧档号", "实际控制人电话", "实际控制人情况", "主管税务机关",
    "微信号", "分支机构数",
]  # fmt: skip
GOOD = [NAME, "35万元", "是", "国有", "kh20190012", "13800138000", "控股股东", "雁塔区税务局", "wx_wang", "0"]
BAD = [NAME, "很多", "也许", "集体", "12", "不详细", "控股\x01股东", "稅務局", "wx", "1.5"]
KEYS = {
    "客户名称": "name", "年营业额": "turnover", "是否上市": "listed", "所有制": "ownership", "旧档号": "file_no",
    "实际控制人电话": "owner_phone", "实际控制人情况": "owner_note", "主管税务机关": "tax_office",
    "微信号": "contact.wechat", "分支机构数": "branches",
}  # fmt: skip


@pytest.fixture
def added(site: Any) -> World:
    return make_world(source())


def file(path: Path, *rows: list[str], titles: list[str] = TITLES) -> Path:
    return samples.text_file(path, samples.csv_text([titles, *rows]))


def clear(world: World) -> dict[str, str]:
    """Everything that stands, not masked."""
    return present.snapshot(Dossier.objects.get(), KEYS.values())


def test_columns_are_known_by_the_titles_of_the_regulation(added: World, tmp_path: Path) -> None:
    path = file(
        tmp_path / "a.csv", [*GOOD, "029-88256789", "https://www.example.com"], titles=[*TITLES, "传真", "网址"]
    )
    batch, seen = staged(added, path)
    assert {title: use for title, use in batch.column_table.items() if use} == KEYS
    assert {each.title: each.why for each in seen.mapping.unused} == {"传真": NOT_COLLECTED, "网址": NOT_COLLECTED}
    with pytest.raises(Refused, match="传真.*fax"):
        staged(added, path, columns={**seen.columns, "传真": "fax"})
    with pytest.raises(Refused, match="fax"):
        staged(added, path, defaults={"fax": "029-88256789"})


def test_a_file_gives_what_a_form_gives_and_is_taken_back_whole(added: World, tmp_path: Path) -> None:
    empty = state_digest()
    batch = imported(added, file(tmp_path / "a.csv", GOOD, ["另一家公司", *[""] * 9]))
    assert batch.created == 2
    by_file = present.snapshot(Dossier.objects.get(name=NAME), KEYS.values())
    undone(added, batch)
    assert state_digest() == empty
    typed = {KEYS[title]: text for title, text in zip(TITLES, GOOD, strict=True)}
    signed_in(added, "clerk").post("/customers/new", typed)
    assert clear(added) == by_file
    assert by_file["branches"] == "0"


def test_a_changed_row_changes_its_fields_and_undo_gives_them_back(added: World, tmp_path: Path) -> None:
    imported(added, file(tmp_path / "a.csv", GOOD))
    before, stood = state_digest(), clear(added)
    again = imported(added, file(tmp_path / "b.csv", GOOD), on_duplicate="update")
    assert counts(again) == (1, 0, 0, 0, 0, 1)
    changed = [NAME, "36万元", "否", "", "", "13900139000", "", "高新区税务局", "wx_li", "7"]
    batch = imported(added, file(tmp_path / "c.csv", changed), on_duplicate="update")
    assert batch.updated == 1
    now = clear(added)
    assert (now["turnover"], now["owner_phone"], now["contact.wechat"]) == ("360000.00", "+8613900139000", "wx_li")
    assert now["ownership"] == "国有", "an empty cell empties nothing"
    undone(added, batch)
    assert clear(added) == stood
    assert state_digest() == before


def test_form_api_and_file_find_the_same_fault_at_the_same_field(added: World, tmp_path: Path) -> None:
    values = {KEYS[title]: text for title, text in zip(TITLES, BAD, strict=True)}
    batch = imported(added, file(tmp_path / "a.csv", BAD), confirm=True)
    row = next(iter(present_of_batch.problem_rows(added.actor("clerk"), batch.ref, ("rejected",), limit=0)))
    by_file = {(each.field, each.rule) for each in row.findings}
    answer = Client(SERVER_NAME="localhost").post(
        "/api/v1/customers", {"values": values}, content_type="application/json", headers=_token(added)
    )
    assert answer.status_code == 422
    by_api = {(each["field"], each["rule"]) for each in answer.json()["findings"]}
    form = signed_in(added, "clerk").post("/customers/new", values)
    assert form.status_code == 422
    assert by_api == by_file
    assert {"turnover", "listed", "ownership", "file_no", "owner_phone", "branches"} <= {field for field, _ in by_api}
    assert not Dossier.objects.exists()
    assert not Contact.objects.exists()


def _token(world: World) -> dict[str, str]:
    token, digest = new_token()
    world.do("people.token", "staff:clerk", CreateToken(label="t", digest=digest, ops=()), by="clerk")
    return {"Authorization": f"Bearer {token}"}
