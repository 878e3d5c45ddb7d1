"""Many dossiers in one deed: in, changed, and back out, with a version of each step in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from kedang import ledger
from kedang.customers import bulk, present, selectors, values
from kedang.customers.digest import state_digest
from kedang.customers.fields import FIELDS
from kedang.customers.finding import find
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.payloads import FileDossier
from kedang.customers.sealing import person_ref
from kedang.kernel import clock
from kedang.kernel.deeds import Deed, Version
from kedang.kernel.errors import Invalid, Refused
from kedang.ledger.models import Version as StoredVersion
from kedang.vault import subjects
from tests.world import GOOD_CODE, World

IDENTITY = "11010519491231002X"
ROWS: list[dict[str, Any]] = [
    {
        "name": "西安示例机电有限公司", "credit_code": GOOD_CODE, "region": "610100",
        "registered_on": date(2024, 2, 29), "capital": (500_000_000, "CNY"),
        "level": "confidential", "contact.name": "王小明", "contact.post": "经理",
        "contact.phones": ["+8613800138000", "+862988256789"], "contact.email": "wang@example.com",
        "findings": "credit_code:credit_code.check",
    },
    {"name": "王小红", "kind": "person", "identity_number": IDENTITY, "address": "高新区科技路1号"},
    {"name": "只有名字"},
    {"name": "王" * 200, "short_name": "长" * 100, "english_name": "E" * 200},
]  # fmt: skip


def deed(world: World) -> Deed:
    return Deed(call=7, op="import.commit", actor=world.actor("clerk"), at_us=clock.now_us(), pack_version="records/1")


def record(made: Deed, versions: Sequence[Version]) -> None:
    ledger.append(made, made.op, subject="batch:1", body={}, versions=versions, batch=1)


def insert(world: World, rows: Sequence[dict[str, Any]]) -> list[int]:
    by = world.actor("clerk")
    made = deed(world)
    keys = [values.name_key_of(row["name"]) for row in rows]
    with transaction.atomic():
        written = bulk.insert_many(rows, keys, bulk.Seat(by.unit, by.pk))
        record(made, written.versions)
    return written.ids


def update(world: World, pk: int, *, fill_only: bool = False, **raw: Any) -> Version | None:
    made, keyed = deed(world), {key.replace("contact_", "contact."): text for key, text in raw.items()}
    with transaction.atomic():
        version = bulk.update_one(made, pk, values.read(keyed), fill_only=fill_only)
        record(made, [version] if version else [])
    return version


def shown(world: World, pk: int, by: str = "clerk") -> dict[str, str]:
    actor = world.actor(by)
    dossier = present.opened(actor, selectors.visible_to(actor).select_related("unit", "owner").get(pk=pk))
    return {key: value.text for key, value in dossier.by_key.items() if value.text}


def test_a_row_in_bulk_is_the_row_typed_in(world: World) -> None:
    """Opened one by one and inserted in bulk, the same values show, mask, find and trace the same way."""
    ids = insert(world, ROWS)
    bulked = [(shown(world, pk), Dossier.objects.get(pk=pk)) for pk in ids]
    events = [present.history(world.actor("clerk"), dossier)[0] for _, dossier in bulked]
    with transaction.atomic():
        made = deed(world)
        record(made, bulk.take_back_created(made, ids).versions)
    for (values_shown, row), event, raw in zip(bulked, events, ROWS, strict=True):
        typed = {key: values.as_text(FIELDS[key], value) for key, value in raw.items() if key != "findings"}
        code = world.open(typed.pop("name"), **typed)
        one = Dossier.objects.get(code=code)
        assert shown(world, one.pk) == values_shown
        assert (one.name_key, one.search_text) == (row.name_key, row.search_text)
        first = present.history(world.actor("clerk"), one)[0]
        defaults = {"kind", "level"}
        assert {c for c in first.changes if c.key not in defaults} == {
            c for c in event.changes if c.key not in defaults
        }


def test_in_changed_and_out_again_leaves_what_was_there(world: World) -> None:
    code = world.open("原有机电有限公司", contact_phones="13900139000", contact_name="李四", address="老地址路1号")
    before = state_digest()
    ids = insert(world, ROWS)
    old = Dossier.objects.get(code=code)
    version = update(
        world, old.pk, address="新地址路2号", contact_phones="13700137000", grade="A", contact_email="a@b.cn"
    )
    assert version is not None
    assert (version.no, shown(world, old.pk)["contact.phones"]) == (2, "+86137****7000")
    assert update(world, old.pk, address="新地址路2号") is None, "the same again is no change"
    assert [row.pk for row in find(world.actor("clerk"), "13700137000").rows] == [old.pk]
    with transaction.atomic():
        made = deed(world)
        gone = bulk.take_back_created(made, ids)
        stored = StoredVersion.objects.get(dossier=old.pk, no=2)
        back = bulk.take_back_update(made, old.pk, 2, bytes(stored.delta_ct))
        assert back is not None
        record(made, [*gone.versions, back])
    assert sorted(gone.ids) == sorted(ids)
    assert state_digest() == before
    assert [row.pk for row in find(world.actor("clerk"), "13900139000").rows] == [old.pk]
    assert find(world.actor("clerk"), "13700137000").rows == []
    assert find(world.actor("clerk"), "示例机电").rows == []
    assert Contact.objects.count() == Tail.objects.count() == 1
    ledger.seal()
    assert ledger.verify().ok


def test_what_somebody_touched_since_is_kept(world: World) -> None:
    ids = insert(world, ROWS[:3])
    codes = dict(Dossier.objects.values_list("pk", "code"))
    world.amend(codes[ids[0]], grade="A")
    subjects.destroy(person_ref(ids[1]))
    version = update(world, ids[2], grade="B")
    world.amend(codes[ids[2]], grade="C")
    assert version is not None
    made = deed(world)
    with transaction.atomic():
        assert bulk.take_back_update(made, ids[2], 2, version.delta_ct) is None
        assert bulk.take_back_created(made, ids).ids == []
    assert Dossier.objects.get(pk=ids[2]).grade == "C"


def test_a_code_given_away_meanwhile_is_not_taken_back(world: World) -> None:
    pk = insert(world, [{"name": "甲公司", "credit_code": GOOD_CODE}])[0]
    version = update(world, pk, credit_code="")
    world.open("乙公司", credit_code=GOOD_CODE)
    assert version is not None
    with transaction.atomic():
        assert bulk.take_back_update(deed(world), pk, 2, version.delta_ct) is None


def test_fill_only_leaves_what_has_a_value(world: World) -> None:
    pk = insert(world, [{"name": "甲公司", "grade": "A", "contact.name": "王小明"}])[0]
    update(world, pk, fill_only=True, grade="B", scale="大型", level="secret", contact_name="李四", contact_post="经理")
    now = shown(world, pk)
    assert (now["grade"], now["scale"], now["level"]) == ("A", "大型", "internal")
    assert (now["contact.name"], now["contact.post"]) == ("王小明", "经理")


def test_the_rules_of_a_single_change_hold_for_a_row(world: World) -> None:
    code = world.open(
        "已归档公司", credit_code=GOOD_CODE, region="610100", contact_name="王小明", contact_phones="13800138000"
    )  # fmt: skip
    filed = Dossier.objects.get(code=code).pk
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    pk = insert(world, [{"name": "甲公司"}])[0]
    tries: tuple[tuple[int, dict[str, Any], str], ...] = (
        (filed, {"grade": "A"}, "state"),
        (pk, {"credit_code": GOOD_CODE}, "invalid"),
        (pk, {"kind": "person"}, "invalid"),
    )
    for row, raw, ending in tries:
        with pytest.raises(Refused) as no:
            update(world, row, **raw)
        assert no.value.code == ending
    with pytest.raises(Invalid) as duplicate:
        update(world, pk, credit_code=GOOD_CODE)
    assert duplicate.value.findings[0].rule == "customer.duplicate"


def test_a_chunk_that_fails_leaves_nothing_and_its_numbers_are_not_given_again(world: World) -> None:
    world.open("占用者", credit_code=GOOD_CODE)
    with pytest.raises(Exception, match="(?i)unique"):
        insert(world, [{"name": "甲公司"}, {"name": "乙公司", "credit_code": GOOD_CODE}])
    assert Dossier.objects.count() == 1
    pk = insert(world, [{"name": "丙公司"}])[0]
    assert pk == 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_tail")
        assert cursor.fetchone() == (0,)


def test_matching_finds_across_units(world: World) -> None:
    insert(world, ROWS[:2])
    mine = Dossier.objects.order_by("pk")[0]
    by_code, by_name = bulk.match([GOOD_CODE, "", "X"], [mine.name_key, "", "没有"])
    assert by_code == {GOOD_CODE: mine.pk}
    assert by_name == {mine.name_key: [(mine.pk, "610100", GOOD_CODE)]}
    stored = bulk.stored([mine.pk, mine.pk + 1], ["name", "contact.phones", "identity_number", "capital"])
    assert stored[mine.pk]["contact.phones"] == ["+8613800138000", "+862988256789"]
    assert stored[mine.pk]["capital"] == [500_000_000, "CNY"]
    assert stored[mine.pk + 1]["identity_number"] == IDENTITY
