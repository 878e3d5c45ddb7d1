"""What is shown of a batch: its summary, its rules, and to the one who brought it the rows that did not go in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kedang.customers.origin_payloads import OriginIn
from kedang.files.storage import name_of
from kedang.intake import batches, originating, problems, selectors
from kedang.intake.models import COUNTS, Batch
from kedang.kernel.actor import Actor
from kedang.standards.checkchar import code_for

_SHOWN = ("rows", "created", "updated", "rejected", "duplicates", "unchanged", "warnings")


def summary(batch: Batch) -> dict[str, Any]:
    """The contract of `import` and `import-show`; doors put the call into `request` and a path into `errors_file`."""
    said: dict[str, Any] = {"batch": batch.pk, "state": batch.state, "request": None}
    said |= {name: getattr(batch, name) for name in _SHOWN}
    said |= {"errors_file": None, "seconds": round(batch.millis / 1000, 3)}
    if batch.state in ("reverting", "reverted"):
        said |= {"reverted": batch.reverted, "kept": batch.kept}
    if batch.error:
        said["error"] = batch.error
    return said


def counts(batch: Batch) -> dict[str, int]:
    """The numbers alone, for the ledger."""
    return {name: getattr(batch, name) for name in COUNTS}


def file_name(by: Actor, batch: Batch) -> str:
    """What the file was called; only for the one who brought it, since people name files after customers."""
    return name_of(batch.blob) if batch.by_ref == by.id else ""


def origin_of(by: Actor, batch: Batch) -> OriginIn | None:
    """What was said of the coming of all rows; only for the one who brought the file."""
    return originating.opened(batch) if batch.by_ref == by.id else None


def problem_rows(
    by: Actor, ref: str, kinds: tuple[str, ...] = ("rejected",), *, after: int = 0, limit: int = 50
) -> Iterator[problems.Opened]:
    """Rows that did not go in, with their cells and findings, in the order of the file."""
    batch = selectors.own_batch(by, ref)
    return problems.opened(batch, batches.shown_run(batch), kinds, after=after, limit=limit)


def kept(by: Actor, ref: str) -> list[str]:
    """Codes of the dossiers an undo left alone because somebody changed them since."""
    return [code_for(row.row_no) for row in batches.kept_rows(selectors.own_batch(by, ref))]
