"""A file becomes dossiers: what is right goes in, what is wrong comes back, and the numbers add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.reader.excel import load_workbook
from openpyxl.workbook.workbook import Workbook

from kedang import ledger
from kedang.customers.digest import state_digest
from kedang.customers.models import Contact, Dossier
from kedang.intake import present
from kedang.intake.models import BatchRow, RememberedMapping
from kedang.intake.payloads import CommitBatch, StageFile
from kedang.intake.selectors import batches_for
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry
from tests.intake import samples
from tests.intake.importing import committed, counts, errors_file, imported, problems, ran, staged


def listed(path: Path, rows, titles=None) -> Path:
    """A CSV file of these rows."""
    return samples.text_file(path, samples.csv_text([titles or samples.TITLES, *rows]))


def test_a_list_is_taken_in_whole(world, tmp_path):
    rows = samples.companies(60)
    batch = imported(world, samples.xlsx(tmp_path / "a.xlsx", [samples.TITLES, *rows]))
    assert (batch.state, counts(batch)) == ("done", (60, 60, 0, 0, 0, 0))
    dossier = Dossier.objects.get(credit_code=rows[0][1])
    assert dossier.name == rows[0][0]
    assert (dossier.unit_id, dossier.owner_id) == (world.units["XA"].pk, world.staff["clerk"].pk)
    assert (dossier.capital_fen, dossier.capital_currency) == (int(rows[0][3]) * 1_000_000, "CNY")
    assert dossier.registered_on is not None and dossier.registered_on.isoformat() == rows[0][2]
    assert dossier.region[:2] in ("61", "44", "33", "11")
    assert Contact.objects.filter(dossier=dossier, is_main=True).count() == 1


def test_the_same_file_twice_creates_nothing_and_changes_nothing(world, tmp_path):
    path = listed(tmp_path / "a.csv", samples.companies(40))
    imported(world, path)
    before = state_digest()
    for mode in ("skip", "flag", "update"):
        again = imported(world, path, on_duplicate=mode)
        assert counts(again) == (40, 0, 0, 0, 0, 40), mode
    assert state_digest() == before


def test_wrong_rows_come_back_in_a_workbook_that_can_be_corrected_and_brought_again(world, tmp_path):
    rows = samples.companies(10)
    rows[2][2] = "2020-02-31"
    rows[4][0] = ""
    rows[6][8] = "没有号码"
    path = samples.xlsx(tmp_path / "a.xlsx", [["某合作方名单"], samples.TITLES, *rows])
    batch = imported(world, path)
    assert counts(batch) == (10, 7, 0, 3, 0, 0)
    assert problems(world, batch) == [
        (5, "registered_on", "date.no_such_day"),
        (7, "name", "field.required"),
        (9, "contact.phones", "phones.shape"),
    ]
    book = errors_file(world, batch, tmp_path / "errors.xlsx")
    sheet = load_workbook(book)["错误"]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert table[0] == [*samples.TITLES, "行号", "字段", "规则", "说明"]
    assert [cell or "" for cell in table[1][:10]] == rows[2]
    assert table[1][10] == "5" and table[1][12] == "date.no_such_day" and table[1][13]
    sheet["C2"], sheet["A3"], sheet["I4"] = "2020-02-28", "补上名称的公司", "13900000009"
    fixed = Workbook()
    for row in sheet.iter_rows(values_only=True):
        fixed.active.append(row)
    fixed.save(tmp_path / "fixed.xlsx")
    again = imported(world, tmp_path / "fixed.xlsx")
    assert counts(again) == (3, 3, 0, 0, 0, 0)
    assert Dossier.objects.count() == 10


def test_the_errors_workbook_holds_text_alone_whatever_people_wrote(world, tmp_path):
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "https://evil.example", "<script>"]
    rows = [[name, "", "坏日期", "", "", "", "", "", "", ""] for name in evil]
    batch = imported(world, listed(tmp_path / "a.csv", [*rows, *samples.companies(30)]))
    assert (batch.rejected, batch.created) == (len(evil), 30)
    sheet = load_workbook(errors_file(world, batch, tmp_path / "e.xlsx"))["错误"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [sheet.cell(n, 1).value for n in range(2, 10)] == evil


def test_a_row_that_does_not_fit_the_table_is_rejected_and_comes_back_whole(world, tmp_path):
    path = samples.text_file(tmp_path / "a.csv", "名称,电话\n甲公司,13900000001\n乙公司,1,2,3\n丙公司\n")
    batch = imported(world, path)
    assert counts(batch) == (3, 1, 0, 2, 0, 0)
    assert problems(world, batch) == [(3, "", "row.too_many_cells"), (4, "", "row.too_few_cells")]
    sheet = load_workbook(errors_file(world, batch, tmp_path / "e.xlsx"))["错误"]
    assert [cell.value for cell in sheet[2]][:2] == ["乙公司", "1"]
    assert [cell.value for cell in sheet[2]][6:] == ["2", "3"]


def test_odd_values_are_kept_with_a_warning(world, tmp_path):
    rows = samples.companies(3)
    rows[0][1] = "610100100012345"
    batch = imported(world, listed(tmp_path / "a.csv", rows))
    assert (batch.created, batch.warnings) == (3, 1)
    assert Dossier.objects.get(credit_code="610100100012345").findings == "credit_code:credit_code.old"


def test_a_customer_that_is_there_is_left_flagged_or_updated_as_asked(world, tmp_path):
    rows = samples.companies(5)
    imported(world, listed(tmp_path / "a.csv", rows))
    rows[1][6] = "新地址路99号"
    rows[3][8] = "13911112222"
    path = listed(tmp_path / "b.csv", rows)
    for mode in ("skip", "flag"):
        batch = imported(world, path, on_duplicate=mode)
        assert counts(batch) == (5, 0, 0, 0, 2, 3)
        assert problems(world, batch, "duplicate") == [(3, "", "row.differs"), (5, "", "row.differs")]
    batch = imported(world, path, on_duplicate="update")
    assert counts(batch) == (5, 0, 2, 0, 0, 3)
    dossier = Dossier.objects.get(credit_code=rows[1][1])
    assert (dossier.address, dossier.version_no) == ("新地址路99号", 2)
    assert len(ledger.versions_of(dossier.pk)) == 2
    assert counts(imported(world, path, on_duplicate="update")) == (5, 0, 0, 0, 0, 5)


def test_blank_cells_never_empty_what_is_there(world, tmp_path):
    rows = samples.companies(2)
    imported(world, listed(tmp_path / "a.csv", rows))
    blank = [[row[0], row[1], *[""] * 8] for row in rows]
    assert counts(imported(world, listed(tmp_path / "b.csv", blank), on_duplicate="update")) == (2, 0, 0, 0, 0, 2)
    assert Dossier.objects.exclude(address="").count() == 2


def test_rows_that_repeat_an_earlier_row_of_the_file_are_duplicates(world, tmp_path):
    titles = ["名称", "统一社会信用代码", "省份"]
    code, other = samples.credit_code(1), samples.credit_code(2)
    rows = [
        ["甲机电有限公司", code, "陕西省"],
        ["乙机电有限公司", code, "陕西省"],
        ["甲机电有限责任公司", "", "陕西"],
        ["甲机电有限公司", other, "陕西省"],
        ["甲机电有限公司", "", "广东省"],
        ["丙机电（西安）有限公司", "", ""],
        ["丙机电(西安)有限公司", "", "陕西省"],
    ]
    batch = imported(world, listed(tmp_path / "a.csv", rows, titles))
    assert counts(batch) == (7, 4, 0, 0, 3, 0)
    assert problems(world, batch, "duplicate") == [(row, "", "row.repeated") for row in (3, 4, 8)]


def test_rows_are_asked_of_the_gate_and_refusals_name_the_article(world, tmp_path):
    """A customer of a foreign unit, a key field without a reason, and a level above one's own."""
    mine, foreign = samples.companies(2)
    world.open(mine[0], credit_code=mine[1])
    world.open(foreign[0], by="stranger", credit_code=foreign[1])
    before = state_digest()
    titles = ["名称", "统一社会信用代码", "地址", "密级"]
    rows = [
        ["完全换了的名字有限公司", mine[1], "", ""],
        [foreign[0], foreign[1], "别人的地址1号", ""],
        ["绝密项目有限公司", "", "", "绝密"],
    ]
    batch = imported(world, listed(tmp_path / "a.csv", rows, titles), on_duplicate="update")
    assert counts(batch) == (3, 0, 0, 3, 0, 0)
    assert problems(world, batch) == [(2, "", "gate.incomplete"), (3, "", "gate.denied"), (4, "", "gate.denied")]
    said = [f.params for row in present.problem_rows(world.actor("clerk"), batch.ref) for f in row.findings]
    assert [params["articles"] for params in said] == ["2.2d, 2.2a", "2.2d", "4.1a"]
    assert state_digest() == before
    again = imported(world, listed(tmp_path / "b.csv", rows, titles), on_duplicate="update", reason="客户改名，有公函")
    assert (again.updated, again.rejected) == (1, 2)


