"""Each control of `shaanxi-mobile`: what it catches, and that it is gone without its parts."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.packs import scoring
from kedang.packs.decide import Given
from kedang.packs.schema import Pack
from tests.controls.asking import FULL, NOTHING, Checks, ask, chain, due, period_end

shows = Checks("shaanxi-mobile")
WRITERS = ("entry_clerk", "account_manager", "info_admin")
MINE = {"in_scope", "owner"}


@shows("R0-01")
def the_rules_are_approved_by_the_general_manager(pack: Pack):
    asked = ask(pack, "pack.adopt", "supervisor")
    assert chain(asked) == ["post:general_manager"]
    assert ask(pack, "pack.adopt", "supervisor", NOTHING).missing == ("reason",)
    assert pack.meta.basis


@shows("R0-02")
def everything_belongs_to_one_of_seven_classes(pack: Pack):
    seven = {"basic", "business", "consumption", "contact", "interaction", "demand", "other"}
    assert {field.category for field in pack.fields.values() if field.collect} == seven
    assert pack.measures["classes"].quality == "classes"
    for op in ("record.add", "record.amend", "contact.add", "contact.amend"):
        asked = ask(pack, op, "info_admin", state="retained", module="contract", fields={"contract.unlisted"})
        assert not asked.allow and "R0-02" in asked.controls


@shows("R0-03")
def a_dossier_belongs_to_a_unit_of_ones_own(pack: Pack):
    assert ask(pack, "customer.open", "entry_clerk", state="new").allow
    assert not ask(pack, "customer.open", "entry_clerk", state="new", rel=()).allow


@shows("R0-04")
def branches_do_not_touch_the_standards(pack: Pack):
    assert ask(pack, "pack.adopt", "supervisor").allow
    assert not any(ask(pack, "pack.adopt", role).allow for role in ("info_admin", "dept_head", "entry_clerk"))
    assert pack.overlays is not None and pack.overlays.available
    assert pack.overlays.delegated == ("clocks.entry.within.days", "clocks.entry_review.sample", "quotas.reveals.most")
    assert chain(ask(pack, "pack.overlay", "info_admin")) == ["head_of:subject_unit", "post:group_head"]
    assert not ask(pack, "pack.overlay", "info_admin", rel=()).allow
    assert not any(ask(pack, "pack.overlay", role).allow for role in ("entry_clerk", "account_manager", "dept_head"))


@shows("R0-05")
def the_quality_of_a_dossier_is_scored(pack: Pack):
    assert scoring.measures_of(pack, "quality") == {"completeness", "validity", "classes"}
    good = scoring.score(pack, "quality", {"completeness": 100, "validity": 100, "classes": 71})
    assert (good.points, good.grade) == (94, "优")
    assert scoring.score(pack, "quality", {"completeness": 50, "validity": 0, "classes": 29}).grade == "待改进"
    assert pack.measures["age"].quality == "age_days"


@shows("R0-07")
def a_share_has_a_purpose_an_end_and_can_be_taken_back(pack: Pack):
    asked = ask(pack, "share.request", "account_manager")
    assert asked.allow and asked.form == "share"
    assert pack.forms["share"].items["purpose"].required
    grants = pack.operations["share.request"].grants
    assert grants is not None and grants.for_.days == 30
    assert ask(pack, "share.end", "dept_head").allow


@shows("R0-09")
def the_lead_department_inspects_and_assesses(pack: Pack):
    assert period_end(pack, "inspection", "2026-03-01") == "2026-07-10T23:59"
    assert period_end(pack, "assessment", "2026-03-01") == "2027-01-31T23:59"
    assert due(pack, "rectify", "2026-03-31T00:00") == "2026-03-31T23:59"
    assert chain(ask(pack, "inspection.rectify", "dept_head")) == ["post:group_head"]
    assert "lead" in {line.degree for line in pack.responsibilities if line.unit == "group_customers"}


@shows("R0-12")
def business_departments_keep_to_their_own_scope(pack: Pack):
    assert ask(pack, "customer.amend", "entry_clerk", fields={"note"}).allow
    assert not ask(pack, "customer.amend", "entry_clerk", fields={"note"}, rel=()).allow


@shows("R0-13")
def every_branch_has_a_lead_and_is_appraised(pack: Pack):
    post = pack.posts["branch_lead"]
    assert (post.per, post.least, post.most) == ("branch", 1, 1)
    assert pack.rounds["appraisal"].for_each == "branch"
    assert period_end(pack, "appraisal", "2026-05-01") == "2027-01-31T23:59"
    assert [part.weight for part in pack.scores["branch"].parts] == [40, 30, 30]


@shows("R0-14")
def every_task_has_somebody(pack: Pack):
    posts = ("entry_clerk", "info_reviewer", "info_admin", "account_manager")
    assert [(pack.posts[post].per, pack.posts[post].least) for post in posts] == [("branch", 1)] * 4
    assert due(pack, "entry_review", "2026-03-02T10:00") == "2026-03-16T18:00"
    assert pack.clocks["entry_review"].sample == 20
    assert not ask(pack, "entry.review", "info_reviewer", rel=MINE).allow


@shows("R0-15")
def basic_values_of_an_organisation(pack: Pack):
    wanted = {"name": "name", "credit_code": "credit_code", "industry": "industry", "scale": "text"}
    assert {name: pack.fields[name].standard for name in wanted} == wanted
    assert pack.forms["entry"].items["org_chart"].type == "file"
    assert set(pack.kinds) == {"organisation"}


@shows("R0-16")
def contacts_and_what_they_are_responsible_for(pack: Pack):
    wanted = {"contact.name": "name", "contact.post": "text", "contact.phones": "phones", "contact.email": "email"}
    assert {name: pack.fields[name].standard for name in wanted} == wanted
    assert pack.fields["contact.business"].title == "负责业务"


@shows("R0-17")
def what_a_customer_uses_and_asks_for_is_kept_record_by_record(pack: Pack):
    dated = {"product.since", "contract.signed_on", "transaction.day", "interaction.day", "complaint.day", "need.day"}
    assert {name: pack.fields[name].standard for name in dated} == dict.fromkeys(dated, "date")
    sums = {"product.fee", "contract.amount", "transaction.amount", "need.budget"}
    assert {name: pack.fields[name].standard for name in sums} == dict.fromkeys(sums, "money")
    mine: dict[str, Any] = {"state": "retained", "module": "contract", "fields": {"contract.title"}}
    assert ask(pack, "record.add", "account_manager", rel=MINE, **mine).allow
    assert not ask(pack, "record.add", "account_manager", **mine).allow
    assert not ask(pack, "record.add", "info_reviewer", **mine).allow
    assert pack.kinds["organisation"].states["retained"].guards[0].record == "product"


@shows("R0-18")
def competition_only_from_a_fair_source(pack: Pack):
    assert ask(pack, "competition.record", "account_manager", NOTHING).missing == ("form",)
    assert pack.forms["competition"].items["source"].required
    refused = ask(pack, "competition.record", "account_manager", items={"source": "public", "lawful": "no"})
    assert (refused.allow, refused.articles) == (False, ("8.1d",))
    assert "entry_clerk" not in pack.registers["competition"].readers


@shows("R0-19")
def every_value_says_where_it_comes_from(pack: Pack):
    assert "form" in ask(pack, "customer.open", "entry_clerk", NOTHING, state="new").missing
    assert ask(pack, "customer.amend", "info_admin", NOTHING, fields={"note"}).missing == ("form",)
    ways = {"visit", "self_service", "order", "hotline", "partner", "public", "survey"}
    for form in ("entry", "update"):
        assert set(pack.forms[form].items["source"].options) == ways
    assert pack.forms["entry"].items["basis"].required


@shows("R0-20")
def two_working_days_to_enter(pack: Pack):
    assert due(pack, "entry", "2026-03-05T10:00") == "2026-03-09T23:59"
    assert pack.clocks["entry"].starts.from_item == "acquired_on"


@shows("R0-21")
def who_enters_answers_for_it(pack: Pack):
    silent = Given(FULL.reason, FULL.evidence, form=True, confirmed=False)
    asked = ask(pack, "customer.open", "entry_clerk", silent, state="new")
    assert asked.missing == ("statement",) and len(asked.statements) == 1


@shows("R0-22")
def the_account_manager_answers_for_their_own(pack: Pack):
    assert ask(pack, "customer.amend", "account_manager", fields={"note"}, rel=MINE).allow
    refused = ask(pack, "customer.amend", "account_manager", fields={"note"})
    assert (refused.allow, refused.articles) == (False, ("9.1",))
    assert ask(pack, "customer.assign", "dept_head").allow


@shows("R0-23")
def the_stock_is_verified_every_quarter(pack: Pack):
    assert period_end(pack, "verification", "2026-02-10") == "2026-04-10T23:59"
    said = pack.rounds["verification"]
    assert said.for_each == "branch" and said.sample is not None and said.sample.share == 20
    assert ask(pack, "quality.verify", "info_admin", NOTHING).missing == ("form",)


@shows("R0-24")
def a_key_change_is_proved_and_in_time(pack: Pack):
    bare = Given(FULL.reason, (), form=True, confirmed=True)
    for field in ("name", "credit_code"):
        asked = ask(pack, "customer.amend", "info_admin", bare, fields={field})
        assert asked.missing == ("evidence",)
        assert chain(asked) == ["role:info_reviewer"]
    assert due(pack, "key_update", "2026-03-05T10:00") == "2026-03-10T23:59"
    assert pack.clocks["key_update"].starts.from_item == "learned_on"


@shows("R0-25")
def one_way_of_writing_for_all(pack: Pack):
    wanted = {"region": "region", "industry": "industry", "credit_code": "credit_code", "contact.phones": "phones"}
    assert {name: pack.fields[name].standard for name in wanted} == wanted
    assert not ask(pack, "customer.amend", "info_admin", fields={"hobby"}).allow


@shows("R0-26")
def need_and_leave_before_any_look_or_copy(pack: Pack):
    asked = ask(pack, "customer.reveal", "account_manager", Given("看"), fields={"contact.phones"})
    assert asked.missing == ("reason",) and "R0-26" in asked.controls
    copied = ask(pack, "copy.export", "account_manager", items={"rows": 20})
    assert chain(copied) == ["head_of:applicant_unit", "role:supervisor"]
    many = ask(pack, "copy.release", "account_manager", items={"rows": 100})
    assert chain(many)[-1] == "head_of:company"


@shows("R0-27")
def privacy_is_weighed_before_sharing(pack: Pack):
    asked = ask(pack, "share.request", "account_manager")
    assert chain(asked) == ["head_of:subject_unit"]
    assert asked.steps[0].checklist == "privacy" and "personal" in pack.checklists["privacy"].points
    grants = pack.operations["share.request"].grants
    assert grants is not None and not grants.clear
    assert pack.sharing is not None and pack.sharing.posture == "encouraged"


@pytest.mark.parametrize("control", [f"R0-{number:02}" for number in range(1, 28)])
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


def test_only_group_customers():
    pack = shows.pack()
    assert set(pack.kinds) == {"organisation"}
    assert not pack.fields["identity_number"].collect
