"""Where values come from: what must be said, what is kept of it, and for which version of the value it speaks."""

from __future__ import annotations

from datetime import date

import pytest

from kedang.customers import origins, sealing, verifying
from kedang.customers.models import Dossier, Origin
from kedang.customers.origin_payloads import OriginIn, VerifyValue
from kedang.customers.payloads import FileDossier
from kedang.kernel import clock
from kedang.kernel.errors import Invalid, Refused
from kedang.ledger.models import Entry
from kedang.vault.cipher import Tampered
from tests.conftest import Clock
from tests.customers.sourced import VISIT, amended, opened, sourced_world
from tests.databases import Site
from tests.world import GOOD_CODE, World

PHONE = "13800138000"
BANK = OriginIn(source="bank", learned_on="2026-03-01", supplier="某某银行西安分行 李经理")


@pytest.fixture
def world(site: Site, frozen_clock: Clock) -> World:
    return sourced_world()


def found(no: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(each.field, each.rule) for each in no.value.findings}


def rows() -> dict[str, Origin]:
    return {row.slot: row for row in Origin.objects.order_by("pk")}


def test_a_value_that_must_say_where_it_comes_from_does_not_stand_without(world: World) -> None:
    for origin in (None, OriginIn(), OriginIn(source="visit"), OriginIn(learned_on="2026-03-01")):
        with pytest.raises(Invalid) as no:
            opened(world, origin)
        assert ("name", "origin.required") in found(no)
    assert Dossier.objects.count() == 0 and Origin.objects.count() == 0
    code = opened(world, VISIT)
    with pytest.raises(Invalid) as no:
        amended(world, code, {"contact.phones": PHONE})
    assert found(no) == {("contact.phones", "origin.required")}
    amended(world, code, {"contact.phones": PHONE}, VISIT)
    amended(world, code, {"contact.phones": ""})
    amended(world, code, {"grade": "A"})


def test_each_value_that_moved_has_a_row_of_its_own(world: World) -> None:
    code = opened(world, VISIT, contact_phones=PHONE, grade="A")
    main = Dossier.objects.get(code=code).contacts.get()
    assert {"name", "grade", f"contact#{main.pk}.phones", "learned_on"} <= rows().keys()
    assert "findings" not in rows()
    first = rows()["grade"]
    said = (first.source, first.supplied_by, first.basis, first.version_no, first.by_ref)
    assert said == ("visit", "clerk", "contract", 1, "clerk")
    assert clock.company_day(first.learned_us) == date(2026, 3, 1)
    amended(world, code, {"grade": "B"})
    assert (rows()["grade"].source, rows()["grade"].version_no) == ("", 2), "nobody said where this one comes from"
    assert origins.newest(first.dossier_id, ["grade", "name"])["name"].source == "visit"


def test_the_fields_source_and_day_of_the_dossier_speak_for_the_deed(world: World) -> None:
    opened(world, None, source="上门拜访", learned_on="2026年3月1日")
    assert (rows()["name"].source, clock.company_day(rows()["name"].learned_us)) == ("visit", date(2026, 3, 1))
    with pytest.raises(Invalid) as no:
        opened(world, None, source="朋友圈", learned_on="2026-03-01")
    assert found(no) == {("name", "customer.duplicate")}


