"""What the product is by its nature, looked at in the data of a period: each of these can be found broken.

Nothing here looks at more than a sample; the numbers say at how much. An empty period proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kedang.governance.compliance.invariants import dossiers, paths, records
from kedang.governance.compliance.invariants.observation import Observation
from kedang.governance.compliance.periods import Period

__all__ = ["INVARIANTS", "Observation", "look"]

INVARIANTS: Mapping[str, Callable[[Period], Observation]] = {
    "deeds_recorded": records.deeds_recorded,
    "ledger_sealed": records.ledger_sealed,
    "looks_recorded": records.looks_recorded,
    "dictionary_versioned": records.dictionary_versioned,
    "personal_values_sealed": dossiers.personal_values_sealed,
    "officers_read_no_dossier": dossiers.officers_read_no_dossier,
    "search_within_rights": dossiers.search_within_rights,
    "one_responsible": dossiers.one_responsible,
    "every_dossier_has_unit": dossiers.every_dossier_has_unit,
    "one_validation": paths.one_validation,
    "import_reconciles": paths.import_reconciles,
    "transport_and_rest_encryption": paths.transport_and_rest_encryption,
}
"""The closed list of what an observed control may name."""


def look(name: str, period: Period) -> Observation:
    """Look at one invariant; an unknown one is not kept, because nobody can look at it."""
    if name not in INVARIANTS:
        return Observation(False, {"unknown": 1})
    return INVARIANTS[name](period)
