"""Records of a dossier: what is read, required, sealed, numbered, summed and told."""

from __future__ import annotations

import pytest

from kedang.customers import present, selectors
from kedang.customers.digest import state_digest
from kedang.customers.models import Dossier, Record
from kedang.customers.records import selectors as rows
from kedang.customers.records.payloads import AddRecord, AmendRecord, RemoveRecord
from kedang.customers.records.present import RecordPage, ShownRecord
from kedang.customers.sealing import person_ref, record_ref
from kedang.governance.models import Call
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Look
from kedang.vault import subjects
from tests.conftest import Clock
from tests.world import World


@pytest.fixture
def code(world: World) -> str:
    return world.open("西安记事机电有限公司", region="610100")


def add(world: World, code: str, module: str, by: str = "clerk", reason: str = "", **values: str) -> Call:
    keyed = {f"{module}.{key}": text for key, text in values.items()}
    return world.do("record.add", f"dossier:{code}", AddRecord(module=module, values=keyed), by=by, reason=reason)


def amend(world: World, subject: str, base: int = 0, by: str = "clerk", **values: str) -> Call:
    module = subject.split("/")[1]
    keyed = {f"{module}.{key}": text for key, text in values.items()}
    return world.do("record.amend", subject, AmendRecord(values=keyed, base_version=base), by=by, reason="来函更正")


def page(world: World, code: str, module: str, by: str = "clerk", **more: object) -> RecordPage:
    actor = world.actor(by)
    return present.records(actor, selectors.dossier_by_code(actor, code), module, **more)  # type: ignore[arg-type]


def texts(record: ShownRecord) -> dict[str, str]:
    return {key: value.text for key, value in record.values.items()}


def rules(raised: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(found.field, found.rule) for found in raised.value.findings}


def test_a_record_is_read_by_the_standards_and_numbered_within_its_module(world: World, code: str) -> None:
    call = add(world, code, "contract", title="配电柜供货", amount="1.2万", signed_on="2026/3/5", guarantor="保证")
    assert call.subject == f"record:{code}/contract/1"
    assert add(world, code, "contract", title="安装", signed_on="2026-03-09", amount="0.5").outcome["no"] == 2
    assert add(world, code, "transaction", day="2026-03-06").outcome["no"] == 1
    found = page(world, code, "contract")
    assert [each.headline for each in found.rows] == ["安装", "配电柜供货"], "latest day first"
    assert (found.tally.count, found.tally.amount_fen) == (2, 1_200_050)
    assert texts(found.rows[1]) == {
        "contract.title": "配电柜供货", "contract.signed_on": "2026-03-05", "contract.amount": "12000.00",
        "contract.status": "draft", "contract.guarantor": "保证",
    }  # fmt: skip
    row = Record.objects.get(module="contract", no=1)
    assert (row.day.isoformat(), row.amount_fen, row.status, row.by_ref) == ("2026-03-05", 1_200_000, "draft", "clerk")
    assert Dossier.objects.get(code=code).version_no == 4


@pytest.mark.parametrize(
    ("module", "values", "found"),
    [
        ("contract", {"amount": "12"}, {("contract.title", "field.required")}),
        ("contract", {"title": "供货", "guarantor": "口头"}, {("contract.guarantor", "code.unknown")}),
        ("contract", {"title": "供货", "amount": "很多"}, {("contract.amount", "money.shape")}),
        ("contract", {"title": "供货", "starts_on": "2026-03-05"}, {("contract.starts_on", "field.uncollected")}),
        ("contract", {"title": "供货", "nothing": "1"}, {("contract.nothing", "field.unknown")}),
        ("complaint", {"day": "2026-03-01", "subject": "漏电"}, {("complaint.content", "field.required")}),
        ("competition", {"rival": "某厂"}, {("competition.source", "field.required")}),
        ("product", {"name": "配电柜"}, {("product.name", "field.uncollected")}),
    ],
)
def test_what_is_missing_wrong_or_not_collected_is_named_and_nothing_is_written(
    world: World, code: str, module: str, values: dict[str, str], found: set[tuple[str, str]]
) -> None:
    with pytest.raises((Invalid, Refused)) as raised:
        add(world, code, module, **values)
    if isinstance(raised.value, Invalid):
        assert found <= rules(raised)  # type: ignore[arg-type]
    else:
        assert (raised.value.code, next(iter(found))[1]) == ("denied", "field.uncollected")
    assert Record.objects.count() == 0


