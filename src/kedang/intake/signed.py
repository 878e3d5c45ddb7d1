"""What is signed for when the regulation wants an import signed: this file, read this way, into this unit.

Who signs sees the plan; whatever of it changes afterwards makes the request stale. The bytes, the sheet and the line
of the header decide how many rows there are, so the number of rows is pinned with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.utils.translation import gettext

from kedang.customers.dictionary import known
from kedang.customers.present import veiled
from kedang.intake import items
from kedang.intake.mapping_file import CURRENCY
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Line
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force

NOT_CHECKED = N_("not checked yet")
DUPLICATES = {
    "skip": N_("left as they are"),
    "update": N_("updated from the file"),
    "flag": N_("put aside for a person"),
}
COUNTED = {
    "rows": N_("Rows"),
    "created": N_("New dossiers"),
    "updated": N_("Changed dossiers"),
    "rejected": N_("Rows that do not go in"),
    "duplicates": N_("Rows of customers that are there already"),
}


def basis(batch: Batch, payload: CommitBatch) -> dict[str, str]:
    """Digests of the plan, part by part; a check alone rests on nothing."""
    if payload.dry_run:
        return {}
    return {
        "file": batch.blob.sha256,
        "mapping": _digest(batch.sheet, batch.header_row, batch.titles, batch.column_table),
        "defaults": _digest(batch.default_values),
        "origin": hashlib.sha256(bytes(batch.origin_ct)).hexdigest(),
        "on_duplicate": batch.on_duplicate,
        "seat": _digest(batch.unit_id, batch.owner_ref),
    }


def lines(by: Actor, batch: Batch, payload: CommitBatch) -> list[Line]:
    """The plan in words, defaults masked for the person who looks; the file's name belongs to who brought it."""
    return [*_file(batch), *_columns(batch), *_defaults(by, batch), *_seat(batch)]


def _file(batch: Batch) -> Iterator[Line]:
    yield Line(N_("File (SHA-256)"), after=batch.blob.sha256)
    if batch.sheet:
        yield Line(N_("Sheet"), after=batch.sheet)
    for name, title in COUNTED.items():
        counted = batch.rows or batch.state == "planned"
        yield Line(title, after=str(getattr(batch, name)) if counted else gettext(NOT_CHECKED))
    yield Line(N_("Customers that are there already"), after=gettext(DUPLICATES[batch.on_duplicate]))


def _columns(batch: Batch) -> Iterator[Line]:
    """For each field the columns it is read from."""
    read: dict[str, list[str]] = {}
    for title, use in batch.column_table.items():
        field = use if isinstance(use, str) else str(use["field"])
        unit = "" if isinstance(use, str) else f" ({use.get('unit', '')})"
        if field:
            read.setdefault(field, []).append(title + unit)
    for field, titles in read.items():
        yield Line(_title(field), after=" + ".join(f"“{title}”" for title in titles), field=field)


def _defaults(by: Actor, batch: Batch) -> Iterator[Line]:
    for field, text in batch.default_values.items():
        shown = veiled(by, field, text) if known(field) else text
        yield Line(_title(field), after=gettext("always: %(text)s") % {"text": shown}, field=field)


def _seat(batch: Batch) -> Iterator[Line]:
    yield Line(N_("Unit"), after=batch.unit.code)
    yield Line(N_("Account manager"), after=batch.owner_ref or batch.by_ref)


def _title(field: str) -> str:
    if found := known(field):
        return found.title
    answer = items.offered(in_force()).get(field)
    return answer.title if answer else N_("Currency") if field == CURRENCY else field


def _digest(*parts: object) -> str:
    return hashlib.sha256(canonical_json(parts)).hexdigest()
