"""A dossier granted for a time is read for that time and no more; a filed one opens by grant where the pack says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from kedang.customers import present, selectors
from kedang.customers.finding import find
from kedang.customers.models import Dossier
from kedang.customers.payloads import AmendDossier, AssignDossier, FileDossier, RevealField
from kedang.kernel import clock
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.people import grants
from kedang.people.models import Grant
from tests.company import PLAIN, Company
from tests.world import GOOD_CODE, World

HOUR = 3_600_000_000
WHY = "客户要求核对"


def give(who: str, dossier: Dossier, staff: int, *, hours: int = 1, clear: bool = False, call: int = 0) -> Grant:
    now = clock.now_us()
    return grants.give(
        staff, dossier.ref, dossier.pk, since_us=now, until_us=now + hours * HOUR, purpose=who, clear=clear, call=call
    )


@pytest.fixture
def dossier(world: World) -> Dossier:
    world.open("西安示例机电公司", contact_name="王小明", contact_phones="13800138000")
    return Dossier.objects.get()


def test_a_granted_dossier_is_read_for_the_time_and_no_more(world: World, dossier: Dossier) -> None:
    stranger = world.staff["stranger"]
    assert not find(world.actor("stranger"), "示例").rows
    given = give("stranger", dossier, stranger.pk)
    by = world.actor("stranger")
    assert [row.pk for row in find(by, "示例").rows] == [dossier.pk]
    assert present.opened(by, selectors.dossier_by_code(by, dossier.code)).name == dossier.name
    assert not selectors.would_see(by, dossier)
    Grant.objects.filter(pk=given.pk).update(until_us=clock.now_us())
    with pytest.raises(NotVisible):
        selectors.dossier_by_code(world.actor("stranger"), dossier.code)


@pytest.mark.parametrize(
    ("op", "payload", "who"),
    [
        ("customer.amend", AmendDossier(values={"note": "x"}), "stranger"),
        ("customer.assign", AssignDossier(owner="stranger"), "head"),
        ("customer.file", FileDossier(), "head"),
        ("customer.reveal", RevealField(field="contact.phones"), "stranger"),
    ],
)
def test_a_grant_is_for_reading(world: World, dossier: Dossier, op: str, payload: Payload, who: str) -> None:
    Dossier.objects.update(unit=world.units["BJ" if who == "head" else "XA"])
    give(who, dossier, world.staff[who].pk)
    with pytest.raises(Refused) as no:
        world.do(op, dossier.ref, payload, by=who, reason=WHY)
    assert no.value.code == "denied"


def test_a_clear_grant_lets_reveal(world: World, dossier: Dossier) -> None:
    give("stranger", dossier, world.staff["stranger"].pk, clear=True)
    call = world.do("customer.reveal", dossier.ref, RevealField(field="contact.phones"), by="stranger", reason=WHY)
    by = world.actor("stranger")
    shown = present.revealed(by, dossier, "contact.phones", call=call.pk, done_us=call.done_us)
    assert shown == "+8613800138000"


def test_a_grant_is_capped_by_clearance_and_by_office(world: World, dossier: Dossier) -> None:
    for who in ("stranger", "sysop"):
        give(who, dossier, world.staff[who].pk)
    Dossier.objects.update(level=3)
    for who in ("stranger", "sysop"):
        assert not selectors.visible_to(world.actor(who)).exists()


def test_grants_end_by_call_by_person_and_by_subject(world: World, dossier: Dossier) -> None:
    now = clock.now_us()
    staff = world.staff["stranger"].pk
    assert give("x", dossier, staff, call=7) == give("x", dossier, staff, call=7), "once for a call"
    assert Grant.objects.count() == 1
    for named in ({"call": 7}, {"staff_pk": staff}, {"subject": dossier.ref}):
        Grant.objects.update(revoked_us=0)
        assert grants.take_back(at_us=now + 1, **named) == 1
        assert grants.granted(staff, now + 2) == grants.Granted()
    with pytest.raises(ValueError, match="name"):
        grants.take_back(at_us=now)


@pytest.fixture
def firm(company: Callable[..., Company]) -> Company:
    """The plain regulation, but what is filed opens by grant alone."""
    pack = yaml.safe_load(PLAIN.read_bytes())
    for kind in pack["kinds"].values():
        kind["states"]["filed"] |= {"by_grant": True, "article": "3.1c"}
    firm = company(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False).encode())
    firm.open(
        "西安示例机电公司", by="entry_clerk", credit_code=GOOD_CODE, region="610100", contact_name="王小明",
        contact_phones="13800138000",
    )  # fmt: skip
    firm.do("customer.file", Dossier.objects.get().ref, FileDossier(), by="archivist")
    return firm


def test_what_is_filed_is_listed_and_opens_by_grant(firm: Company) -> None:
    dossier = Dossier.objects.get()
    by = firm.actor("entry_clerk")
    assert [row.code for row in present.listed(by, find(by, "示例").rows)] == [dossier.code]
    for look in (present.opened, present.editable, present.history, present.lookers):
        with pytest.raises(Refused) as no:
            look(by, dossier)
        assert (no.value.code, no.value.articles) == ("denied", ("3.1c",))
    with pytest.raises(Refused) as no:
        firm.do("customer.reveal", dossier.ref, RevealField(field="contact.phones"), by="entry_clerk", reason=WHY)
    assert (no.value.code, no.value.articles) == ("denied", ("3.1c",))
    assert present.opened(firm.actor("archivist"), dossier).name, "who files needs no grant"
    give("entry_clerk", dossier, firm.staff["entry_clerk"].pk)
    assert present.opened(firm.actor("entry_clerk"), dossier).name == dossier.name
    with pytest.raises(Refused):
        firm.do("customer.reveal", dossier.ref, RevealField(field="contact.phones"), by="entry_clerk", reason=WHY)
    give("entry_clerk", dossier, firm.staff["entry_clerk"].pk, clear=True)
    assert firm.do(
        "customer.reveal", dossier.ref, RevealField(field="contact.phones"), by="entry_clerk", reason=WHY
    ).state == "done"  # fmt: skip
