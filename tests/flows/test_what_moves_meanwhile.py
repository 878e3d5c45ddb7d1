"""Between the request and the last signature: people leave, others write, the regulation changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kedang.customers.models import Dossier
from kedang.governance.flows import limits
from kedang.governance.flows.selectors import waiting_for
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.ledger.models import Entry
from kedang.messages.models import Notice
from kedang.packs.services import adopt
from kedang.people.models import Delegation, Staff, StaffRole
from tests.databases import Site
from tests.flows.signed import agree, company, pack_with, seen
from tests.flows.test_signing import BOTH, HEAD, name_of, opened, refusal
from tests.world import World


def test_two_people_change_the_same_field_and_the_later_request_turns_stale(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    one = world.amend(code, short_name="甲", industry="C13")
    two = world.amend(code, by="archivist", short_name="乙", postcode="710000")
    assert agree(world, one, "head").state == "done"
    page = seen(world, two, "boss")
    short = next(line for line in page.lines if line.field == "short_name")
    assert page.stale and (short.before, short.now, short.after) == ("", "甲", "乙")
    ended = agree(world, two, "boss")
    assert (ended.state, ended.outcome["moved"]) == ("stale", ["short_name"])
    dossier = Dossier.objects.get(code=code)
    assert (dossier.short_name, dossier.postcode) == ("甲", "")
    assert Entry.objects.filter(op="request.sign").count() == 2, "the signature stands"
    refused = Entry.objects.filter(op="customer.amend", outcome="refused").get()
    assert b"short_name" in bytes(refused.body)
    kept = next(line for line in seen(world, two, "archivist").lines if line.field == "short_name")
    assert (kept.before, kept.now, kept.after) == ("", "甲", "乙")


def test_two_requests_on_different_fields_both_pass(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    one, two = world.amend(code, short_name="甲"), world.amend(code, by="archivist", postcode="710000")
    assert agree(world, one, "head").state == agree(world, two, "boss").state == "done"
    assert (name_of(code), Dossier.objects.get(code=code).postcode) == ("甲", "710000")


def test_where_the_regulation_says_so_a_change_begins_the_signing_anew(site: Site) -> None:
    world = company([HEAD], flow={"on_change": "restart"})
    code = opened(world)
    one, two = world.amend(code, short_name="甲"), world.amend(code, by="archivist", short_name="乙")
    agree(world, one, "head")
    again = agree(world, two, "boss")
    assert (again.state, again.step, again.turn, name_of(code)) == ("waiting", 0, 1, "甲")
    assert agree(world, again, "boss").state == "done"
    assert name_of(code) == "乙"


def test_an_applicant_who_leaves_leaves_nothing_behind_to_be_done(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    call = world.amend(code, short_name="示例")
    Staff.objects.filter(username="clerk").update(is_active=False)
    limits.tick(clock.now_us())
    assert Call.objects.get(pk=call.pk).state == "void"
    assert refusal(world, call, "head") == "state"
    assert name_of(code) == ""


def test_an_applicant_who_lost_the_right_gets_nothing_done_but_the_signature_stands(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    call = world.amend(code, short_name="示例")
    StaffRole.objects.filter(staff__username="clerk").delete()
    ended = agree(world, call, "head")
    assert (ended.state, name_of(code)) == ("denied", "")
    assert ended.signatures.count() == 1


def test_a_new_regulation_may_ask_for_more_and_then_the_request_is_overtaken(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    call = world.amend(code, short_name="示例")
    now = clock.now_us()
    adopt(pack_with([HEAD, BOTH], edition="2"), "new.yaml", by="boss", at_us=now, effective_us=now)
    ended = agree(world, call, "head")
    assert (ended.state, name_of(code)) == ("superseded", "")


def test_a_new_regulation_that_asks_for_less_takes_no_signature_away(site: Site) -> None:
    world = company([HEAD, BOTH])
    code = opened(world)
    call = world.amend(code, short_name="示例")
    now = clock.now_us()
    adopt(pack_with([], edition="2"), "new.yaml", by="boss", at_us=now, effective_us=now)
    for who in ("head", "archivist"):
        assert agree(world, call, who).state == "waiting"
    assert agree(world, call, "boss").state == "done"
    assert Call.objects.get(pk=call.pk).pack_version == "plain/1"


def deputise(world: World, staff: str, deputy: str) -> None:
    now = clock.now_us()
    Delegation.objects.create(
        staff=Staff.objects.get(username=staff), deputy=Staff.objects.get(username=deputy), from_us=now - 1,
        until_us=now + 86_400_000_000, reason="出差",
    )  # fmt: skip


def test_a_deputy_signs_where_the_step_may_be_delegated_and_both_names_are_kept(site: Site) -> None:
    world = company([{**HEAD, "delegable": True}])
    deputise(world, "head", "query")
    call = world.amend(opened(world), short_name="示例")
    assert [each.pk for each in waiting_for(world.actor("query"))] == [call.pk]
    assert agree(world, call, "query").state == "done"
    signature = call.signatures.get()
    assert (signature.signer_ref, signature.on_behalf) == ("query", "head")
    assert b'"for":"head"' in bytes(Entry.objects.get(op="request.sign").body)


def test_a_deputy_does_not_sign_elsewhere_nor_for_oneself(site: Site) -> None:
    world = company([HEAD, {**BOTH, "delegable": True}])
    deputise(world, "head", "query")
    deputise(world, "boss", "clerk")
    call = world.amend(opened(world), short_name="示例")
    assert refusal(world, call, "query") == "denied"
    agree(world, call, "head")
    assert refusal(world, call, "clerk") == "denied"


def test_one_person_is_not_two_by_deputising(site: Site) -> None:
    world = company([{**BOTH, "delegable": True}])
    deputise(world, "boss", "archivist")
    call = world.amend(opened(world), short_name="示例")
    agree(world, call, "archivist")
    assert refusal(world, call, "archivist") == "denied"


def test_limits_remind_escalate_and_refuse(site: Site, frozen_clock) -> None:
    step = {
        **HEAD, "limit": {"days": 2}, "remind": [{"before": {"days": 1}}],
        "escalate": [{"after": {"days": 1}, "to": [{"post": "manager_general"}]}],
    }  # fmt: skip
    world = company([step])
    call = world.amend(opened(world), short_name="示例")

    def told(who: str) -> int:
        limits.tick(clock.now_us())
        limits.tick(clock.now_us())
        return Notice.objects.filter(to=who).count()

    before = told("head")
    frozen_clock.advance(days=1, minutes=1)
    assert told("head") == before + 1
    frozen_clock.advance(days=1)
    assert (told("head"), told("boss")) == (before + 2, 0)
    frozen_clock.advance(days=1)
    assert told("boss") == 1
    assert Call.objects.get(pk=call.pk).state == "waiting"


def test_a_step_that_must_not_wait_refuses_at_its_limit(site: Site, frozen_clock) -> None:
    world = company([{**HEAD, "limit": {"hours": 4}, "at_limit": "refuse"}])
    call = world.amend(opened(world), short_name="示例")
    frozen_clock.advance(hours=4, seconds=1)
    limits.tick(clock.now_us())
    assert Call.objects.get(pk=call.pk).state == "rejected"


def test_what_was_asked_for_is_blanked_when_its_time_is_over(site: Site, frozen_clock) -> None:
    world = company([HEAD], flow={"keep_days": 10})
    call = world.amend(opened(world), short_name="示例")
    agree(world, call, "head", verdict="refuse", comment="不同意")
    assert bytes(Call.objects.get(pk=call.pk).payload_ct)
    frozen_clock.advance(days=10, seconds=1)
    limits.tick(clock.now_us())
    call.refresh_from_db()
    assert (bytes(call.payload_ct), seen(world, call, "clerk").lines) == (b"", ())


def test_what_waits_is_ciphertext(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    call = world.amend(code, contact_phones="13900139123")
    stored = " ".join(str(value) for value in Call.objects.filter(pk=call.pk).values_list()[0])
    assert "13900139123" not in stored and b"13900139123" not in bytes(Call.objects.get(pk=call.pk).payload_ct)


def test_a_key_gives_the_waiting_request_back(site: Site) -> None:
    world = company([HEAD])
    code = opened(world)
    one, two = (keyed(world, code) for _ in range(2))
    assert (one.pk, one.state) == (two.pk, "waiting")


def keyed(world: World, code: str) -> Call:
    from kedang.customers.payloads import AmendDossier  # noqa: PLC0415
    from kedang.governance.gate import perform  # noqa: PLC0415

    return perform(
        "customer.amend", by=world.actor("clerk"), subject=f"dossier:{code}",
        payload=AmendDossier(values={"short_name": "示例"}), reason="客户来电", key="k-1",
    )  # fmt: skip


def test_a_checklist_is_ticked_point_by_point(site: Site) -> None:
    world = company(
        [{**HEAD, "kind": "checklist", "checklist": "review"}],
        checklists={"review": {"title": "审核要点", "points": {"enough": "理由充分", "whole": "手续齐全"}}},
    )
    call = world.amend(opened(world), short_name="示例")
    with pytest.raises(Refused) as no:
        agree(world, call, "head", ticked=["enough"])
    assert no.value.missing == ("whole",)
    assert agree(world, call, "head", ticked=["enough", "whole"]).state == "done"


def test_a_stamped_paper_is_attached_where_the_regulation_wants_it(site: Site) -> None:
    world = company([{**HEAD, "seal": "scan"}])
    call = world.amend(opened(world), short_name="示例")
    assert refusal(world, call, "head") == "incomplete"
    assert agree(world, call, "head", evidence=["盖章申请表 2026-03"]).state == "done"


def test_a_step_asked_for_only_under_its_condition(site: Site) -> None:
    world = company([HEAD, {"of": {"post": "manager_general"}, "when": {"fields": ["name"]}}])
    code = opened(world)
    assert agree(world, world.amend(code, postcode="710000"), "head").state == "done"
    call = world.amend(code, name="西安新名机电有限公司")
    assert agree(world, call, "head").state == "waiting"
    assert agree(world, call, "boss").state == "done"


def test_days_pass_between_request_and_signature(site: Site, frozen_clock) -> None:
    world = company([HEAD])
    call = world.amend(opened(world), short_name="示例")
    frozen_clock.advance(**{"days": timedelta(days=40).days})
    assert agree(world, call, "head").state == "done"
