"""People who try to sign twice, to sign for others, to push others aside, or to read what does not concern them."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.governance.flows.models import Signature
from kedang.governance.flows.selectors import call_for
from kedang.governance.flows.signing import MOST_EXTRA, add_signer, saw_of, sign
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.people.models import Delegation, Staff
from tests.databases import Site
from tests.flows.signed import agree, appoint, company, seen
from tests.flows.test_signing import BOTH, HEAD, name_of, opened, refusal
from tests.world import World

DIRECTOR = {"of": {"post": "director"}, "title": "总监"}
CHECKED = {**HEAD, "kind": "checklist", "checklist": "points"}
POINTS = {"points": {"title": "核对", "points": {"name": "名称一致"}}}


def stand_in(world: World, principal: str, deputy: str) -> None:
    now = clock.now_us()
    Delegation.objects.create(
        staff=Staff.objects.get(username=principal), deputy=Staff.objects.get(username=deputy), from_us=now - 1,
        until_us=now + 86_400_000_000, reason="出差",
    )  # fmt: skip


def test_one_person_in_both_posts_signs_once_even_where_the_flow_does_not_mind(site: Site) -> None:
    world = company([BOTH], flow={"distinct": False})
    appoint(world, "archivist", "manager_general", "HQ")
    call = world.amend(opened(world), short_name="示例")
    agree(world, call, "archivist")
    assert refusal(world, call, "archivist") == "denied"
    assert Signature.objects.count() == 1


def test_neither_the_applicant_nor_a_deputys_deputy_stands_in(site: Site) -> None:
    world = company([{**HEAD, "delegable": True}])
    call = world.amend(opened(world), short_name="示例")
    stand_in(world, "head", "clerk")
    stand_in(world, "head", "manager")
    stand_in(world, "manager", "boss")
    assert refusal(world, call, "clerk") == "denied"
    assert refusal(world, call, "boss") == "denied"
    assert agree(world, call, "manager").state == "done"
    assert Signature.objects.get().on_behalf == "head"
    assert b'"for":"head"' in bytes(Entry.objects.get(op="request.sign", outcome="done").body)


def test_an_applicant_who_may_sign_alone_still_signs_for_nobody_else(site: Site) -> None:
    world = company([{**HEAD, "delegable": True}], flow={"self_approval": True})
    call = world.amend(opened(world), short_name="示例")
    stand_in(world, "head", "clerk")
    assert refusal(world, call, "clerk") == "denied"


def test_a_deputy_sees_what_waits_for_the_other_and_not_what_is_past(site: Site) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例")
    agree(world, call, "head")
    stand_in(world, "head", "manager")
    with pytest.raises(NotVisible):
        call_for(world.actor("manager"), call.pk)


def test_an_extra_signature_takes_no_seat_from_its_signer(site: Site) -> None:
    """Otherwise the first signer could push the second aside, and the superior would sign instead."""
    world = company([HEAD, DIRECTOR])
    call = world.amend(opened(world), short_name="示例")
    add_signer(call.pk, by=world.actor("head"), signer="archivist", before=True)
    agree(world, call, "archivist")
    agree(world, call, "head")
    assert refusal(world, call, "boss") == "denied"
    assert agree(world, call, "archivist").state == "done"


def test_extra_signers_come_to_an_end(site: Site) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例")
    for number in range(MOST_EXTRA):
        name = f"more{number}"
        Staff.objects.create(username=name, name=name, unit=world.units["XA"], created_us=clock.now_us())
        add_signer(call.pk, by=world.actor("head"), signer=name, before=False)
    with pytest.raises(Refused) as no:
        add_signer(call.pk, by=world.actor("head"), signer="boss", before=False)
    assert no.value.code == "denied"


def test_a_checklist_carries_no_words_of_its_signer_into_the_ledger(site: Site) -> None:
    world = company([CHECKED], checklists=POINTS)
    call = world.amend(opened(world), short_name="示例")
    assert refusal(world, call, "head", ticked=("name", "13912345678")) == "invalid"
    assert agree(world, call, "head", ticked=("name", "name")).state == "done"
    assert Signature.objects.get().ticked == "name"


@pytest.mark.parametrize("who", ["auditor", "boss"])
def test_who_only_audits_sees_that_it_was_asked_and_not_what_it_says(site: Site, who: str) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例", grade="甲")
    page = seen(world, call, who)
    assert {line.field for line in page.lines} == {"short_name", "grade"}
    assert not any(line.before or line.after or line.now for line in page.lines)
    assert {line.after for line in seen(world, call, "head").lines} == {"示例", "甲"}


def test_what_was_seen_at_one_step_is_no_signature_at_another(site: Site) -> None:
    world = company([HEAD, DIRECTOR])
    call = world.amend(opened(world), short_name="示例")
    first = saw_of(call)
    agree(world, call, "head")
    with pytest.raises(Refused) as no:
        sign(call.pk, by=world.actor("archivist"), verdict="agree", saw=first)
    assert no.value.code == "stale"
    assert name_of(Call.objects.get(pk=call.pk).subject.removeprefix("dossier:")) == ""


def test_signatures_before_a_return_are_not_used_again(site: Site) -> None:
    world = company([HEAD, DIRECTOR])
    call = world.amend(opened(world), short_name="示例")
    agree(world, call, "head")
    agree(world, call, "archivist", "return", comment="再看", to_step=0)
    assert refusal(world, call, "archivist") == "denied"
    agree(world, call, "head")
    assert agree(world, call, "archivist").state == "done"
    assert list(Signature.objects.order_by("pk").values_list("void", flat=True)) == [True, True, False, False]


def test_a_token_for_deeds_does_not_sign(site: Site) -> None:
    from kedang.api import doing  # noqa: PLC0415 - the door, with the models it needs

    world = company([HEAD])
    asked: Any = type("Asked", (), {"token_ops": frozenset({"customer.amend"})})()
    with pytest.raises(Refused) as no:
        doing.within_token(asked, world.actor("head"), "request.sign", "dossier:x")
    assert no.value.code == "denied"
