"""《客户资源库管理条例》: October 2026 in a guarantee company that works by it."""

from __future__ import annotations

import pytest

from kedang.customers.contacts.payloads import AmendContact
from kedang.customers.models import Contact, Dossier
from kedang.customers.origin_payloads import GiveConsent
from kedang.customers.payloads import AmendDossier, OpenDossier
from kedang.customers.records.payloads import AddRecord
from kedang.governance.models import Call
from kedang.governance.ops import AdoptPack
from kedang.governance.registers.models import Row
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.packs.shipped import source_of
from kedang.people.models import Staff
from kedang.people.payloads import Leave
from tests.company import Company
from tests.intake.importing import ran
from tests.stories.telling import agree, all_signed, expected, numbers, row_of, standing, through_api

CONTACT = {
    "contact.name": "张经理", "contact.phones": "13800138000", "source": "业务部门受理的客户",
    "learned_on": "2026-10-08",
}  # fmt: skip
EDITION = AdoptPack(source=source_of("guarantee").decode().replace('edition: "1"', 'edition: "2"'))
CAMPAIGN = {
    "purpose": "greeting", "content": "祝您重阳安康，回复TD退订。", "plan": "十月十八日上午分两批发送",
    "audience": "已同意接收问候的有效客户",
    "rows": "120", "consent": "yes", "send_on": "2026-10-18",
}  # fmt: skip


def entered(here: Company, name: str, received_on: str, **more: str) -> Call:
    form = {"source": "handled", "received_on": received_on, **more}
    payload = OpenDossier(values={"name": name, **CONTACT}, unit="business", owner="salesperson")
    return here.do("customer.open", "-", payload, by="market_specialist", form=form)


def campaign(here: Company, **other: str) -> Call:
    return here.do("engagement.campaign", "-", by="salesperson", form=CAMPAIGN | other)


