"""Natural persons: a key of their own from the first day, and nothing left to read once it is destroyed."""

from __future__ import annotations

import pytest

from kedang import ledger
from kedang.customers import present, selectors
from kedang.customers.finding import find
from kedang.customers.models import Contact, Dossier
from kedang.customers.present import ShownEvent
from kedang.customers.sealing import contact_ref, person_ref
from kedang.kernel.errors import Refused
from kedang.vault import subjects
from tests.world import World

IDENTITY, PHONE, OTHER = "11010519491231002X", "13800138000", "13900139000"


def history(world: World, code: str) -> list[ShownEvent]:
    by = world.actor("clerk")
    return present.history(by, selectors.dossier_by_code(by, code))


def values(world: World, code: str) -> dict[str, str]:
    by = world.actor("clerk")
    shown = present.opened(by, selectors.dossier_by_code(by, code))
    return {key: value.text for key, value in shown.by_key.items() if value.text}


def proven() -> bool:
    ledger.seal()
    return ledger.verify().ok


def test_the_history_of_a_person_dies_with_the_key(world: World) -> None:
    code = world.open("王小明", kind="person", identity_number=IDENTITY, address="高新区科技路1号")
    world.amend(code, address="雁塔区长安路2号")
    assert "雁塔区长安路2号" in str(history(world, code))
    subjects.destroy(person_ref(Dossier.objects.get().pk))
    assert proven()
    events = history(world, code)
    assert [(event.op, event.changes) for event in events] == [("customer.amend", ()), ("customer.open", ())]
    assert values(world, code)["identity_number"] == present.ERASED
    assert [row.code for row in find(world.actor("clerk"), IDENTITY).rows] == []


@pytest.mark.parametrize(
    "change", [{"address": "莲湖区3号"}, {"identity_number": "110105194912310038"}, {"grade": "A"}]
)
def test_nothing_more_is_written_about_an_erased_person(world: World, change: dict[str, str]) -> None:
    code = world.open("王小明", kind="person", identity_number=IDENTITY)
    ref = person_ref(Dossier.objects.get().pk)
    subjects.destroy(ref)
    with pytest.raises(Refused) as no:
        world.amend(code, **change)
    assert no.value.code in ("state", "invalid")
    assert subjects.get([ref]) == {ref: None}, "the key did not come back"
    assert Dossier.objects.get().version_no == 1


def test_an_erased_contact_is_followed_by_another_with_a_key_of_their_own(world: World) -> None:
    code = world.open("西安示例机电有限公司", contact_name="王小明", contact_phones=PHONE, contact_post="经理")
    world.amend(code, contact_phones=OTHER)
    old = Contact.objects.get()
    subjects.destroy(contact_ref(old.pk))
    assert values(world, code)["contact.phones"] == present.ERASED
    assert [row.code for row in find(world.actor("clerk"), OTHER).rows] == []
    assert world.amend(code, contact_name="").outcome["changed"] == [], "an empty box changes nothing"
    world.amend(code, contact_name="欧阳小明", contact_phones="13700137000")
    now = values(world, code)
    assert (now["contact.name"], now["contact.phones"]) == ("欧阳小明", "+86137****7000")
    new = Contact.objects.get(is_main=True)
    assert new.pk != old.pk
    assert subjects.get([contact_ref(old.pk)]) == {contact_ref(old.pk): None}
    told = [
        (change.before, change.after)
        for event in history(world, code)
        for change in event.changes
        if change.key == "contact.phones"
    ]
    assert told == [("", "+86137****7000"), (present.ERASED, present.ERASED), ("", present.ERASED)]
    assert [row.code for row in find(world.actor("clerk"), "13700137000").rows] == [code]
    assert proven()


def test_taking_a_contact_out_takes_their_index_out(world: World) -> None:
    code = world.open(
        "西安示例机电有限公司", contact_name="王小明", contact_phones=PHONE, contact_email="wang@example.com"
    )
    world.amend(code, contact_name="", contact_phones="", contact_email="")
    assert not {key for key in values(world, code) if key.startswith("contact.")}
    assert find(world.actor("clerk"), "8000").rows == []
    world.amend(code, contact_phones=PHONE)
    assert [row.code for row in find(world.actor("clerk"), PHONE).rows] == [code]
