"""Taking a batch back: what it opened is removed, what it updated restored, unless somebody moved it since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.db.models import F

from kedang import ledger
from kedang.customers import bulk
from kedang.intake import batches
from kedang.intake.models import CHECK, COMMIT, UNDO, Batch, BatchChunk, BatchRow
from kedang.intake.pace import Progress
from kedang.kernel.deeds import Deed, Version
from kedang.ledger.models import Version as Stored
from kedang.standards import checkchar

PART = 500
_PARTS = 64
OP = "import.undo"


def take_back(deed: Deed, batch: Batch) -> None:
    """Undo every chunk, the last one first; goes on where an earlier run stopped. What can not be undone is listed."""
    Batch.objects.filter(pk=batch.pk).update(state="reverting")
    BatchRow.objects.filter(batch=batch, run=CHECK).delete()
    chunks = list(BatchChunk.objects.filter(batch=batch, run=COMMIT).order_by("-chunk_no"))
    done = set(BatchChunk.objects.filter(batch=batch, run=UNDO).values_list("chunk_no", flat=True))
    progress, total = Progress(deed.beat, "reverting"), sum(chunk.created + chunk.updated for chunk in chunks)
    for chunk in chunks:
        for number, part in _parts(chunk):
            if number not in done:
                _undo_part(deed, batch, number, part)
            progress.tell(len(part), total, {})
    batches.finish(batch, "reverted", at_us=deed.at_us)


def updated_by(entries: Sequence[int]) -> Iterator[int]:
    """Dossiers that these ledger entries changed and did not open."""
    rows = Stored.objects.filter(entry_id__in=list(entries), no__gt=1)
    yield from rows.values_list("dossier", flat=True)


def _parts(chunk: BatchChunk) -> Iterator[tuple[int, list[Stored]]]:
    """The versions of a chunk in parts that can be undone in one short transaction, updates before openings."""
    versions = list(Stored.objects.filter(entry_id=chunk.entry_id).order_by("-no", "dossier"))
    for at in range(0, len(versions), PART):
        yield chunk.chunk_no * _PARTS + at // PART, versions[at : at + PART]


def _undo_part(deed: Deed, batch: Batch, number: int, part: Sequence[Stored]) -> None:
    with transaction.atomic():
        opened = [version.dossier for version in part if version.no == 1]
        removed = bulk.take_back_created(deed, opened)
        restored, left = _restored(deed, [version for version in part if version.no > 1])
        left += sorted(set(opened) - set(removed.ids))
        versions = [*removed.versions, *restored]
        counts = {"reverted": len(versions), "kept": len(left)}
        deed.gone([f"dossier:{checkchar.code_for(pk)}" for pk in removed.ids])
        ledger.append(deed, OP, subject=batch.ref, body={"part": number} | counts, versions=versions, n_rows=len(part))
        BatchRow.objects.bulk_create(_kept_rows(batch, left))
        BatchChunk.objects.create(batch=batch, run=UNDO, chunk_no=number, last_row=0)
        Batch.objects.filter(pk=batch.pk).update(reverted=F("reverted") + len(versions), kept=F("kept") + len(left))


def _restored(deed: Deed, updates: Iterable[Stored]) -> tuple[list[Version], list[int]]:
    restored: list[Version] = []
    left: list[int] = []
    for version in updates:
        made = bulk.take_back_update(deed, version.dossier, version.no, bytes(version.delta_ct))
        if made is None:
            left.append(version.dossier)
        else:
            restored.append(made)
    return restored, left


def _kept_rows(batch: Batch, ids: Sequence[int]) -> list[BatchRow]:
    """The list of what stays; `row_no` holds the dossier's number."""
    return [BatchRow(batch=batch, run=UNDO, row_no=pk, kind="kept", rule="undo.moved") for pk in ids]
