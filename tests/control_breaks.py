"""The nature of the product, broken by name: a control that is only observed has a test that notices.

Used by `make control-mutation` alone; the column `patch` of docs/controls.csv names one of these. Each is one line:
where the attribute stands, and what stands there instead.
"""

from __future__ import annotations

from typing import Any

BREAKS: dict[str, tuple[str, str, Any]] = {
    "nothing_masked": ("kedang.packs.schema.Pack", "is_masked", lambda self, field, roles, *, place: False),
    "everything_in_scope": ("kedang.customers.selectors", "would_see", lambda by, dossier: True),
    "all_is_valid": ("kedang.standards.checking", "check", lambda *given, **named: ()),
    "no_refusal_recorded": ("kedang.ledger", "append_refusal", lambda *given, **named: None),
}
