"""A world whose regulation asks where values come from, wants some checked, and one field only with consent."""

from __future__ import annotations

from typing import Any

from kedang.customers.origin_payloads import OriginIn
from kedang.customers.payloads import AmendDossier, OpenDossier
from kedang.governance.gate import perform
from kedang.governance.models import Call
from tests.world import PLAIN, World, make_world

PROVENANCE = """
purposes:
  duty: {title: 法定义务, basis: legal_duty, assessment: true}
  greeting:
    {title: 生日问候, basis: consent, separate_consent: true, assessment: true, notice: 只用于生日问候，可随时撤回。}
provenance:
  article: "2.1f"
  available: true
  sources:
    visit: {title: 上门拜访}
    bank: {title: 合作银行, basis: consent, partner: true}
    public: {title: 公开渠道, basis: public_information, document: true}
  required_for: [name, contact.phones, contact.business]
  evidence_for: [credit_code]
  verified: [credit_code]
clocks:
  entry:
    title: 及时建档
    starts: {operation: customer.open, from_field: learned_on}
    within: {days: 3, until: midnight}
  update:
    title: 随变随改
    starts: {operation: customer.amend, fields: [learned_on], from_field: learned_on}
    within: {days: 3, until: midnight}
"""
FIELDS = """fields:
  contact.birthday:
    {title: 生日, category: contact, standard: date, sensitivity: sensitive, purpose: greeting, mask: {}}
  contact.business: {title: 负责业务, category: contact, standard: text}
  favourite: {title: 爱好, category: other, standard: text, sensitivity: sensitive, purpose: greeting, mask: {}}
"""
VISIT = OriginIn(source="上门拜访", learned_on="2026-03-01")


def source(*, available: bool = True) -> bytes:
    """The regulation as YAML."""
    text = PLAIN.read_text(encoding="utf-8")
    old = "purposes:\n  duty: {title: 法定义务, basis: legal_duty, assessment: true}\n"
    assert old in text
    text = text.replace(old, PROVENANCE.lstrip("\n")).replace("fields:\n", FIELDS, 1)
    if not available:
        text = text.replace("  available: true\n  sources", "  sources")
    return text.encode()


def sourced_world(*, available: bool = True) -> World:
    """The people of `tests.world` under that regulation."""
    return make_world(source(available=available))


def opened(world: World, origin: OriginIn | None = VISIT, by: str = "clerk", **values: str) -> str:
    """The code of a dossier opened with an origin; `contact_phones` stands for `contact.phones`."""
    keyed = {key.replace("contact_", "contact."): text for key, text in values.items()}
    payload = OpenDossier(values={"name": "西安示例机电有限公司", **keyed}, origin=origin)
    call = perform("customer.open", by=world.actor(by), subject="-", payload=payload)
    return str(call.outcome["code"])


def amended(
    world: World, code: str, values: dict[str, str], origin: OriginIn | None = None, by: str = "clerk", **given: Any
) -> Call:
    """Change a dossier, with or without an origin."""
    return perform(
        "customer.amend", by=world.actor(by), subject=f"dossier:{code}", reason="依据原件修改",
        payload=AmendDossier(values=values, origin=origin), **given,
    )  # fmt: skip