def test_a_module_there_is_none_of_holds_no_records(world: World, code: str) -> None:
    with pytest.raises(Refused):
        add(world, code, "nonsense", title="x")
    with pytest.raises(NotVisible):
        page(world, code, "nonsense")


def test_a_complaint_closes_only_with_its_handling_and_result_and_never_opens_again(world: World, code: str) -> None:
    subject = add(world, code, "complaint", day="2026-03-01", subject="漏电", content="配电柜漏电").subject
    with pytest.raises(Invalid) as raised:
        amend(world, subject, status="closed")
    assert rules(raised) == {("complaint.handling", "field.required"), ("complaint.result", "field.required")}
    amend(world, subject, status="handling", handling="更换断路器")
    with pytest.raises(Refused) as back:
        amend(world, subject, status="open")
    assert back.value.code == "state"
    amend(world, subject, status="closed", result="客户满意")
    with pytest.raises(Invalid):
        amend(world, subject, result="")
    with pytest.raises(Refused):
        amend(world, subject, status="handling")
    assert Record.objects.get().status == "closed"


def test_only_what_differs_is_written_and_each_deed_is_a_version_told_in_the_history(world: World, code: str) -> None:
    subject = add(world, code, "contract", title="供货", amount="100").subject
    assert amend(world, subject, title="供货", amount="100.00").outcome["changed"] == []
    assert amend(world, subject, amount="200").outcome["changed"] == ["contract.amount"]
    by = world.actor("clerk")
    newest, opened, *_ = present.history(by, selectors.dossier_by_code(by, code))
    assert [(each.key, each.holder, each.before, each.after) for each in newest.changes] == [
        ("contract#1.amount", "contract#1", "100.00", "200.00")
    ]
    assert {each.key for each in opened.changes} == {"contract#1.title", "contract#1.amount", "contract#1.status"}
    assert Record.objects.get().amount_fen == 20_000


def test_a_value_somebody_else_changed_meanwhile_makes_the_deed_stale_and_no_other(world: World, code: str) -> None:
    subject = add(world, code, "contract", title="供货", amount="100").subject
    add(world, code, "contract", title="别的合同")
    base = Dossier.objects.get(code=code).version_no
    amend(world, subject, amount="200")
    amend(world, f"record:{code}/contract/2", base=base, amount="7")
    amend(world, subject, base=base, title="供货及安装")
    with pytest.raises(Refused) as raised:
        amend(world, subject, base=base, amount="300")
    assert (raised.value.code, raised.value.missing) == ("stale", ("contract.amount",))


def test_what_is_taken_out_is_neither_shown_nor_counted_and_its_number_never_given_again(
    world: World, code: str
) -> None:
    subject = add(world, code, "contract", title="供货", amount="100").subject
    with pytest.raises(Refused) as denied:
        world.do("record.remove", subject, RemoveRecord(), by="clerk", reason="重复登记")
    assert denied.value.articles == ("3.1c",)
    world.do("record.remove", subject, RemoveRecord(), by="archivist", reason="重复登记")
    assert page(world, code, "contract").rows == []
    assert rows.tallies(Dossier.objects.get(code=code)) == {}
    with pytest.raises(NotVisible):
        amend(world, subject, title="再来")
    assert add(world, code, "contract", title="新合同").outcome["no"] == 2
    by = world.actor("clerk")
    events = present.history(by, selectors.dossier_by_code(by, code))
    assert ("contract#1.removed", "") in {(each.key, each.before) for each in events[1].changes}


