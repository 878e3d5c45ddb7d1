"""What has to be done after writing where no worker is there to do it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError

from kedang import ledger
from kedang.governance import clockwork, founding, jobs
from kedang.kernel.errors import KedangError

log = logging.getLogger(__name__)


def settle() -> None:
    """Seal what was written and let the clockwork turn, unless a living worker does both all the time.

    A failure undoes no deed: it is logged, and the next one does what is left.
    """
    try:
        if not founding.is_founded() or jobs.worker_alive():
            return
    except DatabaseError:
        log.exception("nobody looked after the house")
        return
    _survive(ledger.seal, "the ledger was not sealed")
    _survive(clockwork.turn_if_due, "the clockwork did not turn")


def _survive(do: Callable[[], object], failed: str) -> None:
    try:
        do()
    except (DatabaseError, OSError, KedangError):
        log.exception(failed)
