# ruff: noqa: E501 - one case in one line is easier to read than the same in six
"""What does not agree in a pack is named by line: each rule of the check finds what it is for in the guide's example."""

from __future__ import annotations

import pytest

from kedang.governance.offered import NAMES
from kedang.packs.checking import check_bytes
from kedang.packs.problems import MESSAGES
from tests.packs import test_fields, test_pack_check
from tests.packs.guide import example

TEXT = example()
LINES = TEXT.splitlines()

# (rule, text to replace, replacement, text in the line where the problem is found)
FOUND: list[tuple[str, str, str, str]] = [
    ("never_allowed", "  customer.assign: {who: [manager], rules: [{article", "  customer.assign: {who: [manager], rules: [{deny: true, article", "customer.assign"),
    ("why_without_deny", "rules: [{article: \"1.1\"}]}\n  customer.file", "rules: [{why: 因为, article: \"1.1\"}]}\n  customer.file", "customer.assign"),
    ("both_ways", "customer.assign: {who: [manager],", "customer.assign: {who: [manager], not_for: [manager],", "customer.assign"),
    ("rule_for_nobody", "customer.assign: {who: [manager], rules: [{", "customer.assign: {who: [manager], rules: [{who: [caller], ", "customer.assign"),
    ("number_item", "{claimed: limit}", "{claimed: result}", "exceeds"),
    ("not_a_number", "{when: {exceeds: {claimed: limit}}", "{when: {items: {result: {min: 5}}}", "result: {min"),
    ("two_forms", "    rules: [{article: \"3.1\"}]\n  service.call", "    rules: [{needs: {form: call}, article: \"3.1\"}]\n  service.call", "  delivery.record:"),
    ("not_a_matter", "  customer.assign: {who", "  customer.assign: {opens: calls, who", "customer.assign"),
    ("does_nothing", "    needs: {form: campaign}\n", "", "  engagement.campaign:"),
    ("grant_of_dossier", "    signs: secrecy\n", "    signs: secrecy\n    grants: {for: {days: 3}}\n", "grants:"),
    ("move_of_row", "    about: row\n", "    about: site\n", "moves:"),
    ("row_without_move", "    moves: {register: complaints, from: [open], to: closed}\n", "", "about: row"),
    ("from_end_state", "from: [open], to: closed", "from: [open, closed], to: closed", "moves:"),
    ("staff_item", "to: closed}", "to: closed, holder: claimed}", "moves:"),
    ("control_of_later", "CX-13: {kind: monitored, type: RET, available: false}", "CX-13: {kind: monitored, type: RET}", "CX-13: {"),
    ("unused_forms", "    needs: {form: handover}\n", "", "  handover: "),
    ("unused_registers", "    opens: deliveries\n", "    signs: secrecy\n", "  deliveries: {"),
    ("unused_checklists", "kind: checklist, checklist: solution", "kind: sign", "checklists:\n  solution: {"),
    ("unused_numbering", "title: 回访台账, number: call,", "title: 回访台账,", "  call: {parts"),
    ("unused_grammars", "grammar: frame, ", "", "  frame: {title: 车架号后八位, parts"),
    ("required_uncollected", "name: {title: 客户名称,", "name: {collect: false, title: 客户名称,", "  name: {"),
    ("consent_asked", "consent: {title", "agreed: {title", "  engagement.campaign:"),
    ("not_served", "years: 10, then: review, available: false", "years: 10, then: review, available: true", "  sold:"),
    ("retention_length", "years: 10, ", "", "  sold:"),
    ("exactly_one", "every: {months: 1}", "every: {months: 1, weeks: 2}", "every:"),
    ("cycle", "company: {title: 诚信汽车, kind: company}", "company: {title: 诚信汽车, kind: company, parent: sales}", "  company: {"),
    ("post_count", "per: department, least: 0,", "per: department, least: 3,", "  unit_head:"),
    ("exclusive_post", "posts:\n  general_manager: {title: 总经理, head: true, roles: [director]}", "exclusive: [[director, manager]]\nposts:\n  general_manager: {title: 总经理, head: true, roles: [director, manager]}", "  general_manager: {"),
    ("unsigned_undertaking", "    signs: secrecy\n", "    opens: calls\n", "  secrecy: {"),
    ("needs_itself", "    signs: secrecy\n", "    signs: secrecy\n    needs: {undertakings: [secrecy]}\n", "needs: {undertakings: [secrecy]}\n    rules"),
    ("level_of_superior", "{of: {post: general_manager}}\n  small_site", "{of: {post: general_manager, level: 2}}\n  small_site", "level: 2"),
    ("too_many_signers", "any: [{role: security_officer}, {role: system_officer}]", "any: [{role: security_officer}], least: 2", "  resetting:"),
    ("step_checklist", "kind: checklist, checklist: solution}]}", "kind: checklist}]}", "  small: {"),
    ("limit_missing", "limit: {days: 2, calendar: working_days}, at_limit", "at_limit", "at_limit: refuse"),
    ("own_signature", "kind: bind}", "kind: bind}, {of: {person: applicant}}", "  small_site:"),
    ("nobodys_role", "{title: 安全管理员批准, of: {role: security_officer}}", "{title: 安全管理员批准, of: {role: any_staff}}", "安全管理员批准"),
    ("empty_post", "edition: {title: 制度修订, empty_seat: stop, steps: [{of: {post: general_manager}}", "edition: {title: 制度修订, empty_seat: stop, steps: [{of: {post: general_manager}}, {of: {post: unit_head}}", "  edition: {"),
    ("no_head", "head: true, ", "", "{of: {head_of: applicant_unit}, comment"),
    ("approver_signs", "flow: edition,", "flow: key_change,", "  pack.adopt:"),
    ("same_person", "{title: 总经理同意, of: {post: general_manager}, delegable: true}", "{of: {post: general_manager}}\n      - {of: {post: general_manager}, delegable: true}", "{of: {post: general_manager}, delegable: true}"),
    ("options", "type: choice, required: true, options: {a: A 级, b: B 级}", "type: choice, required: true", "grade: {title: 客户等级, type"),
    ("row_register", "injured: {title: 是否有人受伤, type: yes_no,", "injured: {title: 是否有人受伤, type: row,", "injured: {title: 是否有人受伤, type"),
    ("computed_only", "type: money}\n      degree", "type: money, table: deadline}\n      degree", "amount: {title"),
    ("computed_required", "type: computed, table", "type: computed, required: true, table", "degree: {"),
    ("grammar_of_text", "type: date, required: true, range", "type: date, required: true, grammar: frame, range", "delivered: {"),
    ("empty_range", "range: {max: 0}", "range: {min: 5, max: 0}", "range: {min: 5"),
    ("states_missing", "    states: {open: {title: 处理中}, closed: {title: 已办结, end: true}}\n", "", "    title: 投诉台账"),
    ("unique_without_states", "columns: [frame, delivered]}", "unique: [subject]}", "  deliveries:"),
    ("unreached_state", "states: {open: {title: 处理中},", "states: {open: {title: 处理中}, paused: {title: 暂停},", "    states:"),
    ("stuck_state", "closed: {title: 已办结, end: true}", "closed: {title: 已办结}", "    states:"),
    ("serial", "{text: \"-\"}, {serial: 4}", "{text: \"-\"}", "  call: {parts"),
    ("restart_date", "{date: yyyymm}, {text", "{date: yyyy}, {text", "  call: {parts"),
    ("per_unit", "restart: monthly}", "restart: monthly, per_unit: true}", "  call: {parts"),
    ("check_last", "[{either: {min: 8, max: 8}}]", "[{check: mod11_2}, {either: {min: 8, max: 8}}]", "  frame: {title"),
    ("clock_never_ends", "    stops: [complaint.solve]\n", "", "clocks: complaint"),
    ("empty_span", "within: {hours: 48}", "within: {hours: 0}", "within: {hours: 0}"),
    ("date_item", "from_item: delivered", "from_item: frame", "from_item"),
    ("date_field", "from_item: delivered", "from_field: name", "from_field"),
    ("dead_end", "every: {days: 1}}", "every: {days: 1}, block: [service.call]}", "block:"),
    ("cannot_follow", "stops: [complaint.solve]", "stops: [complaint.solve]", ""),
    ("guard_collected", "retained: {title: 已购车}, filed", "retained: {title: 已购车, guards: [{record: credit}]}, filed", "states: {prospect"),
    ("filed_by_deed", "filed: {title: 已归档, read_only", "filed: {title: 已归档, after: [retained], read_only", "states: {prospect"),
    ("round_roles", "    by: {role: manager}", "    for_each: holder\n    by: {role: manager}", "  monthly_read:"),
    ("round_cannot", "    by: {role: manager}", "    by: {role: caller}", "by: {role: caller}"),
    ("shadowed", "      - {when: {amount: {min: 1000000}}, then: 重大}", "      - {when: {amount: {min: 500}}, then: 一般}\n      - {when: {amount: {min: 1000000}}, then: 重大}", "min: 1000000"),
    ("probe_not_caught", "minute: 1260", "minute: 600", "CX-06: {"),
    ("enforced_without_proof", "CX-12: {kind: observed, type: WF, invariant: deeds_recorded}", "CX-12: {kind: enforced, type: WF}", "CX-12: {"),
    ("monitored_without_watch", "CX-12: {kind: observed, type: WF, invariant: deeds_recorded}", "CX-12: {kind: monitored, type: WF}", "CX-12: {"),
    ("attested_without_part", "CX-12: {kind: observed, type: WF, invariant: deeds_recorded}", "CX-12: {kind: attested, type: WF}", "CX-12: {"),
    ("observed_without_invariant", "type: WF, invariant: deeds_recorded}", "type: WF}", "CX-12: {"),
]  # fmt: skip
FIGURES = """\
measures:
  calls: {title: 回访数, of: staff, count: {register: calls}, available: false}
scores:
  work:
    title: 得分
    of: staff
    parts: [{measure: calls, bands: [{points: 0}, {from: 10, points: 5}]}]
    grades: [{grade: C}, {from: 5, grade: A}]
sanctions:
  late: {title: 超期, late: first_call, degrees: [{amount: {fen: 5000}}, {from: 3, measure: 通报批评}]}
"""
OF_FIGURES: list[tuple[str, str, str, str]] = [
    ("measure_item", "count: {register: calls}", "sum: {register: calls}", "  calls: {title: 回访数"),
    ("measure_of_dossier", "count: {register: calls}", "field: name", "  calls: {title: 回访数"),
    ("same_band", "{from: 10, points: 5}", "{points: 5}", "parts: [{measure"),
    ("lowest_band", "[{grade: C}, {from", "[{from: 1, grade: C}, {from", "grades:"),
    ("two_terms", "    parts: [{measure: calls, bands: [{points: 0}, {from: 10, points: 5}]}]", "    formula: {divide: [{number: 1}]}", "formula:"),
    ("sanction_of_nothing", "{from: 3, measure: 通报批评}", "{from: 3}", "  late:"),
    ("exactly_one", "{fen: 5000}", "{fen: 5000, points: 2}", "  late:"),
]  # fmt: skip
FOREIGN = {"formula_item", "formula_measure", "within_or_grace", "lapse_of_clock", "lapse", "quota_of_dossier"}
"""Tried in test_foreign."""
DELEGATED = {
    "reaches_nothing", "not_delegable", "delegates_nothing", "overlay_deed", "limit_of_delegated", "not_delegated",
    "within_limits",
}  # fmt: skip
"""Tried in test_overlays."""
ELSEWHERE = {"cannot_follow", "unknown_invariant", "about_of_product", "never_reached", *FOREIGN, *DELEGATED}


