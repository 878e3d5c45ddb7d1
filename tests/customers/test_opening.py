"""Opening a dossier: for whom, in which unit, at which level, and never a second one of the same customer."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from kedang.customers.finding import find
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.payloads import OpenDossier
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Entry, Version
from tests.world import GOOD_CODE, World

NAME = "西安示例机电有限公司"
IDENTITY = "11010519491231002X"


def nothing_is_there() -> bool:
    return not any(table.objects.exists() for table in (Dossier, Contact, Tail, Version))


def findings(no: Invalid) -> set[tuple[str, str]]:
    return {(each.field, each.rule) for each in no.findings}


@pytest.mark.parametrize("word", ["secret", "SECRET", "机密", " 机密 ", "top secret", "绝密"])
def test_a_level_in_any_writing_is_judged_by_the_pack(world: World, word: str) -> None:
    with pytest.raises(Refused) as no:
        world.open(NAME, level=word)
    assert (no.value.code, bool(no.value.articles)) == ("denied", True)
    assert nothing_is_there()


def test_unit_and_owner_are_within_the_scope_of_the_actor(world: World) -> None:
    for by, unit, owner in (("clerk", "BJ", ""), ("manager", "", "clerk"), ("archivist", "BJ", "clerk")):
        with pytest.raises(Refused) as no:
            world.do("customer.open", "-", OpenDossier(values={"name": NAME}, unit=unit, owner=owner), by=by)
        assert no.value.code == "denied", (by, unit, owner)
    for unit, owner in (("ZZ", ""), ("", "nobody"), ("a\x00b", ""), ("", "a\x00b"), ("", "ＡＢ")):
        with pytest.raises(NotVisible):
            world.do("customer.open", "-", OpenDossier(values={"name": NAME}, unit=unit, owner=owner), by="archivist")
    assert nothing_is_there()
    world.do("customer.open", "-", OpenDossier(values={"name": NAME}, unit="BJ", owner="stranger"), by="archivist")
    dossier = Dossier.objects.get()
    assert (dossier.unit.code, dossier.owner and dossier.owner.username) == ("BJ", "stranger")


def test_an_owner_without_the_clearance_is_refused(world: World) -> None:
    payload = OpenDossier(values={"name": NAME, "level": "secret"}, unit="XA", owner="clerk")
    with pytest.raises(Refused) as no:
        world.do("customer.open", "-", payload, by="archivist")
    assert no.value.code == "denied"


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"name": NAME}, {"name": "西安示例机电有限责任公司"}, "name"),
        ({"name": NAME, "region": "610100"}, {"name": NAME}, "name"),
        ({"name": NAME}, {"name": NAME, "credit_code": GOOD_CODE}, "name"),
        (
            {"name": "甲公司", "credit_code": GOOD_CODE},
            {"name": "乙公司", "credit_code": GOOD_CODE.lower()},
            "credit_code",
        ),
        (
            {"name": "张三", "kind": "person", "identity_number": IDENTITY},
            {"name": "李四", "kind": "个人", "identity_number": IDENTITY.lower()},
            "identity_number",
        ),
    ],
)
def test_the_same_customer_is_met_again(
    world: World, first: dict[str, str], second: dict[str, str], field: str
) -> None:
    code = world.do("customer.open", "-", OpenDossier(values=first)).outcome["code"]
    for by, named in (("clerk", code), ("stranger", "—")):
        with pytest.raises(Invalid) as no:
            world.do("customer.open", "-", OpenDossier(values=second), by=by)
        assert findings(no.value) == {(field, "customer.duplicate")}
        assert no.value.findings[0].params["code"] == named, "named only to who may see it"
    assert Dossier.objects.count() == 1


def test_persons_of_one_name_are_told_apart_by_their_numbers(world: World) -> None:
    for number in (IDENTITY, "110105194912310038"):
        values = {"name": "王小明", "kind": "person", "identity_number": number}
        world.do("customer.open", "-", OpenDossier(values=values, confirm=True), reason="证件原件如此")
    assert Dossier.objects.count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {"name": NAME},
        {"name": NAME, "credit_code": GOOD_CODE},
        {"name": "王小明", "kind": "person", "identity_number": IDENTITY},
    ],
)
def test_of_several_at_the_same_moment_one_is_opened(world: World, values: dict[str, str]) -> None:
    endings: list[str] = []

    def ask() -> None:
        try:
            world.do("customer.open", "-", OpenDossier(values=values))
            endings.append("done")
        except Refused as no:
            endings.append(no.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert endings.count("done") == 1
    assert set(endings) <= {"done", "invalid", "claimed"}
    assert Dossier.objects.count() == 1
    assert Entry.objects.filter(outcome="refused").count() == 3, "each refusal is on record"


def test_what_is_required_is_named_once_and_nothing_is_written(world: World) -> None:
    with pytest.raises(Invalid) as no:
        world.do("customer.open", "-", OpenDossier(values={"kind": "robot"}))
    assert findings(no.value) == {("kind", "code.unknown"), ("name", "field.required")}
    assert nothing_is_there()


@pytest.mark.parametrize("name", ["王" * 200, "𠮷" * 200, "甲乙" * 100, "A" * 200])
def test_a_name_as_long_as_its_column_is_kept_and_found(world: World, name: str) -> None:
    values = {"name": name, "short_name": name[:100], "english_name": "E" * 200}
    world.do("customer.open", "-", OpenDossier(values=values, confirm=True), reason="执照原件如此")
    dossier = Dossier.objects.get()
    assert dossier.name == name
    assert len(dossier.search_text) <= 2000
    assert [row.code for row in find(world.actor("clerk"), name[:20]).rows] == [dossier.code]
