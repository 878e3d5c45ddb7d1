"""The nature of the product, broken by name: a control that is only observed has a test that notices.

Used by `make control-mutation` alone; the column `patch` of docs/controls.csv names one of these. Each is one line:
where the attribute stands, and what stands there instead. The first twelve carry the name of the invariant they break.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps


def _model(app: str, name: str) -> Any:
    return apps.get_model(app, name).objects


BREAKS: dict[str, tuple[str, str, Any]] = {
    "deeds_recorded": ("kedang.ledger.services", "append", lambda deed, op, **named: 0),
    "ledger_sealed": ("kedang.ledger.rows", "tag", lambda alg, key_id, key, leaf32: bytes(18)),
    "looks_recorded": ("kedang.ledger.services", "look", lambda *given, **named: 0),
    "dictionary_versioned": ("kedang.packs.schema.Pack", "version", property(lambda pack: f"pack/{id(pack)}")),
    "personal_values_sealed": (
        "kedang.customers.sealing", "seal_value", lambda key, table, pk, column, value: str(value or "").encode(),
    ),
    "officers_read_no_dossier": (
        "kedang.customers.selectors", "visible_to", lambda by: _model("customers", "Dossier").all(),
    ),
    "search_within_rights": ("kedang.customers.finding", "filtered", lambda rows, where: rows.model.objects.all()),
    "one_responsible": ("kedang.customers.services", "colleague", lambda username: None),
    "every_dossier_has_unit": (
        "kedang.people.units", "add", lambda code, name, parent, **more: _model("people", "Unit").create(
            code=code, name=name, parent=parent, **more
        ),
    ),
    "one_validation": ("kedang.customers.values", "read_one", lambda field, text: (text, ())),
    "import_reconciles": (
        "kedang.intake.planning.Plan", "counts", property(
            lambda plan: dict.fromkeys(("updated", "rejected", "duplicates", "unchanged", "warnings"), 0)
            | {"created": len(plan.opening)}
        ),
    ),
    "transport_and_rest_encryption": ("django.conf.settings", "ALLOWED_HOSTS", ["*"]),
    "nothing_masked": ("kedang.packs.schema.Pack", "is_masked", lambda self, field, roles, *, place: False),
    "everything_in_scope": ("kedang.customers.selectors", "would_see", lambda by, dossier: True),
    "no_refusal_recorded": ("kedang.ledger", "append_refusal", lambda *given, **named: None),
}  # fmt: skip
