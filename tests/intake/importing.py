"""Importing a file as a person would: store, look, confirm, commit, and see what came of it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from kedang.files import storage
from kedang.governance import jobs
from kedang.governance.models import Call
from kedang.intake import errors_book, present, reading
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch, StageFile, UndoBatch
from kedang.intake.reading import Inspected
from tests.world import World


def staged(
    world: World, path: Path, by: str = "clerk", *, confirm: bool = False, **extra: Any
) -> tuple[Batch, Inspected]:
    """A batch of a file, its columns as guessed."""
    with path.open("rb") as stream:
        blob = storage.put(stream, path.name, by)
    seen = reading.inspect(storage.BlobSource(blob))
    payload = StageFile(
        blob=blob.pk,
        sheet=seen.sheet,
        header_row=seen.layout.header_row,
        titles=seen.cells,
        columns=extra.pop("columns", seen.columns),
        certain=confirm or seen.mapping.certain,
        **extra,
    )
    call = world.do("import.stage", "-", payload, by=by)
    return Batch.objects.get(pk=call.outcome["batch"]), seen


def ran(call: Call) -> Call:
    """A bulk call after its run."""
    jobs.run(call.pk)
    call.refresh_from_db()
    return call


def committed(world: World, batch: Batch, by: str = "clerk", *, dry_run: bool = False, reason: str = "") -> Batch:
    """A batch after its commit, which must have gone through."""
    call = ran(world.do("import.commit", batch.ref, CommitBatch(dry_run=dry_run), by=by, reason=reason))
    assert call.state == "done", call.error
    batch.refresh_from_db()
    check_sum(batch)
    return batch


def imported(world: World, path: Path, by: str = "clerk", *, reason: str = "", **extra: Any) -> Batch:
    """A file taken in."""
    batch, _ = staged(world, path, by, **extra)
    return committed(world, batch, by, reason=reason)


def undone(world: World, batch: Batch, by: str = "clerk") -> Batch:
    """A batch taken back."""
    call = ran(world.do("import.undo", batch.ref, UndoBatch(), by=by))
    assert call.state == "done", call.error
    batch.refresh_from_db()
    return batch


def check_sum(batch: Batch) -> None:
    """The contract of the counts."""
    parts = batch.created + batch.updated + batch.rejected + batch.duplicates + batch.unchanged
    assert batch.rows == parts


def counts(batch: Batch) -> tuple[int, int, int, int, int, int]:
    """rows, created, updated, rejected, duplicates, unchanged."""
    return batch.rows, batch.created, batch.updated, batch.rejected, batch.duplicates, batch.unchanged


def problems(world: World, batch: Batch, kind: str = "rejected", by: str = "clerk") -> list[tuple[int, str, str]]:
    """(row, field, rule) of the first finding of each row that did not go in."""
    rows = present.problem_rows(world.actor(by), batch.ref, (kind,), limit=0)
    return [(row.row, row.findings[0].field, row.findings[0].rule) for row in rows]


def errors_file(world: World, batch: Batch, path: Path, by: str = "clerk") -> Path:
    """The errors workbook on disk."""
    out = io.BytesIO()
    errors_book.write(world.actor(by), batch.ref, out)
    path.write_bytes(out.getvalue())
    return path
