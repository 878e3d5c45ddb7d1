"""A reason stays in the ledger for good, so it must not carry a customer's numbers."""

from __future__ import annotations

import re

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\d{17}[\dXx]|[\w.+-]+@[\w-]+\.\w+)(?!\d)")


def refuse_personal(reason: str) -> None:
    """Refuse a reason with a mobile number, identity number or mail address in it."""
    if len(reason) > 500:
        raise Refused("invalid", missing=("reason",), detail=N_("The reason is too long; 500 characters are enough."))
    if PERSONAL.search(reason):
        raise Refused(
            "invalid", missing=("reason",),
            detail=N_("Leave telephone, identity numbers and mail addresses out of the reason: it is kept for good."),
        )  # fmt: skip
