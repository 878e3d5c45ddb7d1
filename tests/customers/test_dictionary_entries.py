"""The dictionary as it is read: each side of a field in words, since when it is so, and what the law made of it."""

from __future__ import annotations

import pytest

from kedang.customers import entries, nature
from kedang.customers.dictionary import fields
from kedang.customers.entries import Entry
from kedang.governance.ops import AdoptPack
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.packs.checking import load_bytes, under_law
from kedang.packs.services import adopt
from tests.packs.added import ADDED, source
from tests.world import World, make_world

ROUNDS = ADDED.replace("title: 分支机构数", "title: 分支数").replace("  fax:", "  telex:")


def listed(text: str = ADDED) -> dict[str, Entry]:
    return {entry.key: entry for entry in entries.entries(under_law(source(text), "a.yaml"))}


def test_each_side_of_a_field_is_said() -> None:
    found = listed()
    turnover, phone, number = found["turnover"], found["owner_phone"], found["file_no"]
    assert (turnover.title, turnover.added, turnover.collected, turnover.standard) == ("年营业额", True, True, "money")
    assert [(each.kind, each.state_title) for each in turnover.required] == [("organisation", "已归档")]
    assert turnover.collectors["customer.open"] == ("档案管理员", "业务录入员", "客户经理")
    assert (phone.sealed, phone.masked, phone.clear_in_detail) == (True, True, ())
    assert any("KH" in words for words in number.said)
    assert number.key_field
    assert found["tax_office"].meaning == "办理纳税申报的税务所。"
    assert found["reviewed_on"].stale_days == 365
    assert found["identity_number"].purpose == "法定义务"
    assert found["contract.share"].part == "contract"
    assert found["name"].always
    assert not found["turnover"].always


def test_a_list_is_named_with_its_source_and_its_years() -> None:
    found = listed()
    region, own = found["region"].codes, found["ownership"].codes
    assert region is not None
    assert own is not None
    assert (region.source, region.count > 3000) == ("GB/T 2260", True)
    assert "610000" in {each.code for each in region.codes}
    assert [each.code for each in own.codes] == ["国有", "民营", "外资"]
    assert own.source == "plain/1"
    assert found["tax_office"].codes is None


def test_what_is_not_collected_says_why() -> None:
    family = "  contact.family: {title: 家庭, category: contact, standard: text, sensitivity: sensitive, mask: {}}\n"
    found = listed(ADDED + family)
    assert found["fax"].why_not == entries.SWITCHED_OFF
    assert found["contract.starts_on"].why_not == entries.NOT_LISTED
    assert "单独同意" in found["contact.family"].why_not, "the law switched it off"
    assert found["contact.family"].overridden
    assert all(entry.collectors for entry in found.values() if entry.collected and entry.part == "dossier")
    assert not found["fax"].collectors


def test_editions_are_compared_field_by_field(site: None) -> None:
    make_world(source())
    adopt(source(ROUNDS, edition="2"), "b.yaml", by="boss", at_us=clock.now_us())
    known = entries.in_force()
    found = {entry.key: entry for entry in known.entries}
    assert (known.version, known.before, known.gone) == ("plain/2", "plain/1", ("fax",))
    assert [(each.before, each.after) for each in found["branches"].changes] == [("分支机构数", "分支数")]
    assert (found["branches"].since, found["telex"].since) == ("plain/1", "plain/2")
    assert found["turnover"].changes == ()


@pytest.mark.parametrize(
    ("was", "now", "field", "rule"),
    [
        ("branches: {title: 分支机构数, category: business, standard: number}",
         "branches: {title: 分支机构数, category: business, standard: text}", "branches", "field_standard"),
        ("owner_note: {title: 实际控制人情况, category: other, standard: text, sensitivity: personal}",
         "owner_note: {title: 实际控制人情况, category: other, standard: text}", "owner_note", "field_nature"),
        ("standard: choice, options: [国有, 民营, 外资]", "standard: choice", "ownership", "missing"),
        ("contract.title: {title: 合同名称, category: business, standard: text}",
         "contract.title: {title: 合同名称, category: business, standard: number}", "contract.title", "field_standard"),
        ("contract.title: {title: 合同名称, category: business", "contract.title: {title: 合同名称, category: other",
         "contract.title", "field_category"),
        ("contact.birthday: {title: 生日, category: contact, standard: date, sensitivity: personal, mask: {}}",
         "contact.birthday: {title: 生日, category: contact, standard: date}", "contact.birthday", "field_personal"),
        ("  contact.decides:", "  level: {title: 密级, category: other, standard: choice, options: [高, 低]}\n"
         "  contact.decides:", "level", "field_choices"),
    ],
)  # fmt: skip
def test_an_edition_leaves_fields_what_they_are(was: str, now: str, field: str, rule: str) -> None:
    before = fields(load_bytes(source(), "a.yaml"))
    earlier = {key: each for key, each in before.items() if each.added}
    assert not list(nature.faults(load_bytes(source(), "a.yaml"), earlier))
    changed = ADDED.replace(was, now)
    assert changed != ADDED
    found = nature.problems(source(changed), "a.yaml", earlier)
    assert [(each.rule, each.path[1]) for each in found] == [(rule, field)]
    assert found[0].line > 0


def test_an_edition_that_changes_the_nature_of_a_field_is_not_adopted(site: None) -> None:
    world: World = make_world(source())
    wrong = ADDED.replace("standard: percent}\n  credit_line", "standard: money}\n  credit_line")
    with pytest.raises(Refused) as no:
        payload = AdoptPack(source=source(wrong, edition="2").decode())
        world.do("pack.adopt", "-", payload, by="boss", reason="新版发布")
    assert no.value.code == "invalid"
    assert "state_share" in no.value.detail
