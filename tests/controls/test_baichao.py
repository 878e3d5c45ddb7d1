"""Each control of the regulation `baichao`: what it allows, asks for and refuses; gone without its parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kedang.customers.origin_rules import kept
from kedang.kernel.levels import Level
from kedang.packs.carriers import by_control
from kedang.packs.decide import Given
from kedang.packs.schema import Pack
from kedang.packs.shipped import load_lawful, load_shipped
from tests.controls.asking import FULL, NOTHING, Checks, ask, chain, due, period_end, step_by

shows = Checks("baichao")
GM = "post:general_manager"
DATA_MANAGER = "post:data_manager"
CLERK = "role:data_clerk"
FILES = "role:file_clerk"
HEAD = "head_of:applicant_unit"
UNCONFIRMED = Given(FULL.reason, FULL.evidence, form=True, confirmed=False)
OTHERS = ("business_staff", "director")
LATER = {"R3-27"}


@pytest.mark.parametrize("control", [f"R3-{number:02}" for number in range(1, 28)])
def test_control(control: str):
    if control in LATER:
        assert not load_shipped("baichao").controls[control].available
    else:
        shows.holds(control)


@pytest.mark.parametrize("control", sorted({f"R3-{number:02}" for number in range(1, 28)} - LATER))
def test_nothing_is_left_without_its_parts(control: str):
    shows.needs_its_parts(control)


def test_no_control_is_left_out():
    assert shows.left_out() == set()
    assert {name for name, control in shows.pack().controls.items() if not control.available} == LATER


def test_every_demand_is_a_control_of_its_article(shared_data: Path):
    pack = shows.pack()
    text = (shared_data.parent / "REQUIREMENTS.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (R3-\d\d) \| (\S+) \|[^|]*\| (\w+) \|", text, flags=re.M)
    articles = {control: number for number, article in pack.articles.items() for control in article.controls}
    assert [(name, articles[name], control.type) for name, control in pack.controls.items()] == rows
    assert all(by_control(pack).values())


def test_no_sentence_is_copied_from_the_regulation(shared_data: Path):
    [seed] = (shared_data.parent / "seeds").glob("003_*")
    original = re.sub(r"\W", "", seed.read_text(encoding="utf-8"))
    for number, article in shows.pack().articles.items():
        ours = re.sub(r"\W", "", article.text)
        assert not [ours[at : at + 12] for at in range(len(ours) - 11) if ours[at : at + 12] in original], number


def test_the_law_takes_nothing_but_what_goes_out_without_consent():
    changed = {override.key for override in load_lawful("baichao").overrides if not override.key.endswith("not_for")}
    out = ("copy.export", "copy.print", "copy.release", "custody.consult")
    assert changed <= {f"operations['{op}'].rules" for op in out}


@shows("R3-01")
def who_has_not_read_the_rules_sees_no_values(pack: Pack) -> None:
    said = ask(pack, "customer.reveal", "data_clerk", signed=["company_data"])
    assert said.missing == ("undertaking:rules_ack",) and "R3-01" in said.controls
    assert pack.rounds["rules_yearly"].done_by == {"people.undertake"}
    assert pack.operations["people.undertake"].signs == "rules_ack"


@shows("R3-02")
def a_retained_customer_has_closed_a_deal(pack: Pack) -> None:
    for kind in pack.kinds.values():
        assert [(guard.record, guard.least) for guard in kind.states["retained"].guards] == [("transaction", 1)]
        assert kind.states["retained"].after == frozenset({"prospect"})
    assert pack.fields["transaction.day"].standard == "date"
    advanced = ask(pack, "customer.advance", "data_clerk", state="prospect", to="retained")
    assert advanced.allow and "R3-02" in advanced.controls
    assert not ask(pack, "customer.advance", "business_staff", state="prospect", to="retained").allow


@shows("R3-03")
def after_sales_does_the_work(pack: Pack) -> None:
    for role in OTHERS:
        said = ask(pack, "customer.amend", role, state="prospect", fields=["address"])
        assert chain(said)[-1] == CLERK and said.steps[-1].kind == "carry_out" and "R3-03" in said.controls
        assert pack.posts["data_manager"].unit == "aftersales"


@shows("R3-04")
def only_after_sales_sets_the_level(pack: Pack) -> None:
    for role in OTHERS:
        refused = ask(pack, "customer.amend", role, state="prospect", fields=["level"])
        assert not refused.allow and "R3-04" in refused.controls and "职责1.4" in refused.articles
    said = ask(pack, "customer.amend", "data_clerk", state="prospect", fields=["level"])
    assert said.flow == "level_change" and chain(said) == [DATA_MANAGER]


@shows("R3-05")
def management_gets_a_report_every_month(pack: Pack) -> None:
    said = pack.rounds["analysis_monthly"]
    assert said.done_by == {"report.submit"} and "R3-05" in said.controls
    assert period_end(pack, "analysis_monthly", "2026-03-10") == "2026-04-08T23:59"
    assert "R3-05" in ask(pack, "report.submit", "data_manager", NOTHING).controls
    assert "report_register" in pack.operations["report.submit"].registers


@shows("R3-06")
def other_departments_only_apply(pack: Pack) -> None:
    for role in OTHERS:
        said = ask(pack, "customer.amend", role, state="prospect", fields=["address"])
        assert said.flow == "change_by_others" and chain(said)[0] == HEAD and "R3-06" in said.controls


@shows("R3-07")
def what_was_handed_in_is_entered_in_two_working_days(pack: Pack) -> None:
    clock = pack.clocks["entry_promptly"]
    assert clock.stops == {"data.enter", "data.send_back"} and "R3-07" in clock.controls
    assert due(pack, "entry_promptly", "2026-03-06T10:00") == "2026-03-10T18:00"
    assert list(pack.registers["submit_register"].states) == ["submitted", "entered", "sent_back"]


@shows("R3-08")
def who_hands_in_does_not_enter(pack: Pack) -> None:
    for role in OTHERS:
        refused = ask(pack, "customer.open", role, state="new")
        assert not refused.allow and "R3-08" in refused.controls and "售后部" in refused.detail
        assert ask(pack, "customer.open", "data_clerk", state="new").allow and ask(pack, "data.submit", role).allow
        assert not ask(pack, "data.enter", role).allow


@shows("R3-09")
def old_data_by_after_sales_old_papers_by_administration(pack: Pack) -> None:
    for op in ("import.stage", "import.commit"):
        for role in OTHERS:
            refused = ask(pack, op, role)
            assert not refused.allow and "R3-09" in refused.controls
        assert ask(pack, op, "data_clerk").allow
    assert chain(ask(pack, "data.deposit", "business_staff")) == [FILES]
    assert "legacy" in pack.forms["deposit_note"].items["origin"].options


@shows("R3-10")
def prospects_are_collected_on_one_form(pack: Pack) -> None:
    said = ask(pack, "data.submit", "business_staff", NOTHING)
    assert said.form == "prospect_form" and "form" in said.missing and "R3-10" in said.controls
    assert pack.forms["prospect_form"].title == "潜客数据采集表"


@shows("R3-11")
def the_truth_is_confirmed_word_for_word(pack: Pack) -> None:
    said = ask(pack, "data.submit", "business_staff", UNCONFIRMED)
    assert said.missing == ("statement",) and "R3-11" in said.controls
    assert any("伪造" in sentence for sentence in said.statements)
    for op, module in (("record.add", "transaction"), ("record.amend", "product"), ("contact.amend", "contact")):
        told = ask(pack, op, "data_clerk", UNCONFIRMED, state="prospect", module=module)
        assert "R3-11" in told.controls, op
        assert "evidence" in ask(pack, op, "data_clerk", NOTHING, state="prospect", module=module).missing, op
    rules = kept(pack)
    assert rules is not None and "name" in rules.evidence_for


@shows("R3-12")
def data_is_verified_every_quarter(pack: Pack) -> None:
    said = pack.rounds["quarterly_verification"]
    assert said.done_by == {"quality.verify"} and "R3-12" in said.controls
    assert period_end(pack, "quarterly_verification", "2026-02-01") == "2026-03-31T23:59"
    assert "R3-12" in ask(pack, "quality.verify", "data_manager", NOTHING).controls


@shows("R3-13")
def who_supplied_it_answers_for_it(pack: Pack) -> None:
    said = ask(pack, "data.submit", "business_staff")
    assert any("第一责任人" in sentence for sentence in said.statements) and "R3-13" in said.controls
    supplier = pack.forms["prospect_form"].items["supplier"]
    assert supplier.required and supplier.type == "staff"
    assert "supplier" in pack.registers["submit_register"].columns
    rules = kept(pack)
    assert rules is not None and rules.required_for == {"name", "contact.phones"}


@shows("R3-14")
def nothing_changes_without_the_form_and_a_proof(pack: Pack) -> None:
    for role in ["data_clerk", "data_manager", *OTHERS]:
        said = ask(pack, "customer.amend", role, NOTHING, state="prospect", fields=["address"])
        assert {"form", "evidence"} <= set(said.missing) and said.form == "change_request" and "R3-14" in said.controls
        assert said.steps
        assert not ask(pack, "customer.amend", role, state="filed", fields=["address"]).allow


@shows("R3-15")
def after_sales_changes_by_the_form_and_books_it(pack: Pack) -> None:
    said = ask(pack, "customer.amend", "director", state="retained", fields=["name"])
    assert CLERK in chain(said) and "R3-15" in said.controls
    assert "change_register" in pack.operations["customer.amend"].registers
    book = pack.registers["change_register"]
    assert (book.number, book.form) == ("change_no", "change_request")


@shows("R3-16")
def data_belongs_to_the_company(pack: Pack) -> None:
    said = ask(pack, "customer.reveal", "business_staff", signed=["rules_ack"])
    assert said.missing == ("undertaking:company_data",) and "R3-16" in said.controls
    assert pack.operations["people.undertake_data"].signs == "company_data"


@shows("R3-17")
def two_departments_hold_the_data(pack: Pack) -> None:
    filed = ask(pack, "customer.file", "data_clerk", state="retained")
    assert chain(filed) == [FILES] and "R3-17" in filed.controls
    viewed = ask(pack, "custody.consult", "business_staff")
    assert CLERK in chain(viewed) and "R3-17" in viewed.controls
    holders = {name: post.unit for name, post in pack.posts.items() if "R3-17" in post.controls}
    assert holders == {"data_clerk": "aftersales", "file_clerk": "admin"}
    assert "archive_register" in pack.operations["customer.file"].registers


@shows("R3-18")
def the_rules_are_a_controlled_document(pack: Pack) -> None:
    assert (pack.meta.number, pack.meta.edition, pack.meta.pages) == ("BCSY-AS-01", "A/01", 9)
    said = ask(pack, "pack.adopt", "data_manager")
    assert chain(said) == ["post:admin_director", GM] and said.steps[0].kind == "checklist"
    assert "R3-18" in said.controls
    assert {"number", "edition", "pages"} <= set(pack.checklists["controlled_document"].points)


@shows("R3-19")
def a_leak_is_investigated_and_punished(pack: Pack) -> None:
    said = ask(pack, "incident.sanction", "data_manager")
    assert chain(said) == [GM] and "R3-19" in said.controls
    moves = {op: pack.operations[op].moves for op in ("incident.investigate", "incident.sanction", "incident.clear")}
    assert [(min(move.from_), move.to) for move in moves.values() if move] == [
        ("reported", "investigated"), ("investigated", "sanctioned"), ("investigated", "cleared"),
    ]  # fmt: skip
    assert due(pack, "investigation", "2026-03-02T10:00") == "2026-03-09T18:00"


@shows("R3-20")
def the_level_decides_who_sees_what(pack: Pack) -> None:
    refused = ask(pack, "customer.reveal", "business_staff", level=Level.CONFIDENTIAL)
    assert not refused.allow and "R3-20" in refused.controls
    levels = {"internal": Level.INTERNAL, "confidential": Level.CONFIDENTIAL, "secret": Level.SECRET}
    for op in ("custody.consult", "copy.print"):
        chains = {name: chain(ask(pack, op, "file_clerk", level=level)) for name, level in levels.items()}
        assert chains == {
            "internal": [HEAD, CLERK],
            "confidential": [HEAD, DATA_MANAGER, CLERK],
            "secret": [HEAD, DATA_MANAGER, GM],
        }
        assert chain(ask(pack, op, "director", level=Level.SECRET)) == [DATA_MANAGER, GM]
    assert "R3-20" in ask(pack, "custody.consult", "director").controls


@shows("R3-21")
def what_was_viewed_is_back_the_same_day(pack: Pack) -> None:
    assert due(pack, "view_return", "2026-03-02T10:00") == "2026-03-02T18:00"
    assert pack.clocks["view_return"].stops == {"custody.return"}
    late = ask(pack, "custody.consult", "business_staff", late=["view_return"])
    assert not late.allow and "R3-21" in late.controls
    assert ask(pack, "custody.consult", "business_staff").allow


@shows("R3-22")
def nothing_is_taken_out(pack: Pack) -> None:
    refused = ask(pack, "custody.consult", "business_staff", items={"where": "outside"})
    assert not refused.allow and "R3-22" in refused.controls
    assert ask(pack, "custody.consult", "business_staff", items={"where": "reading_room"}).allow
    assert "custody.lend" not in pack.operations


@shows("R3-23")
def every_viewing_has_a_line(pack: Pack) -> None:
    said = ask(pack, "custody.consult", "business_staff", NOTHING)
    assert said.form == "view_entry" and "form" in said.missing and "R3-23" in said.controls
    assert pack.forms["view_entry"].title == "客户资料查阅登记表"
    assert pack.operations["custody.consult"].opens == "view_register"
    assert pack.registers["view_register"].number == "view_no"


@shows("R3-24")
def director_and_general_manager_both(pack: Pack) -> None:
    for op in ["copy.release", "copy.export"]:
        said = ask(pack, op, "data_clerk")
        assert len(said.steps) == 1
        step = said.steps[0]
        assert (
            chain(said) == [f"{HEAD}|{GM}"] and len(step.all) == 2 and step.order == "any" and "R3-24" in said.controls
        )
        assert ask(pack, op, "data_clerk", NOTHING).form == "release_request"


@shows("R3-25")
def nobody_leaves_with_anything(pack: Pack) -> None:
    held = ask(pack, "people.leave", "system_officer", rel=["in_scope", "has_overdue"])
    assert not held.allow and "R3-25" in held.controls
    said = ask(pack, "people.leave", "system_officer", rel=["in_scope"])
    step = step_by(said, FILES)
    assert (step.kind, step.checklist) == ("checklist", "exit_clearance") and "R3-25" in said.controls


@shows("R3-26")
def the_director_signs_and_after_sales_keeps_a_copy(pack: Pack) -> None:
    said = ask(pack, "people.leave", "system_officer", rel=["in_scope"])
    assert chain(said)[0] == "head_of:subject_unit" and chain(said)[-1] == CLERK
    assert "R3-26" in said.controls
    assert "form" in ask(pack, "people.leave", "system_officer", NOTHING, rel=["in_scope"]).missing
    assert "handover_register" in pack.operations["people.leave"].registers
