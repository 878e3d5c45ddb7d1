"""Showing: masked unless revealed, recorded every time, and the past as it was."""

from __future__ import annotations

import pytest

from kedang.customers import present, selectors
from kedang.customers.payloads import RevealField
from kedang.kernel.errors import NotVisible
from kedang.ledger.models import Look
from tests.world import GOOD_CODE, World

PHONE, MAIL, PERSON = "13800138000", "wang@example.com", "王小明"


@pytest.fixture
def code(world: World) -> str:
    return world.open(
        "西安示例机电有限公司", credit_code=GOOD_CODE, contact_name=PERSON, contact_phones=PHONE, contact_email=MAIL
    )


def test_personal_values_are_masked_and_the_look_is_recorded(world: World, code: str) -> None:
    by = world.actor("query")
    shown = present.opened(by, selectors.dossier_by_code(by, code))
    phones = shown.by_key["contact.phones"]
    assert phones.masked
    assert phones.text.endswith("8000")
    assert PHONE not in phones.text
    assert MAIL not in str(shown)
    look = Look.objects.latest("id")
    assert (look.actor_id, look.kind) == ("query", "open")
    assert "contact.phones" in look.fields
    assert [seen.by for seen in present.lookers(by, selectors.dossier_by_code(by, code))] == ["query"]


def test_a_revealed_value_is_whole_and_its_look_names_the_deed(world: World, code: str) -> None:
    call = world.do(
        "customer.reveal", f"dossier:{code}", RevealField(field="contact.phones"), by="query", reason="回访客户"
    )
    by = world.actor("query")
    dossier = selectors.dossier_by_code(by, code)
    assert present.revealed(by, dossier, "contact.phones", call=call.pk, done_us=call.done_us) == "+86" + PHONE
    look = Look.objects.latest("id")
    assert (look.kind, look.fields, look.call_id) == ("reveal", "contact.phones", call.pk)


def test_history_tells_old_and_new_masked(world: World, code: str) -> None:
    world.amend(code, short_name="示例", contact_phones="13900139000")
    by = world.actor("query")
    newest, first = present.history(by, selectors.dossier_by_code(by, code))
    assert (newest.op, newest.by, newest.version, first.version) == ("customer.amend", "clerk", 2, 1)
    changes = {change.key: (change.before, change.after) for change in newest.changes}
    assert changes["short_name"] == ("", "示例")
    assert changes["contact.phones"][0].endswith("8000")
    assert changes["contact.phones"][1].endswith("9000")
    assert PHONE not in str(newest) + str(first)


def test_a_list_is_one_look_for_the_page(world: World, code: str) -> None:
    by = world.actor("clerk")
    before = Look.objects.count()
    present.listed(by, list(selectors.visible_to(by)), query="机电")
    assert Look.objects.count() == before + 1
    assert Look.objects.latest("id").n_ids == 1


def test_an_office_without_content_sees_no_dossier(world: World, code: str) -> None:
    for office in ("sysop", "secop", "auditor"):
        with pytest.raises(NotVisible):
            selectors.dossier_by_code(world.actor(office), code)