def problems_of(text: str):
    return check_bytes(text.encode(), "guide.yaml")[1]


@pytest.mark.parametrize(("rule", "old", "new", "where"), [row for row in FOUND if row[0] not in ELSEWHERE],
                         ids=[row[0] for row in FOUND if row[0] not in ELSEWHERE])  # fmt: skip
def test_it_is_found_where_it_stands(rule: str, old: str, new: str, where: str):
    found_in(TEXT, rule, old, new, where)


@pytest.mark.parametrize(("rule", "old", "new", "where"), OF_FIGURES, ids=[row[0] for row in OF_FIGURES])
def test_it_is_found_in_figures(rule: str, old: str, new: str, where: str):
    text = TEXT.replace("retention:\n", f"{FIGURES}retention:\n")
    assert problems_of(text) == []
    found_in(text, rule, old, new, where)


def found_in(text: str, rule: str, old: str, new: str, where: str) -> None:
    assert old in text
    wrong = text.replace(old, new)
    found = [problem for problem in problems_of(wrong) if problem.rule == rule]
    assert found, problems_of(wrong)
    lines = wrong.splitlines()
    near = ["\n".join(lines[max(0, problem.line - 2) : problem.line + 1]) for problem in found]
    assert any(all(part in text_ for part in where.split("\n")) or where.startswith("clocks: ") for text_ in near), near
    assert all(problem.expected for problem in found)


