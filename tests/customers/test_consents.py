"""Values that need a person's consent: none without it, on no path; hidden once it is withdrawn."""

from __future__ import annotations

import hashlib

import pytest

from kedang.customers import consents, present, selectors
from kedang.customers.models import Consent, Contact, Dossier
from kedang.customers.origin_payloads import GiveConsent, WithdrawConsent
from kedang.customers.payloads import RevealField
from kedang.kernel.errors import Invalid, NotVisible, Refused
from tests.conftest import Clock
from tests.customers.sourced import VISIT, amended, opened, sourced_world
from tests.databases import Site
from tests.world import World

NOTICE = "只用于生日问候，可随时撤回。"
GREETING = GiveConsent(purpose="greeting", method="当面签字", evidence="同意书 2026-07")


@pytest.fixture
def world(site: Site, frozen_clock: Clock) -> World:
    return sourced_world()


@pytest.fixture
def code(world: World) -> str:
    return opened(world, VISIT, contact_name="王小明")


def person(code: str) -> str:
    return f"contact:{code}/{Contact.objects.get(dossier__code=code, is_main=True).pk}"


def give(world: World, code: str, payload: GiveConsent = GREETING) -> None:
    world.do("consent.give", person(code), payload)


def shown(world: World, code: str, key: str, by: str = "clerk") -> str:
    actor = world.actor(by)
    return present.opened(actor, selectors.dossier_by_code(actor, code)).by_key[key].text


def test_without_consent_the_value_does_not_go_in_and_the_purpose_is_named(world: World, code: str) -> None:
    with pytest.raises(Invalid) as no:
        amended(world, code, {"contact.birthday": "1990-05-06"}, VISIT)
    (finding,) = no.value.findings
    assert (finding.field, finding.rule, finding.params["purpose"]) == (
        "contact.birthday", "consent.required", "生日问候"
    )  # fmt: skip
    assert "生日问候" in finding.what() and "生日问候" in finding.remedy()
    give(world, code)
    assert amended(world, code, {"contact.birthday": "1990-05-06"}, VISIT).state == "done"


def test_a_dossier_is_opened_without_such_values(world: World) -> None:
    with pytest.raises(Invalid) as no:
        opened(world, VISIT, contact_name="王小明", contact_birthday="1990-05-06")
    assert [each.rule for each in no.value.findings] == ["consent.required"]
    assert Dossier.objects.count() == 0
    opened(world, VISIT, kind="person")
    with pytest.raises(Invalid):
        amended(world, Dossier.objects.get().code, {"favourite": "钓鱼"})


def test_the_consent_of_one_person_is_not_that_of_another(world: World) -> None:
    code = opened(world, VISIT, kind="person", contact_name="李四")
    world.do("consent.give", f"dossier:{code}", GREETING)
    amended(world, code, {"favourite": "钓鱼"})
    with pytest.raises(Invalid):
        amended(world, code, {"contact.birthday": "1990-05-06"})
    give(world, code)
    amended(world, code, {"contact.birthday": "1990-05-06"})


def test_what_was_told_is_kept_by_its_digest_and_an_older_text_does_not_count(world: World, code: str) -> None:
    give(world, code)
    assert Consent.objects.get().text_digest == hashlib.sha256(NOTICE.encode()).hexdigest()
    with pytest.raises(Refused) as no:
        give(world, code, GREETING.model_copy(update={"text_digest": "0" * 64}))
    assert no.value.code == "stale"


def test_it_ends_on_its_day(world: World, code: str, frozen_clock: Clock) -> None:
    give(world, code, GREETING.model_copy(update={"until": "2026-03-04"}))
    amended(world, code, {"contact.birthday": "1990-05-06"})
    frozen_clock.set("2026-03-04T23:59:59+08:00")
    amended(world, code, {"contact.birthday": "1990-05-07"})
    frozen_clock.set("2026-03-05T00:00:00+08:00")
    with pytest.raises(Invalid):
        amended(world, code, {"contact.birthday": "1990-05-08"})
    assert shown(world, code, "contact.birthday") == consents.EXPIRED


def test_after_the_withdrawal_the_value_is_hidden_everywhere_and_can_be_emptied(world: World, code: str) -> None:
    give(world, code)
    amended(world, code, {"contact.birthday": "1990-05-06"})
    assert shown(world, code, "contact.birthday") not in ("", consents.WITHDRAWN)
    world.do("consent.withdraw", person(code), WithdrawConsent(purpose="greeting"))
    for by in ("clerk", "archivist", "boss"):
        assert shown(world, code, "contact.birthday", by) == consents.WITHDRAWN
    clerk = world.actor("clerk")
    dossier = selectors.dossier_by_code(clerk, code)
    assert "contact.birthday" not in present.editable(clerk, dossier)
    seen = (present.texts(clerk, dossier, ["contact.birthday"]), present.history(clerk, dossier))
    assert "1990" not in repr(seen)
    with pytest.raises(Refused) as no:
        world.do("customer.reveal", f"dossier:{code}", RevealField(field="contact.birthday"), reason="核对生日")
    assert no.value.code == "denied"
    with pytest.raises(Invalid):
        amended(world, code, {"contact.birthday": "1990-05-07"})
    amended(world, code, {"contact.birthday": ""})
    assert shown(world, code, "contact.birthday") == ""
    with pytest.raises(Refused) as no:
        world.do("consent.withdraw", person(code), WithdrawConsent(purpose="greeting"))
    assert no.value.code == "state"


def test_what_was_withdrawn_is_not_brought_back_by_an_older_day(world: World, code: str, frozen_clock: Clock) -> None:
    give(world, code)
    frozen_clock.advance(days=5)
    world.do("consent.withdraw", person(code), WithdrawConsent(purpose="greeting"))
    with pytest.raises(Invalid) as no:
        give(world, code, GREETING.model_copy(update={"given_on": "2026-03-03"}))
    assert [(each.field, each.rule) for each in no.value.findings] == [("given_on", "consent.older")]
    give(world, code)
    amended(world, code, {"contact.birthday": "1990-05-06"})


@pytest.mark.parametrize(
    ("update", "field", "rule"),
    [
        ({"purpose": "fun"}, "purpose", "code.unknown"),
        ({"given_on": "2026-03-03"}, "given_on", "day.future"),
        ({"until": "2026-03-01"}, "until", "day.past"),
        ({"until": "某天"}, "until", "date.shape"),
    ],
)
def test_what_is_wrong_with_a_consent_is_said_beside_its_part(
    world: World, code: str, update: dict[str, str], field: str, rule: str
) -> None:
    with pytest.raises(Invalid) as no:
        give(world, code, GREETING.model_copy(update=update))
    assert [(each.field, each.rule) for each in no.value.findings] == [(field, rule)]
    assert Consent.objects.count() == 0


def test_an_organisation_agrees_to_nothing_and_a_stranger_finds_nobody(world: World, code: str) -> None:
    with pytest.raises(Refused) as no:
        world.do("consent.give", f"dossier:{code}", GREETING)
    assert no.value.code == "invalid"
    for subject in (f"contact:{code}/999999", f"contact:{code}/", "contact:C1", f"contact:{code}/{'9' * 30}"):
        with pytest.raises(NotVisible):
            world.do("consent.give", subject, GREETING)
    with pytest.raises(NotVisible):
        world.do("consent.give", person(code), GREETING, by="stranger")
    with pytest.raises(Refused) as no:
        world.do("consent.give", person(code), GREETING, by="query")
    assert no.value.code == "denied"
