"""Queued deeds at the terminal: leave them to a living worker and watch, or run them here."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.db import DatabaseError, connections
from django.utils import translation
from django.utils.translation import gettext as _

from kedang.cli import asking
from kedang.cli.failing import Failed
from kedang.cli.payloads import FORM
from kedang.files import storage
from kedang.files.models import Blob
from kedang.governance import attaching, imports, jobs
from kedang.governance.models import OPEN_STATES, Call
from kedang.kernel.actor import Actor

ATTACHED = ("kind", "slot", "level")
"""What is said of a file that is attached."""
FAILED_STATES = ("failed", "denied", "cancelled")
PAUSE_SECONDS = 0.3
LINE_SECONDS = 2.0
"""How often a line of progress is written where it cannot be drawn over."""


def finished(call: Call, *, watch: bool = False) -> Call:
    """The call once it is no longer open; run here when no worker lives to do it, or the last one died.

    Raises Failed when it did not end well.
    """
    with _watched(call.pk) if watch else _unwatched():
        while call.state in OPEN_STATES:
            if not jobs.worker_alive():
                jobs.run(call.pk)
            call.refresh_from_db()
            if call.state in OPEN_STATES:
                time.sleep(PAUSE_SECONDS)
    if call.state in FAILED_STATES:
        raise Failed(call.state, call.error)
    return call


def recover_if_alone() -> None:
    """Finish what a crash left behind, when no worker lives to do it."""
    if not jobs.worker_alive():
        jobs.recover()


def stored_evidence(files: Sequence[Path], by: Actor) -> tuple[str, ...]:
    """Put supporting documents into the sealed store; their names as evidence."""
    return tuple(f"file:{stored(file, by).pk}" for file in files)


def stored(file: Path, by: Actor) -> Blob:
    """Put one file into the sealed store."""
    with file.open("rb") as stream:
        return storage.put(stream, file.name, by.id)


def attached(
    files: Sequence[Path], by: Actor, subject: str, settings: Sequence[str], given: dict[str, Any], key: str
) -> Call:
    """Bring one file into a dossier; the settings say what it is (`kind`, `slot`, `level`)."""
    said = dict(map(asking.pair, settings))
    named = {name: text for name, text in said.items() if name in ATTACHED}
    if len(files) != 1 or {name.removeprefix(FORM) for name in said} - set(named) - set(given["form"]):
        raise click.UsageError(_("Name one file with --file, and kind, slot or level with --set."))
    with files[0].open("rb") as stream:
        wishes = attaching.Wishes(**named, given=given)
        return attaching.attach(by, subject, stream, files[0].name, wishes, key=key or None).call


@contextmanager
def _unwatched() -> Iterator[None]:
    yield


@contextmanager
def _watched(call_id: int) -> Iterator[None]:
    """Write how far the call is to the standard error stream, from a thread of its own."""
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(call_id, ended, translation.get_language()), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _watch(call_id: int, ended: threading.Event, language: str | None) -> None:
    drawn = sys.stderr.isatty()
    last = ""
    try:
        with translation.override(language):
            while not ended.wait(PAUSE_SECONDS if drawn else LINE_SECONDS):
                line = _line(call_id)
                if line and line != last:
                    click.echo(f"\r{line:<78}" if drawn else line, err=True, nl=not drawn)
                    last = line
        if drawn and last:
            click.echo("", err=True)
    finally:
        connections.close_all()


def _line(call_id: int) -> str:
    try:
        steps = imports.progress_of(call_id)
    except DatabaseError:
        return ""
    if "rows" not in steps:
        return ""
    return _("%(phase)s: %(rows)s of about %(total)s rows, %(rate)s rows/s, %(left_s)s s left") % {
        "phase": steps.get("phase", ""), "rows": steps["rows"], "total": steps.get("total", steps["rows"]),
        "rate": steps.get("rate", 0), "left_s": steps.get("left_s", 0),
    }  # fmt: skip
