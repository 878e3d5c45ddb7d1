"""A field that a regulation adds lives like one of the product: opened, changed, masked, found, told, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from kedang import ledger
from kedang.customers import bulk, dictionary, present, selectors, values
from kedang.customers.digest import state_digest
from kedang.customers.finding import find
from kedang.customers.models import Contact, Dossier
from kedang.customers.ops import facts_of
from kedang.customers.payloads import AmendDossier, FileDossier, OpenDossier, RevealField
from kedang.customers.sealing import person_ref
from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.kernel.deeds import Deed
from kedang.kernel.errors import Invalid, Refused
from kedang.packs import in_force
from kedang.packs.services import adopt
from kedang.vault import subjects
from tests.packs.added import ADDED, source
from tests.world import GOOD_CODE, World, make_world

NAME = "西安示例机电有限公司"
VALUES = {
    "tax_office": "雁塔区税务局", "listed": "是", "branches": "1,200家", "turnover": "35万元", "state_share": "51%",
    "credit_line": "500万美元", "ownership": "国有", "file_no": "kh20190012", "reviewed_on": "2025年3月1日",
    "main_product": "数控机床", "invoice_mail": "Fapiao@Example.com", "owner_phone": "13800138000",
    "owner_note": "控股股东", "grade": "甲", "contact.name": "王小明", "contact.wechat": "wx_wang",
    "contact.decides": "是", "contact.birthday": "1980-01-02",
}  # fmt: skip
SHOWN = {
    "tax_office": "雁塔区税务局", "listed": "yes", "branches": "1200", "turnover": "350000.00", "state_share": "51",
    "credit_line": "5000000.00 USD", "ownership": "国有", "file_no": "KH20190012", "reviewed_on": "2025-03-01",
    "main_product": "数控机床", "invoice_mail": "Fapiao@example.com", "grade": "甲", "contact.decides": "yes",
    "owner_note": "控股股东",
}  # fmt: skip
HIDDEN = {"owner_phone": "13800138000", "contact.wechat": "wx_wang", "contact.birthday": "1980-01-02"}


@pytest.fixture
def added(site: None) -> World:
    """The company of the tests under a regulation with fields of its own."""
    return make_world(source())


def opened(world: World, **more: str) -> Dossier:
    world.do("customer.open", "-", OpenDossier(values={"name": NAME, **VALUES, **more}))
    return Dossier.objects.get()


def shown(world: World, dossier: Dossier, by: str = "clerk") -> dict[str, str]:
    found = present.opened(world.actor(by), selectors.dossier_by_code(world.actor(by), dossier.code))
    return {key: value.text for key, value in found.by_key.items()}


def test_what_is_opened_is_shown_and_masked(added: World) -> None:
    dossier = opened(added)
    page = shown(added, dossier)
    assert {key: page[key] for key in SHOWN} == SHOWN
    for key, clear in HIDDEN.items():
        assert page[key]
        assert clear not in page[key]
    assert "fax" not in page
    assert "website" not in page
    row, contact = bytes(dossier.extra), bytes(Contact.objects.get().extra)
    for planted in (b"13800138000", "控股股东".encode(), b"wx_wang", b"1980-01-02"):
        assert planted not in row + contact


def test_a_masked_value_is_revealed_once_with_a_reason(added: World) -> None:
    dossier = opened(added)
    call = added.do("customer.reveal", dossier.ref, RevealField(field="contact.birthday"), reason="生日慰问")
    text = present.revealed(added.actor("clerk"), dossier, "contact.birthday", call=call.pk, done_us=call.done_us)
    assert text == "1980-01-02"
    with pytest.raises(Refused):
        added.do("customer.reveal", dossier.ref, RevealField(field="turnover"), reason="看看而已")


def test_a_change_is_one_version_with_before_and_after_and_the_same_again_is_none(added: World) -> None:
    dossier = opened(added)
    change = {"turnover": "40万元", "contact.wechat": "wx_li", "owner_note": "", "listed": "否"}
    call = added.do("customer.amend", dossier.ref, AmendDossier(values=change), reason="客户来电更正")
    assert set(call.outcome["changed"]) == set(change)
    again = added.do("customer.amend", dossier.ref, AmendDossier(values=change), reason="客户来电更正")
    assert again.outcome["changed"] == []
    by = added.actor("clerk")
    event = present.history(by, selectors.dossier_by_code(by, dossier.code))[1]
    told = {each.key: (each.before, each.after) for each in event.changes}
    assert told["turnover"] == ("350000.00", "400000.00")
    assert told["owner_note"] == ("控股股东", "")
    assert "wx_" not in "".join(told["contact.wechat"])


def test_a_value_that_breaks_its_rule_is_named(added: World) -> None:
    with pytest.raises(Invalid) as no:
        opened(added, ownership="集体", file_no="12", fax="029-88256789", branches="很多")
    assert {(f.field, f.rule) for f in no.value.findings if f.severity == "error"} == {
        ("ownership", "code.unknown"), ("file_no", "code.built"), ("fax", "field.uncollected"),
        ("branches", "number.shape"),
    }  # fmt: skip
    assert not Dossier.objects.exists()


def test_what_is_no_longer_collected_stays_readable_can_be_emptied_and_never_filled(added: World) -> None:
    dossier = opened(added)
    adopt(source(ADDED.replace("  turnover:", "  sales:"), edition="2"), "b.yaml", by="boss", at_us=clock.now_us())
    assert shown(added, dossier).get("turnover") is None, "no part of the dictionary in force"
    by = added.actor("clerk")
    told = present.history(by, selectors.dossier_by_code(by, dossier.code))[0]
    assert ("年营业额", "350000.00") in {(each.title, each.after) for each in told.changes}
    with pytest.raises(Invalid) as no:
        added.do("customer.amend", dossier.ref, AmendDossier(values={"turnover": "1"}), reason="客户来电更正")
    assert [f.rule for f in no.value.findings] == ["field.uncollected"]
    call = added.do("customer.amend", dossier.ref, AmendDossier(values={"turnover": ""}), reason="客户来电更正")
    assert call.outcome["changed"] == ["turnover"]


def test_a_field_of_records_is_not_taken_by_the_dossier(added: World) -> None:
    dossier = opened(added)
    with pytest.raises(Refused) as no:
        added.do("customer.amend", dossier.ref, AmendDossier(values={"contract.share": "5"}), reason="客户来电更正")
    assert no.value.code == "invalid"


def test_filing_asks_for_it(added: World) -> None:
    dossier = opened(
        added, credit_code=GOOD_CODE, region="610100", **{"contact.phones": "13900139000"}, turnover=""
    )  # fmt: skip
    with pytest.raises(Invalid) as no:
        added.do("customer.file", dossier.ref, FileDossier(), by="archivist")
    assert [f.field for f in no.value.findings] == ["turnover"]
    added.do("customer.amend", dossier.ref, AmendDossier(values={"turnover": "0"}), reason="客户来电更正")
    added.do("customer.file", dossier.ref, FileDossier(), by="archivist")


def test_it_is_found_by_its_words_and_no_longer_by_those_it_had(added: World) -> None:
    dossier = opened(added)
    by = added.actor("clerk")
    assert [row.pk for row in find(by, "雁塔区税务").rows] == [dossier.pk]
    added.do("customer.amend", dossier.ref, AmendDossier(values={"tax_office": "高新区税务局"}), reason="客户来电更正")
    assert find(by, "雁塔区税务").rows == []
    assert len(find(by, "高新区税务").rows) == 1
    assert find(by, "数控机床").rows == [], "not every field is found by its words"


def test_a_regulation_may_test_codes_and_sums_and_nothing_personal(added: World) -> None:
    dossier = opened(added)
    payload = AmendDossier(values={"state_share": "60"})
    facts = OPERATIONS["customer.amend"].facts(added.actor("clerk"), dossier, payload)
    assert (facts.values["turnover"], facts.values["ownership"], facts.values["state_share"]) == (
        35_000_000,
        "国有",
        60,
    )
    assert not {"owner_phone", "owner_note", "tax_office"} & set(facts.values)
    assert facts.fields == {"state_share"}
    assert facts_of(added.actor("clerk"), dossier).fields == frozenset()


def test_somebody_who_changed_the_same_field_meanwhile_is_not_overwritten(added: World) -> None:
    dossier = opened(added)
    added.do("customer.amend", dossier.ref, AmendDossier(values={"turnover": "1"}), reason="客户来电更正")
    with pytest.raises(Refused) as no:
        payload = AmendDossier(values={"turnover": "2"}, base_version=1)
        added.do("customer.amend", dossier.ref, payload, reason="客户来电更正")
    assert (no.value.code, no.value.missing) == ("stale", ("turnover",))


def test_an_erased_person_leaves_what_is_not_about_them(added: World) -> None:
    dossier = opened(added)
    subjects.destroy(person_ref(dossier.pk))
    page = shown(added, dossier)
    assert page["owner_phone"] == page["owner_note"] == present.ERASED
    assert page["turnover"] == "350000.00"
    with pytest.raises(Refused) as no:
        added.do("customer.amend", dossier.ref, AmendDossier(values={"owner_note": "新"}), reason="客户来电更正")
    assert no.value.code == "state"


def _deed(world: World) -> Deed:
    return Deed(call=7, op="import.commit", actor=world.actor("clerk"), at_us=clock.now_us(), pack_version="plain/1")


def _row(raw: dict[str, str]) -> dict[str, Any]:
    reading = values.read(raw, dictionary.fields(in_force()))
    assert not reading.errors
    return {key: value for key, value in reading.values.items() if not values.is_empty(value)}


def test_a_chunk_writes_what_a_form_writes_and_is_taken_back_whole(added: World) -> None:
    empty = state_digest()
    by, made = added.actor("clerk"), _deed(added)
    rows = [_row({"name": NAME, **VALUES}), _row({"name": "只有名字"})]
    with transaction.atomic():
        written = bulk.insert_many(rows, [values.name_key_of(row["name"]) for row in rows], bulk.Seat(by.unit, by.pk))
        ledger.append(made, made.op, subject="batch:1", body={}, versions=written.versions, batch=1)
    dossier = Dossier.objects.get(name=NAME)
    page = shown(added, dossier)
    assert {key: page[key] for key in SHOWN} == SHOWN
    assert find(by, "雁塔区税务").rows
    stored = bulk.stored(written.ids, list(VALUES))
    assert stored[dossier.pk] == {key: values.as_json(rows[0][key]) for key in VALUES}
    full = state_digest()
    reading = values.read({"turnover": "41万元", "owner_note": "", "contact.wechat": "wx_li"})
    with transaction.atomic():
        version = bulk.update_one(made, dossier.pk, reading)
        assert version is not None
        assert state_digest() != full
        ledger.append(made, made.op, subject="batch:1", body={}, versions=[version], batch=1)
        back = bulk.take_back_update(made, dossier.pk, version.no, version.delta_ct)
        assert back is not None
        assert state_digest() == full
        ledger.append(made, made.op, subject="batch:1", body={}, versions=[back], batch=1)
    Dossier.objects.filter(pk=dossier.pk).update(version_no=1)
    with transaction.atomic():
        bulk.take_back_created(made, written.ids)
    assert state_digest() == empty


def test_the_columns_written_in_bulk_are_those_of_the_tables() -> None:
    for model, columns in ((Dossier, bulk.COLUMNS), (Contact, bulk.CONTACT_COLUMNS)):
        fields = model._meta.concrete_fields
        assert {field.column for field in fields if not field.null} <= set(columns) <= {f.column for f in fields}
