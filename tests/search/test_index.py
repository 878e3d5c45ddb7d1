"""The index follows the table: edits and deletions leave nothing behind, a rebuild makes it anew."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.migrations.state import StateApps

from kedang import search
from tests.search.table import TARGET, Searched, brute, create, fill, make


@pytest.fixture
def rows(site):
    made = make(60)
    create()
    fill(made)
    return made


def found(text):
    return search.find(TARGET, Searched.objects.all(), text).ids


def candidates(text):
    """What the index alone says, before any row is checked."""
    tokens = search.parse(text).tokens
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT id FROM searched WHERE tokens @> %s::text[] ORDER BY id", [list(tokens)])
        else:
            words = " AND ".join(f'"{token}"' for token in tokens)
            cursor.execute("SELECT rowid FROM searched_fts WHERE searched_fts MATCH %s ORDER BY rowid", [words])
        return [pk for (pk,) in cursor.fetchall()]


def rename(pk, old_text, name):
    new_text = search.compose([name])
    with transaction.atomic():
        Searched.objects.filter(pk=pk).update(name=name, search_text=new_text)
        search.replace(connection, TARGET, pk, old_text, new_text)
    return new_text


def test_an_edit_is_found_by_the_new_name_and_not_by_the_old(rows):
    pk, name, old_text = rows[10][:3]
    assert pk in candidates(name)
    rename(pk, old_text, "龙门石窟研究院")
    assert found("石窟") == found("lmskyjy") == candidates("石窟") == [pk]
    assert pk not in candidates(name)


def test_many_edits_leave_exactly_the_last_name(rows):
    pk, _, text = rows[0][:3]
    for name in ["甲骨文", "青铜器", "甲骨文", "瓷器馆"]:
        text = rename(pk, text, name)
    assert [candidates(word) for word in ("甲骨", "青铜", "瓷器")] == [[], [], [pk]]


def test_an_edit_that_is_rolled_back_never_was(rows):
    pk, name, old_text = rows[10][:3]
    with pytest.raises(RuntimeError), transaction.atomic():
        search.replace(connection, TARGET, pk, old_text, search.compose(["龙门石窟"]))
        raise RuntimeError
    assert candidates("石窟") == []
    assert pk in candidates(name)


def test_a_removed_row_leaves_the_index(rows):
    pk, name, text = rows[5][:3]
    with transaction.atomic():
        search.remove(connection, TARGET, [(pk, text)])
    assert pk not in candidates(name)
    Searched.objects.filter(pk=pk).delete()
    assert found("公司") == brute([row for row in rows if row[0] != pk], "公司")


def test_new_rows_are_put_one_by_one_or_many_at_once(rows):
    Searched.objects.bulk_create(
        Searched(id=1000 + n, name="", search_text=search.compose([name]), unit_id=1, level=0, region="", updated_us=n)
        for n, name in enumerate(["敦煌研究院", "敦煌画院", "莫高窟"])
    )
    new = list(Searched.objects.filter(id__gte=1000).values_list("id", "search_text"))
    with transaction.atomic():
        search.put(connection, TARGET, new)
    assert candidates("敦煌") == [1000, 1001]
    assert found("莫高窟") == [1002]


def test_a_rebuild_makes_the_same_index_from_the_stored_texts(rows, monkeypatch):
    before = {word: candidates(word) for word in ("公司", "移动", "hw", "科技")}
    monkeypatch.setattr("kedang.search.index.BATCH", 7)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE searched SET tokens = '{}'" if connection.vendor == "postgresql"
            else "INSERT INTO searched_fts(searched_fts) VALUES ('delete-all')"
        )  # fmt: skip
    assert candidates("公司") == []
    with transaction.atomic():
        assert search.rebuild(connection, TARGET) == 60
    assert {word: candidates(word) for word in before} == before


def test_settling_changes_no_answer(rows):
    search.settle(connection, TARGET)
    assert found("公司") == brute(rows, "公司")[:50]


def test_migration_steps_make_and_unmake_the_index(site):
    with connection.schema_editor() as editor:
        editor.create_model(Searched)
    (step,) = search.operations(TARGET, "searched")
    for run in (step.code, step.reverse_code, step.code):
        with connection.schema_editor() as editor:
            assert run is not None
            run(StateApps([], {}), editor)
    assert step.hints == {"model_name": "searched"}
    fill(make(5))
    assert candidates("C00000003") == [3]