def test_values_of_foreign_customers_are_not_given_away_by_comparing(world, tmp_path):
    row = samples.companies(1)[0]
    world.open(row[0], by="stranger", credit_code=row[1], address=row[6])
    right = imported(world, listed(tmp_path / "a.csv", [row]))
    assert counts(right) == (1, 0, 0, 0, 1, 0)
    finding = next(iter(present.problem_rows(world.actor("clerk"), right.ref, ("duplicate",)))).findings[0]
    assert finding.params["code"] == "—"


def test_a_filed_dossier_is_not_changed_by_an_import(world, tmp_path):
    rows = samples.companies(1)
    imported(world, listed(tmp_path / "a.csv", rows))
    Dossier.objects.update(filed_us=1)
    rows[0][6] = "归档后的新地址1号"
    batch = imported(world, listed(tmp_path / "b.csv", rows), on_duplicate="update")
    assert counts(batch) == (1, 0, 0, 1, 0, 0)
    assert problems(world, batch)[0][2] == "gate.denied"


def test_a_check_says_what_a_commit_will_do_and_writes_no_dossier(world, tmp_path):
    rows = samples.companies(30)
    imported(world, listed(tmp_path / "a.csv", rows[:10]))
    rows[0][6], rows[15][2], rows[20] = "改了地址1号", "坏日期", rows[19]
    batch, _ = staged(world, listed(tmp_path / "b.csv", rows), on_duplicate="update")
    before = state_digest()
    planned = committed(world, batch, dry_run=True)
    foreseen, listed_rows = counts(planned), problems(world, planned)
    assert planned.state == "planned" and state_digest() == before
    done = committed(world, batch)
    assert counts(done) == foreseen == (30, 18, 1, 1, 1, 9)
    assert problems(world, done) == listed_rows


