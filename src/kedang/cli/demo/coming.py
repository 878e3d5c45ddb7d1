"""Where the invented values of the demo come from, and how they are checked, as the regulation wants it said."""

from __future__ import annotations

from kedang.customers.origin_payloads import OriginIn, VerifyValue
from kedang.kernel import clock
from kedang.packs import in_force

PAPER = "合作单位来函附表"
PARTNER = "合作单位"
METHOD, DOCUMENT = "核对原件", "营业执照"
CHECKED = "credit_code"


def origin() -> OriginIn | None:
    """The regulation's plainest way by which values come in; None where it does not ask."""
    rules = in_force().provenance
    if rules is None or not rules.available:
        return None
    plain = [name for name, said in rules.sources.items() if not (said.partner or said.form or said.document)]
    source = next(iter(plain or rules.sources))
    supplier = PARTNER if rules.sources[source].partner else ""
    today = clock.company_day(clock.now_us()).isoformat()
    return OriginIn(source=source, learned_on=today, supplier=supplier, evidence=PAPER)


def check() -> VerifyValue | None:
    """What is compared before a company's dossier is filed; None where the regulation does not ask."""
    rules = in_force().provenance
    if rules is None or not rules.available or CHECKED not in rules.verified:
        return None
    return VerifyValue(fields=(CHECKED,), method=METHOD, document=DOCUMENT)
