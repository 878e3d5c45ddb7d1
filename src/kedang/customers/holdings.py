"""What a person holds of this room: the dossiers they are first responsible for."""

from __future__ import annotations

from kedang.customers.handing import owned_by
from kedang.kernel.i18n import N_
from kedang.people.holdings import SHOWN, Held
from kedang.people.models import Staff

DOSSIERS = "dossier"


def held(staff: Staff, at_us: int) -> list[Held]:
    """The dossiers, for a successor."""
    mine = owned_by(staff)
    codes = tuple(mine.order_by("pk").values_list("code", flat=True)[:SHOWN])
    return [Held(DOSSIERS, N_("Dossiers"), mine.count(), "successor", codes)]
