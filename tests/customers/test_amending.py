"""Changing a dossier: field by field, stale or not, back again, and two at once."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from kedang.customers import present, selectors
from kedang.customers.models import Contact, Dossier, Tail
from kedang.customers.payloads import AmendDossier
from kedang.governance.models import Call
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Entry, Version
from tests.world import GOOD_CODE, World

NAME = "西安示例机电有限公司"
CHANGES = {
    "name": ("咸阳样本置业有限公司", "咸阳样本置业有限公司"),
    "short_name": ("样本", "样本"),
    "english_name": ("Sample Ltd", "Sample Ltd"),
    "credit_code": (GOOD_CODE.lower(), GOOD_CODE),
    "identity_number": ("11010519491231002x", "**************002X"),
    "region": ("陕西省西安市", "610100"),
    "address": ("高新区科技路1号", "高新区科技路1号"),
    "postcode": ("710000", "710000"),
    "industry": ("C13", "C13"),
    "org_type": ("有限责任公司", "有限责任公司"),
    "registered_on": ("2024年2月29日", "2024-02-29"),
    "capital": ("500万元", "5000000.00 CNY"),
    "scale": ("大型", "大型"),
    "grade": ("A", "A"),
    "business_scope": ("机电设备", "机电设备"),
    "website": ("https://example.com/", "https://example.com/"),
    "source": ("展会", "展会"),
    "learned_on": ("2026-01-31", "2026-01-31"),
    "note": ("老客户", "老客户"),
    "level": ("秘密", "confidential"),
    "contact.name": ("欧阳小明", "欧阳小明"),
    "contact.post": ("经理", "经理"),
    "contact.phones": ("029-88256789；13900139000", "+86298***6789、+86139****9000"),
    "contact.email": ("wang@example.com", "w***@example.com"),
}


@pytest.fixture
def code(world: World) -> str:
    return world.open(NAME)


def shown(world: World, code: str, by: str = "clerk") -> dict[str, str]:
    actor = world.actor(by)
    dossier = present.opened(actor, selectors.dossier_by_code(actor, code))
    return {key: value.text for key, value in dossier.by_key.items()}


def test_every_field_changes_alone_comes_back_empty_and_is_told_in_the_history(world: World, code: str) -> None:
    fields = set(shown(world, code)) - {"kind"}
    assert fields == set(CHANGES), "a new field needs a row here"
    for key, (raw, text) in CHANGES.items():
        before = shown(world, code)
        assert world.amend(code, **{key: raw}).outcome["changed"] == [key]
        after = shown(world, code)
        assert {name for name in after if after[name] != before[name]} == {key}
        assert after[key] == text
        assert world.amend(code, **{key: raw}).outcome["changed"] == [], "the same again is no change"
    for key in CHANGES.keys() - {"name", "level"}:
        world.amend(code, **{key: ""})
        assert shown(world, code)[key] == ""
    assert Tail.objects.count() == 0, "no index entry of a number that is gone"
    by = world.actor("clerk")
    events = present.history(by, selectors.dossier_by_code(by, code), limit=100)
    numbers = [event.version for event in events if event.version]
    assert numbers == list(range(len(numbers), 0, -1))
    first = {change.key: change for event in reversed(events) for change in event.changes if change.before == ""}
    assert {key: first[key].after for key in CHANGES.keys() - {"name", "level"}} == {
        key: text for key, (_, text) in CHANGES.items() if key not in ("name", "level")
    }


@pytest.mark.parametrize(("field", "blank"), [("name", ""), ("level", ""), ("name", "无"), ("level", "  ")])
def test_what_is_required_cannot_be_emptied(world: World, code: str, field: str, blank: str) -> None:
    world.amend(code, level="confidential")
    with pytest.raises(Invalid):
        world.amend(code, **{field: blank})
    assert (Dossier.objects.get().level, Dossier.objects.get().name) == (2, NAME)


def test_the_kind_stays_what_it_is(world: World, code: str) -> None:
    with pytest.raises(Refused) as no:
        world.amend(code, kind="person", short_name="甲")
    assert (no.value.code, no.value.missing) == ("invalid", ("kind",))
    assert world.amend(code, kind="企业", short_name="甲").outcome["changed"] == ["short_name"]


def test_raising_the_level_is_judged_by_the_level_wanted(world: World, code: str) -> None:
    with pytest.raises(Refused) as no:
        world.amend(code, level="绝密")
    assert (no.value.code, bool(no.value.articles)) == ("denied", True)
    with pytest.raises(NotVisible):
        world.amend(world.open("机密客户", by="archivist", level="secret"), level="public")


@pytest.mark.parametrize("field", ["credit_code", "identity_number"])
def test_the_code_of_another_customer_is_refused_in_words(world: World, code: str, field: str) -> None:
    value = {"credit_code": GOOD_CODE, "identity_number": "11010519491231002X"}[field]
    other = world.open("别的公司", **{field: value})
    with pytest.raises(Invalid) as no:
        world.amend(code, **{field: value})
    assert [(f.field, f.rule, f.found) for f in no.value.findings] == [(field, "customer.duplicate", other)]
    world.amend(other, **{field: ""})
    world.amend(code, **{field: value})


def test_a_new_odd_value_asks_again_and_an_old_one_does_not(world: World, code: str) -> None:
    odd, other = GOOD_CODE[:-1] + "0", GOOD_CODE[:-1] + "1"
    with pytest.raises(Invalid):
        world.amend(code, credit_code=odd)
    payload = AmendDossier(values={"credit_code": odd}, confirm=True)
    world.do("customer.amend", f"dossier:{code}", payload, reason="执照如此")
    kept = Dossier.objects.get().findings
    assert kept.startswith("credit_code:")
    unchanged = world.amend(code, credit_code=odd, grade="A").outcome["changed"]
    assert unchanged == ["grade"], "what stands there needs no new word"
    with pytest.raises(Invalid):
        world.amend(code, credit_code=other)
    assert Dossier.objects.get().findings == kept
    world.amend(code, credit_code=GOOD_CODE)
    assert Dossier.objects.get().findings == ""


@pytest.mark.parametrize(
    ("base", "values", "stale"),
    [
        (1, {"short_name": "乙"}, ("short_name",)),
        (1, {"grade": "A"}, ()),
        (1, {"grade": "A", "short_name": "乙"}, ("short_name",)),
        (2, {"short_name": "乙"}, ()),
        (0, {"short_name": "乙"}, ()),
        (7, {"grade": "A"}, ("grade",)),
    ],
)
def test_what_somebody_changed_meanwhile_is_not_overwritten(
    world: World, code: str, base: int, values: dict[str, str], stale: tuple[str, ...]
) -> None:
    world.amend(code, short_name="甲")
    payload = AmendDossier(values=values, base_version=base)
    if not stale:
        world.do("customer.amend", f"dossier:{code}", payload)
        return
    with pytest.raises(Refused) as no:
        world.do("customer.amend", f"dossier:{code}", payload)
    assert (no.value.code, no.value.missing) == ("stale", stale)
    assert Dossier.objects.get().short_name == "甲"


def test_changes_at_the_same_moment_follow_one_another(world: World, code: str) -> None:
    fields = ["short_name", "grade", "scale", "note", "address", "contact.name", "contact.post", "contact.email"]
    errors: list[BaseException] = []

    def change(field: str) -> None:
        try:
            world.amend(code, **{field: CHANGES[field][0]})
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=(field,)) for field in fields]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    now = shown(world, code, by="archivist")
    assert {field for field in fields if now[field]} == set(fields), "no change is lost"
    assert Dossier.objects.get().version_no == len(fields) + 1
    assert sorted(Version.objects.values_list("no", flat=True)) == list(range(1, len(fields) + 2))
    assert Contact.objects.count() == 1


def test_two_who_looked_at_the_same_version_do_not_both_win(world: World, code: str) -> None:
    endings: list[str] = []

    def change(text: str) -> None:
        try:
            payload = AmendDossier(values={"short_name": text}, base_version=1)
            endings.append(world.do("customer.amend", f"dossier:{code}", payload).state)
        except Refused as no:
            endings.append(no.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=(text,)) for text in "甲乙丙丁"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(endings) == ["done", "stale", "stale", "stale"]


@pytest.mark.parametrize(
    "subject", ["{low}", "{bare}", "dossier:", "dossier:C\x00", "unit:{code}", "x:dossier:{code}", "-"]
)
def test_a_dossier_has_one_name(world: World, code: str, subject: str) -> None:
    """The entry names the dossier as it is called, however it was asked for, or the history would miss it."""
    written = subject.format(low=f"dossier:{code.lower()}", bare=code, code=code)
    payload = AmendDossier(values={"grade": "A"})
    if subject == "{low}":
        world.do("customer.amend", written, payload)
        assert Entry.objects.latest("id").subject_ref == f"dossier:{code}"
        assert Call.objects.latest("id").subject == f"dossier:{code}"
        return
    with pytest.raises(NotVisible):
        world.do("customer.amend", written, payload)
    assert Dossier.objects.get().grade == ""
