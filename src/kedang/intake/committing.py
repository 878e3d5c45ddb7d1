"""Writing a batch: chunk by chunk, each in one short transaction with its ledger entry, resumable after any crash."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction

from kedang import ledger
from kedang.customers import bulk, origins, searchable, twins
from kedang.customers.bulk import Prepared, Seat
from kedang.customers.models import Dossier
from kedang.intake import batches, checking, following, matching, originating, problems, undoing
from kedang.intake.models import COMMIT, Batch, BatchChunk
from kedang.intake.pace import Pace, Progress
from kedang.intake.planning import Plan, Taken, clean
from kedang.intake.readers import Unreadable
from kedang.intake.walking import Step, Walk
from kedang.kernel import clock
from kedang.kernel.deeds import Deed, Version
from kedang.kernel.errors import KedangError, Refused
from kedang.packs import in_force
from kedang.people.models import Staff

TRIES = 4
LARGE = 1000
"""From so many new dossiers on, what the database planners know of the table is out of date."""
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
    progress = Progress(deed.beat, "writing")
    progress.resumed(batch.rows)
    writer = _Writer(deed, batch, _seat(deed, batch), walk.taken, number)
    for step in walk.steps(after=last_row):
        for part in writer.parts(step):
            progress.tell(len(part.rows), step.total, writer.counts)
    batches.finish(batch, "done", asides=walk.asides, at_us=deed.at_us)
    if batch.created >= LARGE:
        searchable.settle()


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

    def __init__(self, deed: Deed, batch: Batch, seat: Seat, taken: Taken, number: int) -> None:
        self._deed, self._batch, self._seat, self._taken = deed, batch, seat, taken
        self._number, self._pace, self._owner = number, Pace(), batch.owner_ref or deed.actor.id
        self._coming = originating.coming(in_force(), batch, deed.evidence)
        self.counts = {name: getattr(batch, name) for name in TOLD}
        self._since = time.monotonic()

    def parts(self, step: Step) -> Iterator[Plan]:
        """Write a step in chunks, each in a short transaction of its own; yields what was written.

        Where somebody opened or changed one of these customers meanwhile, the rest is judged anew.
        """
        plan, done, tries = step.plan, -1, 0
        while plan.rows:
            try:
                for part in self._chunks(plan, step):
                    done, tries = part.last_row, 0
                    yield part
                return
            except (Raced, IntegrityError, Refused, Dossier.DoesNotExist):
                tries += 1
                if tries > TRIES:
                    raise
                plan = step.again(done)

    def _chunks(self, plan: Plan, step: Step) -> Iterator[Plan]:
        """All that costs time is done for the whole plan at once, then chunk after chunk is written."""
        prepared = self._prepared(plan.opening)
        at = opened = 0
        while at < len(plan.rows):
            part = plan.part(self._pace.size(), at)
            mine = prepared.part(opened, opened + len(part.opening)) if prepared else None
            self._pace.took(self._write(part, mine, step), len(part.rows))
            at, opened = at + len(part.rows), opened + (len(mine.ids) if mine else 0)
            yield part

    def _write(self, part: Plan, prepared: Prepared | None, step: Step) -> float:
        """Write a chunk; returns how long its transaction held the writer, in seconds."""
        batch, number = self._batch, self._number + 1
        cells = step.cells(problem.row for problem in part.problems)
        sealed = problems.rows_of(batch, COMMIT, part.problems, cells)
        first = prepared.ids[0] if prepared and prepared.ids else 0
        started = time.monotonic()
        with transaction.atomic():
            versions = self._changed(part)
            versions += self._opened(part, prepared)
            entry = ledger.append(
                replace(self._deed, at_us=clock.now_us()), self._deed.op, subject=batch.ref,
                body={"chunk": number} | part.counts,
                versions=versions, batch=batch.pk, n_rows=len(part.rows),
            )  # fmt: skip
            done = following.parts(part, prepared.codes if prepared else (), step.judge, self._owner)
            self._deed.follow(done, following.refused(part), entry)
            problems.write(sealed)
            batches.add_chunk(batch, COMMIT, number, part, entry=entry, first_id=first, millis=self._millis())
        self._number = number
        if first:
            self._taken.add(first, len(part.opening))
        for name in self.counts:
            self.counts[name] += part.counts[name]
        return time.monotonic() - started

    def _prepared(self, opening: pl.DataFrame) -> Prepared | None:
        if not len(opening):
            return None
        return bulk.prepare_many(rows_of(opening), opening["name_key"].to_list(), self._seat)

    def _opened(self, plan: Plan, prepared: Prepared | None) -> list[Version]:
        """Insert the new dossiers, if none of these customers was opened since the slice was judged."""
        if prepared is None or not prepared.ids:
            return []
        twins.take_turn()
        if matching.match(plan.opening):
            raise Raced
        versions = prepared.write().versions
        if said := self._coming.said(plan.opening):
            kinds = plan.opening["kind"].to_list()
            origins.write_opened(self._deed, list(zip(prepared.ids, kinds, strict=True)), said)
        return versions

    def _changed(self, plan: Plan) -> list[Version]:
        """Update the known ones, if they are still as they were when the gate was asked."""
        versions, same = [], []
        for change in plan.changes:
            version = bulk.update_one(self._deed, change.dossier_id, change.reading, origin=change.origin)
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
    keys = [key for key in opening.columns if key not in checking.BESIDE]
    rows = []
    for record in opening.iter_rows(named=True):
        row = {key: clean(key, record[key]) for key in keys if record[key] is not None}
        row["findings"] = record["warnings"]
        rows.append(row)
    return rows


def _taken(batch: Batch) -> Taken:
    """What earlier chunks of this batch wrote, for a run that goes on after a crash."""
    done = BatchChunk.objects.filter(batch=batch, run=COMMIT).order_by("chunk_no")
    taken = Taken()
    for chunk in done:
        if chunk.created:
            taken.add(chunk.first_id, chunk.created)
    entries = [chunk.entry_id for chunk in done if chunk.updated]
    taken.ids.update(undoing.updated_by(entries))
    return taken


def _seat(deed: Deed, batch: Batch) -> Seat:
    """Where new dossiers belong: the unit of the batch and its account manager, by default the person importing."""
    owner = Staff.objects.filter(username=batch.owner_ref or deed.actor.id, is_active=True).first()
    return Seat(batch.unit_id, owner.pk if owner else None)
