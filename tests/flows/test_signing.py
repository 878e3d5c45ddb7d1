"""Approvals: nothing is done before the last signature, and the right people give it."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.models import Contact, Dossier
from kedang.governance.flows.selectors import asked_by, call_for, waiting_for
from kedang.governance.flows.signing import add_signer, saw_of, sign, withdraw
from kedang.governance.models import Call, Claim
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.people.models import Staff
from tests.databases import Site
from tests.flows.signed import agree, appoint, company, seen
from tests.world import World

HEAD = {"of": {"head_of": "applicant_unit"}, "title": "部门负责人审核"}
BOTH = {"all": [{"post": "director"}, {"post": "manager_general"}], "title": "总监与总经理"}


def opened(world: World) -> str:
    return world.open("西安示例机电有限公司")


def name_of(code: str) -> str:
    return Dossier.objects.get(code=code).short_name


def refusal(world: World, call: Call, who: str, **given: Any) -> str:
    with pytest.raises(Refused) as no:
        agree(world, call, who, **given)
    return no.value.code


def test_nothing_changes_before_the_last_signature(site: Site) -> None:
    world = company([HEAD, BOTH])
    code = opened(world)
    call = world.amend(code, short_name="示例机电")
    assert (call.state, name_of(code)) == ("waiting", "")
    assert agree(world, call, "head").state == "waiting"
    assert agree(world, call, "archivist").state == "waiting"
    assert name_of(code) == ""
    done = agree(world, call, "boss")
    assert (done.state, name_of(code)) == ("done", "示例机电")
    last = Entry.objects.filter(op="customer.amend").order_by("-id")[0]
    assert (last.actor_id, last.call_id, last.outcome) == ("clerk", call.pk, "done")
    assert b"head" in bytes(last.body) and b"boss" in bytes(last.body)
    assert bytes(done.payload_ct) == b"" and Claim.objects.count() == 0


def test_joint_signers_sign_in_any_order_and_one_of_them_is_not_enough(site: Site) -> None:
    world = company([BOTH])
    call = world.amend(opened(world), short_name="示例")
    assert agree(world, call, "boss").state == "waiting"
    assert refusal(world, call, "boss") == "denied"
    assert agree(world, call, "archivist").state == "done"


def test_one_person_in_both_posts_signs_once(site: Site) -> None:
    world = company([BOTH])
    appoint(world, "archivist", "manager_general", "HQ")
    call = world.amend(opened(world), short_name="示例")
    assert agree(world, call, "archivist").state == "waiting"
    assert refusal(world, call, "archivist") == "denied"
    assert agree(world, call, "boss").state == "done"


def test_signatures_in_a_given_order(site: Site) -> None:
    world = company([{**BOTH, "order": "given"}])
    call = world.amend(opened(world), short_name="示例")
    assert refusal(world, call, "boss") == "denied"
    agree(world, call, "archivist")
    assert agree(world, call, "boss").state == "done"


def test_any_of_several_is_enough(site: Site) -> None:
    world = company([{"any": [{"role": "archivist"}, {"post": "unit_head"}]}])
    call = world.amend(opened(world), short_name="示例")
    assert {each.pk for each in waiting_for(world.actor("head"))} == {call.pk}
    assert agree(world, call, "head").state == "done"
    assert not waiting_for(world.actor("archivist")).exists()


def test_nobody_signs_their_own_request_unless_the_regulation_allows_it(site: Site) -> None:
    world = company([{"of": {"role": "entry_clerk"}}])
    call = world.amend(opened(world), short_name="示例")
    assert refusal(world, call, "clerk") == "denied"
    assert Call.objects.get(pk=call.pk).state == "waiting"


def test_self_approval_where_the_regulation_allows_it(site: Site) -> None:
    world = company([{"of": {"role": "entry_clerk"}}], flow={"self_approval": True})
    call = world.amend(opened(world), short_name="示例")
    assert agree(world, call, "clerk").state == "done"


def test_a_refusal_ends_the_request_and_has_to_say_why(site: Site) -> None:
    world = company([HEAD, BOTH])
    code = opened(world)
    call = world.amend(code, short_name="示例")
    assert refusal(world, call, "head", verdict="refuse") == "incomplete"
    ended = agree(world, call, "head", verdict="refuse", comment="名称与执照不符")
    assert (ended.state, ended.error, name_of(code)) == ("rejected", "名称与执照不符", "")
    assert refusal(world, call, "head") == "state"


def test_sent_back_to_an_earlier_step_it_is_signed_again(site: Site) -> None:
    world = company([HEAD, {"of": {"post": "director"}}, {"of": {"post": "manager_general"}}])
    call = world.amend(opened(world), short_name="示例")
    agree(world, call, "head")
    agree(world, call, "archivist")
    back = agree(world, call, "boss", verdict="return", comment="请部门再核", to_step=0)
    assert (back.state, back.step, back.turn) == ("waiting", 0, 1)
    assert refusal(world, call, "archivist") == "denied"
    for who in ("head", "archivist"):
        assert agree(world, call, who).state == "waiting"
    assert agree(world, call, "boss").state == "done"


def test_given_back_to_the_applicant(site: Site) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例")
    assert agree(world, call, "head", verdict="return", comment="补充依据").state == "returned"


def test_the_applicant_takes_it_back_and_nobody_else(site: Site) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例")
    with pytest.raises(NotVisible):
        withdraw(call.pk, by=world.actor("head"))
    assert withdraw(call.pk, by=world.actor("clerk")).state == "withdrawn"
    assert not waiting_for(world.actor("head")).exists()
    with pytest.raises(Refused):
        withdraw(call.pk, by=world.actor("clerk"))


@pytest.mark.parametrize("before", [True, False])
def test_an_extra_signer(site: Site, before: bool) -> None:
    world = company([HEAD, {"of": {"post": "manager_general"}}])
    call = world.amend(opened(world), short_name="示例")
    add_signer(call.pk, by=world.actor("head"), signer="archivist", before=before)
    order = ["archivist", "head", "boss"] if before else ["head", "archivist", "boss"]
    for who in order[:-1]:
        assert agree(world, call, who).state == "waiting"
    assert agree(world, call, "boss").state == "done"


def test_who_has_no_say_does_not_see_the_request(site: Site) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例")
    for stranger in ("stranger", "query"):
        with pytest.raises(NotVisible):
            call_for(world.actor(stranger), call.pk)
    assert call_for(world.actor("head"), call.pk).pk == call.pk
    assert [each.pk for each in asked_by(world.actor("clerk"))] == [call.pk]


def test_who_looked_at_something_else_signs_nothing(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    call = world.amend(code, short_name="示例")
    saw = saw_of(call)
    Dossier.objects.filter(code=code).update(short_name="别的")
    with pytest.raises(Refused) as no:
        sign(call.pk, by=world.actor("head"), verdict="agree", saw=saw)
    assert no.value.code == "stale"


def test_a_deed_that_could_not_be_done_is_refused_before_anybody_signs(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    with pytest.raises(Invalid):
        world.amend(code, registered_on="昨天的昨天")
    assert not Call.objects.filter(state="waiting").exists()


def test_trying_it_out_leaves_nothing_behind(site: Site) -> None:
    world = company([HEAD], op="customer.open")
    with pytest.raises(Refused):  # World.open wants a code, and there is none yet
        raise Refused("state") if Dossier.objects.exists() else _open(world)
    assert (Dossier.objects.count(), Contact.objects.count()) == (0, 0)
    call = Call.objects.get()
    assert agree(world, call, "head").state == "done"
    assert Dossier.objects.get().name == "西安新客户有限公司"


def _open(world: World) -> Refused:
    with pytest.raises(KeyError):
        world.open("西安新客户有限公司", contact_name="王小明", contact_phones="13800138000")
    return Refused("waits")


def test_the_signer_sees_old_and_new_masked_and_their_step(site: Site) -> None:
    world = company([HEAD])
    code = world.open("西安示例机电有限公司", contact_phones="13800138000")
    call = world.amend(code, contact_phones="13900139000", short_name="示例")
    page = seen(world, call, "head")
    lines = {line.field: line for line in page.lines}
    assert (lines["short_name"].before, lines["short_name"].after) == ("", "示例")
    assert "13900139000" not in lines["contact.phones"].after and "13800138000" not in lines["contact.phones"].before
    assert page.may_sign and page.steps[0].present and page.steps[0].asked == ("Head",)
    assert not seen(world, call, "clerk").may_sign and seen(world, call, "clerk").may_withdraw


def test_a_signer_who_left_is_replaced_by_the_head_above(site: Site) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例")
    Staff.objects.filter(username="head").update(is_active=False)
    assert agree(world, call, "boss").state == "done"


def test_where_the_regulation_says_stop_nobody_steps_in(site: Site) -> None:
    world = company([{"of": {"post": "director"}}], flow={"empty_seat": "stop"})
    Staff.objects.filter(username="archivist").update(is_active=False)
    call = world.amend(opened(world), short_name="示例")
    assert refusal(world, call, "boss") == "denied"
    assert seen(world, call, "clerk").steps[0].stuck
