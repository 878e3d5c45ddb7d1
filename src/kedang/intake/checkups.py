"""Checking a batch without writing a dossier: the same walk, judged and counted."""

from __future__ import annotations

import time
from collections import Counter

from django.db import transaction

from kedang.intake import batches, problems
from kedang.intake.models import CHECK, Batch
from kedang.intake.pace import Progress
from kedang.intake.walking import Step, Walk
from kedang.kernel.deeds import Deed


def check(deed: Deed, batch: Batch) -> None:
    """Go through every row and keep what would happen: counts, rules hit, and the rows that would not go in."""
    started = time.monotonic()
    batches.begin(batch, "checking")
    walk, progress, totals = Walk(deed, batch, tried=True), Progress(deed.beat, "checking"), Counter[str]()
    for number, step in enumerate(walk.steps(after=-1), start=1):
        _keep(batch, number, step)
        totals.update(step.plan.counts)
        progress.tell(len(step.plan.rows), step.total, totals)
    batches.finish(batch, "planned", asides=walk.asides, millis=_millis(started), at_us=deed.at_us)


def _keep(batch: Batch, number: int, step: Step) -> None:
    cells = step.cells(problem.row for problem in step.plan.problems)
    sealed = problems.rows_of(batch, CHECK, step.plan.problems, cells)
    with transaction.atomic():
        problems.write(sealed)
        batches.add_chunk(batch, CHECK, number, step.plan)


def _millis(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
