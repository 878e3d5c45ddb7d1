"""Each control of the general regulation `records`: what it catches, and that it is gone without its parts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kedang.customers.origin_payloads import OriginIn
from kedang.customers.origin_rules import judged, kept, read
from kedang.customers.values import SCANNED
from kedang.kernel.levels import Level
from kedang.packs.decide import Given
from kedang.packs.schema import Pack
from tests.controls.asking import NOTHING, Checks, ask, chain, due, period_end

shows = Checks("records")
CLERKS = ("entry_clerk", "account_manager", "archivist")
OPENED = {"name": [None, "西安示例机电有限公司"]}
OFFICERS = ("system_officer", "security_officer", "auditor")


@shows("R2-01")
def four_figures_are_reported_every_month(pack: Pack):
    assert set(pack.forms["quality"].items) >= {"accuracy", "completeness", "security", "availability"}
    assert period_end(pack, "quality", "2026-01-15") == "2026-02-06T23:59"
    assert ask(pack, "quality.review", "archivist", NOTHING).missing == ("form",)


@shows("R2-03")
def identifying_values_are_not_changed_alone(pack: Pack):
    changed = ask(pack, "customer.amend", "entry_clerk", state="retained", fields={"credit_code"})
    assert chain(changed) == ["superior_of:applicant|role:archivist"]
    assert pack.fields["credit_code"].standard == "credit_code"
    assert pack.fields["identity_number"].standard == "identity_number"


@shows("R2-04")
def what_must_be_there(pack: Pack):
    assert pack.required("organisation", "prospect") == {"kind", "name"}
    assert pack.required("person", "filed") >= {"name", "contact.phones"}
    assert "contact.name" in pack.required("organisation", "filed")


@shows("R2-06")
def a_dossier_is_looked_at_once_a_year(pack: Pack):
    assert due(pack, "refresh", "2025-03-01T10:00") == "2026-03-01T23:59"
    assert due(pack, "refresh_again", "2024-02-29T10:00") == "2025-02-28T23:59"
    assert pack.clocks["refresh"].stops == {"customer.amend", "quality.verify"}


@shows("R2-07")
def region_and_industry_are_codes(pack: Pack):
    assert (pack.fields["region"].standard, pack.fields["industry"].standard) == ("region", "industry")


@shows("R2-08")
def every_customer_has_one_identity(pack: Pack):
    basic = {"kind", "name", "industry", "scale", "grade", "credit_code", "identity_number"}
    assert basic <= {name for name, field in pack.fields.items() if field.category == "basic" and field.collect}
    assert (pack.kinds["organisation"].identity, pack.kinds["person"].identity) == ("credit_code", "identity_number")


@shows("R2-09")
def contacts_can_be_reached(pack: Pack):
    wanted = {"contact.name": "name", "contact.post": "text", "contact.phones": "phones", "contact.email": "email"}
    wanted |= {"address": "address", "postcode": "postcode"}
    assert {name: pack.fields[name].standard for name in wanted} == wanted


@shows("R2-10")
def what_is_done_with_a_customer_is_kept_record_by_record(pack: Pack):
    kept = {name.partition(".")[0] for name, field in pack.fields.items() if field.collect}
    assert kept >= {"product", "contract", "transaction", "preference", "need"}
    assert (pack.fields["transaction.day"].standard, pack.fields["contract.amount"].standard) == ("date", "money")
    assert ask(pack, "record.add", "entry_clerk", state="retained", module="contract").allow


@shows("R2-12")
def credit_is_for_few_and_does_not_stay_for_ever(pack: Pack):
    about: dict[str, Any] = {"state": "retained", "module": "credit", "fields": {"credit.rating"}}
    for op in ("record.add", "record.amend"):
        assert not ask(pack, op, "entry_clerk", **about).allow
        assert ask(pack, op, "account_manager", NOTHING, **about).missing == ("reason",)
    assert pack.is_masked("credit.detail", {"query_clerk"}, place="detail")
    assert not pack.is_masked("credit.detail", {"account_manager"}, place="detail")
    rule = pack.retention["credit"]
    assert (rule.of, rule.years, rule.then, rule.permanent) == ("credit", 5, "destroy", False)
    assert pack.fields["credit.expires_on"].collect


@shows("R2-13")
def no_customer_without_a_source(pack: Pack):
    rules = kept(pack)
    assert rules is not None and {"name", "credit_code"} <= rules.required_for
    named = OriginIn(source="visit", learned_on="2026-03-02")
    for origin, findings in ((OriginIn(), ["origin.required"]), (named, [])):
        said = read(pack, origin, OPENED, date(2026, 3, 2))
        assert [each.rule for each in judged(pack, said, OPENED, papers=False)] == findings
    for note in ("note", "remark.text"):
        assert "R2-13" in pack.fields[note].controls and note in SCANNED


@shows("R2-11")
def a_complaint_stays_open_until_it_is_closed(pack: Pack):
    assert ask(pack, "complaint.open", "entry_clerk", NOTHING).missing == ("form",)
    assert pack.operations["complaint.close"].moves is not None
    assert pack.registers["complaints"].states["closed"].end
    assert due(pack, "complaint", "2026-03-02T10:00") == "2026-03-09T18:00"
    assert {"complaint.handling", "complaint.result", "interaction.content", "opinion.score"} <= pack.fields.keys()


@shows("R2-14")
def originals_are_compared_before_anything_counts(pack: Pack):
    opened = ask(pack, "customer.open", "entry_clerk", state="new")
    changed = ask(pack, "customer.amend", "entry_clerk", state="retained", fields={"identity_number"})
    for decision, checklist in ((opened, "new_dossier"), (changed, "key_change")):
        assert [(step.kind, step.checklist) for step in decision.steps] == [("checklist", checklist)]
        assert "original" in pack.checklists[checklist].points
    assert ask(pack, "customer.verify", "entry_clerk", state="prospect").allow
    assert pack.provenance is not None and pack.provenance.available
    assert pack.provenance.verified == {"credit_code", "identity_number"}


@shows("R2-15")
def dates_phones_and_codes_have_one_format(pack: Pack):
    wanted = {"registered_on": "date", "contact.phones": "phones", "postcode": "postcode", "name": "name"}
    assert {name: pack.fields[name].standard for name in wanted} == wanted


@shows("R2-16")
def core_values_are_complete_before_filing(pack: Pack):
    both = {"kind", "name", "region", "contact.phones"}
    assert pack.required("organisation", "filed") == both | {"credit_code", "contact.name"}
    assert pack.required("person", "filed") == both | {"identity_number"}


@shows("R2-17")
def what_was_learned_is_entered_within_three_working_days(pack: Pack):
    assert due(pack, "update", "2026-03-06T10:00") == "2026-03-11T23:59"
    assert pack.clocks["update"].starts.from_field == "learned_on"


@shows("R2-20")
def what_is_filed_is_closed_and_read_on_request(pack: Pack):
    assert not ask(pack, "customer.amend", "archivist", state="filed", fields={"note"}).allow
    assert pack.kinds["organisation"].states["filed"].by_grant
    asked = ask(pack, "custody.retrieve", "account_manager", state="filed")
    assert chain(asked) == ["head_of:applicant_unit", "role:archivist"]
    assert pack.operations["custody.retrieve"].grants is not None


@shows("R2-23")
def rights_are_looked_through_every_quarter(pack: Pack):
    assert period_end(pack, "recertify", "2026-02-10") == "2026-04-10T23:59"
    assert "statement" in ask(pack, "access.review", "reviewer", NOTHING).missing
    assert all(role.max_days for role in pack.roles.values() if role.content)


@shows("R2-24")
def the_system_officer_has_accounts_but_no_content(pack: Pack):
    assert ask(pack, "people.create", "system_officer").allow
    assert not ask(pack, "people.create", "archivist").allow
    for op in ("customer.open", "customer.amend", "customer.reveal", "copy.export"):
        assert not ask(pack, op, "system_officer", state="new" if op == "customer.open" else "retained").allow
    assert not pack.role("system_officer").content


@shows("R2-25")
def the_archivist_files(pack: Pack):
    assert ask(pack, "customer.file", "archivist", state="retained").allow
    assert not ask(pack, "customer.file", "entry_clerk", state="retained").allow
    assert not ask(pack, "customer.file", "archivist", state="retained", rel={"in_scope", "owner"}).allow


@shows("R2-26")
def the_entry_clerk_enters(pack: Pack):
    assert ask(pack, "customer.open", "entry_clerk", state="new").allow
    assert ask(pack, "customer.amend", "entry_clerk", state="prospect", fields={"note"}).allow
    assert not ask(pack, "customer.open", "query_clerk", state="new").allow


@shows("R2-27")
def the_query_clerk_has_a_scope(pack: Pack):
    assert ask(pack, "customer.reveal", "query_clerk").allow
    assert not ask(pack, "customer.reveal", "query_clerk", rel=()).allow
    role = pack.role("query_clerk")
    assert (role.max_scope, role.max_clearance) == ("unit_below", Level.INTERNAL)


@shows("R2-28")
def executives_see_far_and_say_why(pack: Pack):
    assert pack.role("executive").max_scope == "all"
    assert ask(pack, "customer.reveal", "executive", Given("查看一下")).missing == ("reason",)
    assert ask(pack, "customer.reveal", "executive", Given("为季度经营分析核对")).missing == ()
    assert pack.is_masked("contact.phones", {"executive"}, place="detail")


@shows("R2-29")
def rights_pass_three_hands(pack: Pack):
    for op in ("people.grant", "people.revoke", "people.clear"):
        asked = ask(pack, op, "reviewer")
        assert chain(asked) == ["head_of:subject_unit", "role:security_officer", "role:system_officer"]
        assert asked.steps[-1].kind == "carry_out"
        assert pack.flows[asked.flow].distinct and not pack.flows[asked.flow].self_approval
        assert "access" in pack.operations[op].registers
        assert not ask(pack, op, "reviewer", rel={"in_scope", "self"}).allow


@shows("R2-30")
def a_new_customer_is_entered_within_three_working_days(pack: Pack):
    assert due(pack, "entry", "2026-03-02T09:00") == "2026-03-05T23:59"
    assert pack.clocks["entry"].starts.from_field == "learned_on"


@shows("R2-32")
def new_entries_are_reviewed_by_somebody_else(pack: Pack):
    assert chain(ask(pack, "customer.open", "entry_clerk", state="new")) == ["superior_of:applicant|role:archivist"]
    assert chain(ask(pack, "customer.open", "archivist", state="new")) == ["superior_of:applicant"]
    assert not ask(pack, "customer.open", "entry_clerk", state="new", channel="import").steps
    assert due(pack, "import_review", "2026-03-02T09:00") == "2026-03-09T18:00"
    assert not ask(pack, "customer.review", "archivist", rel={"in_scope", "applicant"}).allow


def test_the_officers_reach_no_content():
    pack = shows.pack()
    content = ("customer.", "record.", "contact.", "consent.", "file.", "import.", "copy.", "custody.", "quality.")
    for op in pack.operations:
        if op.startswith(content):
            assert not any(ask(pack, op, officer, state="retained").allow for officer in OFFICERS), op


@pytest.mark.parametrize("control", [f"R2-{number:02}" for number in range(1, 33)])
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
