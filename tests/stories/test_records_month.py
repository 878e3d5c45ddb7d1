"""《客户资料档案系统管理与维护规范》: March 2026 in a company that works by it."""

from __future__ import annotations

from datetime import date

import pytest

from kedang.customers.lifecycle import AdvanceDossier
from kedang.customers.models import Dossier, Record
from kedang.customers.origin_payloads import OriginIn, VerifyValue
from kedang.customers.payloads import AmendDossier, FileDossier, OpenDossier, RevealField
from kedang.customers.records.payloads import AddRecord
from kedang.governance.models import Call
from kedang.governance.registers.models import Row
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.people.payloads import CreateStaff, GrantRole
from tests.company import Company
from tests.intake.importing import imported
from tests.stories.telling import agree, all_signed, expected, numbers, row_of, standing, through_api
from tests.world import GOOD_CODE

VISITED = OriginIn(source="visit", learned_on="2026-03-02")


def opened(company: Company, call: Call) -> str:
    return str((call.outcome or {})["code"])


def test_a_month(company, frozen_clock, tmp_path):
    here = company("records")
    for username in here.staff:
        here.do("undertaking.sign", "-", by=username, confirmed=True)

    # 4.1a, 4.1c: a new customer waits for somebody else's review
    values = {
        "name": "西安示例机电有限公司", "region": "610100", "credit_code": GOOD_CODE, "learned_on": "2026-03-02",
        "contact.name": "王小明", "contact.phones": "13800138000", "address": "雁塔路1号", "postcode": "710000",
    }  # fmt: skip

    # 2.1f: nobody is entered without saying where the data comes from
    with pytest.raises(Invalid) as unsaid:
        all_signed(here, here.do("customer.open", "-", OpenDossier(values=values), by="entry_clerk"))
    assert {finding.rule for finding in unsaid.value.findings} == {"origin.required"}
    values["source"] = "上门拜访"
    asked = here.do("customer.open", "-", OpenDossier(values=values), by="entry_clerk")
    assert asked.state == "waiting" and not Dossier.objects.exists()
    with pytest.raises(Refused):
        agree(here, asked, "entry_clerk")
    code = opened(here, agree(here, asked, "archivist"))
    subject = f"dossier:{code}"

    # 2.2a: what identifies a customer changes with reason and a second pair of eyes; 2.2d: the rest at once
    renamed = AmendDossier(values={"name": "西安示范机电有限公司"}, origin=VISITED)
    changed = here.do("customer.amend", subject, renamed, by="entry_clerk")
    assert Dossier.objects.get(code=code).name == "西安示例机电有限公司"
    assert all_signed(here, changed).state == "done"
    news = AmendDossier(values={"note": "已搬迁", "learned_on": "2026-03-02"})
    assert here.do("customer.amend", subject, news, by="entry_clerk").state == "done"

    # 1.3c, 3.2f: a look at a telephone number has a reason, and is written down
    look = {"field": "contact.phones", "reason": "核对送货联系人"}
    assert through_api(here, "archivist", f"/customers/{code}/reveal", look)["value"] == "+8613800138000"
    with pytest.raises(Refused):
        here.do("customer.reveal", subject, RevealField(field="contact.phones"), by="executive", reason="看看")
    look = {"field": "contact.phones", "reason": "季度经营分析核对联系人"}
    through_api(here, "executive", f"/customers/{code}/reveal", look)

    # 2.1d: what was said, and a complaint until it is closed
    here.do(
        "interaction.record", subject, by="entry_clerk",
        form={"type": "call", "held_on": "2026-03-02", "content": "来电询问交货期"},
    )  # fmt: skip
    complaint = here.do(
        "complaint.open", subject, by="entry_clerk",
        form={"received_on": "2026-03-02", "content": "交货延迟三天", "handler": "account_manager"},
    )  # fmt: skip
    frozen_clock.advance(days=2)
    here.do("complaint.close", row_of(complaint), by="archivist", form={"result": "已道歉并补发", "satisfied": "yes"})
    assert numbers("complaints") == ["投诉20260001"]

    # 2.1c: a customer is retained by a transaction; 2.1e: credit is not for everybody to enter
    with pytest.raises(Refused):
        here.do("customer.advance", subject, AdvanceDossier(to="retained"), by="archivist")
    sold = AddRecord(module="transaction", values={"transaction.day": "2026-03-03", "transaction.amount": "12000"})
    here.do("record.add", subject, sold, by="entry_clerk")
    assert here.do("customer.advance", subject, AdvanceDossier(to="retained"), by="archivist").state == "done"
    rated = AddRecord(
        module="credit",
        values={"credit.day": "2026-03-03", "credit.kind": "default", "credit.source": "法院公告"},
    )
    with pytest.raises(Refused):
        here.do("record.add", subject, rated, by="entry_clerk")
    here.do("record.add", subject, rated, by="archivist")
    assert Record.objects.get(module="credit").expires_on == date(2031, 3, 3)

    # 2.2a: what identifies the customer is compared with the original before the dossier is filed
    with pytest.raises(Invalid):
        here.do("customer.file", subject, FileDossier(), by="archivist")
    compared = VerifyValue(fields=("credit_code",), method="原件", document="营业执照")
    here.do("customer.verify", subject, compared, by="entry_clerk")

    # 1.3d: verified
    here.do("quality.verify", subject, by="archivist", form={"verdict": "current", "method": "call"})

    # 3.1c, 3.2c: filed, closed, and read again on request
    assert here.do("customer.file", subject, FileDossier(), by="archivist").state == "done"
    with pytest.raises(Refused):
        here.do("customer.amend", subject, AmendDossier(values={"note": "再改"}), by="entry_clerk")
    form = {"purpose": "service", "content": "联系方式", "reason": "客户来电核对合同"}
    retrieval = here.do("custody.retrieve", subject, by="entry_clerk", form=form)
    assert all_signed(here, retrieval).state == "done"
    assert numbers("retrievals") == ["调阅20260001"]

    # 4.1b, 4.1c: a file runs at once and is looked through afterwards
    path = tmp_path / "partner.csv"
    path.write_text(
        "客户名称,所在地区,客户来源,知悉日期\n"
        "宝鸡样本阀门有限公司,610300,业务受理,2026-03-02\n咸阳样本仪表有限公司,610400,业务受理,2026-03-02\n",
        encoding="utf-8",
    )
    assert imported(here, path, "entry_clerk", confirm=True).created == 2
    [row] = Row.objects.filter(register="imported")
    checked = {"checked": "2", "wrong": "0", "verdict": "accepted"}
    here.do("customer.review", row.ref, by="archivist", form=checked)

    # 3.2b: accounts are the system officer's, content is not
    new = CreateStaff(username="newcomer", name="新同事", unit=here.staff["entry_clerk"].unit.code)
    assert here.do("people.create", "-", new, by="system_officer").state == "done"
    with pytest.raises(NotVisible):
        here.do("customer.file", subject, FileDossier(), by="system_officer")

    # 3.2g: nobody gives a right alone
    before = set(here.staff["clerk_two"].held_roles.values_list("role", flat=True))
    granted = here.do("people.grant", "staff:clerk_two", GrantRole(role="query_clerk"), by="reviewer")
    assert granted.state == "waiting"
    granted = all_signed(here, granted)
    assert granted.state == "done"
    assert set(here.staff["clerk_two"].held_roles.values_list("role", flat=True)) == before | {"query_clerk"}
    assert numbers("access") == ["权限20260001"]

    # 1.1, 3.2a: the month's figures, the quarter's rights
    frozen_clock.advance(days=26)
    figures = {"accuracy": "99", "completeness": "98", "security": "0", "availability": "100"}
    here.do("quality.review", "-", by="archivist", form=figures)
    here.do(
        "access.review",
        "-",
        by="reviewer",
        confirmed=True,
        form={"unit": here.staff["reviewer"].unit.code, "kept": "5"},
    )
    assert standing("2026-03") == expected("R2-22")
