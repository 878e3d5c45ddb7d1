"""What has to be done after writing where no worker is there to do it."""

from __future__ import annotations

import logging

from django.db import DatabaseError

from kedang import ledger
from kedang.governance import founding, jobs
from kedang.kernel.errors import KedangError

log = logging.getLogger(__name__)


def settle() -> None:
    """Seal what was written, unless a living worker does that every second.

    A failure to seal undoes no deed: it is logged, and the next one seals what is left.
    """
    try:
        if founding.is_founded() and not jobs.worker_alive():
            ledger.seal()
    except (DatabaseError, OSError, KedangError):
        log.exception("the ledger was not sealed")