def test_a_month(company, frozen_clock):
    frozen_clock.set("2026-10-09T09:00:00+08:00")
    here = company("guarantee")
    Staff.objects.filter(username__in=("salesperson", "market_specialist")).update(unit=here.units["business"])

    # 1.1.1, 1.1.4: only the market specialist enters, and only after the promise of secrecy
    with pytest.raises(Refused):
        here.do("customer.open", "-", OpenDossier(values={"name": "秦川样本商贸有限公司", **CONTACT}), by="salesperson")
    with pytest.raises(Refused):
        entered(here, "秦川样本商贸有限公司", "2026-10-09")
    for username in here.staff:
        here.do("undertaking.sign", "-", by=username, confirmed=True)

    here.do("update.none", "-", by="clerk_two", confirmed=True, form={"checked": ["business", "bank"]})

    # 1.1.2, 1.1.3: where it comes from, and by the end of the next day; a partner without consent is turned away
    with pytest.raises(Refused):
        entered(here, "渭南样本车行客户", "2026-10-09", source="dealer", partner="样本车行", informed="no")
    code = str((entered(here, "秦川样本商贸有限公司", "2026-10-08").outcome or {})["code"])
    subject = f"dossier:{code}"

    # 1.1.5a, 1.1.6: what they think of us; every working day something, or a word that nothing was
    rating = {"rating": "good", "rated_on": "2026-10-09"}
    here.do("rating.record", subject, by="service_agent", form=rating)
    with pytest.raises(Refused):
        here.do("customer.amend", subject, AmendDossier(values={"note": "改"}), by="salesperson")
    news = {"learned_on": "2026-10-09", "content": "地址已变"}
    asked = here.do("change.request", subject, by="salesperson", form=news)
    here.do("customer.amend", subject, AmendDossier(values={"address": "咸阳市渭城区2号"}), by="market_specialist")
    here.do("change.done", row_of(asked), by="market_specialist")

    # 1.1.5b: private matters rest on a consent of their own; 1.1.7: what moves is kept with its day
    person = f"contact:{code}/{Contact.objects.get(dossier__code=code).pk}"
    born = AmendContact(values={"contact.birthday": "1980-05-06"})
    with pytest.raises(Invalid):
        here.do("contact.amend", person, born, by="market_specialist")
    here.do("consent.give", person, GiveConsent(purpose="greeting", method="书面"), by="market_specialist")
    assert here.do("contact.amend", person, born, by="market_specialist").state == "done"
    with pytest.raises(Refused):
        married = AmendContact(values={"contact.family": "已婚"})
        here.do("contact.amend", person, married, by="market_specialist")
    wants = AddRecord(module="need", values={"need.day": "2026-10-09", "need.subject": "车贷担保"})
    here.do("record.add", subject, wants, by="market_specialist")

    # 2.1.2b: four signatures in this order, over what stands there
    request = campaign(here)
    with pytest.raises(Refused):
        agree(here, request, "librarian")
    done = all_signed(here, request)
    assert (done.state, numbers("campaigns")) == ("done", ["推广2026001"])
    with pytest.raises(Refused):
        campaign(here, consent="no")
    here.do(
        "festival.record", "-", by="market_specialist",
        form={"festival": "国庆节、中秋节", "sent": "0", "skipped": "120", "why": "客户同意尚未取得"},
    )  # fmt: skip

    # 2.1.3: an enquiry from the door to the answer
    enquiry = here.do(
        "inquiry.register", "-", by="service_agent",
        form={"customer": "李先生", "contact": "13900139000", "way": "visit", "content": "想了解车贷担保"},
    )  # fmt: skip
    row = row_of(enquiry)
    with pytest.raises(NotVisible):
        here.do("inquiry.close", row, by="salesperson", form={"result": "won", "feedback": "已答复"})
    here.do("inquiry.assign", row, by="service_agent", form={"assignee": "salesperson"})
    here.do("inquiry.follow", row, by="salesperson", form={"progress": "已电话说明所需材料"})
    here.do("inquiry.close", row, by="salesperson", form={"result": "won", "feedback": "已约定签约时间"})
    assert [each.state for each in Row.objects.filter(register="inquiries")] == ["closed"]

    # 2.1.5: released, and called back within a month; nothing is offered to who does not want it
    form = {"contract": "DB-2025-018", "amount": "500000", "released_on": "2026-10-09"}
    here.do("guarantee.released", subject, by="market_specialist", form=form)
    answers = {"satisfaction": "good", "promotion": "yes", "consent": "no"}
    with pytest.raises(Refused):
        here.do("callback.record", subject, by="service_agent", form=answers)
    here.do("callback.record", subject, by="service_agent", form=answers | {"promotion": "no"})

    # 3.1.2, 3.1.3: what goes out, the leader in charge decides; a look has a reason and an end
    look = {"field": "contact.phones", "reason": "核对回访电话"}
    assert through_api(here, "service_agent", f"/customers/{code}/reveal", look)["value"] == "+8613800138000"
    form = {"content": "在保客户名单", "rows": "30", "purpose": "duty", "recipient": "金融办", "way": "secure_mail"}
    out = here.do("copy.release", "-", by="librarian", form=form)
    assert all_signed(here, out).state == "done"

    # 3.1.4, 3.1.5: a loss, its cause, and what follows
    lost = {"found_on": "2026-10-09", "content": "名单遗落在客户处"}
    loss = here.do("incident.open", "-", by="salesperson", form=lost)
    found = {"cause": "携带纸质名单外出", "main": "salesperson", "intent": "negligence"}
    closed = here.do("incident.conclude", row_of(loss), by="affairs_manager", form=found, evidence=["笔录一份"])
    assert all_signed(here, closed).state == "done"
    decided = {
        "conduct": "secondary", "measure": "warning", "percent": "25", "judicial": "no", "heard": "yes",
        "ground": "未提醒同事妥善保管",
    }  # fmt: skip
    with pytest.raises(Refused):
        here.do("sanction.decide", "staff:service_agent", by="affairs_manager", form=decided)
    fair = here.do("sanction.decide", "staff:service_agent", by="affairs_manager", form=decided | {"percent": "15"})
    assert all_signed(here, fair).state == "done"
    with pytest.raises(Refused):
        sold = decided | {"conduct": "selling", "percent": "", "judicial": "yes"}
        here.do("sanction.decide", "staff:salesperson", by="affairs_manager", form=sold)
    sold = decided | {"conduct": "selling", "percent": "", "judicial": "yes", "measure": "dismissal"}
    dismissed = here.do("sanction.decide", "staff:salesperson", by="affairs_manager", form=sold)
    assert all_signed(here, dismissed).state == "done"

    # 1.1.8: who goes hands over everything, what they kept themselves included
    parting = Leave(successor="service_agent", declaration="名片两盒、手机通讯录已交回并删除")
    gone = here.do("people.leave", "staff:salesperson", parting, by="affairs_manager")
    assert gone.state == "waiting" and Staff.objects.get(username="salesperson").is_active
    gone = ran(all_signed(here, gone))
    assert gone.state == "done", gone.error
    assert not Staff.objects.get(username="salesperson").is_active
    owner = Dossier.objects.get(code=code).owner
    assert owner is not None and owner.username == "service_agent"

    # every working day of the month
    for day in [*range(10, 11), *range(12, 17), *range(19, 24), *range(26, 31)]:
        frozen_clock.set(f"2026-10-{day:02}T17:00:00+08:00")
        for username in ("market_specialist", "clerk_two"):
            here.do("update.none", "-", by=username, confirmed=True, form={"checked": ["business", "bank"]})

    # 2.1.4, 2.1.5b: the month summed up, shared and received; the call-backs reported
    summed = {"month": "202610", "visitors": "1", "valid": "1", "analysis": "来访以车贷咨询为主"}
    here.do("summary.record", "-", by="market_specialist", form=summed)
    for post in ("affairs_manager", "business_head", "marketing_head", "service_head"):
        here.do("summary.receive", "-", by=here.holder(post), confirmed=True, form={"month": "202610"})
    told = {"month": "202610", "called": "1", "satisfied": "1", "summary": "客户对放款速度满意"}
    here.do("callback.report", "-", by=here.holder("service_head"), form=told)

    # the rules themselves change by the general manager's hand
    assert all_signed(here, here.do("pack.adopt", "-", EDITION, by="affairs_manager")).state == "done"
    assert standing("2026-10") == expected("R4-11")
