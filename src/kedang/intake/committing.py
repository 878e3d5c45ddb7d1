"""Writing a batch: chunk by chunk, each in one short transaction with its ledger entry, resumable after any crash."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction

from kedang import ledger
from kedang.customers import bulk, twins
from kedang.customers.bulk import Prepared, Seat
from kedang.customers.fields import FIELDS
from kedang.customers.models import Dossier
from kedang.intake import batches, matching, problems, undoing
from kedang.intake.models import COMMIT, Batch, BatchChunk
from kedang.intake.pace import Pace, Progress
from kedang.intake.planning import Plan, Taken, clean
from kedang.intake.readers import Unreadable
from kedang.intake.walking import Step, Walk
from kedang.kernel.deeds import Deed, Version
from kedang.kernel.errors import KedangError, Refused
from kedang.people.models import Staff

TRIES = 4
TOLD = ("created", "updated", "rejected", "duplicates", "unchanged")


def commit(deed: Deed, batch: Batch) -> None:
    """Write every row that may go in. Ends done, or reverted where the file can not be read on or it was cancelled."""
    if batch.state != "committing":
        batches.begin(batch, "committing")
        batches.remember(batch)
    try:
        _write_all(deed, batch)
    except Unreadable as no:
        Batch.objects.filter(pk=batch.pk).update(error=str(no)[:500])
        undoing.take_back(deed, batch)
    except KedangError as no:
        if no.code == "cancelled":
            undoing.take_back(replace(deed, beat=_deaf(deed)), batch)
        raise


def _write_all(deed: Deed, batch: Batch) -> None:
    number, last_row = batches.last_chunk(batch, COMMIT)
    walk = Walk(deed, batch, _taken(batch))
    pace, progress = Pace(), Progress(deed.beat, "writing")
    progress.resumed(batch.rows)
    writer = _Writer(deed, batch, _seat(deed, batch), walk.taken)
    for step in walk.steps(after=last_row, size=pace.size):
        number += 1
        pace.took(writer.write(number, step), step.rows)
        progress.tell(step.rows, step.total, writer.counts)
    batches.finish(batch, "done", asides=walk.asides, at_us=deed.at_us)


def _deaf(deed: Deed) -> Callable[[Mapping[str, Any]], None]:
    """The beat of a deed that goes on although somebody cancelled it: what was written has to be taken back."""

    def beat(done: Mapping[str, Any]) -> None:
        try:
            deed.beat(done)
        except KedangError as no:
            if no.code != "cancelled":
                raise

    return beat


class Raced(Exception):
    """Somebody wrote one of these customers between the judgement and the transaction."""


class _Writer:
    """Writes one chunk after the other for one person into one unit."""

    def __init__(self, deed: Deed, batch: Batch, seat: Seat, taken: Taken) -> None:
        self._deed, self._batch, self._seat, self._taken = deed, batch, seat, taken
        self.counts = {name: getattr(batch, name) for name in TOLD}
        self._since = time.monotonic()

    def write(self, number: int, step: Step) -> float:
        """Write a chunk; returns how long its transaction held the writer, in seconds."""
        plan = step.plan
        for _ in range(TRIES):
            try:
                return self._write(number, plan, step)
            except (Raced, IntegrityError, Refused, Dossier.DoesNotExist):
                # Somebody opened or changed one of these customers meanwhile: judge by what is there now.
                plan = step.again()
        return self._write(number, plan, step)

    def _write(self, number: int, plan: Plan, step: Step) -> float:
        prepared = self._prepared(plan.opening)
        sealed = problems.rows_of(self._batch, COMMIT, plan.problems, step.cells)
        first = prepared.ids[0] if prepared else 0
        started = time.monotonic()
        with transaction.atomic():
            versions = self._changed(plan)
            versions += self._opened(plan, prepared)
            entry = ledger.append(
                self._deed, self._deed.op, subject=self._batch.ref, body={"chunk": number} | plan.counts,
                versions=versions, batch=self._batch.pk, n_rows=step.rows,
            )  # fmt: skip
            problems.write(sealed)
            batches.add_chunk(
                self._batch, COMMIT, number, plan, rows=step.rows, entry=entry, first_id=first, millis=self._millis()
            )
        held = time.monotonic() - started
        if prepared:
            self._taken.ranges.append((first, len(prepared.ids)))
        for name in self.counts:
            self.counts[name] += plan.counts[name]
        return held

    def _prepared(self, opening: pl.DataFrame) -> Prepared | None:
        if not len(opening):
            return None
        return bulk.prepare_many(self._deed, rows_of(opening), opening["name_key"].to_list(), self._seat)

    def _opened(self, plan: Plan, prepared: Prepared | None) -> list[Version]:
        """Insert the new dossiers, if none of these customers was opened since the slice was judged."""
        if prepared is None:
            return []
        twins.take_turn()
        if matching.match(plan.opening):
            raise Raced
        return prepared.write().versions

    def _changed(self, plan: Plan) -> list[Version]:
        """Update the known ones, if they are still as they were when the gate was asked."""
        versions, same = [], []
        for change in plan.changes:
            version = bulk.update_one(self._deed, change.dossier_id, change.reading)
            if version is None:
                same.append(change)
            elif version.no != change.version_no + 1:
                raise Raced
            else:
                versions.append(version)
        plan.turn_unchanged(same)
        return versions

    def _millis(self) -> int:
        now, self._since = time.monotonic(), self._since
        spent, self._since = round((now - self._since) * 1000), now
        return spent


def rows_of(opening: pl.DataFrame) -> list[dict[str, Any]]:
    """Checked rows as `bulk` takes them: values by field, empty ones left out, with their kept warnings."""
    keys = [key for key in opening.columns if key in FIELDS]
    rows = []
    for record in opening.iter_rows(named=True):
        row = {key: clean(key, record[key]) for key in keys if record[key] is not None}
        row["findings"] = record["warnings"]
        rows.append(row)
    return rows


def _taken(batch: Batch) -> Taken:
    """What earlier chunks of this batch wrote, for a run that goes on after a crash."""
    done = BatchChunk.objects.filter(batch=batch, run=COMMIT).order_by("chunk_no")
    taken = Taken([(chunk.first_id, chunk.created) for chunk in done if chunk.created])
    entries = [chunk.entry_id for chunk in done if chunk.updated]
    taken.ids.update(undoing.updated_by(entries))
    return taken


def _seat(deed: Deed, batch: Batch) -> Seat:
    """Where new dossiers belong: the unit of the batch and its account manager, by default the person importing."""
    owner = Staff.objects.filter(username=batch.owner_ref or deed.actor.id, is_active=True).first()
    return Seat(batch.unit_id, owner.pk if owner else None)
