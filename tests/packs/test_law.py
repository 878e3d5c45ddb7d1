"""The law is merged last, only tightens, and says what it overrode."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.packs.decide import Given, decide
from kedang.packs.law import lawful, shipped_law, tighten
from kedang.packs.schema import Pack
from tests.packs.small import pack_of
from tests.packs.test_decide import ACTOR, FACTS, GIVEN, ROLE, SAID, done

ROLES: dict[str, Any] = {
    "admin": {"title": "系统管理员", "reads": ["dossier", "people"]},
    "grants": {"title": "安全管理员", "reads": ["people"]},
    "audit": {"title": "审计员", "reads": ["ledger", "dossier"]},
    "clerk": {"title": "录入员", "reads": ["dossier"]},
}
EVERYTHING = {"who": ["admin", "clerk"], "in_scope": False, "rules": [{}]}


def company(**more: Any) -> Pack:
    """A company whose regulation gives the administrator the highest right, as seed 002 does."""
    operations = {
        "people.create": {"who": ["admin"], "rules": [{}]},
        "people.grant": {"who": ["admin", "grants"], "rules": [{}]},
        "ledger.export": {"who": ["audit"], "rules": [{}]},
        "customer.reveal": EVERYTHING,
        "customer.amend": EVERYTHING,
    }
    return pack_of(operations | more, roles=ROLES)


def test_officers_read_no_dossier():
    merged = tighten(company(), shipped_law())
    assert [code for code, role in merged.pack.roles.items() if role.content] == ["clerk"]
    assert merged.pack.role("audit").reads == {"ledger"}
    assert merged.pack.role("admin").reads == {"people"}


def test_officers_touch_no_content_even_through_another_role():
    pack = tighten(company(), shipped_law()).pack
    here = Facts(rel=frozenset({"in_scope"}))
    both = Actor(id="ann", roles=frozenset({"admin", "clerk"}))
    assert decide(company(), "customer.amend", both, here, Given()).allow
    assert not decide(pack, "customer.amend", both, here, Given()).allow
    assert decide(pack, "customer.amend", Actor(id="bea", roles=frozenset({"clerk"})), here, Given()).allow


def test_one_role_holds_one_office():
    pack = tighten(company(), shipped_law()).pack
    assert pack.operations["people.create"].who == {"admin"}
    assert pack.operations["people.grant"].who == {"grants"}


def test_one_person_holds_one_office_and_no_content_besides():
    pack = tighten(company(), shipped_law()).pack
    for together in ({"admin", "grants"}, {"grants", "audit"}, {"admin", "clerk"}, {"audit", "clerk"}):
        assert pack.conflicts(together) == (frozenset(together),)
        assert "dossier" not in pack.reads_of(together)
    assert pack.conflicts({"clerk"}) == ()
    assert pack.reads_of({"clerk", "no_such_role"}) == {"dossier"}


def test_everyone_cannot_hold_an_office():
    said = {"who": ["any_staff"], "rules": [{}]}
    pack = tighten(company(**{"people.create": said}), shipped_law()).pack
    assert not decide(pack, "people.create", Actor(id="eve"), Facts(rel=frozenset({"in_scope"})), Given()).allow


def test_scope_reason_and_list_masks_have_a_floor():
    fields = {
        "identity_number": {"title": "证件", "category": "basic", "standard": "identity_number"},
        "contact.phones": {
            "title": "电话", "category": "contact", "standard": "phones",
            "mask": {"clear_in_list": ["clerk"], "clear_in_detail": ["clerk"]},
        },
    }  # fmt: skip
    pack = tighten(pack_of({"customer.reveal": EVERYTHING}, roles=ROLES, fields=fields), shipped_law()).pack
    assert pack.operations["customer.reveal"].in_scope
    assert pack.operations["customer.reveal"].needs.reason is not None
    assert pack.operations["customer.reveal"].needs.reason.min_chars == 4
    assert pack.is_masked("identity_number", {"clerk"}, place="list")
    assert pack.is_masked("contact.phones", {"clerk"}, place="list")
    assert not pack.is_masked("contact.phones", {"clerk"}, place="detail")


def test_a_longer_reason_of_the_pack_stays():
    said = EVERYTHING | {"needs": {"reason": {"min_chars": 20}, "evidence": 1}}
    merged = tighten(pack_of({"customer.reveal": said}, roles=ROLES), shipped_law())
    needs = merged.pack.operations["customer.reveal"].needs
    assert needs.reason is not None
    assert (needs.reason.min_chars, needs.evidence) == (20, 1)


def test_overrides_say_what_was_and_what_is_and_why():
    merged = tighten(company(), shipped_law())
    by_key = {override.key: override for override in merged.overrides}
    reads = by_key["roles.admin.reads"]
    assert (reads.pack_value, reads.law_value) == ("dossier, people", "people")
    grant = by_key["operations['people.grant'].who"]
    assert (grant.pack_value, grant.law_value) == ("admin, grants", "grants")
    scope = by_key["operations['customer.amend'].in_scope"]
    assert (scope.pack_value, scope.law_value) == ("false", "true")
    assert all(override.why for override in merged.overrides)
    assert all(override.pack_value != override.law_value for override in merged.overrides)


def test_merging_twice_changes_nothing_more():
    once = tighten(company(), shipped_law()).pack
    again = tighten(once, shipped_law())
    assert again.overrides == ()
    assert again.pack == once


OPS = ("people.create", "people.grant", "ledger.export", "customer.reveal", "customer.amend", "import.commit")


READS = st.fixed_dictionaries(
    {code: st.sets(st.sampled_from(["dossier", "ledger"])) for code in ("clerk", "head", "officer")}
)


@drawn(
    st.dictionaries(st.sampled_from(OPS), SAID, min_size=1), ACTOR, FACTS, GIVEN, st.frozensets(ROLE),
    READS,
)  # fmt: skip
def test_law_never_allows_more_than_the_pack(
    said: dict[str, Any], actor: Actor, facts: Facts, given: Given, clear: frozenset[str], reads: dict[str, set[str]]
):
    roles = {code: {"title": code, "reads": sorted(reads[code])} for code in reads}
    mask = {"clear_in_list": sorted(clear)}
    phones = {"title": "p", "category": "contact", "standard": "phones", "mask": mask}
    pack = pack_of(said, roles=roles, fields={"contact.phones": phones})
    lawful = tighten(pack, shipped_law()).pack
    for op in OPS:
        before, after = decide(pack, op, actor, facts, given), decide(lawful, op, actor, facts, given)
        assert before.allow or not after.allow
        assert done(before) or not done(after)
        if after.allow:
            assert set(before.missing) <= set(after.missing)
            assert after.steps == before.steps
    assert lawful.reads_of(actor.roles) <= pack.reads_of(actor.roles)
    assert set(pack.conflicts(actor.roles)) <= set(lawful.conflicts(actor.roles))
    for place in ("list", "detail"):
        assert lawful.is_masked("contact.phones", actor.roles, place=place) or not pack.is_masked(
            "contact.phones", actor.roles, place=place
        )


@pytest.mark.parametrize("op", ["customer.open", "import.commit", "copy.export", "custody.lend", "engagement.campaign"])
def test_every_deed_on_content_is_closed_to_officers(op: str):
    pack = tighten(company(**{op: {"who": ["any_staff"], "rules": [{}]}}), shipped_law()).pack
    here = Facts(rel=frozenset({"in_scope"}))
    for officer in ("admin", "grants", "audit"):
        assert not decide(pack, op, Actor(id=officer, roles=frozenset({officer})), here, Given()).allow


SENSITIVE: dict[str, Any] = {
    "title": "婚姻状况", "category": "contact", "standard": "text", "sensitivity": "sensitive", "mask": {},
}  # fmt: skip


def with_purpose(**purpose: Any) -> Pack:
    """A company that collects a sensitive value, for a purpose or for none."""
    said = {"who": ["clerk"], "rules": [{}]}
    base = pack_of({"customer.open": said, "customer.amend": said, "import.commit": said}, roles=ROLES).model_dump(
        by_alias=True, mode="json"
    )
    field = SENSITIVE | ({"purpose": "care"} if purpose else {})
    purposes = {"care": {"title": "关怀"} | purpose} if purpose else {}
    return Pack.model_validate(base | {"fields": base["fields"] | {"contact.family": field}, "purposes": purposes})


@pytest.mark.parametrize(
    ("purpose", "collected"),
    [
        ({}, False),
        ({"separate_consent": True}, False),
        ({"assessment": True}, False),
        ({"separate_consent": True, "assessment": True}, True),
        ({"basis": "legal_duty", "assessment": True}, True),
    ],
)
def test_sensitive_values_are_off_without_purpose_consent_and_assessment(purpose: dict[str, Any], collected: bool):
    merged = tighten(with_purpose(**purpose), shipped_law())
    assert merged.pack.fields["contact.family"].collect is collected
    assert ("fields['contact.family'].collect" in {each.key for each in merged.overrides}) is not collected
    clerk = Actor(id="ann", roles=frozenset({"clerk"}))
    for op in ("customer.open", "customer.amend", "import.commit"):
        facts = Facts(rel=frozenset({"in_scope"}), fields=frozenset({"contact.family"}))
        assert decide(merged.pack, op, clerk, facts, Given()).allow is collected


def test_what_the_regulation_does_not_name_is_not_collected():
    clerk = Actor(id="ann", roles=frozenset({"clerk"}))
    facts = Facts(rel=frozenset({"in_scope"}), fields=frozenset({"name", "hobby"}))
    assert decide(with_purpose(), "customer.amend", clerk, facts, Given()).allow
    assert not decide(tighten(with_purpose(), shipped_law()).pack, "customer.amend", clerk, facts, Given()).allow


def marketing(**purposes: Any) -> Pack:
    said = {"who": ["clerk"], "in_scope": False, "about": "site", "title": "活动", "rules": [{}]}
    base = pack_of({"engagement.campaign": said}, roles=ROLES).model_dump(by_alias=True, mode="json")
    return Pack.model_validate(base | {"purposes": purposes})


def test_nothing_is_advertised_without_consent():
    pack = tighten(marketing(promotion={"title": "推荐", "marketing": True, "basis": "contract"}), shipped_law()).pack
    clerk = Actor(id="ann", roles=frozenset({"clerk"}))
    asked = {
        answer: decide(pack, "engagement.campaign", clerk, Facts(items={"consent": answer}), Given()).allow
        for answer in ("yes", "on_file", "no", "none")
    }
    assert asked == {"yes": True, "on_file": True, "no": False, "none": False}
    assert not decide(pack, "engagement.campaign", clerk, Facts(), Given()).allow
    assert pack.purposes["promotion"].basis == "consent"


def test_service_without_advertising_needs_no_consent():
    pack = tighten(
        marketing(service={"title": "售后"}, promotion={"title": "推荐", "marketing": True}), shipped_law()
    ).pack
    clerk = Actor(id="ann", roles=frozenset({"clerk"}))
    assert decide(pack, "engagement.campaign", clerk, Facts(purpose="service"), Given()).allow
    assert not decide(pack, "engagement.campaign", clerk, Facts(purpose="promotion"), Given()).allow


def test_a_plain_channel_carries_nothing_personal_out():
    ways = {
        "mail": {"title": "邮件", "most": "sensitive"},
        "sealed": {"title": "加密邮件", "most": "sensitive", "encrypted": True},
        "hotline": {"title": "来电", "most": "sensitive", "direction": "in"},
    }
    base = pack_of({"copy.release": EVERYTHING}, roles=ROLES).model_dump(by_alias=True, mode="json")
    merged = tighten(Pack.model_validate(base | {"channels": ways}), shipped_law())
    assert {name: way.most for name, way in merged.pack.channels.items()} == {
        "mail": "internal", "sealed": "sensitive", "hotline": "sensitive",
    }  # fmt: skip
    assert "channels.mail.most" in {each.key for each in merged.overrides}


STEP = {"title": "安全管理员", "of": {"role": "safety"}}


def offices(flow: dict[str, Any], rules: list[dict[str, Any]]) -> Pack:
    roles = {
        "safety": {"title": "安全", "office": "security"},
        "admin": {"title": "系统", "office": "system"},
        "boss": {"title": "经理", "reads": ["dossier"]},
    }
    said = {"who": ["boss", "safety"], "in_scope": False, "rules": rules}
    pack = pack_of({}, roles={**roles, "clerk": {"title": "c"}}).model_dump(by_alias=True, mode="json")
    return Pack.model_validate(pack | {"operations": {"people.grant": said}, "flows": {"one": {"title": "t", **flow}}})


@pytest.mark.parametrize(
    ("steps", "rules", "may_ask"),
    [
        ([STEP], [{"flow": "one"}], True),
        ([STEP | {"kind": "carry_out"}], [{"flow": "one"}], True),
        ([STEP | {"when": {"kind": ["x"]}}], [{"flow": "one"}], False),
        ([STEP | {"kind": "witness"}], [{"flow": "one"}], False),
        ([{"of": {"role": "boss"}}], [{"flow": "one"}], False),
        ([{"any": [{"role": "boss"}, {"role": "safety"}]}], [{"flow": "one"}], False),
        ([STEP], [{}], False),
        ([STEP], [{"needs": {"evidence": 1}}, {"flow": "one"}], False),
    ],
)
def test_others_may_ask_for_a_deed_of_an_office_where_it_takes_part(steps: Any, rules: Any, may_ask: bool):
    pack = tighten(offices({"steps": steps}, rules), shipped_law()).pack
    full = Given("换岗授权", ("file:1",))
    assert decide(pack, "people.grant", Actor(id="b", roles=frozenset({"boss"})), Facts(), full).allow is may_ask
    assert decide(pack, "people.grant", Actor(id="s", roles=frozenset({"safety"})), Facts(), full).allow


def test_a_rule_without_the_flow_is_left_to_the_office():
    rules: list[dict[str, Any]] = [{"when": {"kind": ["founding"]}}, {"when": {"kind": ["staff"]}, "flow": "one"}]
    pack = tighten(offices({"steps": [STEP]}, rules), shipped_law()).pack
    boss, safety = (Actor(id=role, roles=frozenset({role})) for role in ("boss", "safety"))
    assert decide(pack, "people.grant", safety, Facts(kind="founding"), Given()).allow
    assert not decide(pack, "people.grant", boss, Facts(kind="founding"), Given()).allow
    assert decide(pack, "people.grant", boss, Facts(kind="staff"), Given()).flow == "one"


def test_standards_stand_between_law_and_pack():
    fields = {"postcode": {"title": "邮编", "category": "contact", "standard": "text"}}
    base = pack_of({}, fields=fields).model_dump(by_alias=True, mode="json")
    levels = {key: {"title": key} for key in ("secret", "public")}
    kept = {"looks": {"title": "日志", "of": "look", "months": 2}, "years": {"title": "日志", "of": "look", "years": 3}}
    merged = lawful(Pack.model_validate(base | {"levels": levels, "retention": kept}))
    assert merged.pack.fields["postcode"].standard == "postcode"
    assert list(merged.pack.levels) == ["public", "secret"]
    assert (merged.pack.retention["looks"].months, merged.pack.retention["years"].months) == (6, 0)
    said = {each.key: (each.by, each.pack_value, each.law_value) for each in merged.overrides}
    assert said["fields.postcode.standard"] == ("standard", "text", "postcode")
    assert said["levels"] == ("standard", "secret, public", "public, secret")
    assert said["retention.looks.months"] == ("standard", "2", "6")
    assert all(each.why for each in merged.overrides)
    assert lawful(merged.pack).overrides == ()
