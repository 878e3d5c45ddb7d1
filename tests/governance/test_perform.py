"""The corridor: a deed is done once, or refused with its article, and each leaves evidence."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from kedang.customers.models import Contact, Dossier
from kedang.customers.payloads import AmendDossier, FileDossier, OpenDossier, RevealField
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Entry, Version
from tests.world import GOOD_CODE, World


def ops() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("op", flat=True))


def test_opening_writes_row_version_entry_and_call_together(world: World) -> None:
    code = world.open(
        "西安示例机电有限公司", credit_code=GOOD_CODE, contact_name="王小明", contact_phones="13800138000"
    )
    dossier = Dossier.objects.get(code=code)
    assert (dossier.name, dossier.credit_code, dossier.version_no) == ("西安示例机电有限公司", GOOD_CODE, 1)
    assert dossier.owner_id == world.staff["clerk"].pk
    assert ops() == ["customer.open"]
    entry = Entry.objects.get()
    assert entry.subject_ref == f"dossier:{code}"
    assert Version.objects.filter(dossier=dossier.pk, entry_id=entry.id).count() == 1
    assert Call.objects.get().state == "done"


def test_a_second_dossier_of_the_same_customer_is_refused(world: World) -> None:
    world.open("西安示例机电有限公司", credit_code=GOOD_CODE)
    with pytest.raises(Invalid) as no:
        world.open("另一个名字", credit_code=GOOD_CODE)
    assert [f.rule for f in no.value.findings] == ["customer.duplicate"]
    assert Dossier.objects.count() == 1


def test_wrong_role_is_denied_with_the_article_and_changes_nothing(world: World) -> None:
    code = world.open("西安示例机电有限公司")
    before = Dossier.objects.values().get()
    with pytest.raises(Refused) as no:
        world.amend(code, by="query", short_name="示例")
    assert no.value.code == "denied"
    assert no.value.articles == ("2.2d",)
    assert Dossier.objects.values().get() == before
    last = Entry.objects.order_by("-id")[0]
    assert (last.op, last.outcome) == ("customer.amend", "refused")


@pytest.mark.parametrize("name", ["stranger", "manager", "sysop", "auditor"])
def test_outside_unit_scope_or_office_the_dossier_does_not_exist(world: World, name: str) -> None:
    code = world.open("西安示例机电有限公司")
    with pytest.raises(NotVisible):
        world.amend(code, by=name, short_name="示例")
    assert Dossier.objects.get().short_name == ""


def test_above_the_clearance_the_dossier_does_not_exist(world: World) -> None:
    code = world.open("机密客户有限公司", by="archivist", level="secret")
    with pytest.raises(NotVisible):
        world.amend(code, by="clerk", short_name="示例")


def test_nobody_classifies_above_their_own_clearance(world: World) -> None:
    code = world.open("西安示例机电有限公司")
    with pytest.raises(Refused) as no:
        world.amend(code, level="top_secret")
    assert no.value.code == "denied"
    assert Dossier.objects.get().level == 1


def test_key_field_needs_a_reason(world: World) -> None:
    code = world.open("西安示例机电有限公司")
    with pytest.raises(Refused) as no:
        world.amend(code, reason="", name="西安示例机电股份有限公司")
    assert (no.value.code, no.value.missing) == ("incomplete", ("reason",))


def test_a_reason_with_a_telephone_number_is_refused(world: World) -> None:
    code = world.open("西安示例机电有限公司")
    with pytest.raises(Refused) as no:
        world.amend(code, reason="客户 13800138000 来电", name="西安示例机电股份有限公司")
    assert no.value.code == "invalid"
    assert b"13800138000" not in b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))


def test_the_same_key_gives_the_same_call_and_another_content_is_refused(world: World) -> None:
    by, payload = world.actor("clerk"), OpenDossier(values={"name": "西安示例机电有限公司"})
    first = perform("customer.open", by=by, subject="-", payload=payload, key="k1")
    again = perform("customer.open", by=by, subject="-", payload=payload, key="k1")
    assert (again.pk, again.outcome) == (first.pk, first.outcome)
    assert Dossier.objects.count() == 1
    with pytest.raises(Refused) as no:
        perform("customer.open", by=by, subject="-", payload=OpenDossier(values={"name": "别的公司"}), key="k1")
    assert no.value.code == "key_reused"


def test_two_twins_at_the_same_moment_are_one_deed(world: World) -> None:
    by, payload = world.actor("clerk"), OpenDossier(values={"name": "西安示例机电有限公司"})
    answers: list[int] = []

    def ask() -> None:
        try:
            answers.append(perform("customer.open", by=by, subject="-", payload=payload, key="twin").pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert Dossier.objects.count() == 1


def test_a_stale_change_is_refused_and_names_the_field(world: World) -> None:
    code = world.open("西安示例机电有限公司")
    world.amend(code, short_name="示例")
    by = world.actor("clerk")
    with pytest.raises(Refused) as no:
        perform(
            "customer.amend",
            by=by,
            subject=f"dossier:{code}",
            payload=AmendDossier(values={"short_name": "样本"}, base_version=1),
        )
    assert (no.value.code, no.value.missing) == ("stale", ("short_name",))
    perform(
        "customer.amend", by=by, subject=f"dossier:{code}", payload=AmendDossier(values={"grade": "A"}, base_version=1)
    )
    assert (Dossier.objects.get().short_name, Dossier.objects.get().grade) == ("示例", "A")


def test_warnings_ask_for_confirmation_and_stay_with_the_value(world: World) -> None:
    odd = GOOD_CODE[:-1] + ("0" if GOOD_CODE[-1] != "0" else "1")
    values = {"name": "西安示例机电有限公司", "credit_code": odd}
    with pytest.raises(Invalid):
        world.do("customer.open", "-", OpenDossier(values=values))
    with pytest.raises(Refused) as no:
        world.do("customer.open", "-", OpenDossier(values=values, confirm=True))
    assert no.value.missing == ("reason",)
    world.do("customer.open", "-", OpenDossier(values=values, confirm=True), reason="执照原件如此")
    dossier = Dossier.objects.get()
    assert dossier.credit_code == odd
    assert dossier.findings.startswith("credit_code:")


def test_an_error_names_field_and_rule_and_nothing_is_half_written(world: World) -> None:
    with pytest.raises(Invalid) as no:
        world.open("西安示例机电有限公司", contact_name="王小明", contact_email="不是邮箱")
    assert ("contact.email", "error") in {(f.field, f.severity) for f in no.value.findings}
    assert (Dossier.objects.count(), Contact.objects.count(), Version.objects.count()) == (0, 0, 0)


def test_a_field_the_dictionary_does_not_have_cannot_be_collected(world: World) -> None:
    with pytest.raises(Invalid) as no:
        world.do("customer.open", "-", OpenDossier(values={"name": "某公司", "zodiac": "龙"}))
    assert [f.rule for f in no.value.findings] == ["field.unknown"]


def test_a_filed_dossier_is_read_only_and_the_article_says_so(world: World) -> None:
    code = world.open(
        "西安示例机电有限公司",
        credit_code=GOOD_CODE,
        region="610100",
        contact_name="王小明",
        contact_phones="13800138000",
    )
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    with pytest.raises(Refused) as no:
        world.amend(code, short_name="示例")
    assert (no.value.code, no.value.articles) == ("denied", ("3.1c",))


def test_filing_says_what_is_missing(world: World) -> None:
    code = world.open("西安示例机电有限公司")
    with pytest.raises(Invalid) as no:
        world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    assert "credit_code" in {f.field for f in no.value.findings}
    assert Dossier.objects.get().filed_us == 0


def test_revealing_asks_for_a_reason_and_is_recorded_without_the_value(world: World) -> None:
    code = world.open("西安示例机电有限公司", contact_name="王小明", contact_phones="13800138000")
    with pytest.raises(Refused) as no:
        world.do("customer.reveal", f"dossier:{code}", RevealField(field="contact.phones"))
    assert no.value.missing == ("reason",)
    world.do("customer.reveal", f"dossier:{code}", RevealField(field="contact.phones"), reason="回访客户")
    entry = Entry.objects.order_by("-id")[0]
    assert entry.op == "customer.reveal"
    assert b"8000" not in bytes(entry.body)
