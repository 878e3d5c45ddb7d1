"""The bookkeeping of a batch: its state, its counts and its chunks, always in the transaction of the rows."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import transaction
from django.db.models import F

from kedang.intake.models import CHECK, COMMIT, COUNTS, UNDO, Batch, BatchChunk, BatchRow, RememberedMapping
from kedang.intake.planning import Plan
from kedang.kernel import clock


def begin(batch: Batch, state: str) -> None:
    """Start a walk that has written nothing yet: forget what an earlier check kept."""
    with transaction.atomic():
        for model in (BatchRow, BatchChunk):
            model._default_manager.filter(batch=batch, run=CHECK).delete()
        Batch.objects.filter(pk=batch.pk).update(state=state, millis=0, error="", done_us=0, **dict.fromkeys(COUNTS, 0))
    batch.refresh_from_db()


def add_chunk(
    batch: Batch, run: int, number: int, plan: Plan, *, entry: int = 0, first_id: int = 0, millis: int = 0
) -> None:
    """Record a chunk and add its counts; the unique number keeps two workers from writing it twice."""
    counts = plan.counts
    BatchChunk.objects.create(
        batch=batch,
        run=run,
        chunk_no=number,
        last_row=plan.last_row,
        first_id=first_id,
        created=counts["created"],
        updated=counts["updated"],
        entry_id=entry,
        tally=_tally(plan),
    )
    added = {name: F(name) + count for name, count in counts.items() if count}
    Batch.objects.filter(pk=batch.pk).update(rows=F("rows") + len(plan.rows), millis=F("millis") + millis, **added)


def finish(batch: Batch, state: str, **values: Any) -> None:
    """Put a batch into its next state of rest."""
    at = values.pop("at_us", 0)
    Batch.objects.filter(pk=batch.pk).update(state=state, done_us=max(at, clock.now_us()), **values)
    batch.refresh_from_db()


def last_chunk(batch: Batch, run: int) -> tuple[int, int]:
    """Number and last row of the chunk a walk reached; (0, -1) before the first."""
    row = (
        BatchChunk.objects.filter(batch=batch, run=run)
        .order_by("-chunk_no")
        .values_list("chunk_no", "last_row")
        .first()
    )
    return row if row is not None else (0, -1)


def remember(batch: Batch) -> None:
    """Use the mapping again for the next file of the same columns."""
    if batch.header_row:
        RememberedMapping.objects.update_or_create(
            layout_digest=batch.layout_digest,
            defaults={"columns": batch.columns, "by_ref": batch.by_ref, "at_us": clock.now_us()},
        )


def tally_of(batch: Batch) -> dict[tuple[str, str, str], int]:
    """How many rows hit each rule, as (field, rule, severity), in the last walk over the file."""
    totals: dict[tuple[str, str, str], int] = {}
    run = shown_run(batch)
    for text in BatchChunk.objects.filter(batch=batch, run=run).values_list("tally", flat=True):
        for key, count in orjson.loads(text).items():
            field, rule, severity = key.split(":")
            totals[field, rule, severity] = totals.get((field, rule, severity), 0) + count
    return totals


def shown_run(batch: Batch) -> int:
    """The walk whose rows a person is shown: what was written, else what was checked."""
    written = batch.state in ("committing", "done", "reverting", "reverted")
    return COMMIT if written or not BatchChunk.objects.filter(batch=batch, run=CHECK).exists() else CHECK


def kept_rows(batch: Batch) -> list[BatchRow]:
    """Dossiers an undo had to leave as they are."""
    return list(BatchRow.objects.filter(batch=batch, run=UNDO, kind="kept").order_by("row_no"))


def _tally(plan: Plan) -> str:
    return orjson.dumps(dict(sorted(plan.tally.items()))).decode()