def test_a_case_in_another_state_cannot_be_settled():
    other = """\
  complaint.cancel:
    title: 撤回
    about: row
    who: [caller]
    moves: {register: complaints, from: [nowhere], to: closed}
    rules: [{}]
"""
    wrong = TEXT.replace("  engagement.campaign:\n", f"{other}  engagement.campaign:\n").replace(
        "stops: [complaint.solve]", "stops: [complaint.cancel]"
    )
    assert "cannot_follow" in {problem.rule for problem in problems_of(wrong)}


def test_what_the_product_offers_is_no_matter_of_the_company():
    wrong = TEXT.replace("  customer.assign: {who", "  customer.assign: {about: dossier, title: 分配, who")
    found = check_bytes(wrong.encode(), "guide.yaml", NAMES)[1]
    assert "about_of_product" in {problem.rule for problem in found}


def test_a_step_whose_condition_never_meets_the_rules_is_found():
    wrong = TEXT.replace("fields: [name, credit_code", "state: [retained], fields: [name, credit_code").replace(
        "{of: {head_of: applicant_unit}, comment: always,",
        "{of: {head_of: applicant_unit}, when: {state: [prospect]}, comment: always,",
    )
    [problem] = [each for each in problems_of(wrong) if each.rule == "never_reached"]
    assert problem.key == "flows.key_change.steps[0].when.state"
    assert "never_reached" not in {
        each.rule for each in problems_of(wrong.replace("[prospect]}, comm", "[retained]}, comm"))
    }


def test_every_kind_of_problem_is_tried():
    """No rule of the check is there that no test has seen at work."""
    tried = {row[0] for row in (*FOUND, *OF_FIGURES)} | {row[5] for row in test_pack_check.BAD} | ELSEWHERE
    tried |= test_fields.RULES | test_fields.IN_THE_PRODUCT
    general = {
        "encoding",
        "size",
        "depth",
        "empty",
        "text",
        "flag",
        "mapping",
        "too_long",
        "other",
        "missing_operation",
    }
    assert set(MESSAGES) <= tried | general
