"""The names of everything this product can do, against which a new edition of the regulation is checked."""

from __future__ import annotations

from typing import Any

from kedang.customers.ops import OPERATIONS as CUSTOMERS
from kedang.intake.ops import OPERATIONS as INTAKE
from kedang.kernel.deeds import Operation
from kedang.messages.ops import OPERATIONS as MESSAGES
from kedang.people.ops import OPERATIONS as PEOPLE

BELOW: tuple[Operation[Any, Any], ...] = (*PEOPLE, *MESSAGES, *CUSTOMERS, *INTAKE)
"""What the rooms below offer."""
OWN = ("pack.adopt", "pack.overlay", "ledger.verify", "ledger.export", "compliance.read", "people.leave")
"""What this room offers itself (`ops.py`); `registry` sees to it that the two agree."""
NAMES = frozenset((*OWN, *(operation.name for operation in BELOW)))
