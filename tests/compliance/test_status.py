"""Green is only what happened: an empty company has no evidence, a missed round is a breach, numbers are rows."""

from __future__ import annotations


def test_smoke(kept) -> None:
    from kedang.governance.compliance.reports import as_json, compliance_of
    from kedang.governance.compliance.periods import period
    made = kept()
    found = compliance_of(made.actor("auditor"), period(""))
    for c in found.controls: print(c)
    from kedang.kernel.errors import Invalid
    try: made.open("x西安示例机电有限公司", contact_phones="13800138000")
    except Invalid as no: print(no.findings)
    code = made.open("西安示例机电有限公司", contact_phones="13800138000")
    made.amend(code, short_name="示例")
    from kedang.governance.registers.matters import Matter
    made.do("visit.note", "-", Matter(), by="clerk")
    found = compliance_of(made.actor("auditor"), period(""))
    for c in found.controls: print(c)
    assert 0
