"""Every operation of the house by name. Rooms declare, this joins; nothing registers itself."""

from __future__ import annotations

from typing import Any

from kedang.governance import offered
from kedang.governance.binning import OPERATIONS as BINNING
from kedang.governance.handover import OPERATIONS as HANDOVER
from kedang.governance.leaving import OPERATIONS as LEAVING
from kedang.governance.ops import OPERATIONS as GOVERNANCE
from kedang.governance.registers import matters
from kedang.kernel.deeds import Operation
from kedang.kernel.i18n import N_
from kedang.packs.schema import Pack


def _joined() -> dict[str, Operation[Any, Any]]:
    table: dict[str, Operation[Any, Any]] = {}
    for operation in (*offered.BELOW, *GOVERNANCE, *LEAVING, *BINNING, *HANDOVER):
        if operation.name in table:
            raise ValueError(f"two rooms offer {operation.name}")
        table[operation.name] = operation
    if table.keys() != offered.NAMES:
        raise ValueError(f"offered.OWN and ops.OPERATIONS differ: {sorted(table.keys() ^ offered.NAMES)}")
    return table


OPERATIONS = _joined()


def operation_of(pack: Pack, name: str) -> Operation[Any, Any]:
    """The operation of a name: the product's own, or a matter the regulation defines; `KeyError` for neither."""
    return OPERATIONS[name] if name in OPERATIONS else matters.operation(pack, name)


REQUESTS: dict[str, str] = {
    "request.file": N_("Ask for approval"),
    "request.sign": N_("Sign a request"),
    "request.withdraw": N_("Take a request back"),
    "request.add_signer": N_("Ask for one more signature"),
    "request.end": N_("End a request"),
}
"""What happens to requests themselves, as the ledger names it."""


def title_of(pack: Pack, name: str) -> str:
    """What an operation is called: the regulation's word where it has one, else the product's (English source)."""
    said = pack.operations.get(name)
    if said is not None and said.title:
        return said.title
    return OPERATIONS[name].title if name in OPERATIONS else REQUESTS.get(name, name)
