"""The dossier as it stood: undoing what was written, showing it to whom may see it, and putting it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.customers import present, selectors
from kedang.customers.contacts.payloads import AddContact, LeadContact
from kedang.customers.models import Contact, Dossier
from kedang.customers.past import core
from kedang.customers.past import present as past
from kedang.customers.past.restoring import RestoreDossier
from kedang.customers.payloads import AssignDossier, FileDossier
from kedang.customers.records.payloads import AddRecord, AmendRecord, RemoveRecord
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Look
from kedang.people.models import Staff
from kedang.vault import subjects
from tests.conftest import Clock
from tests.world import GOOD_CODE, World

NAME = "西安示例机电有限公司"
SLOTS = st.sampled_from(["name", "region", "contact#3.phones", "contract#1.amount", "contract#1.removed", "owner"])
CHANGES = st.lists(st.dictionaries(SLOTS, st.one_of(st.none(), st.integers(0, 4), st.text(max_size=3)), min_size=1))


@given(CHANGES)
def test_undoing_gives_every_earlier_state_and_doing_again_the_present(changes: list[dict[str, Any]]) -> None:
    states: list[core.State] = [{}]
    deltas: list[dict[str, list[Any]]] = []
    for change in changes:
        now = states[-1]
        deltas.append({slot: [now.get(slot), value] for slot, value in change.items()})
        states.append(core.redone(now, deltas[-1]))
    for at in range(len(changes), 0, -1):
        assert core.undone(states[at], deltas[at - 1]) == states[at - 1]
        assert core.over(states[-1], core.earlier(reversed(deltas[at - 1 :]))) == states[at - 1]
    again: core.State = {}
    for delta in deltas:
        again = core.redone(again, delta)
    assert again == states[-1]


def test_a_contact_that_was_replaced_keeps_its_own_values() -> None:
    delta: core.Delta = {"contact.phones": ["3:AA==", "9:BB=="], "contact.post": [None, "经理"], "name": ["甲", "乙"]}
    named, main = core.named(delta, 9, lambda slot: slot == "contact.phones")
    assert main == 3
    assert named == {
        "contact#3.phones": ["3:AA==", None], "contact#9.phones": [None, "9:BB=="], "contact#9.post": [None, "经理"],
        "name": ["甲", "乙"],
    }  # fmt: skip
    lead = {"contact#5.lead": [True, None], "contact#9.lead": [None, True]}
    assert core.named(lead, 9, lambda slot: False) == (lead, 5)


@pytest.fixture(autouse=True)
def _monday(request: pytest.FixtureRequest) -> None:
    """The company is founded on that Monday, too."""
    if "site" in request.fixturenames:
        request.getfixturevalue("frozen_clock")


@pytest.fixture
def code(world: World, frozen_clock: Clock) -> str:
    """Opened on Monday, changed on Tuesday and Wednesday, and now it is Friday."""
    made = world.open(NAME, contact_name="王小明", contact_phones="13800138000", identity_number="11010519491231002X")
    frozen_clock.advance(days=1)
    world.amend(made, name="咸阳样本置业有限公司", grade="A", contact_phones="13900139000", level="confidential")
    frozen_clock.advance(days=1)
    world.amend(made, grade="B", contact_post="经理", credit_code=GOOD_CODE)
    world.do("customer.assign", f"dossier:{made}", AssignDossier(owner="manager"), by="head")
    frozen_clock.advance(days=2)
    return made


MONDAY = date(2026, 3, 2)


def shown(world: World, code: str, day: date, by: str = "clerk") -> past.ShownPast:
    actor = world.actor(by)
    return past.as_of(actor, selectors.dossier_by_code(actor, code), day)


def test_each_day_shows_what_stood_when_it_ended_masked_and_recorded(world: World, code: str) -> None:
    monday, tuesday, today = (shown(world, code, MONDAY + timedelta(days=each)) for each in (0, 1, 4))
    assert (monday.version, tuesday.version, today.version) == (1, 2, 4)
    was = {key: value.was.text for key, value in monday.by_key.items()}
    assert (was["name"], was["grade"], was["credit_code"], was["level"]) == (NAME, "", "", "internal")
    assert (was["contact.name"], was["contact.phones"], was["contact.post"]) == ("王小明", "+86138****8000", "")
    assert (monday.level, monday.owner, monday.unit, monday.state) == ("internal", "Clerk", "XA", "prospect")
    assert monday.by_key["contact.phones"].was.masked
    assert (tuesday.by_key["grade"].was.text, tuesday.by_key["grade"].now.text) == ("A", "B")
    assert (tuesday.owner, today.owner) == ("Clerk", "Manager")
    differing = {key for key, value in monday.by_key.items() if value.differs}
    assert differing == {"name", "grade", "level", "contact.phones", "contact.post", "credit_code"}
    assert {key for key, value in today.by_key.items() if value.differs} == set()
    assert (monday.contacts, monday.differences, today.differences) == ((), 6, 0)
    looks = Look.objects.filter(purpose="as of 2026-03-02", actor_id="clerk", kind="open")
    assert {"grade", "name", "contact.phones"} <= {name for look in looks for name in look.fields.split(",")}


def test_days_without_the_dossier_and_people_without_the_right(world: World, code: str) -> None:
    for day in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=5)):
        with pytest.raises(Refused) as no:
            shown(world, code, day)
        assert (no.value.code, no.value.missing) == ("invalid", ("as_of",))
    with pytest.raises(NotVisible):
        shown(world, code, MONDAY, by="stranger")
    Staff.objects.filter(username="clerk").update(clearance=1)
    world.amend(code, by="archivist", level="internal")
    assert shown(world, code, MONDAY).level == "internal"
    with pytest.raises(Refused) as higher:
        shown(world, code, MONDAY + timedelta(days=1))
    assert higher.value.code == "denied"


def test_who_was_erased_stays_erased(world: World, code: str) -> None:
    contact = Contact.objects.get()
    subjects.destroy(f"contact:{contact.pk}")
    monday = shown(world, code, MONDAY)
    assert {monday.by_key[key].was.text for key in ("contact.name", "contact.phones")} == {"(erased)"}
    assert monday.by_key["name"].was.text == NAME
    with pytest.raises(Refused) as no:
        restore(world, code, on="2026-03-02", fields=("contact.phones",))
    assert no.value.code == "state"
    person = world.open("张三丰", kind="person", identity_number="110105194912310038")
    world.amend(person, grade="A")
    subjects.destroy(f"person:{Dossier.objects.get(code=person).pk}")
    with pytest.raises(Refused) as gone:
        shown(world, person, MONDAY + timedelta(days=4))
    assert gone.value.code == "state"


def test_the_history_of_one_value_tells_who_when_why(world: World, code: str) -> None:
    actor = world.actor("clerk")
    dossier = selectors.dossier_by_code(actor, code)
    grade = past.steps_of(actor, dossier, "grade")
    assert [(step.before.text, step.after.text, step.version, step.current) for step in grade.steps] == [
        ("A", "B", 3, True), ("", "A", 2, False),
    ]  # fmt: skip
    assert {(step.by_name, step.reason, step.op) for step in grade.steps} == {
        ("Clerk", "客户来电更正", "customer.amend")
    }
    assert all(step.call for step in grade.steps)
    phones = past.steps_of(actor, dossier, "contact.phones")
    assert [step.after.text for step in phones.steps] == ["+86139****9000", "+86138****8000"]
    assert (grade.now.text, grade.next) == ("B", None)
    first = past.steps_of(actor, dossier, "grade", limit=1)
    rest = past.steps_of(actor, dossier, "grade", limit=1, before=first.next)
    assert [step.version for step in (*first.steps, *rest.steps)] == [3, 2]
    with pytest.raises(Refused):
        past.steps_of(actor, dossier, "nonsense")


def restore(world: World, code: str, by: str = "clerk", reason: str = "改回原来的值", **asked: Any) -> Any:
    return world.do("customer.restore", f"dossier:{code}", RestoreDossier(**asked), by=by, reason=reason)


def values(world: World, code: str) -> dict[str, str]:
    actor = world.actor("clerk")
    opened = present.opened(actor, selectors.dossier_by_code(actor, code))
    return {key: value.text for key, value in opened.by_key.items()}


def test_one_value_comes_back_as_a_new_change(world: World, code: str) -> None:
    call = restore(world, code, fields=("grade",), version=2)
    assert call.outcome["changed"] == ["grade"]
    assert (values(world, code)["grade"], Dossier.objects.get().version_no) == ("A", 5)
    actor = world.actor("clerk")
    dossier = selectors.dossier_by_code(actor, code)
    assert [step.op for step in past.steps_of(actor, dossier, "grade").steps][0] == "customer.restore"
    with pytest.raises(Refused) as same:
        restore(world, code, fields=("grade",), version=2)
    assert (same.value.code, same.value.missing) == ("state", ("grade",))


def test_a_whole_day_comes_back_with_its_secrets(world: World, code: str) -> None:
    restore(world, code, on="2026-03-02")
    now = values(world, code)
    assert (now["name"], now["grade"], now["credit_code"], now["contact.phones"], now["level"]) == (
        NAME, "", "", "+86138****8000", "internal",
    )  # fmt: skip
    assert Dossier.objects.get().owner == world.staff["manager"], "who is responsible is not a value"
    monday = shown(world, code, MONDAY)
    assert {key for key, value in monday.by_key.items() if value.differs} == set()
    assert shown(world, code, MONDAY + timedelta(days=2)).by_key["grade"].was.text == "B", "the days between stay"


def test_the_rules_of_a_change_hold(world: World, code: str) -> None:
    with pytest.raises(Refused) as why:
        restore(world, code, fields=("name",), version=1, reason="")
    assert (why.value.code, why.value.missing) == ("incomplete", ("reason",))
    with pytest.raises(Refused) as no:
        restore(world, code, by="head", fields=("grade",), version=2)
    assert no.value.code == "denied"
    with pytest.raises(Refused) as stale:
        restore(world, code, fields=("grade",), version=2, base_version=2)
    assert (stale.value.code, stale.value.missing) == ("stale", ("grade",))
    for asked in ({}, {"version": 1, "on": "2026-03-02"}, {"version": 9}, {"on": "2026-02-30"}):
        with pytest.raises(Refused) as no:
            restore(world, code, fields=("grade",), **asked)
        assert no.value.code == "invalid"
    other = world.open("占用此代码的公司", by="archivist")
    world.amend(code, by="archivist", credit_code="")
    world.amend(other, by="archivist", credit_code=GOOD_CODE)
    with pytest.raises(Invalid):
        restore(world, code, fields=("credit_code",), version=3)


def test_what_is_filed_stays_as_it_is(world: World) -> None:
    made = world.open(NAME, credit_code=GOOD_CODE, region="610100", contact_name="王", contact_phones="13800138000")
    world.amend(made, grade="A")
    world.do("customer.file", f"dossier:{made}", FileDossier(), by="archivist")
    with pytest.raises(Refused) as no:
        restore(world, made, fields=("grade",), version=1)
    assert (no.value.code, no.value.articles) == ("denied", ("3.1c",))


def test_contacts_and_records_stand_as_they_stood(world: World, code: str, frozen_clock: Clock) -> None:
    """On Friday somebody else becomes main contact, a contract is changed and another taken out."""
    subject = f"dossier:{code}"
    first = Contact.objects.get().pk
    for title in ("供货合同", "服务合同"):
        world.do("record.add", subject, AddRecord(module="contract", values={"contract.title": title}))
    friday = MONDAY + timedelta(days=4)
    frozen_clock.advance(days=1)
    values_of = {"contact.name": "李莉", "contact.phones": "13700137000", "contact.post": "主任"}
    second = world.do("contact.add", subject, AddContact(values=values_of)).outcome["id"]
    world.do("contact.lead", f"contact:{code}/{second}", LeadContact())
    world.amend(code, contact_post="总监")
    world.do("record.amend", f"record:{code}/contract/1", AmendRecord(values={"contract.title": "供货合同（补充）"}))
    world.do("record.remove", f"record:{code}/contract/2", RemoveRecord(), by="archivist", reason="录错了客户")
    world.do("record.add", subject, AddRecord(module="contract", values={"contract.title": "租赁合同"}))
    then = shown(world, code, friday)
    assert (then.by_key["contact.name"].was.text, then.by_key["contact.name"].now.text) == ("王小明", "李莉")
    assert (then.by_key["contact.post"].was.text, then.by_key["contact.post"].now.text) == ("经理", "总监")
    assert [(each.slot, each.main, each.then, each.today) for each in then.contacts] == [
        (f"contact#{first}", True, True, True), (f"contact#{second}", False, False, True),
    ]  # fmt: skip
    found = {each.slot: each for each in then.records}
    assert {slot: (each.then, each.today) for slot, each in found.items()} == {
        "contract#1": (True, True), "contract#2": (True, False),
    }  # fmt: skip
    headline = next(value for value in found["contract#1"].values if value.was.key == "contract.title")
    assert (headline.was.text, headline.now.text) == ("供货合同", "供货合同（补充）")
    assert (then.records_same, then.records_later) == (0, 1)
    with pytest.raises(Refused) as other:
        restore(world, code, fields=("contact.phones",), on=friday.isoformat())
    assert (other.value.code, other.value.missing) == ("state", ("contact.phones",))
    actor = world.actor("clerk")
    history = past.steps_of(actor, selectors.dossier_by_code(actor, code), f"contact#{second}.post")
    assert [(step.before.text, step.after.text) for step in history.steps] == [("主任", "总监"), ("", "主任")]
    record = past.steps_of(actor, selectors.dossier_by_code(actor, code), "contract#1.title")
    assert [step.after.text for step in record.steps] == ["供货合同（补充）", "供货合同"]
