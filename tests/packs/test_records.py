"""The default pack `records`: every article of its regulation, and who may do what under it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kedang.kernel.actor import Actor, system
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import Refused
from kedang.kernel.levels import Level
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.schema import Pack, json_schema
from kedang.packs.shipped import list_shipped, load_lawful, load_shipped

FIELDS = [
    "kind",
    "name",
    "short_name",
    "english_name",
    "credit_code",
    "identity_number",
    "region",
    "address",
    "postcode",
    "industry",
    "org_type",
    "registered_on",
    "capital",
    "scale",
    "grade",
    "business_scope",
    "website",
    "source",
    "learned_on",
    "note",
    "level",
    "contact.name",
    "contact.post",
    "contact.phones",
    "contact.email",
    "contact.business",
]
MODULES = {
    "department": 5, "product": 7, "contract": 8, "transaction": 6, "preference": 3, "need": 7, "interaction": 6,
    "complaint": 6, "opinion": 4, "credit": 7, "remark": 2,
}  # fmt: skip
CONTENT = ("archivist", "entry_clerk", "query_clerk", "account_manager", "reviewer", "executive")
OFFICERS = ("system_officer", "security_officer", "auditor")
WRITERS = {"entry_clerk", "account_manager", "archivist"}
KEEPERS = {"archivist", "reviewer"}
RETRIEVERS = set(CONTENT)
ASKERS = {"reviewer", "executive", "system_officer", "security_officer"}
COPIERS = {"account_manager", "archivist", "reviewer", "executive"}
EVERYONE = {*CONTENT, *OFFICERS}
MAY = {
    "customer.open": WRITERS,
    "customer.amend": WRITERS,
    "customer.reveal": set(CONTENT),
    "customer.assign": {"reviewer", "archivist"},
    "customer.file": {"archivist", "reviewer"},
    "customer.review": {"archivist", "reviewer"},
    "record.add": WRITERS,
    "record.amend": WRITERS,
    "record.remove": KEEPERS,
    "contact.add": WRITERS,
    "contact.amend": WRITERS,
    "contact.lead": WRITERS,
    "contact.remove": KEEPERS,
    "customer.verify": WRITERS,
    "customer.advance": {"account_manager", "archivist"},
    "customer.restore": WRITERS,
    "customer.remove": KEEPERS,
    "customer.recover": {"archivist"},
    "customer.hand_over": KEEPERS,
    "consent.give": WRITERS,
    "consent.withdraw": WRITERS,
    "file.attach": WRITERS,
    "file.detach": KEEPERS,
    "file.view": set(CONTENT),
    "import.stage": WRITERS,
    "import.commit": WRITERS,
    "import.undo": WRITERS,
    "custody.retrieve": RETRIEVERS,
    "custody.dispose": {"archivist"},
    "copy.export": COPIERS,
    "copy.print": COPIERS,
    "copy.release": COPIERS,
    "share.request": {"account_manager", "archivist", "reviewer", "query_clerk"},
    "interaction.record": WRITERS,
    "complaint.open": WRITERS,
    "complaint.close": WRITERS,
    "incident.open": EVERYONE,
    "incident.close": {"archivist", "reviewer"},
    "quality.review": {"archivist"},
    "quality.verify": WRITERS,
    "access.review": {"reviewer", "executive"},
    "undertaking.sign": EVERYONE,
    "people.unit": {"system_officer"},
    "people.unit_amend": {"system_officer"},
    "people.create": {"system_officer"},
    "people.amend": {"system_officer"},
    "people.deactivate": {"system_officer"},
    "people.clear": ASKERS,
    "people.grant": ASKERS,
    "people.revoke": ASKERS,
    "people.appoint": {"system_officer"},
    "people.dismiss": {"system_officer"},
    "people.password": {"system_officer", "security_officer"},
    "people.token": set(),
    "people.token_end": {"security_officer", "system_officer"},
    "people.delegate": set(),
    "people.delegate_end": {"security_officer"},
    "people.leave": {"reviewer", "executive"},
    "notice.confirm": EVERYONE,
    "notice.address": EVERYONE,
    "pack.adopt": {"archivist", "reviewer", "executive"},
    "ledger.verify": EVERYONE,
    "ledger.export": {"auditor"},
    "compliance.read": {"auditor", "archivist", "reviewer", "executive"},
}


@pytest.fixture(scope="module")
def records() -> Pack:
    return load_shipped("records")


WHY = Given("换章后更名")


def ask(pack: Pack, op: str, role: str, given: Given = WHY, **facts: object) -> Decision:
    rel = frozenset({"in_scope"}) | frozenset(facts.pop("rel", ()))  # type: ignore[call-overload]
    return decide(pack, op, Actor(id="ann", roles=frozenset({role}), clearance=4), Facts(rel=rel, **facts), given)  # type: ignore[arg-type]


def test_it_is_shipped():
    assert "records" in list_shipped()
    with pytest.raises(KeyError):
        load_shipped("../law")


def test_articles_and_controls_are_all_there(records: Pack):
    numbers = [
        "1.1", "1.2", *(f"1.3{c}" for c in "abcde"), *(f"2.1{c}" for c in "abcdef"), *(f"2.2{c}" for c in "abcd"),
        *(f"3.1{c}" for c in "abcde"), *(f"3.2{c}" for c in "abcdefg"), *(f"4.1{c}" for c in "abc"),
    ]  # fmt: skip
    assert list(records.articles) == numbers
    assert list(records.controls) == [f"R2-{number:02}" for number in range(1, 33)]
    assert [article.controls for article in records.articles.values()] == [(control,) for control in records.controls]


def test_controls_agree_with_the_requirements(records: Pack, shared_data: Path):
    text = (shared_data.parent / "REQUIREMENTS.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (R2-\d\d) \| (\S+) \|[^|]*\| (\w+) \|", text, flags=re.M)
    articles = {control: number for number, article in records.articles.items() for control in article.controls}
    assert [(control, articles[control], records.controls[control].type) for control in records.controls] == rows


def test_no_sentence_is_copied_from_the_regulation(records: Pack, shared_data: Path):
    [seed] = (shared_data.parent / "seeds").glob("002_*")
    original = re.sub(r"\W", "", seed.read_text(encoding="utf-8"))
    for number, article in records.articles.items():
        ours = re.sub(r"\W", "", article.text)
        copied = [ours[at : at + 13] for at in range(len(ours) - 12) if ours[at : at + 13] in original]
        assert not copied, (number, copied)


def test_fields_are_those_of_the_dossier(records: Pack):
    of_records = [name for name in records.fields if name.partition(".")[0] in MODULES]
    assert [name for name in records.fields if name not in of_records] == FIELDS
    assert Counter(name.partition(".")[0] for name in of_records) == MODULES
    assert records.key_fields() == {"name", "credit_code", "identity_number"}


def test_what_must_be_there_to_open_and_to_file(records: Pack):
    assert records.required("organisation", "prospect") == {"kind", "name"}
    assert records.required("person", "prospect") == {"kind", "name"}
    both = {"kind", "name", "region", "contact.phones"}
    assert records.required("organisation", "filed") == both | {"credit_code", "contact.name"}
    assert records.required("person", "filed") == both | {"identity_number"}
    with pytest.raises(Refused):
        records.required("ship", "filed")
    with pytest.raises(Refused):
        records.required("person", "sunk")


@pytest.mark.parametrize("role", CONTENT)
def test_personal_values_are_masked_for_everyone(records: Pack, role: str):
    for place in ("list", "detail"):
        masked = [name for name in FIELDS if records.is_masked(name, {role}, place=place)]
        assert records.is_masked("department.head", {role}, place=place)
        assert masked == ["identity_number", "contact.phones", "contact.email"]


def test_roles_and_their_limits(records: Pack):
    assert records.role_codes == {*CONTENT, *OFFICERS}
    assert {code for code in records.roles if records.role(code).content} == set(CONTENT)
    assert {records.role(code).code for code in records.roles} == records.role_codes
    assert records.role("query_clerk").max_scope == "unit_below"
    assert {code for code in CONTENT if records.role(code).max_scope == "all"} == {"archivist", "executive"}
    assert records.role("query_clerk").max_clearance == Level.INTERNAL
    assert records.role("auditor").reads == {"ledger", "compliance", "people"}


def test_the_law_finds_nothing_to_take_from_it():
    """The shipped pack already obeys: the law only writes down which roles stay out of content."""
    overrides = load_lawful("records").overrides
    assert {override.key.rpartition(".")[2] for override in overrides} == {"not_for"}
    assert {override.law_value for override in overrides} == {"auditor, security_officer, system_officer"}


@pytest.mark.parametrize("op", MAY)
def test_who_may(records: Pack, op: str):
    allowed = {role for role in records.roles if ask(records, op, role).allow}
    assert allowed == MAY[op]


def test_every_operation_is_in_the_table(records: Pack):
    assert set(records.operations) == set(MAY)


@pytest.mark.parametrize("op", ["people.password", "people.token", "people.token_end"])
def test_everyone_minds_their_own_credentials(records: Pack, op: str):
    for role in (*CONTENT, *OFFICERS):
        assert ask(records, op, role, rel={"self"}).allow


def test_nobody_changes_their_own_rights(records: Pack):
    assert ask(records, "people.grant", "security_officer").allow
    assert not ask(records, "people.grant", "security_officer", rel={"self"}).allow
    assert not ask(records, "people.clear", "security_officer", rel={"self"}).allow
    assert ask(records, "people.grant", "security_officer", Given("因为")).missing == ("reason",)
    assert not ask(records, "people.amend", "system_officer", rel={"self"}).allow


def test_filed_dossier_is_not_changed(records: Pack):
    refused = ask(records, "customer.amend", "archivist", state="filed")
    assert (refused.allow, refused.articles) == (False, ("3.1c",))
    assert ask(records, "customer.amend", "archivist", state="retained").allow
    assert not ask(records, "customer.file", "archivist", state="filed").allow


def test_nobody_files_their_own(records: Pack):
    refused = ask(records, "customer.file", "archivist", rel={"owner"})
    assert (refused.allow, refused.articles) == (False, ("4.1c",))


@pytest.mark.parametrize("field", ["name", "credit_code", "identity_number"])
def test_key_fields_are_changed_with_a_reason(records: Pack, field: str):
    changed = frozenset({field, "note"})
    assert ask(records, "customer.amend", "entry_clerk", Given("更名"), fields=changed).missing == ("reason",)
    assert ask(records, "customer.amend", "entry_clerk", Given("工商更名"), fields=changed).missing == ()
    assert ask(records, "customer.amend", "entry_clerk", Given(), fields=frozenset({"note"})).missing == ()


def test_a_reveal_needs_a_reason(records: Pack):
    assert ask(records, "customer.reveal", "query_clerk", Given("abc")).missing == ("reason",)
    assert ask(records, "customer.reveal", "query_clerk", Given("回访客户")).missing == ()


@pytest.mark.parametrize("op", [op for op in MAY if op.startswith("customer.")])
def test_dossiers_out_of_scope_or_above_clearance_are_closed(records: Pack, op: str):
    for role in MAY[op]:
        actor = Actor(id="ann", roles=frozenset({role}), clearance=1)
        given = WHY
        assert decide(records, op, actor, Facts(rel=frozenset({"in_scope"}), level=1), given).allow
        assert not decide(records, op, actor, Facts(rel=frozenset({"in_scope"}), level=2), given).allow
        assert not decide(records, op, actor, Facts(level=1), given).allow


def test_the_product_itself_may_only_verify(records: Pack):
    here = Facts(rel=frozenset({"in_scope"}))
    may = {op for op in MAY if decide(records, op, system("seal"), here, Given("定时核验")).allow}
    assert may == {"ledger.verify"}


def test_a_filed_dossier_takes_no_record_contact_or_file(records: Pack):
    for op in MAY:
        if op.startswith(("record.", "contact.")) or op in ("file.attach", "file.detach", "customer.advance"):
            refused = ask(records, op, "archivist", state="filed")
            assert (refused.allow, refused.articles) == (False, ("3.1c",)), op


def test_an_original_is_handed_out_with_a_reason_and_to_no_query_clerk(records: Pack):
    assert ask(records, "file.view", "entry_clerk", Given(), channel="original").missing == ("reason",)
    assert ask(records, "file.view", "query_clerk", Given(), channel="screen").missing == ()
    assert not ask(records, "file.view", "query_clerk", channel="original").allow


def test_what_waits_for_a_signature_and_what_runs_at_once(records: Pack):
    entered = ask(records, "customer.open", "entry_clerk", state="new")
    assert entered.flow == "new_dossier"
    assert ask(records, "customer.open", "entry_clerk", state="new", channel="import").flow == ""
    assert ask(records, "customer.amend", "entry_clerk", fields=frozenset({"note"})).flow == ""
    assert ask(records, "customer.amend", "entry_clerk", fields=frozenset({"name"}), channel="import").flow != ""
    assert ask(records, "import.commit", "entry_clerk").flow == ""


def test_while_a_site_is_founded_one_person_seats_the_others(records: Pack):
    for op in ("people.grant", "people.clear", "people.revoke"):
        assert ask(records, op, "security_officer", rel={"founding"}).flow == ""
        assert ask(records, op, "security_officer").flow == "access"
    assert ask(records, "people.appoint", "system_officer", rel={"founding"}).flow == ""
    assert ask(records, "people.appoint", "system_officer").flow == "appointment"


def test_an_account_manager_says_why(records: Pack):
    changed = frozenset({"note"})
    assert ask(records, "customer.amend", "account_manager", Given(), fields=changed).missing == ("reason",)
    assert ask(records, "customer.amend", "account_manager", Given(), fields=changed, channel="import").missing == ()


def test_every_enforced_control_names_operations_of_the_pack(records: Pack):
    for name, control in records.controls.items():
        assert control.operations <= set(records.operations), name


def test_levels_have_the_companys_words(records: Pack):
    assert [records.level_of(word) for word in ("公开", "内部", "秘密", "机密", "绝密")] == list(Level)
    assert records.level_of("confidential") == Level.CONFIDENTIAL
    assert records.level_of("高") is None


def test_json_schema_serves_editors():
    schema = json_schema()
    assert set(schema["required"]) == {"meta", "roles", "operations", "articles", "controls"}
    assert schema["additionalProperties"] is False
    levels = schema["$defs"]["Role"]["properties"]["max_clearance"]
    assert levels["enum"] == [level.key for level in Level]
