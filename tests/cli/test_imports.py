"""`import`, `import-show`, `import-undo`: a file becomes dossiers, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.reader.excel import load_workbook

from kedang.customers.models import Dossier
from kedang.governance import jobs
from kedang.governance.models import Call
from kedang.ledger.models import Entry
from tests.cli.conftest import Kedang
from tests.world import World

KEYS = {
    "batch", "state", "request", "rows", "created", "updated", "rejected", "duplicates", "unchanged", "warnings",
    "errors_file", "seconds",
}  # fmt: skip
HEAD = "客户名称,统一社会信用代码,所在地区,联系人,联系电话,客户等级\n"
GOOD = [
    "西安示例机电有限公司,,西安市,王小明,13800138000,A",
    "西安第二示例有限公司,,西安市,李四,13800138001,B",
]
BAD = "西安第三示例有限公司,,西安市,赵五,看名片,C"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    path.write_text(HEAD + "\n".join([*GOOD, BAD, GOOD[0]]) + "\n", encoding="gb18030")
    return path


def digest(kedang: Kedang) -> str:
    return str(kedang("doctor", "--json").json["state_digest"])


def test_import_gives_the_keys_of_the_contract_and_the_counts_add_up(world: World, kedang: Kedang, file: Path) -> None:
    ran = kedang("import", file, "--as", "clerk", "--json")
    assert ran.code == 0, ran.err
    said = ran.json
    assert set(said) == KEYS
    assert (said["state"], said["rows"], said["created"], said["rejected"], said["duplicates"]) == ("done", 4, 2, 1, 1)
    assert said["rows"] == sum(said[n] for n in ("created", "updated", "rejected", "duplicates", "unchanged"))
    assert Dossier.objects.count() == 2


def test_what_did_not_go_in_is_beside_the_file_with_row_field_and_remedy(
    world: World, kedang: Kedang, file: Path
) -> None:
    said = kedang("import", file, "--as", "clerk", "--json").json
    assert Path(said["errors_file"]) == file.with_name("名单.errors.xlsx").resolve()
    book = load_workbook(said["errors_file"])
    titles, row = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]
    assert titles[-4:] == ["行号", "字段", "规则", "说明"]
    assert row[0] == "西安第三示例有限公司"
    assert all(row[-4:])


def test_a_corrected_errors_workbook_goes_in(world: World, kedang: Kedang, file: Path, tmp_path: Path) -> None:
    said = kedang("import", file, "--as", "clerk", "--json").json
    book = load_workbook(said["errors_file"])
    sheet = book.worksheets[0]
    sheet.cell(row=2, column=5).value = "13800138002"
    mended = tmp_path / "mended.xlsx"
    book.save(mended)
    again = kedang("import", mended, "--as", "clerk", "--sheet", sheet.title, "--json")
    assert (again.code, again.json["created"], again.json["rejected"]) == (0, 1, 0), again.err
    assert Dossier.objects.filter(name="西安第三示例有限公司").exists()


def test_the_same_file_again_creates_and_changes_nothing(world: World, kedang: Kedang, file: Path) -> None:
    kedang("import", file, "--as", "clerk", "--json")
    before = digest(kedang)
    again = kedang("import", file, "--as", "clerk", "--json").json
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert digest(kedang) == before


@pytest.mark.parametrize(("choice", "updated", "duplicates", "grade"), [("update", 1, 0, "B"), ("skip", 0, 1, "A")])
def test_on_duplicate(
    world: World, kedang: Kedang, tmp_path: Path, choice: str, updated: int, duplicates: int, grade: str
) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text(HEAD + GOOD[0] + "\n", encoding="utf-8")
    second.write_text(HEAD + GOOD[0][:-1] + "B\n", encoding="utf-8")
    kedang("import", first, "--as", "clerk")
    said = kedang("import", second, "--as", "clerk", "--on-duplicate", choice, "--json").json
    assert (said["updated"], said["duplicates"]) == (updated, duplicates)
    assert Dossier.objects.get().grade == grade


def test_undo_leaves_the_state_it_found(world: World, kedang: Kedang, file: Path, tmp_path: Path) -> None:
    world.open("西安原有有限公司", region="西安市", grade="C")
    changing = tmp_path / "changing.csv"
    changing.write_text(HEAD + "西安原有有限公司,,西安市,新联系人,13800138009,A\n" + GOOD[1] + "\n", encoding="utf-8")
    before = digest(kedang)
    said = kedang("import", changing, "--as", "clerk", "--on-duplicate", "update", "--json").json
    assert (said["created"], said["updated"]) == (1, 1)
    assert digest(kedang) != before
    ran = kedang("import-undo", said["batch"], "--as", "clerk", "--json")
    assert (ran.code, ran.json) == (0, {"batch": said["batch"], "reverted": 2, "kept": 0})
    assert digest(kedang) == before
    assert kedang("import-show", said["batch"], "--as", "clerk", "--json").json["state"] == "reverted"


def test_undo_keeps_what_was_changed_since(world: World, kedang: Kedang, file: Path) -> None:
    said = kedang("import", file, "--as", "clerk", "--json").json
    code = Dossier.objects.get(name="西安示例机电有限公司").code
    world.amend(code, grade="D")
    ran = kedang("import-undo", said["batch"], "--as", "clerk", "--json")
    assert ran.json == {"batch": said["batch"], "reverted": 1, "kept": 1}
    assert Dossier.objects.get().grade == "D"


def test_show_is_the_object_of_the_import(world: World, kedang: Kedang, file: Path, tmp_path: Path) -> None:
    said = kedang("import", file, "--as", "clerk", "--json").json
    shown = kedang("import-show", said["batch"], "--as", "clerk", "--json").json
    assert shown == said | {"errors_file": None}
    out = tmp_path / "again.xlsx"
    assert kedang("import-show", said["batch"], "--errors", out, "--as", "clerk", "--json").json["errors_file"] == str(
        out
    )
    assert out.exists()


def test_a_dry_run_writes_nothing(world: World, kedang: Kedang, file: Path) -> None:
    said = kedang("import", file, "--dry-run", "--as", "clerk", "--json").json
    assert (said["state"], said["created"], said["rejected"]) == ("planned", 2, 1)
    assert Dossier.objects.count() == 0


def test_a_mapping_is_obeyed(world: World, kedang: Kedang, tmp_path: Path) -> None:
    file, mapping = tmp_path / "odd.csv", tmp_path / "m.toml"
    file.write_text("甲,乙\n西安示例机电有限公司,A\n", encoding="utf-8")
    mapping.write_text('[columns]\n"甲" = "name"\n"乙" = "grade"\n', encoding="utf-8")
    ran = kedang("import", file, "--mapping", mapping, "--header-row", 1, "--as", "clerk", "--json")
    assert (ran.code, ran.json["created"]) == (0, 1), ran.err
    assert Dossier.objects.get().grade == "A"
    mapping.write_text('[columns]\n"丙" = "name"\n', encoding="utf-8")
    wrong = kedang("import", file, "--mapping", mapping, "--header-row", 1, "--as", "clerk", "--json")
    assert (wrong.code, wrong.json["code"]) == (1, "wrong_mapping")


def test_a_file_without_a_name_is_not_taken_in(world: World, kedang: Kedang, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    file.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    for extra in ([], ["--yes"]):
        ran = kedang("import", file, *extra, "--as", "clerk", "--json")
        assert (ran.code, ran.json["missing"]) == (1, ["mapping"])
    assert Dossier.objects.count() == 0


@pytest.mark.parametrize("user", ["query", "boss", "sysop", "auditor"])
def test_who_may_not_import_is_refused_with_the_article(world: World, kedang: Kedang, file: Path, user: str) -> None:
    ran = kedang("import", file, "--as", user, "--json")
    assert (ran.code, ran.json["code"], ran.json["articles"]) == (1, "denied", ["4.1b"])
    assert not file.with_name("名单.errors.xlsx").exists()


@pytest.mark.parametrize("user", ["stranger", "sysop"])
def test_an_import_of_another_unit_does_not_exist(world: World, kedang: Kedang, file: Path, user: str) -> None:
    batch = kedang("import", file, "--as", "clerk", "--json").json["batch"]
    for verb in ("import-show", "import-undo"):
        ran = kedang(verb, batch, "--as", user, "--json")
        assert (ran.code, ran.json["code"]) == (1, "not_found")
    assert Dossier.objects.count() == 2


def test_a_file_that_is_none_is_refused(world: World, kedang: Kedang, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    ran = kedang("import", file, "--as", "clerk", "--json")
    assert (ran.code, ran.json["code"]) == (1, "unreadable")
    assert kedang("import", tmp_path / "absent.csv", "--as", "clerk").code == 2


def test_what_a_crash_left_behind_is_finished_first(world: World, kedang: Kedang, file: Path) -> None:
    kedang("import", file, "--dry-run", "--as", "clerk")
    call = Call.objects.get(op="import.commit")
    Call.objects.filter(pk=call.pk).update(state="running", lease_by="gone:1:x", lease_us=1)
    assert jobs.worker_alive() is False
    assert kedang("import", file, "--as", "clerk").code == 0
    call.refresh_from_db()
    assert call.state not in ("running", "queued")


def test_a_command_waits_for_a_living_worker_and_takes_over_when_it_dies(
    world: World, kedang: Kedang, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives = iter([True, True, True, False])
    monkeypatch.setattr(jobs, "worker_alive", lambda: next(lives, False))
    assert kedang("import", file, "--as", "clerk", "--json").json["state"] == "done"


def test_the_person_and_the_terminal_are_on_record(world: World, kedang: Kedang, file: Path) -> None:
    kedang("import", file, "--as", "clerk")
    assert set(Entry.objects.filter(op="import.commit").values_list("actor_id", flat=True)) == {"clerk"}
    assert kedang("ledger", "verify", "--json").json["ok"] is True
