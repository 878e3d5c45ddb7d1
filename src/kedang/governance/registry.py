"""Every operation of the house by name. Rooms declare, this joins; nothing registers itself."""

from __future__ import annotations

from typing import Any

from kedang.governance import offered
from kedang.governance.ops import OPERATIONS as GOVERNANCE
from kedang.kernel.deeds import Operation


def _joined() -> dict[str, Operation[Any, Any]]:
    table: dict[str, Operation[Any, Any]] = {}
    for operation in (*offered.BELOW, *GOVERNANCE):
        if operation.name in table:
            raise ValueError(f"two rooms offer {operation.name}")
        table[operation.name] = operation
    if table.keys() != offered.NAMES:
        raise ValueError(f"offered.OWN and ops.OPERATIONS differ: {sorted(table.keys() ^ offered.NAMES)}")
    return table


OPERATIONS = _joined()