def test_an_unsure_mapping_waits_for_a_person(world, tmp_path):
    titles = ["A股代码", "证券简称", "扩位证券简称"]
    path = listed(tmp_path / "a.csv", [[f"60000{n}", f"样本{n}", f"样本股份{n}"] for n in range(5)], titles)
    batch, seen = staged(world, path)
    assert not seen.mapping.certain
    with pytest.raises(AssertionError, match="incomplete"):
        committed(world, batch)
    payload = StageFile(
        header_row=1, titles=seen.cells, columns={"证券简称": "short_name", "扩位证券简称": "name"}, certain=True
    )
    world.do("import.stage", batch.ref, payload)
    batch.refresh_from_db()
    assert counts(committed(world, batch)) == (5, 5, 0, 0, 0, 0)


def test_a_confirmed_mapping_is_remembered_for_the_next_file_of_the_same_columns(world, tmp_path):
    titles = ["甲栏", "乙 栏"]
    one = listed(tmp_path / "a.csv", [["第一机电公司", "1"], ["第二机电公司", "2"]], titles)
    imported(world, one, confirm=True, columns={"甲栏": "name", "乙栏": "note"})
    assert RememberedMapping.objects.count() == 1
    two = samples.xlsx(tmp_path / "b.xlsx", [["甲栏", "乙栏"], ["第三机电公司", "3"]])
    _, seen = staged(world, two)
    assert seen.remembered and seen.mapping.certain
    assert {use.field for use in seen.mapping.uses} == {"name", "note"}


def test_values_given_for_the_whole_file_fill_blanks_and_never_overwrite(world, tmp_path):
    titles = ["名称", "来源"]
    rows = [["甲机电公司", "展会"], ["乙机电公司", ""]]
    batch = imported(world, listed(tmp_path / "a.csv", rows, titles), defaults={"source": "合作方", "level": "public"})
    assert dict(Dossier.objects.values_list("name", "source")) == {"甲机电公司": "展会", "乙机电公司": "合作方"}
    assert set(Dossier.objects.values_list("level", flat=True)) == {0}
    again = imported(
        world, listed(tmp_path / "a.csv", rows, titles), defaults={"source": "别处"}, on_duplicate="update"
    )
    assert (batch.created, counts(again)) == (2, (2, 0, 0, 0, 0, 2))


