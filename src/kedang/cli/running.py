"""Queued deeds at the terminal: leave them to a living worker and watch, or run them here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kedang.cli.failing import Failed
from kedang.files import storage
from kedang.files.models import Blob
from kedang.governance import jobs
from kedang.governance.models import OPEN_STATES, Call
from kedang.kernel.actor import Actor

FAILED_STATES = ("failed", "denied", "cancelled")
PAUSE_SECONDS = 0.3


def finished(call: Call, watch: Callable[[Call], None] = lambda call: None) -> Call:
    """The call once it is no longer open; run here when no worker lives to do it, or the last one died."""
    while call.state in OPEN_STATES:
        if not jobs.worker_alive():
            jobs.run(call.pk)
        call.refresh_from_db()
        watch(call)
        if call.state in OPEN_STATES:
            time.sleep(PAUSE_SECONDS)
    if call.state in FAILED_STATES:
        raise Failed(call.state, call.error)
    return call


def stored_evidence(files: Sequence[Path], by: Actor) -> tuple[str, ...]:
    """Put supporting documents into the sealed store; their names as evidence."""
    return tuple(f"file:{stored(file, by).pk}" for file in files)


def stored(file: Path, by: Actor) -> Blob:
    """Put one file into the sealed store."""
    with file.open("rb") as stream:
        return storage.put(stream, file.name, by.id)
