"""《集团客户资源管理制度》: March 2026 in a branch that works by it."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.lifecycle import AdvanceDossier
from kedang.customers.models import Dossier
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.payloads import AmendDossier, AssignDossier, OpenDossier, RevealField
from kedang.customers.records.payloads import AddRecord
from kedang.governance.measures.scores import scores_of
from kedang.governance.ops import AdoptPack
from kedang.kernel.errors import Refused
from kedang.packs.shipped import source_of
from kedang.people.models import Staff
from tests.company import Company
from tests.stories.telling import all_signed, expected, numbers, row_of, standing, through_api
from tests.web.visits import signed_in
from tests.world import GOOD_CODE

VALUES = {
    "name": "西安示例机电有限公司", "region": "610100", "credit_code": GOOD_CODE, "industry": "C34",
    "contact.name": "王小明", "contact.post": "信息部经理（专线业务）", "contact.phones": "13800138000",
    "source": "客户经理拜访", "learned_on": "2026-03-02",
}  # fmt: skip
ENTRY = {"source": "visit", "acquired_on": "2026-03-02", "basis": "contract"}
EDITION = AdoptPack(source=source_of("shaanxi-mobile").decode().replace('edition: "1"', 'edition: "2"'))
UPDATE = {"source": "order", "learned_on": "2026-03-02"}


def opened(here: Company, by: str, **given: Any) -> str:
    payload = OpenDossier(values=VALUES, owner="account_manager")
    call = here.do("customer.open", "-", payload, by=by, form=ENTRY, **given)
    return str((call.outcome or {})["code"])


def test_through_the_web_a_dossier_is_opened_with_its_form_and_its_sentence(company, frozen_clock):
    here = company("shaanxi-mobile")
    browser = signed_in(here, "entry_clerk")
    page = browser.get("/customers/new").content.decode()
    assert 'name="i.source"' in page and 'name="confirmed"' in page
    sent = {**VALUES, **{f"i.{name}": text for name, text in ENTRY.items()}, "key": "once"}
    assert browser.post("/customers/new", sent).status_code == 422
    assert browser.post("/customers/new", sent | {"confirmed": "1", "key": "twice"}).status_code == 302
    assert Dossier.objects.get().name == VALUES["name"]


def test_a_month(company, frozen_clock):
    here = company("shaanxi-mobile")
    branch = here.units["xian"]
    everyday = ("entry_clerk", "account_manager", "info_reviewer", "info_admin", "clerk_two")
    Staff.objects.filter(username__in=everyday).update(unit=branch)
    for username in here.staff:
        here.do("undertaking.sign", "-", by=username, confirmed=True)

    # 8.2, 8.3b: who enters says where it comes from and answers for it; then it counts at once
    with pytest.raises(Refused):
        opened(here, "entry_clerk")
    code = opened(here, "entry_clerk", confirmed=True)
    subject = f"dossier:{code}"

    # 9.1: the account manager keeps up their own; others do not
    note = AmendDossier(values={"note": "新增专线两条"})
    assert here.do("customer.amend", subject, note, by="account_manager", form=UPDATE).state == "done"
    here.do("customer.assign", subject, AssignDossier(owner="clerk_two"), by="info_admin")
    with pytest.raises(Refused):
        here.do("customer.amend", subject, note, by="account_manager", form=UPDATE)
    here.do("customer.assign", subject, AssignDossier(owner="account_manager"), by="info_admin")

    # 9.3: a key value changes on evidence, looked at by a reviewer, within three working days
    told = OriginIn(source="order", learned_on="2026-03-02")
    renamed = AmendDossier(values={"name": "西安示范机电有限公司"}, origin=told)
    with pytest.raises(Refused):
        here.do("customer.amend", subject, renamed, by="account_manager", form=UPDATE)
    given = {"form": UPDATE | {"document": "变更登记通知书"}, "evidence": ["变更登记通知书"]}
    asked = here.do("customer.amend", subject, renamed, by="account_manager", **given)
    assert asked.state == "waiting" and Dossier.objects.get(code=code).name == VALUES["name"]
    assert all_signed(here, asked).state == "done"

    # 2, 8.1c: what they use and ask for, record by record; who uses nothing yet is no customer on the net
    with pytest.raises(Refused):
        here.do("customer.advance", subject, AdvanceDossier(to="retained"), by="account_manager")
    used = {"product.name": "互联网专线", "product.since": "2026-03-02", "product.fee": "1800"}
    here.do("record.add", subject, AddRecord(module="product", values=used), by="account_manager")
    assert here.do("customer.advance", subject, AdvanceDossier(to="retained"), by="account_manager").state == "done"
    with pytest.raises(Refused):
        here.do("record.add", subject, AddRecord(module="credit", values={"credit.rating": "A"}), by="account_manager")
    [scored] = scores_of(here.pack, "quality", only=[subject]).lines
    assert scored.figures["classes"].value == 57 and scored.scored.grade == "优"

    # 8.1d: competition only from a fair source
    heard = {"competitor": "某运营商", "content": "报价下调一成", "source": "customer", "lawful": "yes"}
    here.do("competition.record", subject, by="account_manager", form=heard)
    with pytest.raises(Refused):
        here.do("competition.record", subject, by="account_manager", form=heard | {"lawful": "no"})

    # 11.1, 11.2: a look with a reason, a share after weighing, and taken back
    look = {"field": "contact.phones", "reason": "上门前联系客户"}
    assert through_api(here, "account_manager", f"/customers/{code}/reveal", look)["value"] == "+8613800138000"
    with pytest.raises(Refused):
        here.do("customer.reveal", subject, RevealField(field="contact.phones"), by="account_manager", reason="看")
    form = {"reader": "clerk_two", "purpose": "service", "scope": "联系人与业务", "reason": "联合上门服务"}
    share = all_signed(here, here.do("share.request", subject, by="account_manager", form=form))
    assert (share.state, numbers("shares")) == ("done", ["共享20260001"])
    here.do("share.end", row_of(share), by="info_admin")

    # 5.1, 6, 9.2: inspection with its correction, assessment, appraisal, the stock
    found = {"unit": branch.code, "findings": "两户缺少行业代码", "rectify_by": "2026-03-20"}
    inspected = here.do("inspection.record", "-", by="supervisor", form=found)
    frozen_clock.advance(days=10)
    mended = here.do("inspection.rectify", row_of(inspected), by="info_admin", form={"measures": "已补齐行业代码"})
    assert all_signed(here, mended).state == "done"
    here.do("assessment.record", "-", by="supervisor", form={"year": "2025", "conclusion": "优先发展制造业客户"})
    here.do("appraisal.record", "-", by="supervisor", form={"unit": branch.code, "points": "92"})
    counted = {"unit": branch.code, "checked": "12", "wrong": "1", "missing": "2", "expired": "0", "corrected": "3"}
    here.do("quality.verify", "-", by="info_admin", form=counted)
    here.do("access.review", "-", by="dept_head", confirmed=True, form={"unit": branch.code, "kept": "9"})

    # 1, 4.1, 10: the rules change by the hand of the general manager alone
    with pytest.raises(Refused):
        here.do("pack.adopt", "-", EDITION, by="info_admin")
    waiting = here.do("pack.adopt", "-", EDITION, by="supervisor")
    assert waiting.state == "waiting"
    assert all_signed(here, waiting).state == "done"

    assert standing("2026-03") == expected("R0-08 R0-10 R0-11")
