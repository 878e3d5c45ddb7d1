"""A month under the regulation of a group: handing in, entering, changing, viewing, providing, verifying, leaving.

Everybody does what 百巢客户数据管理规章制度 asks of them, somebody tries what it forbids, and at the end every article
that can act already shows its evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kedang.customers.lifecycle import AdvanceDossier
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.payloads import AmendDossier, FileDossier, OpenDossier, RevealField
from kedang.customers.records.payloads import AddRecord
from kedang.governance import jobs
from kedang.governance.models import Call
from kedang.governance.ops import AdoptPack
from kedang.packs.shipped import source_of
from kedang.people.models import Staff
from kedang.people.payloads import Leave
from tests.stories.story import Story
from tests.stories.telling import agree, numbers, row_of, standing
from tests.world import GOOD_CODE

MARCH = "2026-03"
LATER = {"R3-27"}
PROSPECT = {
    "customer": "雁塔家居", "customer_kind": "organisation", "contact": "李静", "phone": "029-87654321",
    "came_from": "fair", "wants": "整装套餐", "learned_on": "2026-03-02", "supplier": "business_staff",
}  # fmt: skip
CHANGE = {"learned_on": "2026-03-04", "told_by": "customer", "why": "客户搬迁新址", "proof": "搬迁通知函"}
VIEW = {"what": "往来记录", "purpose": "service", "why": "处理售后问题", "where": "department"}
RELEASE = {
    "what": "客户名称与地址", "recipient": "安装公司", "business": "上门安装派单", "purpose": "service", "rows": "1",
    "channel": "company_mail",
}  # fmt: skip
VERIFIED = {"quarter": "2026Q1", "checked": "20", "wrong": "1", "stale": "0", "handled": "已更正一条"}
REPORT = {"kind": "retained", "cut_off": "2026-03-27", "recipients": "管理层", "findings": "保有客户稳定"}
BACK = {"condition": "good"}
DIRECTOR = "director"
HANDED = OriginIn(
    source="business", learned_on="2026-03-02", supplied_by="business_staff", evidence="潜客数据采集表第一号"
)  # fmt: skip


@pytest.fixture
def story(company: Callable[..., Any], frozen_clock: Any) -> Story:
    told = Story(company, frozen_clock, "baichao", "2026-03-02T09:30")
    told.company.hire("second_clerk", "aftersales", "data_clerk")
    told.seat("business_staff", "sales")
    told.seat("director", "admin")
    return told


def sales_director(story: Story) -> str:
    return story.company.holder("sales_director")


def opened(story: Story, name: str = "雁塔家居") -> str:
    """The clerk enters a customer of the sales department."""
    values = {"name": name, "contact.name": "李静", "contact.phones": "029-87654321", "region": "610113"}
    values |= {"credit_code": GOOD_CODE} if name == "长乐建材" else {}
    story.done("customer.open", payload=OpenDossier(values=values, unit="sales", origin=HANDED), by="data_clerk")
    return story.dossier(name)


def promise(story: Story, *people: str) -> None:
    for who in people:
        for op in ("people.undertake", "people.undertake_data"):
            story.done(op, f"staff:{who}", by=who)


def collect(story: Story) -> str:
    """采集录入、真实性: what the departments hand in, after-sales enters."""
    promise(story, "business_staff", "data_clerk")
    opening = OpenDossier(values={"name": "雁塔家居"})
    assert story.refused("customer.open", payload=opening, by="business_staff").articles == ("采集录入",)
    assert "statement" in story.refused("data.submit", by="business_staff", form=PROSPECT, confirmed=False).missing
    handed = story.done("data.submit", by="business_staff", form=PROSPECT)
    story.now("2026-03-03T10:00")
    file = opened(story)
    story.done("data.enter", row_of(handed), by="data_clerk", form={"dossier": file.removeprefix("dossier:")})
    deposit = {"materials": "历年客户登记簿", "copies": "2", "origin": "legacy"}
    story.done("data.deposit", by="business_staff", form=deposit, signed="file_clerk")
    story.done("customer.reveal", file, RevealField(field="contact.phones"), by="business_staff")
    retained = AdvanceDossier(to="retained")
    assert story.refused("customer.advance", file, retained, by="data_clerk").articles == ("客户分类",)
    deal = AddRecord(module="transaction", values={"transaction.day": "2026-03-03", "transaction.title": "整装套餐"})
    assert story.refused("record.add", file, deal, by="data_clerk").missing == ("evidence",)
    story.done("record.add", file, deal, by="data_clerk", evidence=("成交合同",))
    story.done("customer.advance", file, retained, by="data_clerk")
    return file


def change(story: Story, file: str) -> None:
    """变更、密级: nothing changes but by the form, and after-sales does it."""
    story.now("2026-03-04T11:00")
    moved = AmendDossier(values={"address": "西安市雁塔区二号"})
    assert "form" in story.refused("customer.amend", file, moved, by="data_clerk", evidence=("letter:1",)).missing
    request = {"form": CHANGE, "evidence": ("letter:1",)}
    signers = f"{sales_director(story)} data_clerk"
    story.done("customer.amend", file, moved, by="business_staff", signed=signers, **request)
    higher = AmendDossier(values={"level": "confidential"})
    assert story.refused("customer.amend", file, higher, by=sales_director(story), **request).articles == ("职责1.4",)
    other = opened(story, "长乐建材")
    story.done("customer.amend", other, higher, by="data_clerk", signed="data_manager", **request)
    assert numbers("change_register") == ["BCSY-BG-2026-0001", "BCSY-BG-2026-0002"]


def use(story: Story, file: str) -> None:
    """使用: viewing on the spot and for the day, copies by level, provision by two signatures, a leak."""
    story.now("2026-03-05T10:00")
    director = sales_director(story)
    outside = VIEW | {"where": "outside"}
    assert story.refused("custody.consult", file, by="business_staff", form=outside).articles == ("使用",)
    viewed = story.done("custody.consult", file, by="business_staff", form=VIEW, signed=f"{director} data_clerk")
    story.now("2026-03-05T17:30")
    story.done("custody.return", row_of(viewed), by="data_clerk", form=BACK)
    copy = {"what": "合同首页", "copies": "1", "purpose": "service"}
    story.done("copy.print", file, by="business_staff", form=copy, signed=f"{director} data_clerk")
    out = story.by_program("copy.release", file, RELEASE, by="business_staff", signed=f"general_manager {director}")
    assert out.state == "done" and numbers("release_register") == ["BCSY-DY-2026-0001"]
    story.done("customer.file", story.dossier("长乐建材"), FileDossier(), by="data_clerk", signed="file_clerk")
    leak = story.done(
        "incident.open", by="business_staff", form={"what": "有人在群里发客户电话", "found_on": "2026-03-05"}
    )
    finding = {"cause": "聊天截图外传，已核实", "proven": "yes"}
    story.now("2026-03-09T10:00")
    story.done("incident.investigate", row_of(leak), by="data_manager", form=finding)
    sanction = {"measure": "warning", "grounds": "违反保密承诺"}
    story.done("incident.sanction", row_of(leak), by="data_manager", form=sanction, signed="general_manager")


def manage(story: Story) -> None:
    """职责、核查、页眉: the quarter's verification, the month's report, a new edition."""
    story.now("2026-03-30T10:00")
    story.done("quality.verify", by="data_manager", form=VERIFIED)
    story.done("report.submit", by="data_manager", form=REPORT)
    source = source_of("baichao").decode().replace("edition: A/01\n  pages", "edition: A/02\n  pages")
    adopting = AdoptPack(source=source)
    story.done("pack.adopt", payload=adopting, by="data_manager", signed="director general_manager")


def leave(story: Story) -> None:
    """离职: what the person holds is handed over before the account closes."""
    payload = Leave(successor=sales_director(story), declaration="没有个人留存的客户资料")
    form = {"last_day": "2026-03-31", "holdings": "笔记本电脑一台，已交还"}
    own = story.refused("people.leave", "staff:business_staff", payload, by="business_staff", form=form)
    assert own.articles == ("离职",)
    call = story.ask("people.leave", "staff:business_staff", payload, by="system_officer", form=form)
    for who in (sales_director(story), "file_clerk", "data_clerk"):
        assert call.state == "waiting"
        call = agree(story.company, call, who)
    jobs.run(call.pk)
    assert Call.objects.get(pk=call.pk).state == "done"
    assert not Staff.objects.get(username="business_staff").is_active
    assert len(numbers("handover_register")) == 1


def test_a_month_of_the_group(story: Story):
    file = collect(story)
    change(story, file)
    use(story, file)
    leave(story)
    manage(story)
    story.now("2026-03-31T17:00")
    assert story.differing("2026") == {}
    assert {name for name, status in standing("2026").items() if status == "not_yet_available"} == LATER


def test_provision_needs_both_in_any_order_and_never_the_applicant(story: Story):
    file = opened(story)
    director = sales_director(story)
    for first, second in ((director, "general_manager"), ("general_manager", director)):
        call = story.ask("copy.release", file, by="business_staff", form=RELEASE)
        assert story.sign(call, first).state == "waiting"
        with pytest.raises(AssertionError, match="is not asked"):
            story.sign(call, "business_staff")
        assert story.sign(call, second).state == "done"


def test_what_was_not_returned_bars_the_next_viewing_and_the_exit(story: Story):
    file, other = opened(story), opened(story, "长乐建材")
    director = sales_director(story)
    viewed = story.done("custody.consult", file, by="business_staff", form=VIEW, signed=f"{director} data_clerk")
    story.now("2026-03-02T18:01")
    assert story.refused("custody.consult", other, by="business_staff", form=VIEW).articles == ("使用",)
    assert standing(MARCH)["R3-21"] == "breached"
    leaving = Leave(successor=director, declaration="没有个人留存的客户资料")
    form = {"last_day": "2026-03-31", "holdings": "无"}
    refused = story.refused("people.leave", "staff:business_staff", leaving, by="system_officer", form=form)
    assert refused.articles == ("离职",)
    story.done("custody.return", row_of(viewed), by="data_clerk", form=BACK)
    assert story.ask("custody.consult", other, by="business_staff", form=VIEW).state == "waiting"


def test_an_empty_company_has_no_evidence(story: Story):
    """Nothing is green because the regulation says so; a skipped quarter is red."""
    green = {name for name, status in standing(MARCH).items() if status in ("enforced", "monitored", "attested")}
    assert green <= {"R3-03", "R3-17"}  # their posts are held
    story.now("2026-04-01T09:00")
    assert standing("2026Q1")["R3-12"] == "breached"
