"""The background worker: runs queued deeds, seals the ledger, says that it lives, resumes what a crash left."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.db import connections
from django_tasks_db.management.commands.db_worker import Worker

from kedang import ledger
from kedang.governance import clockwork, jobs, notices

log = logging.getLogger(__name__)
BEAT_SECONDS = 3.0
SEAL_SECONDS = 1.0
NOTICE_SECONDS = 10.0
RECOVER_SECONDS = 20.0
POLL_SECONDS = 0.5
PRUNE_SECONDS = 3600.0
KEPT_DAYS = 2
"""Days that finished wake-up notes of the task library are kept; the calls themselves stay."""


class Every(threading.Thread):
    """Does a small thing again and again; an error is logged and the next turn comes all the same."""

    def __init__(self, seconds: float, do: Callable[[], object], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._seconds = seconds
        self._do = do
        self._ended = threading.Event()

    def run(self) -> None:
        """Until `end` is called."""
        while not self._ended.is_set():
            survive(self._do, self.name)
            self._ended.wait(self._seconds)
        connections.close_all()

    def end(self) -> None:
        """Stop after the present turn."""
        self._ended.set()


class Stop(SystemExit):
    """A signal asked the worker to stop. What it was doing is rolled back to the last finished chunk and
    goes on with the next worker."""


_stopping = threading.Event()


class Tasks(Worker):
    """The library's worker, which otherwise takes a stop inside a task for a failure of that task."""

    def run_task(self, db_task_result: Any) -> None:
        """Run one task and pass a stop on."""
        super().run_task(db_task_result)
        if _stopping.is_set():
            raise Stop(0)


def survive(do: Callable[[], object], name: str) -> None:
    """Do a thing; log any error and give the database a fresh connection afterwards."""
    try:
        do()
    except Exception:
        log.exception("%s failed; it will be tried again", name)
        connections.close_all()


def work() -> None:
    """Work until a signal or the end of the parent process says stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    survive(lambda: jobs.beat(jobs.worker_name()), "beat")
    threads = [
        Every(BEAT_SECONDS, lambda: jobs.beat(jobs.worker_name()), "beat"),
        Every(SEAL_SECONDS, ledger.seal, "seal"),
        Every(NOTICE_SECONDS, notices.send, "notices"),
        Every(clockwork.SECONDS, clockwork.turn, "clockwork"),
    ]
    for thread in threads:
        thread.start()
    try:
        _turns()
    finally:
        for thread in threads:
            thread.end()
        for thread in threads:
            thread.join(5)


def _turns() -> None:
    worker = _task_worker()
    parent, recovered, pruned = os.getppid(), float("-inf"), time.monotonic()
    while os.getppid() == parent:
        if time.monotonic() - recovered >= RECOVER_SECONDS:
            survive(jobs.recover, "recover")
            recovered = time.monotonic()
        survive(worker.run, "tasks")
        if time.monotonic() - pruned >= PRUNE_SECONDS:
            survive(_prune, "prune")
            pruned = time.monotonic()
        time.sleep(POLL_SECONDS)


def _task_worker() -> Tasks:
    """In batch mode it runs what is there and returns."""
    return Tasks(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id=jobs.worker_name()[-64:], excluded_queue_names=[],
    )  # fmt: skip


def _prune() -> None:
    call_command("prune_db_task_results", min_age_days=KEPT_DAYS, verbosity=0)


def _stop(number: int, frame: FrameType | None) -> None:
    _stopping.set()
    raise Stop(0)
