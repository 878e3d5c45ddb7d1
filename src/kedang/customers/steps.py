"""One more version of a dossier, for a deed that changes what hangs on it and not its own row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.customers import sealing
from kedang.customers.models import Dossier
from kedang.kernel.deeds import Version


def step(dossier: Dossier, delta: Mapping[str, Any], at_us: int) -> Version:
    """Number the change and seal its difference (`{slot: [before, after]}`, slots as `customers.slots` names them).

    The dossier must be held by the caller's transaction. Refused(state) where its person was erased.
    """
    key_id, key = sealing.delta_key(dossier.kind, dossier.pk)
    dossier.version_no += 1
    dossier.updated_us = at_us
    dossier.save(update_fields=["version_no", "updated_us"])
    return Version(
        dossier.pk, dossier.version_no, sealing.seal_delta(key_id, key, dossier.pk, dossier.version_no, dict(delta))
    )
