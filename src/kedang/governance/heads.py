"""The newest sealed head of the ledger, for a person to keep elsewhere."""

from __future__ import annotations

from kedang.ledger.chains import DEEDS
from kedang.ledger.heads import COLUMNS, from_row
from kedang.ledger.models import Block
from kedang.ledger.rows import Head


def newest_head() -> Head | None:
    """The head of the last block of deeds; None while nothing is sealed."""
    row = Block.objects.order_by("-no").values_list(*COLUMNS).first()
    return from_row(DEEDS.name, row)[0] if row else None