def test_credit_lapses_by_its_day_and_is_kept(frozen_clock: Clock, world: World, code: str) -> None:
    add(world, code, "credit", day="2026-03-01", kind="违约", amount="5000", expires_on="2026-03-03")
    add(world, code, "credit", day="2026-03-01", kind="rating", rating="AA")
    assert page(world, code, "credit").tally.count == 2
    frozen_clock.advance(days=1)
    assert page(world, code, "credit").tally.count == 2, "the day itself still counts"
    frozen_clock.advance(days=1)
    found = page(world, code, "credit")
    assert [texts(each)["credit.kind"] for each in found.rows] == ["rating"]
    assert (found.tally.count, found.tally.amount_fen) == (1, 0)
    assert Record.objects.count() == 2


def test_a_person_in_a_record_is_sealed_masked_and_dies_with_the_key(world: World, code: str) -> None:
    add(world, code, "department", name="工程部", head="欧阳埋名")
    row = Record.objects.get()
    assert "欧阳".encode() not in bytes(row.bag)
    assert texts(page(world, code, "department").rows[0])["department.head"] == "欧**"
    before = state_digest()
    subjects.destroy(record_ref(row.pk))
    shown = texts(page(world, code, "department").rows[0])
    assert (shown["department.name"], shown["department.head"]) == ("工程部", present.ERASED)
    assert state_digest() != before
    with pytest.raises(Refused) as raised:
        amend(world, f"record:{code}/department/1", head="他人")
    assert raised.value.code == "state"
    amend(world, f"record:{code}/department/1", name="工程技术部")


def test_pages_follow_each_other_without_gap_or_double_and_leave_one_look_each(world: World, code: str) -> None:
    for number in range(7):
        add(world, code, "interaction", day=f"2026-03-{1 + number // 2:02d}", kind="call", subject=str(number))
    add(world, code, "complaint", day="2026-03-02", subject="漏电", content="配电柜漏电")
    by, seen, after = world.actor("clerk"), [], None
    dossier = selectors.dossier_by_code(by, code)
    before = Look.objects.count()
    while True:
        found = present.timeline(by, dossier, modules=("interaction", "complaint"), after=after, limit=3)
        seen += [each.headline for each in found.rows]
        after = found.next
        if after is None:
            break
    assert seen == ["6", "5", "4", "漏电", "3", "2", "1", "0"]
    assert Look.objects.count() - before == 3
    with pytest.raises(Refused):
        present.timeline(by, dossier, after="nonsense")


def test_a_filed_dossier_takes_no_record(world: World, code: str) -> None:
    Dossier.objects.filter(code=code).update(filed_us=1)
    with pytest.raises(Refused) as raised:
        add(world, code, "contract", title="供货", by="archivist")
    assert (raised.value.code, raised.value.articles) == ("denied", ("3.1c",))


def test_who_does_not_see_the_dossier_finds_none_of_its_records(world: World, code: str) -> None:
    subject = add(world, code, "contract", title="供货").subject
    for name in ("stranger", "sysop", "auditor"):
        with pytest.raises(NotVisible):
            amend(world, subject, by=name, title="别人的")
        with pytest.raises(NotVisible):
            rows.held(world.actor(name), subject)


def test_the_state_of_the_site_covers_its_records(world: World, code: str) -> None:
    before = state_digest()
    subject = add(world, code, "contract", title="供货").subject
    after = state_digest()
    amend(world, subject, title="安装")
    assert len({before, after, state_digest()}) == 3


def test_of_an_erased_customer_the_records_are_read_and_none_is_written(world: World) -> None:
    code = world.open("欧阳埋名", kind="person")
    subject = add(world, code, "contract", title="家庭装修", amount="100").subject
    subjects.destroy(person_ref(Dossier.objects.get(code=code).pk))
    assert texts(page(world, code, "contract").rows[0])["contract.title"] == "家庭装修"
    for write in (lambda: amend(world, subject, amount="200"), lambda: add(world, code, "contract", title="第二份")):
        with pytest.raises(Refused) as raised:
            write()
        assert raised.value.code == "state"
    assert Record.objects.count() == 1
