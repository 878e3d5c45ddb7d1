"""A month under the regulation of a machinery company: collecting, reading, lending, keeping, copying, destroying.

Everybody does what 机电公司客户信息管理细则 asks of them, somebody tries what it forbids, and at the end every article
that can act already shows its evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kedang.customers.lifecycle import AdvanceDossier
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.payloads import AmendDossier, OpenDossier, RevealField
from kedang.customers.records.payloads import AddRecord
from kedang.governance.ops import AdoptPack
from kedang.kernel.errors import Invalid, NotVisible
from kedang.packs.shipped import source_of
from tests.stories.story import Story
from tests.stories.telling import numbers, row_of, standing

JUNE = "2026-06"
LATER = {"R1-05", "R1-06", "R1-12", "R1-13", "R1-17", "R1-18", "R1-37"}
VISIT = {
    "method": "site_visit", "met_on": "2026-06-02", "customer": "秦岭机床厂", "place": "西安市未央区",
    "interviewee": "设备科王科长", "needs": "拟购数控车床两台",
}  # fmt: skip
CALL = {
    "method": "call_in", "met_on": "2026-06-02", "customer": "秦岭机床厂", "number_called": "029-88880000",
    "interviewee": "设备科王科长", "needs": "询问交货日期",
}  # fmt: skip
CONSULT = {
    "object": "秦岭机床厂档案", "aim": "准备投标资料", "why": "投标文件要附过往业绩",
    "reader_about": "营销人员小李，分机八零一",
    "reader": "staff", "read_on": "2026-06-10",
}  # fmt: skip
OUTSIDER = CONSULT | {
    "reader": "outside", "visitor_document": "letter", "visitor_number": "介字第七号", "visitor_unit": "省机械协会",
    "escort": "contributor",
}  # fmt: skip
LOAN = {
    "borrowed_on": "2026-06-09", "materials": "设备清单与合同副本", "copies": "2", "why": "客户现场核对型号",
    "use_at": "市场部办公室",
}  # fmt: skip
RETURN = {"returned_on": "2026-06-12", "copies_back": "2", "pages_back": "16", "condition": "good"}
INTAKE = {"materials": "设备清单", "copies": "1", "medium": "paper", "ink": "carbon", "place": "一库-二架-三层-四盒"}
AIR = {"temperature": "21", "humidity": "52", "damp": "no", "mould": "no", "limits": "within"}
COPY = {"what": "设备清单第一页", "copies": "1", "recipient": "营销部小李", "purpose": "service"}
PARCEL = {
    "kind": "carry", "materials": "合同副本", "copies": "1", "container": "铁箱三号", "seal_number": "F-0009",
    "safeguards": ["sealed", "locked_case"], "receiver": "cs_manager",
}  # fmt: skip
HEAD = "dept_head"
SURVEYED = OriginIn(source="phone", learned_on="2026-06-01", evidence="电话收集表第一号")


@pytest.fixture
def story(company: Callable[..., Any], frozen_clock: Any) -> Story:
    told = Story(company, frozen_clock, "jidian", "2026-06-01T09:00")
    told.seat("contributor", "market")
    return told


def opened(story: Story) -> str:
    """The market proposes a customer, a custodian enters it."""
    values = {
        "name": "秦岭机床厂",
        "learned_on": "2026-06-01",
        "contact.name": "王建国",
        "contact.phones": "029-88880000",
    }
    story.done(
        "customer.open", payload=OpenDossier(values=values, origin=SURVEYED), by="contributor", signed="custodian"
    )
    return story.dossier("秦岭机床厂")


def promise(story: Story, *people: str) -> None:
    for who in people:
        for op in ("people.undertake", "people.learn_private", "people.learn_public"):
            story.done(op, f"staff:{who}", by=who)


def collect(story: Story) -> str:
    """§3-§8, §12: promises, proposals, surveys, and what the rules do not list."""
    promise(story, "contributor", "custodian", "dept_head")
    file = opened(story)
    unlisted = OpenDossier(values={"name": "某厂", "english_name": "Some"})
    refused = story.refused("customer.open", payload=unlisted, by="custodian")
    assert isinstance(refused, Invalid) and [each.rule for each in refused.findings] == ["field.uncollected"]
    story.now("2026-06-02T10:00")
    surveys = [
        story.done("data.visit", by="contributor", form=VISIT),
        story.done("data.call", by="contributor", form=CALL),
    ]
    for survey in surveys:
        story.done("data.enter", row_of(survey), by="custodian", form={"dossier": file.removeprefix("dossier:")})
    bought = AddRecord(module="transaction", values={"transaction.day": "2026-06-02", "transaction.amount": "20万"})
    story.done("record.add", file, bought, by="contributor", signed="custodian")
    story.done("customer.advance", file, AdvanceDossier(to="retained"), by="custodian")
    change = AmendDossier(values={"address": "西安市未央区一号"})
    story.done("customer.amend", file, change, by="contributor", signed="custodian")
    story.done("customer.reveal", file, RevealField(field="contact.phones"), by="contributor")
    return file


def read_and_lend(story: Story, file: str) -> None:
    """§15 and §16: reading here, a visitor, a classified file, a loan of three days."""
    story.now("2026-06-08T10:00")
    read = story.by_program("custody.consult", file, CONSULT, by="contributor", signed=f"{HEAD} custodian")
    assert read.state == "done"
    assert story.refused("custody.consult", file, by="contributor", form=OUTSIDER).missing == ("evidence",)
    letter = ("letter:7",)
    signers = f"{HEAD} custodian"
    story.done("custody.consult", file, by="contributor", form=OUTSIDER, evidence=letter, signed=signers)
    classified = OpenDossier(
        values={"name": "长安重工", "level": "secret", "learned_on": "2026-06-08"}, unit="market", origin=SURVEYED
    )
    story.done("customer.open", payload=classified, by="classified_custodian")
    secret = story.dossier("长安重工")
    story.done("custody.consult", secret, by=HEAD, form=CONSULT, signed="classified_custodian general_manager")
    with pytest.raises(NotVisible):
        story.ask("custody.consult", secret, by="contributor", form=CONSULT)
    story.now("2026-06-09T10:00")
    loan = story.done("custody.lend", file, by="contributor", form=LOAN, signed=f"{HEAD} custodian cs_manager")
    story.now("2026-06-12T16:00")
    story.done("custody.return", row_of(loan), by="custodian", form=RETURN)
    assert numbers("loan_register") == ["借-2026-0001"]
    assert len(numbers("reading_register")) == 3


def keep(story: Story, file: str) -> None:
    """§13 and §14: intake, air, inspection, repair."""
    refused = story.refused("custody.intake", file, by="custodian", form=INTAKE | {"ink": "ball_pen"})
    assert refused.articles[0] == "§13.2"
    story.done("custody.intake", file, by="custodian", form=INTAKE)
    damaged = story.done("custody.defect", file, by="custodian", form={"defect": "torn", "where": "第二页右下角"})
    story.done("custody.repair", row_of(damaged), by="custodian", form={"how": "托裱", "repaired_on": "2026-06-12"})
    story.done("custody.repair_check", row_of(damaged), by="cs_manager", form={"verdict": "good"})
    inspection = {
        "checked_on": "2026-06-12", "held": "1", "found": "1", "covered": "100", "faded": "0", "damaged": "1",
        "conclusion": "已修复",
    }  # fmt: skip
    story.done("custody.inspect", by="custodian", form=inspection, signed="cs_manager")


def breathe(story: Story) -> None:
    """§14.3: every week somebody looks at the air."""
    for day in ("2026-06-05", "2026-06-12", "2026-06-18", "2026-06-26", "2026-06-29"):
        story.now(f"{day}T17:00")
        story.done("custody.climate", by="custodian", form=AIR | {"measured_on": day})
        if day == "2026-06-05":
            read_and_lend(story, story.dossier("秦岭机床厂"))


def let_out(story: Story, file: str) -> None:
    """§16.1, §18 and §19: copies, carrying, destruction, and what never goes out."""
    story.done("copy.print", file, by="contributor", form=COPY, signed="cs_manager")
    release = {"what": "联系人与电话", "recipient": "合作单位", "purpose": "service", "channel": "phone"}
    assert "§19.3" in story.refused("copy.release", file, by="custodian", form=release).articles
    assert "§18.2" in story.refused("custody.dispatch", by="contributor", form=PARCEL).articles
    parcel = story.done("custody.dispatch", by="courier", form=PARCEL, signed="cs_manager")
    story.done("custody.receive", row_of(parcel), by="cs_manager", form={"seal_intact": "yes", "copies_in": "1"})
    for who in ("contributor", "custodian", "dept_head"):
        story.done("custody.declare", by=who, form={"holds": "no"})
    disposal = {
        "materials": "过期往来信函", "copies": "3", "expired_on": "2026-01-01", "value": "none", "method": "shred",
        "destroyed_at": "公司碎纸室",
    }  # fmt: skip
    story.done(
        "custody.dispose",
        file,
        by="custodian",
        form=disposal,
        signed="cs_manager general_manager classified_custodian dept_head",
    )


def report(story: Story) -> None:
    """§11, §12.2, §20: the analysis, the monthly returns, a new edition of the rules."""
    for who in ("dept_head", story.company.holder("sales_head")):
        form = {"month": "2026-06", "new_customers": "1", "lost_customers": "0"}
        story.done("report.hand_in", by=who, form=form)
    analysis = {
        "cut_off": "2026-06-28",
        "parts": ["region", "change"],
        "recipients": "市场部、营销部",
        "findings": "新增两家客户",
    }
    story.done("report.issue", by="cs_manager", form=analysis)
    source = source_of("jidian").decode().replace('edition: "1"\n  source', 'edition: "2"\n  source')
    adopted = story.done("pack.adopt", payload=AdoptPack(source=source), by="cs_manager", signed="general_manager")
    assert adopted.pack_version == "jidian/1"


def test_a_month_of_the_machinery_company(story: Story):
    file = collect(story)
    breathe(story)
    keep(story, file)
    let_out(story, file)
    report(story)
    story.now("2026-06-30T17:00")
    assert story.differing("2026") == {}
    assert {name for name, status in standing("2026").items() if status == "not_yet_available"} == LATER


def test_a_late_loan_bars_the_next_and_turns_its_article_red(story: Story):
    promise(story, "contributor")
    file = opened(story)
    story.now("2026-06-09T10:00")
    loan = story.done("custody.lend", file, by="contributor", form=LOAN, signed=f"{HEAD} custodian cs_manager")
    story.done(
        "customer.open",
        payload=OpenDossier(values={"name": "渭河泵业"}, unit="market", origin=SURVEYED),
        by="custodian",
    )
    other = story.dossier("渭河泵业")
    story.now("2026-06-12T17:31")
    refused = story.refused("custody.lend", other, by="contributor", form=LOAN | {"borrowed_on": "2026-06-12"})
    assert refused.articles == ("§16.6b",)
    assert standing(JUNE)["R1-34"] == "breached"
    story.done("custody.return", row_of(loan), by="custodian", form=RETURN)
    lent = story.ask("custody.lend", other, by="contributor", form=LOAN | {"borrowed_on": "2026-06-12"})
    assert lent.state == "waiting"


def test_an_empty_company_has_no_evidence(story: Story):
    """Nothing is green because the regulation says so."""
    green = {name for name, status in standing(JUNE).items() if status in ("enforced", "monitored", "attested")}
    assert green <= {"R1-03", "R1-38", "R1-40"}  # their posts are held
