"""Each control of the regulation `jidian`: what it allows, asks for and refuses; gone without its parts."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kedang.customers.origin_rules import Said, judged, kept
from kedang.kernel.levels import Level
from kedang.packs import scoring
from kedang.packs.carriers import by_control
from kedang.packs.decide import Given
from kedang.packs.schema import Pack
from kedang.packs.shipped import load_lawful, load_shipped
from tests.controls.asking import FULL, NOTHING, Checks, ask, chain, due, period_end, step_by

shows = Checks("jidian")
GM = "post:general_manager"
CS_MANAGER = "post:cs_manager"
CUSTODIAN = "role:custodian"
HEAD = "head_of:applicant_unit"
NO_EVIDENCE = Given(FULL.reason, (), form=True, confirmed=True)
LATER = {"R1-05", "R1-06", "R1-12", "R1-13", "R1-17", "R1-18", "R1-37"}
STAFF = ("contributor", "custodian", "dept_head", "cs_manager")
SECRETS = (Level.SECRET, Level.TOP_SECRET)
PROMISES = frozenset({"secrecy", "private_contact", "public_places"})


@pytest.mark.parametrize("control", [f"R1-{number:02}" for number in range(1, 46)])
def test_control(control: str):
    if control in LATER:
        assert not load_shipped("jidian").controls[control].available
    else:
        shows.holds(control)


@pytest.mark.parametrize("control", sorted({f"R1-{number:02}" for number in range(1, 46)} - LATER))
def test_nothing_is_left_without_its_parts(control: str):
    shows.needs_its_parts(control)


def test_no_control_is_left_out():
    assert shows.left_out() == set()
    assert {name for name, control in shows.pack().controls.items() if not control.available} == LATER


def test_every_demand_is_a_control_of_its_article(shared_data: Path):
    pack = shows.pack()
    text = (shared_data.parent / "REQUIREMENTS.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (R1-\d\d) \| (\S+) \|[^|]*\| (\w+) \|", text, flags=re.M)
    articles = {control: number for number, article in pack.articles.items() for control in article.controls}
    assert [(name, articles[name], control.type) for name, control in pack.controls.items()] == rows
    assert all(by_control(pack).values())


def test_no_sentence_is_copied_from_the_regulation(shared_data: Path):
    [seed] = (shared_data.parent / "seeds").glob("001_*")
    original = re.sub(r"\W", "", seed.read_text(encoding="utf-8"))
    for number, article in shows.pack().articles.items():
        ours = re.sub(r"\W", "", article.text)
        assert not [ours[at : at + 12] for at in range(len(ours) - 11) if ours[at : at + 12] in original], number


def test_the_law_takes_nothing_but_what_goes_out_without_consent():
    changed = {override.key for override in load_lawful("jidian").overrides if not override.key.endswith("not_for")}
    out = ("engagement.campaign", "copy.excerpt", "copy.export", "copy.print", "copy.release")
    assert changed <= {f"operations['{op}'].rules" for op in out}


@shows("R1-01")
def the_quality_of_the_data_is_scored(pack: Pack) -> None:
    assert scoring.measures_of(pack, "quality") == {"completeness", "validity", "age"}
    fresh = scoring.score(pack, "quality", {"completeness": 100, "validity": 100, "age": 3})
    old = scoring.score(pack, "quality", {"completeness": 100, "validity": 100, "age": 400})
    assert [(each.points, each.grade) for each in (fresh, old)] == [(100, "优"), (80, "良")]


@shows("R1-02")
def the_customer_service_manager_drafts_the_rules(pack: Pack) -> None:
    said = ask(pack, "pack.adopt", "cs_manager")
    assert said.allow and said.steps and "R1-02" in said.controls
    for role in ("general_manager", "dept_head", "custodian"):
        assert not ask(pack, "pack.adopt", role).allow
    assert "compliance" in pack.role("cs_manager").reads


@shows("R1-03")
def custodians_write_into_the_base(pack: Pack) -> None:
    said = ask(pack, "customer.open", "contributor", state="new")
    assert chain(said) == [CUSTODIAN] and step_by(said, CUSTODIAN).kind == "carry_out"
    assert "R1-03" in said.controls
    assert ask(pack, "import.commit", "custodian").allow and not ask(pack, "import.commit", "contributor").allow


@shows("R1-04")
def market_and_sales_only_propose(pack: Pack) -> None:
    for role in ["contributor", "dept_head"]:
        for op, state in (("customer.open", "new"), ("customer.amend", "prospect")):
            said = ask(pack, op, role, state=state, fields=["note"])
            assert said.allow and said.flow == "proposal" and "R1-04" in said.controls
        assert not ask(pack, "customer.open", "custodian", state="new").steps


@shows("R1-07")
def what_the_rules_do_not_list_is_not_collected(pack: Pack) -> None:
    for op, state in (("customer.open", "new"), ("customer.amend", "prospect")):
        said = ask(pack, op, "custodian", state=state, fields=["name", "english_name"])
        assert not said.allow and "R1-07" in said.controls and "§5" in said.articles
        assert ask(pack, op, "custodian", state=state, fields=["region"]).allow


@shows("R1-08")
def every_collection_names_its_method(pack: Pack) -> None:
    for op, form in [("data.visit", "survey_visit"), ("data.call", "survey_phone")]:
        said = ask(pack, op, "contributor", NOTHING)
        assert said.form == form and "form" in said.missing and "R1-08" in said.controls
        method = pack.forms[form].items["method"]
        assert method.required and method.type == "choice" and "R1-08" in method.controls
    rules = kept(pack)
    assert rules is not None and "R1-08" in rules.controls and {"name", "contact.phones"} == rules.required_for


@shows("R1-09")
def each_method_has_a_form_of_its_own(pack: Pack) -> None:
    forms = {op: ask(pack, op, "contributor", NOTHING).form for op in ("data.visit", "data.call")}
    assert forms == {"data.visit": "survey_visit", "data.call": "survey_phone"}
    assert pack.forms["survey_visit"].items["place"].required
    assert pack.forms["survey_phone"].items["number_called"].required
    assert {pack.provenance.sources[way].form for way in ("visit", "phone")} == set(forms.values())  # type: ignore[union-attr]


@shows("R1-10")
def the_survey_record_is_numbered_and_confirmed(pack: Pack) -> None:
    for op in ["data.visit", "data.call"]:
        said = ask(pack, op, "contributor", NOTHING)
        assert {"form", "statement"} <= set(said.missing) and "R1-10" in said.controls
        assert pack.operations[op].opens == "survey_register"
        assert pack.registers["survey_register"].number == "survey_no"
    rules = kept(pack)
    assert rules is not None
    for source, form in (("visit", "survey_visit"), ("phone", "survey_phone")):
        assert rules.sources[source].form == form
        missing = judged(pack, Said(source, date(2026, 6, 2)), {"name": [None, "秦岭机床厂"]}, papers=False)
        assert [each.rule for each in missing] == ["origin.form"]


@shows("R1-11")
def surveys_are_entered_within_two_working_days(pack: Pack) -> None:
    for clock in ("visit_entry", "call_entry"):
        assert "R1-11" in pack.clocks[clock].controls
        assert "data.enter" in pack.clocks[clock].stops
        assert due(pack, clock, "2026-03-06T10:00") == "2026-03-10T17:30"
    assert ask(pack, "data.enter", "custodian").allow and not ask(pack, "data.enter", "contributor").allow


@shows("R1-14")
def an_analysis_is_issued_each_quarter(pack: Pack) -> None:
    said = pack.rounds["analysis_quarterly"]
    assert said.done_by == {"report.issue"} and "R1-14" in said.controls
    assert period_end(pack, "analysis_quarterly", "2026-02-01") == "2026-04-15T23:59"
    issued = ask(pack, "report.issue", "cs_manager", NOTHING)
    assert issued.missing == ("form",) and "R1-14" in issued.controls
    assert {"cut_off", "recipients"} <= {
        name for name, item in pack.forms["analysis_report"].items.items() if item.required
    }


@shows("R1-15")
def a_new_customer_gets_a_file_in_three_working_days(pack: Pack) -> None:
    clock = pack.clocks["open_promptly"]
    assert (clock.starts.operation, clock.starts.from_field) == ("customer.open", "learned_on")
    assert "R1-15" in clock.controls
    assert due(pack, "open_promptly", "2026-03-06T10:00") == "2026-03-11T23:59"
    assert pack.required("organisation", "prospect") == {"kind", "name"}


@shows("R1-16")
def departments_hand_in_every_month(pack: Pack) -> None:
    said = pack.rounds["monthly_returns"]
    assert (
        said.for_each == "holder"
        and said.roles == {"dept_head"}
        and said.done_by == {"report.hand_in"}
        and "R1-16" in said.controls
    )
    assert "R1-16" in ask(pack, "report.hand_in", "dept_head").controls


@shows("R1-19")
def ball_pen_is_not_taken_in(pack: Pack) -> None:
    refused = ask(pack, "custody.intake", "custodian", items={"ink": "ball_pen"})
    assert not refused.allow and "R1-19" in refused.controls and "圆珠笔" in refused.detail
    for ink in ("carbon", "blue_black"):
        assert ask(pack, "custody.intake", "custodian", items={"ink": ink}).allow


@shows("R1-20")
def everything_is_inspected_every_half_year(pack: Pack) -> None:
    said = pack.rounds["custody_inspection"]
    assert "R1-20" in said.controls and said.sample is not None and said.sample.share == 100
    assert period_end(pack, "custody_inspection", "2026-02-01") == "2026-06-30T23:59"
    assert period_end(pack, "custody_inspection", "2026-08-01") == "2026-12-31T23:59"
    covered = pack.forms["inspection_record"].items["covered"]
    assert covered.required and covered.range is not None and covered.range.min == 100
    assert CS_MANAGER in chain(ask(pack, "custody.inspect", "custodian"))


@shows("R1-21")
def defects_are_repaired_and_verified(pack: Pack) -> None:
    clock = pack.clocks["repair_promptly"]
    assert clock.starts.operation == "custody.defect" and clock.stops == {"custody.repair_check"}
    assert "R1-21" in clock.controls and due(pack, "repair_promptly", "2026-03-02T10:00") == "2026-03-16T17:30"
    assert list(pack.registers["repair_register"].states) == ["found", "repaired", "verified"]
    assert not ask(pack, "custody.repair_check", "custodian").allow


@shows("R1-22")
def what_comes_and_goes_is_in_the_ledger(pack: Pack) -> None:
    moves = ("intake", "lend", "return", "dispatch", "receive", "dispose")
    for op in [f"custody.{move}" for move in moves]:
        assert "in_out_ledger" in pack.operations[op].registers
        assert "R1-22" in pack.registers["in_out_ledger"].controls
        bare = ask(pack, "custody.intake", "custodian", NOTHING)
        assert "form" in bare.missing and "R1-22" in bare.controls


@shows("R1-23")
def the_air_is_looked_at_every_week(pack: Pack) -> None:
    said = pack.rounds["climate_check"]
    assert said.done_by == {"custody.climate"} and "R1-23" in said.controls
    assert period_end(pack, "climate_check", "2026-03-04") == "2026-03-08T23:59"
    assert {"temperature", "humidity", "damp", "mould"} <= set(pack.forms["climate_record"].items)


@shows("R1-24")
def a_reader_reports_object_purpose_reason_and_self(pack: Pack) -> None:
    said = ask(pack, "custody.consult", "contributor", NOTHING)
    assert said.form == "consult_report" and "form" in said.missing and "R1-24" in said.controls
    items = pack.forms["consult_report"].items
    assert all(items[name].required and items[name].min_chars for name in ("object", "aim", "why", "reader_about"))


@shows("R1-25")
def the_readers_department_seals_and_signs(pack: Pack) -> None:
    said = ask(pack, "custody.consult", "contributor")
    assert chain(said)[0] == HEAD and said.steps[0].seal == "either" and "R1-25" in said.controls
    assert pack.flows["consultation"].distinct and not pack.flows["consultation"].self_approval


@shows("R1-26")
def customer_service_ticks_reason_and_formalities(pack: Pack) -> None:
    step = step_by(ask(pack, "custody.consult", "contributor"), CUSTODIAN)
    assert (step.kind, step.checklist) == ("checklist", "consult_check") and "R1-26" in step.controls
    assert len(pack.checklists["consult_check"].points) >= 2


@shows("R1-27")
def outsiders_bring_a_letter_or_work_id(pack: Pack) -> None:
    bare = NO_EVIDENCE
    outside = ask(pack, "custody.consult", "contributor", bare, items={"reader": "outside"})
    assert outside.missing == ("evidence",) and "R1-27" in outside.controls
    assert ask(pack, "custody.consult", "contributor", bare, items={"reader": "staff"}).missing == ()
    items = pack.forms["consult_report"].items
    assert set(items["visitor_document"].options) == {"letter", "work_id"}
    assert all(items[name].required_if for name in ("visitor_document", "visitor_number", "visitor_unit", "escort"))


@shows("R1-28")
def classified_files_need_the_general_manager(pack: Pack) -> None:
    for level in SECRETS:
        for op in ("custody.consult", "custody.lend"):
            said = ask(pack, op, "dept_head", level=level)
            step = step_by(said, GM)
            assert not step.delegable and "R1-28" in said.controls
            assert GM not in chain(ask(pack, op, "contributor", level=Level.CONFIDENTIAL))


@shows("R1-29")
def filed_things_are_read_here_only(pack: Pack) -> None:
    refused = ask(pack, "custody.lend", "contributor", state="filed")
    assert not refused.allow and refused.articles == ("§15.4c",) and "R1-29" in refused.controls
    assert ask(pack, "custody.consult", "contributor", state="filed").allow
    assert "reading_register" in pack.operations["custody.consult"].registers


@shows("R1-30")
def nobody_keeps_copies_of_their_own(pack: Pack) -> None:
    said = pack.rounds["holdings_declared"]
    assert said.done_by == {"custody.declare"} and "R1-30" in said.controls and said.for_each == "holder"
    assert "statement" in ask(pack, "custody.declare", "contributor", NOTHING).missing
    spent = ask(pack, "copy.print", "custodian", times={"copies_a_day": 5})
    assert not spent.allow and "R1-30" in spent.controls
    assert ask(pack, "copy.print", "custodian", times={"copies_a_day": 4}).allow


@shows("R1-31")
def a_loan_is_reported_sealed_and_reviewed(pack: Pack) -> None:
    said = ask(pack, "custody.lend", "contributor", state="retained")
    assert chain(said)[:2] == [HEAD, CUSTODIAN] and said.steps[1].checklist == "loan_check"
    assert "R1-31" in said.controls


@shows("R1-32")
def the_loan_book_holds_five_things_and_a_number(pack: Pack) -> None:
    said = ask(pack, "custody.lend", "contributor", NOTHING, state="retained")
    assert {"form", "statement"} <= set(said.missing) and "R1-32" in said.controls
    items = pack.forms["loan_report"].items
    assert all(items[name].required for name in ("borrowed_on", "materials", "copies", "why"))
    book = pack.registers["loan_register"]
    assert pack.operations["custody.lend"].opens == "loan_register" and book.number == "loan_no"
    assert book.unique == ("subject",)


@shows("R1-33")
def a_loan_needs_the_managers_consent(pack: Pack) -> None:
    said = ask(pack, "custody.lend", "contributor", state="retained")
    assert CS_MANAGER in chain(said) and "R1-33" in said.controls


@shows("R1-34")
def three_days_and_no_new_loan_meanwhile(pack: Pack) -> None:
    assert due(pack, "loan_return", "2026-09-30T10:00") == "2026-10-03T17:30"
    late = ask(pack, "custody.lend", "contributor", state="retained", late=["loan_return"])
    assert not late.allow and "R1-34" in late.controls and "§16.6b" in late.articles
    assert ask(pack, "custody.lend", "contributor", state="retained").allow
    assert pack.clocks["loan_return"].stops == {"custody.return"}


@shows("R1-35")
def a_return_is_counted_and_ends_the_loan(pack: Pack) -> None:
    said = ask(pack, "custody.return", "custodian", NOTHING)
    assert said.missing == ("form",) and "R1-35" in said.controls
    moved = pack.operations["custody.return"].moves
    assert moved is not None and (moved.register_, moved.to) == ("loan_register", "returned")
    assert pack.registers["loan_register"].states["returned"].end
    assert not ask(pack, "custody.return", "contributor").allow


@shows("R1-36")
def without_the_promise_of_secrecy_nothing_is_revealed(pack: Pack) -> None:
    for role in STAFF:
        said = ask(pack, "customer.reveal", role, signed=PROMISES - {"secrecy"})
        assert said.missing == ("undertaking:secrecy",) and "R1-36" in said.controls
        assert ask(pack, "customer.reveal", role, signed=PROMISES).missing == ()
    assert pack.undertakings["secrecy"].months == 12
    assert pack.rounds["secrecy_yearly"].for_each == "staff"


@shows("R1-38")
def classified_things_have_a_keeper_of_their_own(pack: Pack) -> None:
    for role in ["custodian", "contributor", "dept_head"]:
        for op in ("customer.open", "customer.reveal", "customer.amend"):
            refused = ask(pack, op, role, level=Level.SECRET)
            assert not refused.allow and "R1-38" in refused.controls, op
            assert ask(pack, op, "classified_custodian", level=Level.SECRET).allow
        assert pack.posts["classified_keeper"].most == 1


@shows("R1-39")
def nothing_is_copied_without_an_order(pack: Pack) -> None:
    for op in ["copy.print", "copy.excerpt", "copy.export", "copy.release"]:
        said = ask(pack, op, "custodian")
        assert chain(said) == [f"{CS_MANAGER}|{GM}"] and "R1-39" in said.controls
        assert chain(ask(pack, op, "cs_manager", level=Level.SECRET)) == [GM]
        assert "copy_register" in pack.operations[op].registers and pack.registers["copy_register"].number == "copy_no"


@shows("R1-40")
def only_couriers_carry_and_somebody_else_receives(pack: Pack) -> None:
    for role in STAFF:
        refused = ask(pack, "custody.dispatch", role, level=Level.PUBLIC)
        assert not refused.allow and "R1-40" in refused.controls
    assert ask(pack, "custody.dispatch", "courier", level=Level.PUBLIC).steps
    assert (
        not ask(pack, "custody.receive", "courier", level=Level.PUBLIC).allow
        and ask(pack, "custody.receive", "contributor").allow
    )
    items = pack.forms["transfer_note"].items
    assert all(items[name].required for name in ("container", "seal_number", "safeguards", "receiver"))


@shows("R1-41")
def destruction_is_appraised_approved_and_witnessed(pack: Pack) -> None:
    kept = ask(pack, "custody.dispose", "custodian", items={"value": "keep"})
    assert not kept.allow and "R1-41" in kept.controls
    said = ask(pack, "custody.dispose", "custodian", items={"value": "none"})
    steps = said.steps
    assert [step.kind for step in steps] == ["checklist", "sign", "witness"]
    assert steps[2].least == 2 and CS_MANAGER in chain(said) and GM in chain(said)
    assert set(pack.forms["disposal_order"].items["method"].options) == {"shred", "pulp", "burn", "wipe", "crush"}


def _learned(pack: Pack, control: str, name: str, op: str, cycle: str) -> None:
    said = ask(pack, "customer.reveal", "custodian", signed=PROMISES - {name})
    assert said.missing == (f"undertaking:{name}",) and control in said.controls
    assert pack.operations[op].signs == name and pack.undertakings[name].months == 12
    assert pack.rounds[cycle].done_by == {op} and pack.rounds[cycle].for_each == "staff"


@shows("R1-42")
def everybody_learns_to_keep_silent_among_friends(pack: Pack) -> None:
    _learned(pack, "R1-42", "private_contact", "people.learn_private", "private_contact_yearly")


@shows("R1-43")
def everybody_learns_to_keep_silent_in_public(pack: Pack) -> None:
    _learned(pack, "R1-43", "public_places", "people.learn_public", "public_places_yearly")


@shows("R1-44")
def nothing_goes_out_by_an_open_way(pack: Pack) -> None:
    for way in ["phone", "telegram", "private_mail"]:
        refused = ask(pack, "copy.release", "custodian", channel=way, level=Level.INTERNAL, fields=["contact.phones"])
        assert not refused.allow and "R1-44" in refused.controls
        assert ask(pack, "copy.release", "custodian", channel="company_mail", level=Level.INTERNAL).allow
        assert ask(pack, "data.call", "contributor", channel="hotline_in").allow  # to collect by telephone is allowed


@shows("R1-45")
def the_general_manager_approves_the_rules(pack: Pack) -> None:
    said = ask(pack, "pack.adopt", "cs_manager")
    assert chain(said) == [GM] and "R1-45" in said.controls
    assert pack.document.approver is not None and pack.document.approver.post == "general_manager"
