"""Every operation of the house by name. Rooms declare, this joins; nothing registers itself."""

from __future__ import annotations

from typing import Any

from kedang.customers.ops import OPERATIONS as CUSTOMERS
from kedang.governance.ops import OPERATIONS as GOVERNANCE
from kedang.intake.ops import OPERATIONS as INTAKE
from kedang.kernel.deeds import Operation
from kedang.people.ops import OPERATIONS as PEOPLE


def _joined() -> dict[str, Operation[Any, Any]]:
    table: dict[str, Operation[Any, Any]] = {}
    for operation in (*PEOPLE, *CUSTOMERS, *INTAKE, *GOVERNANCE):
        if operation.name in table:
            raise ValueError(f"two rooms offer {operation.name}")
        table[operation.name] = operation
    return table


OPERATIONS = _joined()
