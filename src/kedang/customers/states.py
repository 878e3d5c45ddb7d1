"""Allowed steps of the lifecycle class (潜在 → 保有 → 流失) and of filing; pure."""

from __future__ import annotations

from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

STEPS = frozenset(
    {
        ("prospect", "retained"),
        ("retained", "lapsed"),
        ("lapsed", "retained"),
        ("prospect", "lapsed"),
        ("lapsed", "prospect"),
    }
)


def require_step(now: str, wanted: str) -> None:
    """Refuse a step the lifecycle does not know."""
    if (now, wanted) not in STEPS:
        raise Refused("state", detail=N_("A dossier cannot go from this state to that one."))


def require_open(filed_us: int) -> None:
    """Refuse to change a filed dossier: it is read-only until it is retrieved."""
    if filed_us:
        raise Refused("state", detail=N_("The dossier is filed and can only be read."))


def require_kept(removed_us: int) -> None:
    """Refuse to change what lies in the recycle bin."""
    if removed_us:
        raise Refused("state", detail=N_("The dossier lies in the recycle bin; it has to be recovered first."))
