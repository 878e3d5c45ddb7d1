"""Bringing a file in, for every door: store it, look into it, stage it; how far a batch is; stopping it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from kedang.customers.origin_payloads import OriginIn
from kedang.files import storage
from kedang.files.models import Blob
from kedang.files.storage import BlobSource
from kedang.governance.gate import perform
from kedang.governance.models import OPEN_STATES, PENDING_STATES, Call
from kedang.intake import mapping_file, reading
from kedang.intake.mapping import Mapping
from kedang.intake.payloads import StageFile
from kedang.intake.reading import Inspected
from kedang.intake.selectors import batches_for
from kedang.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the person who brings a file wants it read; what is left out is found in the file itself.

    `mapping` is a TOML text as `mapping_file` reads it; with it, or with `confirm`, nothing is asked back.
    """

    sheet: str | None = None
    header_row: int | None = None
    mapping: str = ""
    confirm: bool = False
    on_duplicate: str = "skip"
    unit: str = ""
    owner: str = ""
    origin: OriginIn | None = None
    """Where the values of all rows come from."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A staged file: the call that staged it, what the first look found, and the mapping in force."""

    call: Call
    inspected: Inspected
    mapping: Mapping
    certain: bool

    @property
    def batch(self) -> int:
        """The number of the batch."""
        return int(self.call.outcome["batch"])


def bring(
    by: Actor, stream: BinaryIO, name: str, wishes: Wishes, *, key: str | None = None, reason: str = ""
) -> Brought:
    """Store a file and stage it as a batch. Whatever refuses it, nothing of the file stays behind.

    With `key`, the same file sent again by the same person is the same request. Raises Refused,
    `Unreadable`, `TooLarge` and `WrongMapping`.
    """
    blob = storage.put(stream, name, by.id)
    try:
        inspected = reading.inspect(BlobSource(blob), sheet=wishes.sheet, header_row=wishes.header_row)
        mapping, certain = _mapping(inspected, wishes)
        sent_before = _same_file(blob, name) if key else None
        payload = _payload((sent_before or blob).pk, inspected, mapping, certain, wishes)
        call = perform("import.stage", by=by, subject="-", payload=payload, key=key, reason=reason)
    except Exception:
        storage.remove(blob)
        raise
    if sent_before is not None:
        storage.remove(blob)
    return Brought(call, inspected, mapping, certain)


def open_call(subject: str) -> Call | None:
    """The call on a batch that waits for signatures, is queued or running; None when there is none."""
    return Call.objects.filter(subject=subject, state__in=PENDING_STATES).order_by("-pk").first()


def last_call(subject: str) -> Call | None:
    """The last commit or undo of a batch, however it ended."""
    return Call.objects.filter(subject=subject, op__in=("import.commit", "import.undo")).order_by("-pk").first()


def may_see(by: Actor, batch: int) -> bool:
    """Whether this person may look at a batch."""
    return batches_for(by).filter(pk=batch).exists()


def progress_of(call_id: int) -> dict[str, Any]:
    """How far a running call is, as its deed last told: phase, rows, total, rate, left_s; empty before that."""
    call = Call.objects.filter(pk=call_id).first()
    return call.steps if call else {}


def stop(by: Actor, subject: str) -> Call | None:
    """Ask a running commit of this person to stop after its present chunk; None when none is open."""
    mine = Call.objects.filter(subject=subject, actor_ref=by.id, op="import.commit", state__in=OPEN_STATES)
    mine.update(cancel=True)
    return mine.first()


def _mapping(inspected: Inspected, wishes: Wishes) -> tuple[Mapping, bool]:
    if wishes.mapping:
        return mapping_file.read(wishes.mapping, inspected.layout), True
    if wishes.confirm:
        return inspected.mapping.confirmed(), True
    sure = inspected.remembered or (inspected.layout.certain and inspected.mapping.certain)
    return inspected.mapping, sure


def _payload(blob: int, inspected: Inspected, mapping: Mapping, certain: bool, wishes: Wishes) -> StageFile:
    columns = mapping_file.columns_of(mapping, inspected.layout)
    found = replace(inspected, mapping=mapping)
    defaults = mapping_file.read_defaults(wishes.mapping) if wishes.mapping else {}
    return StageFile.model_validate(
        {
            "blob": blob, "sheet": found.sheet, "header_row": found.layout.header_row, "titles": found.cells,
            "columns": columns, "certain": certain, "on_duplicate": wishes.on_duplicate, "unit": wishes.unit,
            "owner": wishes.owner, "defaults": defaults, "origin": wishes.origin,
        }
    )  # fmt: skip


def _same_file(blob: Blob, name: str) -> Blob | None:
    """The same bytes under the same name that this person brought before."""
    earlier = Blob.objects.filter(by_ref=blob.by_ref, sha256=blob.sha256, pk__lt=blob.pk).order_by("pk")
    return next((each for each in earlier if storage.name_of(each) == name), None)
