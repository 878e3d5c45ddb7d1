"""The guide keeps its word: its example is sound, decides as it says, and its schema is the present one."""

from __future__ import annotations

import json

from kedang.governance.offered import NAMES
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.packs.checking import check_bytes, under_law
from kedang.packs.coherence.protection import LATER, LATER_ENTRIES
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.schema import json_schema
from kedang.packs.separation import holes
from tests.packs.guide import PAGE, example

GIVEN = Given("客户来函更名", ("file:1",), form=True, confirmed=True)


def asked(operation: str, role: str, **facts: object) -> Decision:
    pack = under_law(example().encode(), "guide.yaml").pack
    actor = Actor(id="ann", roles=frozenset({role}), clearance=4)
    return decide(pack, operation, actor, Facts(**{"rel": frozenset({"in_scope"}), **facts}), GIVEN)  # type: ignore[arg-type]


def test_the_example_is_sound_for_this_product():
    _, problems = check_bytes(example().encode(), "guide.yaml", NAMES)
    assert [str(problem) for problem in problems] == []


def test_the_law_found_nothing_to_forbid_but_what_it_forbids_everybody():
    overrides = under_law(example().encode(), "guide.yaml").overrides
    assert {each.key.rpartition(".")[2] for each in overrides} == {"not_for", "rules"}


def test_a_large_claim_goes_to_the_general_manager_and_a_small_one_does_not():
    small = asked("complaint.solve", "caller", items={"claimed": 50_000, "limit": 100_000})
    large = asked("complaint.solve", "caller", items={"claimed": 150_000, "limit": 100_000})
    assert (small.flow, large.flow) == ("small", "large")
    assert [step.of.post for step in large.steps if step.of] == [None, "general_manager"]
    assert "CX-08" in large.controls


def test_nobody_is_called_at_night():
    assert asked("service.call", "caller", channel="phone", minute=10 * 60).allow
    late = asked("service.call", "caller", channel="phone", minute=21 * 60)
    assert (late.allow, late.articles, late.controls) == (False, ("3.3",), ("CX-06",))


def test_whoever_did_not_pledge_opens_no_dossier():
    assert asked("customer.open", "adviser", state="new").missing == ("undertaking:secrecy",)
    assert asked("customer.open", "adviser", state="new", signed=frozenset({"secrecy"})).missing == ()


def test_no_consent_no_campaign():
    assert not asked("engagement.campaign", "caller").allow
    assert asked("engagement.campaign", "caller", items={"consent": "yes"}).allow


def test_nobody_there_can_do_alone_what_takes_two():
    assert [str(hole) for hole in holes(under_law(example().encode(), "guide.yaml").pack)] == []


def test_the_published_schema_is_current():
    published = json.loads(PAGE.with_name("pack.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(json_schema()))


def test_the_guide_names_what_is_not_kept_yet():
    text = PAGE.read_text(encoding="utf-8")
    assert all(name in text for name in (*LATER, *LATER_ENTRIES))
