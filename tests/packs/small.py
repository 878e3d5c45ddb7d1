"""A small sound pack, whose lines the tests count, and packs made from parts."""

from __future__ import annotations

from typing import Any

from kedang.packs.schema import Pack

SMALL = """\
meta:
  name: small
  title: 小制度
  number: KD-1
  edition: "1"
  source: 测试用
roles:
  clerk: {title: 录入员, reads: [dossier], max_scope: unit, max_clearance: internal}
  head:
    title: 负责人
    reads: [dossier]
    max_scope: unit_below
    max_clearance: secret
kinds:
  organisation:
    title: 企业
    identity: number
    states:
      prospect: {title: 潜在}
      filed: {title: 归档}
fields:
  number: {title: 代码, category: basic, standard: credit_code, required_at: {filed: [organisation]}}
  phone:
    title: 电话
    category: contact
    standard: phones
    sensitivity: sensitive
    mask: {clear_in_detail: [head]}
operations:
  customer.amend:
    who: [clerk, head]
    article: "2"
    needs: {reason: {min_chars: 4}}
    rules:
      - {when: {state: [filed]}, deny: true, article: "3.10", controls: [T-1]}
      - {when: {level: [secret]}, flow: key_change}
      - {when: {kind: [organisation]}, article: "2"}
flows:
  key_change:
    title: 要项变更
    steps:
      - of: {role: head}
articles:
  "2": {title: 变更, text: 改动要说明缘由。, controls: [T-1]}
  "3.10":
    title: 归档
    text: 归档后不改。
    controls: [T-2]
controls:
  T-1: {kind: enforced, type: WF, operations: [customer.amend]}
  T-2: {kind: observed, type: WF, invariant: deeds_recorded}
"""


FIELDS = {
    name: {"title": name, "category": "basic", "standard": "text"}
    for name in ("name", "region", "note", "contact.phones")
}


def pack_of(
    operations: dict[str, Any], *, roles: dict[str, Any] | None = None, fields: dict[str, Any] | None = None
) -> Pack:
    """A pack with these operations, roles and fields; the rest is as small as can be."""
    step = {"of": {"role": "clerk"}}
    return Pack.model_validate(
        {
            "meta": {"name": "made", "title": "t", "number": "1", "edition": "1", "source": "s"},
            "roles": roles or {code: {"title": code, "reads": ["dossier"]} for code in ("clerk", "head", "officer")},
            "fields": FIELDS if fields is None else fields,
            "operations": operations,
            "flows": {"one": {"title": "one", "steps": [step]}, "two": {"title": "two", "steps": [step, step]}},
            "articles": {},
            "controls": {},
        }
    )
