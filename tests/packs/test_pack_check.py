"""`pack check` names every problem of a file at once: line, key, what was expected, what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.packs.checking import check_bytes, check_file
from kedang.packs.decide import Given, decide
from kedang.packs.problems import Problem
from kedang.packs.schema import Pack
from tests.packs.small import SMALL


def problems_of(text: str, operations: set[str] | None = None) -> list[Problem]:
    return check_bytes(text.encode(), "small.yaml", operations)[1]


def test_sound_pack_has_no_problem():
    pack, problems = check_bytes(SMALL.encode(), "small.yaml", {"customer.amend"})
    assert problems == []
    assert isinstance(pack, Pack)


# (what is wrong, text to replace, replacement, line, key, rule, what the found part holds)
BAD: list[tuple[str, str, str, int, str, str, str]] = [
    ("unknown top key", "flows:\n", "flowz:\n", 38, "flowz", "unknown_key", "flowz"),
    ("key missing in a mapping", '  edition: "1"\n', "", 1, "meta", "missing", "nothing"),
    ("unknown key of a role", "    max_scope: unit_below\n", "    max_scop: unit_below\n", 12, "roles.head.max_scop",
     "unknown_key", "max_scop"),
    ("unknown scope", "max_scope: unit_below", "max_scope: galaxy", 12, "roles.head.max_scope", "choice", "galaxy"),
    ("unknown level of a role", "max_clearance: secret", "max_clearance: cosmic", 13, "roles.head.max_clearance",
     "choice", "cosmic"),
    ("unknown reads", "    reads: [dossier]\n", "    reads:\n      - dossier\n      - diary\n", 13,
     "roles.head.reads[1]", "choice", "diary"),
    ("a reserved role", "  head:\n", "  any_staff:\n", 9, "roles.any_staff", "reserved", "any_staff"),
    ("role code not a code", "  clerk: {", "  Clerk!: {", 8, "roles.Clerk!", "pattern", "Clerk!"),
    ("unknown field as identity", "identity: number", "identity: kode", 17, "kinds.organisation.identity",
     "choice", "kode"),
    ("unknown standard", "standard: phones", "standard: fones", 26, "fields.phone.standard", "choice", "fones"),
    ("unknown category", "category: contact", "category: gossip", 25, "fields.phone.category", "choice", "gossip"),
    ("unknown state of required_at", "required_at: {filed:", "required_at: {archived:", 22,
     "fields.number.required_at.archived", "choice", "archived"),
    ("unknown kind of required_at", "{filed: [organisation]}", "{filed: [partnership]}", 22,
     "fields.number.required_at.filed[0]", "choice", "partnership"),
    ("sensitive without a mask", "    mask: {clear_in_detail: [head]}\n", "", 23, "fields.phone",
     "unmasked", "nothing"),
    ("unknown role in a mask", "clear_in_detail: [head]", "clear_in_detail: [boss]", 28,
     "fields.phone.mask.clear_in_detail[0]", "choice", "boss"),
    ("unknown role in who", "who: [clerk, head]", "who: [clerk, boss]", 31, "operations['customer.amend'].who[1]",
     "choice", "boss"),
    ("who is not a list", "who: [clerk, head]", "who: clerk", 31, "operations['customer.amend'].who", "list", "clerk"),
    ("unknown article of an operation", '    article: "2"\n', '    article: "9"\n', 32,
     "operations['customer.amend'].article", "choice", "9"),
    ("a number is not text", "reason: {min_chars: 4}", "reason: {min_chars: four}", 33,
     "operations['customer.amend'].needs.reason.min_chars", "number", "four"),
    ("a number in quotes", "reason: {min_chars: 4}", 'reason: {min_chars: "4"}', 33,
     "operations['customer.amend'].needs.reason.min_chars", "number", "4"),
    ("a number out of bounds", "reason: {min_chars: 4}", "reason: {min_chars: 0}", 33,
     "operations['customer.amend'].needs.reason.min_chars", "too_short", "0"),
    ("no rules", "    rules:\n", "    rules: []\n    was:\n", 34, "operations['customer.amend'].rules", "too_short",
     "an empty list"),
    ("unknown state in a condition", "state: [filed]", "state: [archived]", 35,
     "operations['customer.amend'].rules[0].when.state[0]", "choice", "archived"),
    ("unknown fact", "{when: {level: [secret]}", "{when: {weather: [rain]}", 36,
     "operations['customer.amend'].rules[1].when.weather", "unknown_key", "weather"),
    ("unknown level in a condition", "level: [secret]", "level: [hush]", 36,
     "operations['customer.amend'].rules[1].when.level[0]", "choice", "hush"),
    ("deny is only ever true", "deny: true", "deny: false", 35, "operations['customer.amend'].rules[0].deny", "choice",
     "false"),
    ("deny and flow", "deny: true,", "deny: true, flow: key_change,", 35, "operations['customer.amend'].rules[0]",
     "rule_effect", "a mapping"),
    ("unknown flow", "flow: key_change", "flow: other", 36, "operations['customer.amend'].rules[1].flow",
     "choice", "other"),
    ("a rule after an unconditional one", "{when: {level: [secret]}, flow", "{flow", 37,
     "operations['customer.amend'].rules[2]", "unreachable", "a mapping"),
    ("a flow no rule asks for", ", flow: key_change", "", 39, "flows.key_change", "unused_flow", "key_change"),
    ("a step of nobody", "      - of: {role: head}\n", "      - kind: sign\n", 42, "flows.key_change.steps[0]",
     "step_party", "nothing"),
    ("a party of two", "of: {role: head}", "of: {role: head, head_of: subject_unit}", 42,
     "flows.key_change.steps[0].of", "party", "role, head_of"),
    ("unknown role of a step", "of: {role: head}", "of: {role: boss}", 42, "flows.key_change.steps[0].of.role",
     "choice", "boss"),
    ("unknown post of a step", "of: {role: head}", "of: {post: 总经理}", 42, "flows.key_change.steps[0].of.post",
     "choice", "总经理"),
    ("article without control", "    controls: [T-2]\n", "    controls: []\n", 45, "articles['3.10']",
     "article_without_control", "nothing"),
    ("unknown control", "    controls: [T-2]\n", "    controls: [T-2, T-9]\n", 48, "articles['3.10'].controls[1]",
     "choice", "T-9"),
    ("control without article", "  T-2: {", "  T-3: {kind: observed, type: WF}\n  T-2: {", 51, "controls.T-3",
     "control_without_article", "T-3"),
    ("enforced by nothing", ", controls: [T-1]}\n      - {when: {level", "}\n      - {when: {level", 50, "controls.T-1",
     "enforced_without_proof", "nothing"),
    ("unknown kind of control", "T-2: {kind: observed", "T-2: {kind: wished", 51, "controls.T-2.kind",
     "choice", "wished"),
    ("duplicate key deep inside", "    title: 负责人\n", "    title: 负责人\n    title: 主管\n", 11, "roles.head.title",
     "duplicate", "title"),
    ("duplicate operation", "flows:\n", "  customer.amend: {who: [], rules: []}\nflows:\n", 38,
     "operations['customer.amend']", "duplicate", "customer.amend"),
    ("an alias", "[clerk, head]", "&who [clerk, head]\n    not_for: *who", 32, "", "alias", "*who"),
    ("tabs", "    who:", "\twho:", 31, "", "syntax", "cannot start any token"),
    ("two documents", "controls:\n", "---\ncontrols:\n", 50, "", "documents", "2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "rule", "found"), [row[1:] for row in BAD], ids=[r[0] for r in BAD]
)
def test_problem_is_named_with_its_line(old: str, new: str, line: int, key: str, rule: str, found: str):
    assert SMALL.count(old) >= 1
    problems = problems_of(SMALL.replace(old, new, 1))
    assert (line, key, rule) in [(each.line, each.key, each.rule) for each in problems], problems
    named = next(each for each in problems if (each.line, each.key, each.rule) == (line, key, rule))
    assert found in named.found
    assert named.expected
    assert str(named).startswith(f"small.yaml:{line}: ")


def test_all_problems_are_reported_at_once_and_in_order():
    text = (
        SMALL.replace("who: [clerk, head]", "who: [clerk, boss, chief]")
        .replace("state: [filed]", "state: [gone], moon: [full]")
        .replace("standard: phones", "standard: fones")
        .replace("    title: 负责人\n", "    title: 负责人\n    title: 主管\n")
        .replace("flow: key_change}", "flow: other}")
    )
    found = [(each.line, each.rule) for each in problems_of(text)]
    assert found == [
        (11, "duplicate"), (27, "choice"), (32, "choice"), (32, "choice"), (36, "unknown_key"), (36, "choice"),
        (37, "choice"), (40, "unused_flow"),
    ]  # fmt: skip


def test_operation_names_are_checked_against_the_product():
    text = SMALL.replace("  customer.amend:\n", "  customer.amned:\n", 1)
    problems = problems_of(text, {"customer.amend", "customer.open"})
    found = [(each.line, each.key, each.rule) for each in problems]
    assert (30, "operations['customer.amned']", "choice") in found
    missing = [each for each in problems if each.rule == "missing_operation"]
    assert [each.expected for each in missing] == [
        "a rule for the operation customer.amend", "a rule for the operation customer.open"
    ]  # fmt: skip
    assert {each.line for each in missing} == {29}


def test_what_a_regulation_does_not_say_of_the_parts_of_a_dossier_nobody_does():
    names = {"customer.amend", "record.add", "contact.lead", "consent.give", "file.view", "customer.hand_over"}
    assert not [each for each in problems_of(SMALL, names) if each.rule == "missing_operation"]
    pack, _ = check_bytes(SMALL.encode(), "pack.yaml", names)
    assert pack is not None
    for name in names - set(pack.operations):
        assert not decide(pack, name, Actor(id="ann", roles=frozenset(pack.roles)), Facts(), Given()).allow


def test_operation_that_only_denies_is_found():
    rules = SMALL[SMALL.index("      - {when: {level") : SMALL.index("flows:")]
    problems = problems_of(SMALL.replace(rules, ""))
    assert (34, "never_allowed") in [(each.line, each.rule) for each in problems]


@pytest.mark.parametrize(
    ("raw", "line", "rule"),
    [
        (b"", 1, "empty"),
        (b"- a\n- b\n", 1, "empty"),
        (b"just words", 1, "empty"),
        (b"meta:\n  title: \xff\xfe\n", 2, "encoding"),
        (b"a: [1, 2\nb: 3\n", 2, "syntax"),
        (b"#" * 400_001, 1, "size"),
        (b"meta: " + b"[" * 5000 + b"]" * 5000, 1, "depth"),
        (b"a: &a [*a]\n", 1, "alias"),
    ],
)
def test_file_that_is_no_pack_at_all(raw: bytes, line: int, rule: str):
    pack, problems = check_bytes(raw, "bad.yaml")
    assert pack is None
    assert [(each.line, each.rule) for each in problems] == [(line, rule)]


def test_wrong_types_are_named():
    text = SMALL.replace("title: 小制度", "title: [小, 制度]").replace("steps:\n", "steps: now\n    was:\n")
    text = text.replace("meta:", "exclusive: [[clerk, 3]]\nmeta:").replace(
        "  key_change:\n", "  key_change:\n    limit: 2d\n"
    )
    text = text.replace("  number: {title: 代码,", "  number: {key: maybe, title: 代码,").replace(
        "number: KD-1", "number: " + "长" * 201
    )
    text = text.replace("  head:\n", "  guest: nobody\n  head:\n")
    assert {
        ("meta.title", "text"),
        ("meta.number", "too_long"),
        ("roles.guest", "mapping"),
        ("fields.number.key", "flag"),
        ("flows.key_change.steps", "list"),
        ("flows.key_change.limit", "unknown_key"),
        ("exclusive[0][1]", "text"),
    } <= {(each.key, each.rule) for each in problems_of(text)}


def test_article_numbers_keep_their_zeros():
    """Unquoted 3.10 would be the float 3.1 elsewhere; here it stays the article the author meant."""
    pack, problems = check_bytes(SMALL.replace('"3.10"', "3.10").encode(), "small.yaml")
    assert problems == []
    assert pack is not None
    assert "3.10" in pack.articles
    assert pack.operations["customer.amend"].rules[0].article == "3.10"


def test_check_file_speaks_of_the_file(tmp_path: Path):
    path = tmp_path / "ours.yaml"
    path.write_text(SMALL.replace("who: [clerk, head]", "who: [boss]"), encoding="utf-8")
    [problem] = check_file(path)
    assert str(problem) == (
        "ours.yaml:31: operations['customer.amend'].who[0]: "
        'expected one of any_staff, clerk, head, system, found "boss"'
    )
    assert problem.expectation(lambda text: text.replace("one of", "其一：")) == "其一： any_staff, clerk, head, system"


def test_every_rule_after_an_unconditional_one_is_named():
    text = SMALL.replace("      - {when: {state: [filed]}, deny: true,", "      - {deny: true,")
    assert [(each.line, each.rule) for each in problems_of(text)] == [
        (34, "never_allowed"),
        (36, "unreachable"),
        (37, "unreachable"),
    ]
