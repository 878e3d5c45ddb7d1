"""Contacts beyond the main one: added, changed, led, taken out, found by their numbers, erased."""

from __future__ import annotations

import pytest

from kedang.customers import finding, present, selectors
from kedang.customers.contacts import selectors as rows
from kedang.customers.contacts.payloads import AddContact, AmendContact, LeadContact, RemoveContact
from kedang.customers.contacts.present import ShownContact
from kedang.customers.digest import state_digest
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.payloads import AmendDossier
from kedang.customers.sealing import contact_ref
from kedang.governance.models import Call
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.vault import subjects
from tests.world import World

MAIN, OTHER = "13800138000", "13900139001"


@pytest.fixture
def code(world: World) -> str:
    return world.open("西安联系机电有限公司", contact_name="王小明", contact_phones=MAIN)


def add(world: World, code: str, by: str = "clerk", **values: str) -> Call:
    keyed = {f"contact.{key}": text for key, text in values.items()}
    return world.do("contact.add", f"dossier:{code}", AddContact(values=keyed), by=by)


def amend(world: World, subject: str, base: int = 0, by: str = "clerk", **values: str) -> Call:
    keyed = {f"contact.{key}": text for key, text in values.items()}
    return world.do("contact.amend", subject, AmendContact(values=keyed, base_version=base), by=by)


def listed(world: World, code: str, by: str = "clerk") -> list[ShownContact]:
    actor = world.actor(by)
    return present.contacts(actor, selectors.dossier_by_code(actor, code))


def found(world: World, text: str) -> list[str]:
    return [row.code for row in finding.find(world.actor("clerk"), text).rows]


def test_a_contact_is_added_beside_the_main_one_masked_and_found_by_the_last_four(world: World, code: str) -> None:
    subject = add(world, code, name="李工", phones=OTHER, post="技术").subject
    assert subject == f"contact:{code}/{Contact.objects.get(post='技术').pk}"
    first, second = listed(world, code)
    assert (first.is_main, second.is_main) == (True, False)
    assert (second.values["contact.name"].text, second.values["contact.post"].text) == ("李工", "技术")
    assert OTHER[3:7] not in second.values["contact.phones"].text
    assert [found(world, text) for text in (OTHER[-4:], OTHER, MAIN[-4:])] == [[code]] * 3


def test_changing_the_main_contact_leaves_the_numbers_of_the_others_in_the_index(world: World, code: str) -> None:
    add(world, code, name="李工", phones=OTHER)
    world.amend(code, contact_phones="13700137002")
    assert [found(world, text) for text in (OTHER[-4:], "7002", MAIN[-4:])] == [[code], [code], []]
    assert Tail.objects.filter(kind="phone").count() == 2


def test_the_first_contact_is_the_main_one_and_nobody_is_no_contact(world: World) -> None:
    code = world.open("西安无人机电有限公司")
    with pytest.raises(Invalid):
        add(world, code, post="技术")
    add(world, code, name="李工")
    assert Contact.objects.get().is_main
    by = world.actor("clerk")
    assert present.opened(by, selectors.dossier_by_code(by, code)).by_key["contact.name"].text == "李工"


def test_another_becomes_the_main_one_and_the_history_says_so(world: World, code: str) -> None:
    subject = add(world, code, name="李工", phones=OTHER).subject
    world.do("contact.lead", subject, LeadContact())
    main = Contact.objects.get(is_main=True)
    assert rows.contact_subject(code, main.pk) == subject
    by = world.actor("clerk")
    event = present.history(by, selectors.dossier_by_code(by, code))[0]
    assert {(each.title, each.before, each.after) for each in event.changes} == {
        ("Main contact", "✓", ""), ("Main contact", "", "✓")
    }  # fmt: skip
    world.do("contact.lead", subject, LeadContact())
    assert Dossier.objects.get(code=code).version_no == 3, "who leads already, leads"


def test_a_contact_is_taken_out_and_found_no_longer_the_main_one_last(world: World, code: str) -> None:
    first = Contact.objects.get()
    second = add(world, code, name="李工", phones=OTHER).subject
    with pytest.raises(Refused) as raised:
        world.do(
            "contact.remove", rows.contact_subject(code, first.pk), RemoveContact(), by="archivist", reason="本人离职"
        )
    assert raised.value.code == "state"
    world.do("contact.remove", second, RemoveContact(), by="archivist", reason="本人离职")
    assert [each.id for each in listed(world, code)] == [first.pk]
    assert (found(world, OTHER), found(world, OTHER[-4:])) == ([], [])
    with pytest.raises(NotVisible):
        amend(world, second, post="技术")
    world.do("contact.remove", rows.contact_subject(code, first.pk), RemoveContact(), by="archivist", reason="本人离职")
    assert listed(world, code) == []
    assert Contact.objects.filter(is_main=True).count() == 0


def test_only_what_differs_is_written_and_a_stale_screen_overwrites_nothing(world: World, code: str) -> None:
    subject = add(world, code, name="李工", phones=OTHER).subject
    assert amend(world, subject, name="李工", phones=OTHER).outcome["changed"] == []
    base = Dossier.objects.get(code=code).version_no
    assert amend(world, subject, post="技术").outcome["changed"] == ["contact.post"]
    amend(world, subject, base=base, email="li@example.cn")
    with pytest.raises(Refused) as raised:
        amend(world, subject, base=base, post="采购")
    assert raised.value.code == "stale"


def test_a_change_of_the_main_contact_through_its_dossier_is_seen_from_the_contact_and_back(
    world: World, code: str
) -> None:
    subject = rows.contact_subject(code, Contact.objects.get().pk)
    base = Dossier.objects.get(code=code).version_no
    world.amend(code, contact_post="厂长")
    with pytest.raises(Refused) as raised:
        amend(world, subject, base=base, post="采购")
    assert raised.value.code == "stale"
    base = Dossier.objects.get(code=code).version_no
    amend(world, subject, post="采购")
    with pytest.raises(Refused) as back:
        payload = AmendDossier(values={"contact.post": "科长"}, base_version=base)
        world.do("customer.amend", f"dossier:{code}", payload)
    assert back.value.code == "stale"


def test_an_erased_contact_stays_as_nobody_and_takes_nothing_more(world: World, code: str) -> None:
    subject = add(world, code, name="李工", phones=OTHER, post="技术").subject
    before = state_digest()
    subjects.destroy(contact_ref(int(subject.rpartition("/")[2])))
    shown = listed(world, code)[1].values
    assert (shown["contact.name"].text, shown["contact.post"].text) == (present.ERASED, "技术")
    assert state_digest() != before
    with pytest.raises(Refused) as raised:
        amend(world, subject, name="李四")
    assert raised.value.code == "state"
    assert [each.is_main for each in listed(world, code)] == [True, False]


def test_who_does_not_see_the_dossier_finds_none_of_its_contacts(world: World, code: str) -> None:
    subject = add(world, code, name="李工").subject
    for name in ("stranger", "sysop", "auditor"):
        with pytest.raises(NotVisible):
            amend(world, subject, by=name, post="别人的")
        with pytest.raises(NotVisible):
            rows.held(world.actor(name), subject)
