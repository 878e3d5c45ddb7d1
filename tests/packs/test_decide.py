"""`decide`: deny beats all, obligations add up, the first matching flow wins, no match means denied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from kedang.kernel.actor import Actor, system
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.schema import Pack
from tests.packs.small import pack_of

OP = "customer.amend"
CLERK = Actor(id="ann", roles=frozenset({"clerk"}), clearance=2)
HEAD = Actor(id="bob", roles=frozenset({"head"}), clearance=3)
HERE = frozenset({"in_scope"})
NOTHING = Given()


def judged(rules: Sequence[Any], actor: Actor = CLERK, given: Given = NOTHING, **facts: Any) -> Decision:
    said = {"who": ["clerk", "head"], "rules": rules}
    return decide(pack_of({OP: said}), OP, actor, Facts(**{"rel": HERE, **facts}), given)


def test_operation_the_pack_does_not_name_is_denied_by_default():
    decision = decide(pack_of({}), OP, CLERK, Facts(rel=HERE), Given())
    assert (decision.allow, decision.articles) == (False, ("default",))


def test_role_outside_who_is_denied():
    stranger = Actor(id="eve", roles=frozenset({"officer"}), clearance=4)
    assert judged([{}], CLERK).allow
    assert not judged([{}], stranger).allow
    assert not judged([{}], Actor(id="nobody", clearance=4)).allow


def test_any_staff_is_every_person_but_no_system_task():
    pack = pack_of({OP: {"who": ["any_staff"], "rules": [{}]}})
    assert decide(pack, OP, Actor(id="nobody"), Facts(rel=HERE), Given()).allow
    assert not decide(pack, OP, system("sweep"), Facts(rel=HERE), Given()).allow


def test_system_task_may_do_only_what_names_it():
    pack = pack_of({OP: {"who": ["system"], "rules": [{}]}})
    assert decide(pack, OP, system("seal"), Facts(rel=HERE), Given()).allow
    assert not decide(pack, OP, CLERK, Facts(rel=HERE), Given()).allow


def test_excluding_role_bars_whatever_other_roles_allow():
    pack = pack_of({OP: {"who": ["clerk"], "not_for": ["officer"], "rules": [{}]}})
    both = Actor(id="ann", roles=frozenset({"clerk", "officer"}))
    assert decide(pack, OP, CLERK, Facts(rel=HERE), Given()).allow
    assert not decide(pack, OP, both, Facts(rel=HERE), Given()).allow


def test_subject_must_be_in_scope_unless_the_pack_says_otherwise():
    assert not judged([{}], rel=frozenset()).allow
    free = pack_of({OP: {"who": ["clerk"], "in_scope": False, "rules": [{}]}})
    assert decide(free, OP, CLERK, Facts(), Given()).allow


def test_level_above_clearance_is_denied():
    assert judged([{}], level=2).allow
    assert not judged([{}], level=3).allow
    assert judged([{}], HEAD, level=3).allow


def test_deny_beats_allow_and_flow_wherever_it_stands():
    deny = {"when": {"state": ["filed"]}, "deny": True}
    for rules in ([deny, {}], [{"when": {"kind": ["organisation"]}}, deny, {"flow": "one"}]):
        assert not judged(rules, state="filed", kind="organisation").allow
        assert judged(rules, state="prospect", kind="organisation").allow


def test_denial_names_the_articles_that_deny():
    pack = pack_of(
        {
            OP: {
                "who": ["clerk"],
                "article": "1",
                "rules": [
                    {"when": {"state": ["filed"]}, "deny": True, "article": "15.4"},
                    {"when": {"rel": ["has_overdue"]}, "deny": True, "article": "16.6"},
                    {"when": {"kind": ["person"]}},
                ],
            }
        }
    )
    late = Facts(rel=HERE | {"has_overdue"}, state="filed")
    assert decide(pack, OP, CLERK, late, Given()).articles == ("15.4", "16.6")
    assert decide(pack, OP, CLERK, Facts(rel=HERE, kind="other"), Given()).articles == ("1",)
    assert decide(pack, OP, HEAD, Facts(rel=HERE), Given()).articles == ("1",)


def test_no_matching_rule_is_denied():
    assert not judged([{"when": {"kind": ["person"]}}], kind="organisation").allow


@pytest.mark.parametrize(
    ("when", "holds", "fails"),
    [
        ({"level": ["confidential"]}, {"level": 2}, {"level": 1}),
        ({"state": ["filed", "lapsed"]}, {"state": "lapsed"}, {"state": ""}),
        ({"kind": ["person"]}, {"kind": "person"}, {"kind": "organisation"}),
        ({"fields": ["name", "region"]}, {"fields": frozenset({"note", "name"})}, {"fields": frozenset({"note"})}),
        ({"rel": ["owner"]}, {"rel": HERE | {"owner"}}, {}),
        ({"channel": ["import"]}, {"channel": "import"}, {"channel": "web"}),
        ({"place": ["on_site"]}, {"place": "on_site"}, {}),
        ({"purpose": ["service"]}, {"purpose": "service"}, {}),
        ({"rows": {"min": 2, "max": 5}}, {"rows": 5}, {"rows": 6}),
        ({"rows": {"min": 2}}, {"rows": 2}, {"rows": 1}),
        ({"amount": {"max": 100}}, {"amount": 100}, {"amount": 101}),
        ({"items": {"degree": ["high"]}}, {"items": {"degree": "high"}}, {"items": {}}),
        ({"items": {"fee": {"min": 5}}}, {"items": {"fee": 5}}, {"items": {"fee": 4}}),
        ({"exceeds": {"asked": "limit"}}, {"items": {"asked": 6, "limit": 5}}, {"items": {"asked": 5, "limit": 5}}),
        ({"exceeds": {"asked": "limit"}}, {"items": {"asked": 6, "limit": 5}}, {"items": {"asked": 6}}),
        ({"time": {"from": "22:00", "to": "06:00"}}, {"minute": 5 * 60 + 59}, {"minute": 6 * 60}),
        ({"workday": False}, {"workday": False}, {"workday": True}),
        ({"date": {"from": "12-25", "to": "01-05"}}, {"date": "2026-01-05"}, {"date": "2026-01-06"}),
        ({"date": {"from": "06-01", "to": "06-30"}}, {"date": "2026-06-30"}, {"date": ""}),
        ({"day": {"min": 25}}, {"date": "2026-03-25"}, {"date": "2026-03-24"}),
        ({"any": [{"kind": ["person"]}, {"rows": {"min": 9}}]}, {"rows": 9}, {"rows": 8}),
        ({"unless": {"any": [{"kind": ["person"]}]}}, {"kind": "organisation"}, {"kind": "person"}),
        ({"uncollected": True}, {"fields": frozenset({"hobby"})}, {"fields": frozenset({"name"})}),
    ],
)
def test_condition_tests_its_fact(when: dict[str, Any], holds: dict[str, Any], fails: dict[str, Any]):
    assert judged([{"when": when}], **holds).allow
    assert not judged([{"when": when}], **fails).allow


def test_all_conditions_of_a_rule_must_hold():
    rule = {"when": {"state": ["filed"], "kind": ["person"]}}
    assert judged([rule], state="filed", kind="person").allow
    assert not judged([rule], state="filed", kind="organisation").allow
    assert not judged([rule], state="prospect", kind="person").allow


def test_rule_can_be_for_some_roles_only():
    rules = [{"when": {"rel": ["self"]}}, {"who": ["head"]}]
    assert judged(rules, rel=HERE | {"self"}).allow
    assert not judged(rules).allow
    assert judged(rules, HEAD).allow


def test_obligations_of_every_matching_rule_add_up():
    said = {
        "who": ["clerk"],
        "needs": {"reason": {"min_chars": 2}},
        "rules": [
            {"when": {"fields": ["name"]}, "needs": {"reason": {"min_chars": 6}}},
            {"needs": {"evidence": 2}},
        ],
    }
    pack = pack_of({OP: said}, fields={"name": {"title": "n", "category": "basic", "standard": "name"}})

    def missing(given: Given, *fields: str) -> tuple[str, ...]:
        decision = decide(pack, OP, CLERK, Facts(rel=HERE, fields=frozenset(fields)), given)
        assert decision.allow
        return decision.missing

    assert missing(Given()) == ("reason", "evidence")
    assert missing(Given("客户来函"), "name") == ("reason", "evidence")
    assert missing(Given("客户来函", ("file:1",))) == ("evidence",)
    assert missing(Given("客户来函更名", ("file:1", "file:2")), "name") == ()
    assert missing(Given("  改    ", ("file:1", "file:2"))) == ("reason",)


def test_first_matching_flow_wins():
    rules = [{"when": {"kind": ["person"]}}, {"when": {"state": ["filed"]}, "flow": "two"}, {"flow": "one"}]
    assert len(judged(rules, kind="person", state="filed").steps) == 2
    assert len(judged(rules, kind="person").steps) == 1
    assert judged([{}]).steps == ()


WORDS = st.sampled_from(["filed", "prospect"]), st.sampled_from(["organisation", "person"])
WHEN = st.fixed_dictionaries(
    {},
    optional={
        "state": st.lists(WORDS[0], min_size=1, max_size=2),
        "kind": st.lists(WORDS[1], min_size=1, max_size=2),
        "level": st.lists(st.sampled_from([level.key for level in Level]), min_size=1, max_size=3),
        "rel": st.lists(st.sampled_from(["owner", "same_unit", "self"]), min_size=1, max_size=2),
        "rows": st.fixed_dictionaries({}, optional={"min": st.integers(0, 4), "max": st.integers(0, 4)}),
    },
)
ROLE = st.sampled_from(["clerk", "head", "officer"])
NEEDS = st.fixed_dictionaries(
    {"evidence": st.integers(0, 2)}, optional={"reason": st.fixed_dictionaries({"min_chars": st.integers(1, 6)})}
)
RULE = st.fixed_dictionaries(
    {},
    optional={
        "when": WHEN,
        "who": st.lists(ROLE, min_size=1, max_size=2),
        "deny": st.just(True),
        "flow": st.sampled_from(["one", "two"]),
        "needs": NEEDS,
    },
)
SAID = st.fixed_dictionaries(
    {
        "who": st.lists(st.one_of(ROLE, st.just("any_staff")), max_size=3),
        "rules": st.lists(RULE, min_size=1, max_size=4),
    },
    optional={"not_for": st.lists(ROLE, max_size=1), "in_scope": st.booleans(), "needs": NEEDS},
)
ACTOR = st.builds(Actor, id=st.just("ann"), roles=st.frozensets(ROLE, max_size=3), clearance=st.integers(0, 4))
FACTS = st.builds(
    Facts, level=st.integers(0, 4), state=WORDS[0], kind=WORDS[1], rows=st.integers(0, 5),
    rel=st.frozensets(st.sampled_from(["in_scope", "owner", "same_unit", "self"])),
)  # fmt: skip
GIVEN = st.builds(
    Given, reason=st.text("改名 ", max_size=6), evidence=st.lists(st.just("file:1"), max_size=2).map(tuple)
)


def done(decision: Decision) -> bool:
    """Whether the deed would be done at once."""
    return decision.allow and not decision.missing and not decision.steps


@drawn(SAID, ACTOR, FACTS, GIVEN)
def test_equal_questions_have_equal_answers(said: dict[str, Any], actor: Actor, facts: Facts, given: Given):
    pack = pack_of({OP: said})
    before = pack.model_dump()
    first = decide(pack, OP, actor, facts, given)
    assert decide(pack, OP, actor, facts, given) == first
    assert decide(pack_of({OP: said}), OP, actor, facts, given) == first
    assert pack.model_dump() == before


@drawn(SAID, ACTOR, FACTS, GIVEN, WHEN, st.integers(0, 4))
def test_one_more_deny_never_allows_more(
    said: dict[str, Any], actor: Actor, facts: Facts, given: Given, when: dict[str, Any], at: int
):
    rules = list(said["rules"])
    rules.insert(at, {"when": when, "deny": True})
    before = decide(pack_of({OP: said}), OP, actor, facts, given)
    after = decide(pack_of({OP: said | {"rules": rules}}), OP, actor, facts, given)
    assert before.allow or not after.allow
    assert done(before) or not done(after)


@drawn(SAID, ACTOR, FACTS, GIVEN, NEEDS, st.integers(0, 4))
def test_one_more_need_never_lets_through_more(
    said: dict[str, Any], actor: Actor, facts: Facts, given: Given, needs: dict[str, Any], at: int
):
    rules = [dict(rule) for rule in said["rules"]]
    rules[at % len(rules)].setdefault("needs", needs)
    before = decide(pack_of({OP: said}), OP, actor, facts, given)
    after = decide(pack_of({OP: said | {"rules": rules}}), OP, actor, facts, given)
    assert set(before.missing) <= set(after.missing)


@drawn(SAID, ACTOR, FACTS, GIVEN)
def test_nothing_is_done_outside_role_scope_clearance(said: dict[str, Any], actor: Actor, facts: Facts, given: Given):
    pack: Pack = pack_of({OP: said})
    if decide(pack, OP, actor, facts, given).allow:
        rule = pack.operations[OP]
        assert actor.roles & rule.who or "any_staff" in rule.who
        assert not actor.roles & rule.not_for
        assert "in_scope" in facts.rel or not rule.in_scope
        assert facts.level <= actor.clearance
    assert not decide(pack, "customer.other", actor, facts, given).allow


@drawn(SAID, ACTOR, FACTS, GIVEN)
def test_every_answer_explains_itself(said: dict[str, Any], actor: Actor, facts: Facts, given: Given):
    decision = decide(pack_of({OP: said}), OP, actor, facts, given)
    if not decision.allow:
        assert decision.articles
        assert not decision.steps
        assert not decision.missing
    assert bool(decision.detail) == (not decision.allow or bool(decision.missing))


def sent(way: dict[str, Any], **facts: Any) -> Decision:
    base = pack_of({OP: {"who": ["clerk"], "rules": [{}]}}).model_dump(by_alias=True, mode="json")
    purposes = {"service": {"title": "s"}, "other": {"title": "o"}}
    pack = Pack.model_validate(base | {"channels": {"phone": {"title": "电话", **way}}, "purposes": purposes})
    return decide(pack, OP, CLERK, Facts(rel=HERE, channel="phone", **facts), Given())


def test_a_channel_keeps_to_its_purposes_and_hours():
    assert sent({"purposes": ["service"]}, purpose="service").allow
    assert not sent({"purposes": ["service"]}, purpose="other").allow
    assert not sent({"purposes": ["service"]}).allow
    assert sent({"window": {"from": "09:00", "to": "20:00"}}, minute=9 * 60).allow
    assert not sent({"window": {"from": "09:00", "to": "20:00"}}, minute=20 * 60).allow
    assert sent({"level": "internal"}, level=1).allow
    assert not sent({"level": "internal"}, level=2).allow