def test_the_day_learned_reaches_the_dossier_where_clocks_look_for_it(world: World) -> None:
    opened(world, VISIT)
    assert Dossier.objects.get().learned_on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("origin", "field", "rule"),
    [
        (OriginIn(source="朋友圈", learned_on="2026-03-01"), "origin.source", "origin.unknown"),
        (OriginIn(source="visit", learned_on="2026-03-03"), "origin.learned_on", "origin.future"),
        (OriginIn(source="visit", learned_on="昨天"), "origin.learned_on", "date.shape"),
        (OriginIn(source="bank", learned_on="2026-03-01"), "origin.supplier", "origin.partner"),
        (OriginIn(source="public", learned_on="2026-03-01"), "origin.evidence", "origin.document"),
        (OriginIn(source="visit", learned_on="2026-03-01", supplied_by="nobody"), "origin.supplied_by",
         "origin.colleague"),
        (OriginIn(source="visit", learned_on="2026-03-01", basis="because"), "origin.basis", "code.unknown"),
        (OriginIn(source="visit", learned_on="2026-03-01", purpose="fun"), "origin.purpose", "code.unknown"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_origin_is_said_beside_its_part(
    world: World, origin: OriginIn, field: str, rule: str
) -> None:
    with pytest.raises(Invalid) as no:
        opened(world, origin)
    assert (field, rule) in found(no)
    assert all(each.what() and each.remedy() for each in no.value.findings)


def test_a_document_is_given_with_the_deed_or_named(world: World) -> None:
    public = OriginIn(source="public", learned_on="2026-03-01")
    opened(world, public.model_copy(update={"evidence": "国家企业信用信息公示系统 2026-03-01"}))
    code = Dossier.objects.get().code
    amended(world, code, {"name": "西安示例机电股份有限公司"}, public, evidence=["公示截图"])


def test_a_key_value_changes_only_with_a_document(world: World) -> None:
    code = opened(world, VISIT, credit_code=GOOD_CODE)
    with pytest.raises(Invalid) as no:
        amended(world, code, {"credit_code": ""}, VISIT)
    assert found(no) == {("credit_code", "origin.evidence")}
    amended(world, code, {"credit_code": ""}, VISIT.model_copy(update={"evidence": "营业执照 副本"}))


def test_who_supplied_it_is_sealed_and_opens_in_its_own_place_alone(world: World) -> None:
    opened(world, BANK)
    row = rows()["name"]
    assert "银行" not in str(bytes(row.supplier_ct)) and (row.supplied_by, row.basis) == ("", "consent")
    sealed = bytes(row.supplier_ct)
    assert sealing.open_supplier("organisation", row.dossier_id, row.call, sealed) == BANK.supplier
    with pytest.raises(Tampered):
        sealing.open_supplier("organisation", row.dossier_id, row.call + 1, sealed)
    assert BANK.supplier not in b"".join(bytes(entry.body) for entry in Entry.objects.all()).decode()


def test_where_the_regulation_does_not_ask_nothing_is_demanded(site: Site, frozen_clock: Clock) -> None:
    world = sourced_world(available=False)
    code = opened(world, None, source="展会", contact_phones=PHONE)
    assert rows()["name"].source == "展会"
    amended(world, code, {"grade": "A"}, OriginIn(source="bank"))
    assert rows()["grade"].source == "bank"


def test_a_check_counts_until_the_value_changes(world: World, frozen_clock: Clock) -> None:
    code = opened(world, VISIT, credit_code=GOOD_CODE, contact_phones=PHONE)
    dossier = Dossier.objects.get(code=code)

    def verdicts() -> dict[str, str]:
        dossier.refresh_from_db()
        names = ("credit_code", "contact.phones")
        return {name: checked.verdict for name, checked in verifying.standing(dossier, names).items()}

    def check(**more: object) -> None:
        payload = VerifyValue(fields=("credit_code", "contact.phones"), method="核对原件", **more)
        world.do("customer.verify", f"dossier:{code}", payload)

    assert verdicts() == {"credit_code": "", "contact.phones": ""}
    with pytest.raises(Invalid) as no:
        check()
    assert found(no) == {("document", "verify.document")}
    check(document="营业执照 610100001")
    assert verdicts() == {"credit_code": "right", "contact.phones": "right"}
    amended(world, code, {"contact.phones": "13900139000"}, VISIT)
    assert verdicts() == {"credit_code": "right", "contact.phones": ""}
    amended(world, code, {"grade": "A"})
    check(verdict="wrong")
    assert verdicts() == {"credit_code": "wrong", "contact.phones": "wrong"}
    assert Entry.objects.filter(op="customer.verify", outcome="done").count() == 2


def test_what_was_changed_meanwhile_was_not_the_value_that_was_checked(world: World) -> None:
    code = opened(world, VISIT, grade="A", scale="大型")
    amended(world, code, {"grade": "B"})
    with pytest.raises(Refused) as no:
        world.do("customer.verify", f"dossier:{code}", VerifyValue(fields=("grade",), method="电话", base_version=1))
    assert (no.value.code, no.value.missing) == ("stale", ("grade",))
    world.do("customer.verify", f"dossier:{code}", VerifyValue(fields=("scale",), method="电话", base_version=1))


def test_only_what_stands_there_agrees_and_only_what_does_not_is_missing(world: World) -> None:
    code = opened(world, VISIT, grade="A")
    for fields, verdict in (("scale",), "right"), (("grade",), "missing"), (("nothing",), "right"), (
        ("contract#9.amount",), "right"
    ), (("contact#99.name",), "wrong"):  # fmt: skip
        with pytest.raises(Invalid) as no:
            payload = VerifyValue(fields=fields, method="核对", verdict=verdict)
            world.do("customer.verify", f"dossier:{code}", payload)
        assert {rule for _, rule in found(no)} == {"verify.no_value"}
    world.do("customer.verify", f"dossier:{code}", VerifyValue(fields=("scale",), method="核对", verdict="missing"))


def test_a_dossier_is_filed_only_with_its_values_checked(world: World) -> None:
    code = opened(world, VISIT, credit_code=GOOD_CODE, contact_phones=PHONE, contact_name="王小明", region="西安市")
    with pytest.raises(Invalid) as no:
        world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    assert found(no) == {("credit_code", "verify.required")}
    payload = VerifyValue(fields=("credit_code",), method="核对原件", document="营业执照", on="2026-03-02")
    world.do("customer.verify", f"dossier:{code}", payload, by="archivist")
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")


@pytest.mark.parametrize("text", ["王某 13800138000", "身份证 11010519491231002X", "a\0b", "wang@example.com 来信"])
def test_what_is_kept_in_plain_holds_no_number_of_a_person(world: World, text: str) -> None:
    with pytest.raises(Invalid) as no:
        opened(world, VISIT.model_copy(update={"evidence": text}))
    assert {field for field, _ in found(no)} == {"origin.evidence"}
    code = opened(world, VISIT, contact_name="王小明")
    for payload in (VerifyValue(fields=("name",), method="电话", document=text),
                    VerifyValue(fields=("name",), method=text)):  # fmt: skip
        with pytest.raises(Invalid):
            world.do("customer.verify", f"dossier:{code}", payload)
