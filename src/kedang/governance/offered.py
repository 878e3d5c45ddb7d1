"""The names of everything this product can do, against which a new edition of the regulation is checked."""

from __future__ import annotations

from typing import Any

from kedang.customers.attachments.ops import OPERATIONS as FILES
from kedang.customers.contacts.ops import OPERATIONS as CONTACTS
from kedang.customers.lifecycle import OPERATION as ADVANCE
from kedang.customers.ops import OPERATIONS as CUSTOMERS
from kedang.customers.origin_ops import OPERATIONS as ORIGINS
from kedang.customers.past.restoring import OPERATION as RESTORE
from kedang.customers.records.ops import OPERATIONS as RECORDS
from kedang.intake.ops import OPERATIONS as INTAKE
from kedang.kernel.deeds import Operation
from kedang.messages.ops import OPERATIONS as MESSAGES
from kedang.people.ops import OPERATIONS as PEOPLE

BELOW: tuple[Operation[Any, Any], ...] = (
    *PEOPLE,
    *MESSAGES,
    *CUSTOMERS,
    *FILES,
    *ORIGINS,
    *RECORDS,
    *CONTACTS,
    ADVANCE,
    RESTORE,
    *INTAKE,
)
"""What the rooms below offer."""
REMOVE = "customer.remove"
RECOVER = "customer.recover"
HAND_OVER = "customer.hand_over"
OWN = (
    "pack.adopt", "pack.overlay", "ledger.verify", "ledger.export", "compliance.read", "people.leave", REMOVE, RECOVER,
    HAND_OVER,
)  # fmt: skip
"""What this room offers itself (`ops.py`); `registry` sees to it that the two agree."""
NAMES = frozenset((*OWN, *(operation.name for operation in BELOW)))