def test_persons_are_known_by_their_number_alone(world, tmp_path):
    titles = ["姓名", "身份证号", "手机"]
    rows = [
        ["测试甲", "11010519491231002X", "13900000001"],
        ["测试甲", "440524188001010014", "13900000002"],
        ["测试甲", "11010519491231002x", "13900000003"],
    ]
    batch = imported(world, listed(tmp_path / "a.csv", rows, titles))
    assert counts(batch) == (3, 2, 0, 0, 1, 0)
    assert set(Dossier.objects.values_list("kind", flat=True)) == {"person"}
    again = imported(world, listed(tmp_path / "b.csv", rows[:2], titles))
    assert counts(again) == (2, 0, 0, 0, 0, 2)


def test_each_chunk_is_one_entry_and_the_ledger_verifies(world, tmp_path, monkeypatch):
    monkeypatch.setattr("kedang.intake.pace.Pace.size", lambda self: 20)
    batch = imported(world, listed(tmp_path / "a.csv", samples.companies(50)))
    entries = list(Entry.objects.filter(op="import.commit", subject_ref=batch.ref).order_by("id"))
    assert [entry.n_rows for entry in entries] == [0, 20, 20, 10, 0]
    ledger.seal()
    assert ledger.verify().ok


def test_nothing_personal_lies_in_plain_in_the_home(world, site, tmp_path):
    rows = samples.companies(8)
    rows[3][2] = "坏日期"
    batch = imported(world, listed(tmp_path / "a.csv", rows))
    imported(world, listed(tmp_path / "b.csv", rows))
    assert batch.rejected == 1 and BatchRow.objects.exists()
    planted = [row[8].encode() for row in rows] + [row[9].encode() for row in rows]
    for path in site.home.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert not [text for text in planted if text in raw], path


def test_rows_and_files_of_a_batch_are_for_the_one_who_brought_it(world, tmp_path):
    rows = samples.companies(3)
    rows[0][2] = "坏日期"
    batch = imported(world, listed(tmp_path / "客户.csv", rows))
    for other in ("head", "stranger", "sysop"):
        with pytest.raises(NotVisible):
            list(present.problem_rows(world.actor(other), batch.ref))
        with pytest.raises((NotVisible, Refused)):
            world.do("import.commit", batch.ref, CommitBatch(), by=other)
        assert present.file_name(world.actor(other), batch) == ""
    seen = {name for name in world.staff if batches_for(world.actor(name)).exists()}
    assert seen == {"clerk", "head", "query", "archivist", "boss"}
    assert present.file_name(world.actor("clerk"), batch) == "客户.csv"


def test_somebody_else_s_stored_file_can_not_be_staged(world, tmp_path):
    batch, seen = staged(world, listed(tmp_path / "a.csv", samples.companies(1)))
    payload = StageFile(blob=batch.blob_id, header_row=1, titles=seen.cells, columns=seen.columns, certain=True)
    with pytest.raises(NotVisible):
        world.do("import.stage", "-", payload, by="manager")


def test_a_batch_can_not_be_committed_twice(world, tmp_path):
    batch = imported(world, listed(tmp_path / "a.csv", samples.companies(2)))
    call = ran(world.do("import.commit", batch.ref, CommitBatch()))
    assert call.state == "failed" and "state" in call.error
    assert Dossier.objects.count() == 2


def test_a_file_that_turns_unreadable_ends_reverted(world, tmp_path, monkeypatch):
    monkeypatch.setattr("kedang.intake.walking.BLOCK_ROWS", 500)
    monkeypatch.setattr("kedang.intake.readers.encoding._BLOCK", 20_000)
    monkeypatch.setattr("kedang.intake.readers.grid.Limits.line", 100_000, raising=False)
    before = state_digest()
    text = samples.csv_text([samples.TITLES, *samples.companies(1500)]) + "x" * 5_000_000 + "\n"
    batch = imported(world, samples.text_file(tmp_path / "a.csv", text))
    assert batch.state == "reverted" and "longer than" in batch.error
    assert batch.reverted == batch.created > 0
    assert state_digest() == before


def test_the_numbers_add_up_on_the_real_lists(world, shared_data):
    wanted = {
        "listed/szse_A股列表_2025-10.xlsx": 2875,
        "listed/sse_GPLIST_2025-10.xls": 1696,
        "lists/全国高等学校名单_2025-06-20.xls": 2919,
        "lists/hospital_wuhan2020map.csv": 2081,
        "registry_malformed.csv": 6,
    }
    for name, rows in wanted.items():
        batch = imported(world, shared_data / name, confirm=True)
        assert batch.rows == rows, name
        assert batch.rejected < rows * 0.02 or name == "registry_malformed.csv", name
        before = state_digest()
        again = imported(world, shared_data / name, confirm=True, on_duplicate="skip")
        assert again.created == again.updated == 0, name
        assert state_digest() == before
