"""The law is merged last, only tightens, and says what it overrode."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.packs.decide import Given, decide
from kedang.packs.law import shipped_law, tighten
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
