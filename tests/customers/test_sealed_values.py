"""Ciphertext is bound to its place: what is moved, cut or changed in the database does not open."""

from __future__ import annotations

import pytest
from django.db import connection

from kedang.customers import present, sealing, selectors
from kedang.customers.finding import find
from kedang.customers.models import Contact, Dossier
from kedang.customers.payloads import RevealField
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.ledger import versions_of
from kedang.vault.cipher import Tampered
from tests.world import World


@pytest.fixture
def two(world: World) -> list[str]:
    return [
        world.open(
            "甲机电有限公司", contact_name="王小明", contact_phones="13800138000", identity_number="11010519491231002X"
        ),
        world.open("乙机电有限公司", contact_name="李小红", contact_phones="13900139000"),
    ]


def show(world: World, code: str) -> present.ShownDossier:
    by = world.actor("clerk")
    return present.opened(by, selectors.dossier_by_code(by, code))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_contact SET phones_ct = (SELECT phones_ct FROM customers_contact WHERE id = 1) WHERE id = 2",
        "UPDATE customers_contact SET name_ct = phones_ct WHERE id = 2",
        "UPDATE customers_contact SET email_ct = phones_ct WHERE id = 2",
        "UPDATE customers_contact SET phones_ct = substr(phones_ct, 1, 30) WHERE id = 2",
    ],
)
def test_a_value_swapped_in_the_database_does_not_open(world: World, two: list[str], statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(Tampered) as no:
        show(world, two[1])
    assert "1380013" not in str(no.value)
    assert show(world, two[0]).by_key["contact.phones"].text.endswith("8000"), "the other one is untouched"


def test_an_identity_number_moved_to_another_dossier_does_not_open(world: World, two: list[str]) -> None:
    first, second = Dossier.objects.order_by("pk")
    Dossier.objects.filter(pk=second.pk).update(identity_ct=first.identity_ct)
    shown = show(world, two[1]).by_key["identity_number"]
    assert shown.text == present.ERASED, "there is no key of such a person"
    assert show(world, two[0]).by_key["identity_number"].text.endswith("002X")


def test_an_index_entry_pointed_at_another_contact_finds_nobody(world: World, two: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_tail SET contact_id = 2, dossier_id = 2 WHERE contact_id = 1")
    assert find(world.actor("clerk"), "13800138000").rows == []


def test_the_same_value_is_never_the_same_ciphertext(world: World) -> None:
    for name in "甲乙":
        world.open(f"{name}公司", contact_phones="13800138000")
    assert len(set(Contact.objects.values_list("phones_ct", flat=True))) == 2


def test_a_reveal_is_shown_only_to_who_was_allowed_it(world: World, two: list[str]) -> None:
    payload = RevealField(field="contact.phones")
    call = world.do("customer.reveal", f"dossier:{two[0]}", payload, by="query", reason="回访客户")
    by, other = world.actor("query"), world.actor("head")
    first, second = (selectors.dossier_by_code(other, code) for code in two)
    tries = ((other, first, "contact.phones"), (by, second, "contact.phones"), (by, first, "contact.name"))
    for who, dossier, key in tries:
        with pytest.raises(Refused) as no:
            present.revealed(who, dossier, key, call=call.pk, done_us=clock.now_us())
        assert no.value.code == "denied"
    with pytest.raises(Refused):
        present.revealed(by, first, "contact.phones", call=0, done_us=clock.now_us())
    assert present.revealed(by, first, "contact.phones", call=call.pk, done_us=call.done_us) == "+8613800138000"


def test_a_delta_opens_for_its_dossier_and_number_alone(world: World, two: list[str]) -> None:
    version = versions_of(1).get()
    assert sealing.open_delta("organisation", 1, 1, version.delta_ct)
    for kind, dossier, no in (("organisation", 2, 1), ("organisation", 1, 2)):
        with pytest.raises(Tampered):
            sealing.open_delta(kind, dossier, no, version.delta_ct)
