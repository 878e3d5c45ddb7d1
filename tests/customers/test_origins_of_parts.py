"""Records and contacts ask where their values come from, and for consent, like the dossier itself."""

from __future__ import annotations

import pytest

from kedang.customers import delays, provenance, selectors
from kedang.customers.contacts.payloads import AddContact, AmendContact, LeadContact
from kedang.customers.models import Contact, Dossier, Origin
from kedang.customers.origin_payloads import GiveConsent, OriginIn, VerifyValue, WithdrawConsent
from kedang.customers.records.payloads import AddRecord, AmendRecord
from kedang.kernel.errors import Invalid
from kedang.ledger.models import Look
from kedang.packs import in_force
from tests.conftest import Clock
from tests.customers.sourced import VISIT, amended, opened, sourced_world
from tests.databases import Site
from tests.world import World

BANK = OriginIn(source="bank", learned_on="2026-03-01", supplier="某某银行 李经理")


@pytest.fixture
def world(site: Site, frozen_clock: Clock) -> World:
    return sourced_world()


@pytest.fixture
def code(world: World) -> str:
    return opened(world, VISIT, contact_name="王小明")


def found(no: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(each.field, each.rule) for each in no.value.findings}


def test_a_second_contact_says_where_it_comes_from_and_agrees_for_itself(world: World, code: str) -> None:
    values = {"contact.name": "李四", "contact.phones": "13900139000"}
    with pytest.raises(Invalid) as no:
        world.do("contact.add", f"dossier:{code}", AddContact(values=values))
    assert found(no) == {("contact.phones", "origin.required")}
    with pytest.raises(Invalid) as no:
        world.do("contact.add", f"dossier:{code}", AddContact(values={**values, "contact.birthday": "1990-05-06"},
                                                              origin=VISIT))  # fmt: skip
    assert found(no) == {("contact.birthday", "consent.required")}
    subject = world.do("contact.add", f"dossier:{code}", AddContact(values=values, origin=VISIT)).outcome["contact"]
    second = Contact.objects.get(is_main=False)
    assert Origin.objects.get(slot=f"contact#{second.pk}.phones").source == "visit"
    main = Contact.objects.get(is_main=True)
    world.do("consent.give", f"contact:{code}/{main.pk}", GiveConsent(purpose="greeting", method="当面签字"))
    born = AmendContact(values={"contact.birthday": "1990-05-06"})
    with pytest.raises(Invalid):
        world.do("contact.amend", subject, born)
    world.do("consent.give", subject, GiveConsent(purpose="greeting", method="当面签字"))
    world.do("contact.amend", subject, born)
    by = world.actor("clerk")
    dossier = selectors.dossier_by_code(by, code)
    assert {each.name for each in provenance.persons_of(by, dossier).values()} == {"王小明", "李四"}


def test_a_record_has_its_origins_and_its_values_can_be_checked(world: World, code: str) -> None:
    payload = AddRecord(module="interaction", values={"interaction.day": "2026-03-01", "interaction.kind": "visit"},
                        origin=BANK)  # fmt: skip
    world.do("record.add", f"dossier:{code}", payload)
    assert Origin.objects.get(slot="interaction#1.day").source == "bank"
    checked = VerifyValue(fields=("interaction#1.day",), method="电话核对", base_version=2)
    world.do("customer.verify", f"dossier:{code}", checked)
    dossier = Dossier.objects.get(code=code)
    assert provenance.marks(dossier, ["interaction#1.day"])["interaction#1.day"].verdict == "right"
    subject = f"record:{code}/interaction/1"
    world.do("record.amend", subject, AmendRecord(values={"interaction.day": "2026-03-02"}))
    assert provenance.marks(dossier, ["interaction#1.day"])["interaction#1.day"] == provenance.Mark()


def test_what_is_shown_is_masked_on_record_and_reckoned_by_the_clock(world: World, code: str) -> None:
    late = OriginIn(source="bank", learned_on="2026-02-20", supplier="某某银行 李经理", evidence="移交清单 7")
    amended(world, code, {"scale": "大型", "contact.phones": "13800138000"}, late)
    by = world.actor("clerk")
    looks = Look.objects.count()
    shown = provenance.origins_of(by, selectors.dossier_by_code(by, code))
    assert Look.objects.count() > looks and "13800138000" not in repr(shown)
    by_key = {each.key: each for each in shown.values}
    scale, name = by_key["scale"], by_key["name"]
    assert (scale.mark.source, scale.supplier, scale.evidence) == ("合作银行", "某某银行 李经理", "移交清单 7")
    assert scale.delay is not None and (scale.delay.days, scale.delay.late, scale.delay.clock) == (10, True, "随变随改")
    assert name.delay is not None and (name.delay.days, name.delay.late, name.delay.clock) == (1, False, "及时建档")
    silent = Origin.objects.filter(slot="name").get()
    silent.learned_us = 0
    assert delays.delay_of(in_force(), silent) is None


def test_the_main_contact_keeps_its_origins_when_another_leads(world: World, code: str) -> None:
    amended(world, code, {"contact.phones": "13800138000"}, VISIT)
    values = {"contact.name": "李四", "contact.phones": "13900139000"}
    subject = world.do("contact.add", f"dossier:{code}", AddContact(values=values, origin=BANK)).outcome["contact"]
    world.do("contact.lead", subject, LeadContact())
    dossier = Dossier.objects.get(code=code)
    assert provenance.marks(dossier, ["contact.phones"])["contact.phones"].source == "合作银行"


def test_consents_of_the_dossier_are_told_with_their_state(world: World, code: str, frozen_clock: Clock) -> None:
    person = f"contact:{code}/{Contact.objects.get().pk}"
    given = GiveConsent(purpose="greeting", method="当面签字", until="2026-03-03")
    world.do("consent.give", person, given)
    by = world.actor("clerk")

    def states() -> list[tuple[str, bool]]:
        shown = provenance.origins_of(by, selectors.dossier_by_code(by, code))
        return [(each.state, each.told) for each in shown.consents]

    assert states() == [("in_force", True)]
    frozen_clock.advance(days=3)
    assert states() == [("expired", True)]
    world.do("consent.give", person, given.model_copy(update={"until": ""}))
    world.do("consent.withdraw", person, WithdrawConsent(purpose="greeting"))
    assert sorted(states()) == [("withdrawn", True), ("withdrawn", True)]
