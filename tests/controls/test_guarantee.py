"""Each control of `guarantee`: what it catches, and that it is gone without its parts."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.consents import bound
from kedang.customers.origin_rules import kept
from kedang.packs.decide import Given
from kedang.packs.schema import Pack
from tests.controls.asking import FULL, NOTHING, Checks, ask, chain, due, period_end

shows = Checks("guarantee")
SIGNED = {"secrecy"}
SPECIALIST = "market_specialist"


@shows("R4-01")
def the_rules_are_approved_by_the_general_manager(pack: Pack):
    assert chain(ask(pack, "pack.adopt", "affairs_manager")) == ["post:general_manager"]
    assert {number[0] for number in pack.articles} == {"0", "1", "2", "3", "4"}


@shows("R4-02")
def the_market_specialist_builds_the_base(pack: Pack):
    assert ask(pack, "customer.open", SPECIALIST, state="new", signed=SIGNED).allow
    for role in ("salesperson", "service_agent", "dept_head", "librarian"):
        assert not ask(pack, "customer.open", role, state="new", signed=SIGNED).allow
        assert not ask(pack, "customer.amend", role, fields={"note"}, signed=SIGNED).allow


@shows("R4-03")
def where_a_customer_comes_from(pack: Pack):
    asked = ask(pack, "customer.open", SPECIALIST, NOTHING, state="new", signed=SIGNED)
    assert asked.missing == ("form",)
    rules = kept(pack)
    assert rules is not None and {name for name, said in rules.sources.items() if said.partner} == {
        "bank",
        "agent",
        "dealer",
    }
    assert pack.fields["partner.basis"].required_at
    items = pack.forms["intake"].items
    assert set(items["source"].options) == {"handled", "bank", "agent", "dealer"}
    assert items["partner"].required_if is not None and set(items["partner"].required_if.is_ or ()) == {
        "bank",
        "agent",
        "dealer",
    }
    answers = {"source": "bank", "informed": "no"}
    assert not ask(pack, "customer.open", SPECIALIST, state="new", signed=SIGNED, items=answers).allow


@shows("R4-04")
def entered_by_the_end_of_the_next_day(pack: Pack):
    assert due(pack, "entry", "2026-03-02T15:00") == "2026-03-03T23:59"
    assert due(pack, "entry", "2026-09-30T15:00") == "2026-10-01T23:59"
    assert pack.clocks["entry"].starts.from_item == "received_on"


@shows("R4-05")
def only_who_promised_secrecy_enters(pack: Pack):
    for op, state in (("customer.open", "new"), ("customer.amend", "prospect")):
        assert ask(pack, op, SPECIALIST, state=state, fields={"note"}).missing == ("undertaking:secrecy",)
        assert ask(pack, op, SPECIALIST, state=state, fields={"note"}, signed=SIGNED).missing == ()
    assert pack.undertakings["secrecy"].months == 12


@shows("R4-06")
def contacts_in_full_and_what_they_think_of_us(pack: Pack):
    wanted = {"contact.name": "name", "contact.post": "text", "contact.phones": "phones", "contact.email": "email"}
    assert {name: pack.fields[name].standard for name in wanted} == wanted
    assert pack.required("organisation", "prospect") == {"kind", "name", "contact.name", "contact.phones"}
    assert ask(pack, "rating.record", "service_agent", NOTHING).missing == ("form",)
    assert {"contact.business", "opinion.score", "opinion.detail"} <= pack.fields.keys()


@shows("R4-07")
def private_matters_are_off_or_rest_on_a_consent_of_their_own(pack: Pack):
    assert [pack.fields[f"contact.{name}"].collect for name in ("birthday", "family", "hobbies")] == [
        True,
        False,
        False,
    ]
    for op in ("contact.add", "contact.amend"):
        for field in ("contact.family", "contact.hobbies"):
            asked = ask(pack, op, SPECIALIST, state="retained", module="contact", fields={field}, signed=SIGNED)
            assert not asked.allow and "R4-07" in asked.controls
        told = ask(pack, op, SPECIALIST, NOTHING, state="retained", fields={"contact.birthday"}, signed=SIGNED)
        assert told.missing == ("reason",)
    assert bound(pack)["contact.birthday"] == "greeting"
    assert pack.purposes["greeting"].separate_consent and pack.is_masked(
        "contact.birthday", {SPECIALIST}, place="detail"
    )


@shows("R4-09")
def what_moves_is_kept_with_its_day(pack: Pack):
    days = {"transaction.day", "interaction.day", "complaint.day", "need.day"}
    assert {name: pack.fields[name].standard for name in days} == dict.fromkeys(days, "date")
    about: dict[str, Any] = {"state": "retained", "signed": SIGNED}
    asked = ask(pack, "record.add", SPECIALIST, module="need", **about)
    assert asked.allow and "R4-09" in asked.controls
    assert ask(pack, "record.add", "service_agent", module="interaction", **about).allow
    assert not ask(pack, "record.add", "service_agent", module="transaction", **about).allow


@shows("R4-08")
def something_every_working_day_or_a_word_that_nothing_was(pack: Pack):
    said = pack.rounds["daily_update"]
    assert said.for_each == "holder" and set(said.roles) == {SPECIALIST}
    assert said.done_by == {"customer.open", "customer.amend", "import.commit", "update.none"}
    assert period_end(pack, "daily_update", "2026-03-02") == "2026-03-02T23:59"
    assert "statement" in ask(pack, "update.none", SPECIALIST, NOTHING).missing


@shows("R4-10")
def who_leaves_hands_over_what_they_kept(pack: Pack):
    assert not ask(pack, "people.leave", "dept_head", rel={"in_scope", "self"}).allow
    assert "holdings" in pack.forms["handover"].items and "handovers" in pack.operations["people.leave"].registers
    asked = ask(pack, "people.leave", "dept_head")
    assert chain(asked) == ["head_of:subject_unit", "role:librarian"]
    assert asked.steps[0].checklist == "handover" and "private" in pack.checklists["handover"].points


@shows("R4-12")
def every_festival_is_accounted_for(pack: Pack):
    assert pack.rounds["festival"].every.festivals
    assert period_end(pack, "festival", "2026-10-01")[:7] == "2026-10"
    items = pack.forms["festival"].items
    assert items["skipped"].required and items["why"].required_if is not None


@shows("R4-13")
def four_signatures_in_this_order(pack: Pack):
    asked = ask(pack, "engagement.campaign", "salesperson", items={"consent": "yes"})
    order = ["head_of:applicant_unit", "role:librarian", "post:affairs_manager", "post:general_manager"]
    assert chain(asked) == order
    assert {step.kind for step in asked.steps} == {"bind"}
    flow = pack.flows[asked.flow]
    assert flow.distinct and not flow.self_approval and flow.on_change == "restart"


@shows("R4-14")
def no_enquiry_without_an_owner(pack: Pack):
    assert list(pack.registers["inquiries"].states) == ["received", "assigned", "following", "closed"]
    move = pack.operations["inquiry.assign"].moves
    assert move is not None and move.holder == "assignee" and pack.forms["inquiry_assign"].items["assignee"].required
    closing = pack.operations["inquiry.close"].moves
    assert closing is not None and closing.from_ == {"following"}
    assert due(pack, "assign", "2026-03-06T10:00") == "2026-03-09T18:00"
    assert ask(pack, "inquiry.assign", "service_agent", NOTHING).missing == ("form",)


@shows("R4-15")
def the_month_is_summed_up_on_the_first(pack: Pack):
    assert period_end(pack, "summary", "2026-01-15") == "2026-02-01T23:59"
    assert {"visitors", "valid", "analysis"} <= set(pack.forms["summary"].items)


@shows("R4-16")
def every_department_receives_it(pack: Pack):
    said = pack.rounds["summary_receipt"]
    assert (said.for_each, said.receipt) == ("department", True)
    assert period_end(pack, "summary_receipt", "2026-01-15") == "2026-02-05T23:59"
    assert "statement" in ask(pack, "summary.receive", "dept_head", NOTHING).missing


@shows("R4-17")
def called_back_within_a_month_of_the_release(pack: Pack):
    clock = pack.clocks["callback"]
    assert (clock.starts.operation, clock.starts.from_item) == ("guarantee.released", "released_on")
    assert clock.stops == {"callback.record"}
    assert due(pack, "callback", "2026-01-31T00:00") == "2026-02-28T23:59"
    assert due(pack, "callback", "2028-01-30T00:00") == "2028-02-29T23:59"
    assert due(pack, "callback", "2026-03-15T00:00") == "2026-04-15T23:59"


@shows("R4-18")
def nothing_is_offered_to_who_does_not_want_it(pack: Pack):
    answers = {"promotion": "yes", "consent": "no"}
    refused = ask(pack, "callback.record", "service_agent", items=answers)
    assert (refused.allow, refused.articles) == (False, ("2.1.5b",))
    assert ask(pack, "callback.record", "service_agent", items=answers | {"consent": "yes"}).allow
    assert ask(pack, "callback.record", "service_agent", items={"promotion": "no", "consent": "no"}).allow
    assert period_end(pack, "callback_report", "2026-01-15") == "2026-02-05T23:59"


@shows("R4-19")
def who_answers_in_which_degree(pack: Pack):
    degrees = {line.post: line.degree for line in pack.responsibilities if line.post}
    assert (degrees["affairs_manager"], degrees["librarian"]) == ("main", "direct")
    assert (pack.posts["affairs_manager"].least, pack.posts["librarian"].least) == (1, 1)


@shows("R4-20")
def the_leader_in_charge_decides_what_goes_out(pack: Pack):
    for op in ("copy.export", "copy.release", "custody.retrieve"):
        asked = ask(pack, op, "librarian")
        assert chain(asked) == ["head_of:applicant_unit", "post:leader_in_charge"]
        assert pack.flows[asked.flow].empty_seat == "stop"


@shows("R4-21")
def nobody_takes_it_out_bit_by_bit(pack: Pack):
    assert ask(pack, "customer.reveal", "librarian", times={"reveals": 49}).allow
    assert not ask(pack, "customer.reveal", "librarian", times={"reveals": 50}).allow
    assert not ask(pack, "copy.export", "librarian", times={"exports": 5}).allow


@shows("R4-22")
def a_loss_is_investigated_and_graded(pack: Pack):
    bare = Given(FULL.reason, (), form=True, confirmed=True)
    asked = ask(pack, "incident.conclude", "affairs_manager", bare)
    assert asked.missing == ("evidence",)
    assert chain(asked) == ["post:general_manager"]
    items = pack.forms["investigation"].items
    assert items["cause"].required and items["main"].required and "secondary" in items
    assert due(pack, "investigation", "2026-03-02T10:00") == "2026-03-23T18:00"


def _sanction(pack: Pack, **answers: object):
    items = {"heard": "yes", "judicial": "no", "measure": "warning"} | answers
    return ask(pack, "sanction.decide", "affairs_manager", items=items)


@shows("R4-23")
def who_sells_is_dismissed(pack: Pack):
    refused = _sanction(pack, conduct="selling")
    assert (refused.allow, refused.articles) == (False, ("3.1.5a",))
    assert chain(_sanction(pack, conduct="selling", measure="dismissal")) == ["post:general_manager"]
    assert "income" in pack.forms["sanction"].items and "39" not in (pack.sanctions["selling"].warning or "39")


@shows("R4-24")
def ten_to_twenty_percent_and_not_unheard(pack: Pack):
    assert [percent for percent in range(5, 26) if _sanction(pack, conduct="secondary", percent=percent).allow] == list(
        range(10, 21)
    )
    assert not _sanction(pack, conduct="secondary", percent=15, measure="dismissal").allow
    assert not _sanction(pack, conduct="secondary", percent=15, heard="no").allow
    said = pack.sanctions["secondary"]
    assert said.warning and said.appeal_days == 15
    assert [degree.measure for degree in said.degrees] == ["口头训诫", "通报批评", "警告", "严重警告", "记过"]
    assert pack.operations["sanction.appeal"].moves is not None


@shows("R4-25")
def general_affairs_carries_it_out(pack: Pack):
    assert [line.unit for line in pack.responsibilities if line.degree == "lead"] == ["general_affairs"]
    assert pack.units["general_affairs"].lead
    assert pack.posts["affairs_manager"].unit == "general_affairs"


@pytest.mark.parametrize("control", [f"R4-{number:02}" for number in range(1, 26)])
def test_control(control: str):
    if control in shows.by_control:
        shows.holds(control)
    else:
        said = shows.pack().controls[control]
        assert said.invariant if said.available else said.kind


@pytest.mark.parametrize("control", sorted(shows.by_control))
def test_nothing_is_left_without_its_parts(control: str):
    shows.needs_its_parts(control)


def test_no_control_is_left_out():
    assert shows.left_out() == set()


def test_private_particulars_are_not_collected():
    pack = shows.pack()
    for field in ("contact.family", "contact.hobbies"):
        assert not ask(pack, "customer.amend", SPECIALIST, fields={field}, signed=SIGNED).allow
    born = ask(pack, "customer.amend", SPECIALIST, NOTHING, fields={"contact.birthday"}, signed=SIGNED)
    assert born.missing == ("reason",)


def test_without_consent_nothing_is_sent():
    pack = shows.pack()
    assert not ask(pack, "engagement.campaign", "salesperson", items={"consent": "no"}).allow
    assert not ask(pack, "engagement.campaign", "salesperson").allow
    assert pack.purposes["promotion"].basis == "consent"
