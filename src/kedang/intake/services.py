"""The writers of a batch: stage, check, commit, take back. Each receives a Deed from the gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from kedang.customers import origins
from kedang.customers.origin_payloads import OriginIn
from kedang.files.models import Blob
from kedang.intake import checkups, committing, items, mapping_file, originating, present, states, targets, undoing
from kedang.intake.headers import headers
from kedang.intake.layout import Layout
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch, StageFile, UndoBatch
from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force
from kedang.people.selectors import colleagues, unit_by_code

_NO_ITEM = N_("No form of the regulation in force has use for these: %(items)s.")
_STATE = N_("The import is in the state “%(state)s”, in which this can not be done.")


def stage(deed: Deed, batch: Batch | None, payload: StageFile) -> Outcome:
    """Register a stored file as a batch, or change how a batch that is not committed is to be read."""
    if batch is None:
        batch = Batch(blob=_blob(deed, payload.blob), by_ref=deed.actor.id, by_pk=deed.actor.pk, created_us=deed.at_us)
    else:
        require_state(batch, states.STAGEABLE)
    layout = Layout(payload.header_row, headers(payload.titles), certain=True)
    mapping = _mapping(payload, layout)
    _require_items({use.field for use in mapping.uses} | payload.defaults.keys())
    batch.sheet, batch.header_row, batch.layout_digest = payload.sheet, payload.header_row, layout.digest
    batch.titles = _json(list(payload.titles))
    batch.columns = _json(mapping_file.columns_of(mapping, layout))
    batch.defaults = _json(_defaults(payload))
    if payload.origin is not None:
        batch.origin_ct = originating.sealed(batch, _origin(payload))
    batch.certain = payload.certain and mapping.has_name
    batch.on_duplicate, batch.state = payload.on_duplicate, "staged"
    batch.unit_id, batch.owner_ref = _seat(deed, payload)
    batch.save()
    return Outcome(
        result=present.summary(batch),
        subject=batch.ref,
        body={"fields": sorted(use.field for use in mapping.uses), "on_duplicate": batch.on_duplicate},
    )


def commit(deed: Deed, batch: Batch, payload: CommitBatch) -> Outcome:
    """Check all rows of a batch and write them chunk by chunk; goes on where an earlier run stopped."""
    require_confirmed(batch)
    require_state(batch, states.CHECKABLE if payload.dry_run else states.COMMITTABLE)
    _require_scope(deed, batch)
    if payload.dry_run:
        checkups.check(deed, batch)
    else:
        committing.commit(deed, batch)
    return Outcome(result=present.summary(batch), body=present.counts(batch) | {"dry_run": payload.dry_run})


def undo(deed: Deed, batch: Batch, payload: UndoBatch) -> Outcome:
    """Remove what a batch opened and restore what it updated, where nobody changed it since."""
    require_state(batch, states.REVERTIBLE)
    undoing.take_back(deed, batch)
    return Outcome(result=present.summary(batch), body={"reverted": batch.reverted, "kept": batch.kept})


def require_state(batch: Batch, allowed: frozenset[str]) -> None:
    """Refuse a deed that does not fit the state of the batch."""
    if batch.state not in allowed:
        raise Refused("state", detail=_STATE % {"state": batch.state})


def require_confirmed(batch: Batch) -> None:
    """Refuse a batch whose columns a person still has to confirm."""
    if not batch.certain:
        raise Refused(
            "incomplete",
            missing=("mapping",),
            detail=N_("Confirm first which column is which field; the customer's name must be among them."),
        )


def _mapping(payload: StageFile, layout: Layout) -> Any:
    try:
        return mapping_file.from_columns(payload.columns, layout, targets.of(in_force()))
    except mapping_file.WrongMapping as wrong:
        raise Refused("invalid", missing=("columns",), detail=str(wrong)) from wrong


def _defaults(payload: StageFile) -> dict[str, str]:
    try:
        return mapping_file.known_defaults(origins.told(payload.defaults, payload.origin), targets.of(in_force()))
    except mapping_file.WrongMapping as wrong:
        raise Refused("invalid", missing=("defaults",), detail=str(wrong)) from wrong


def _origin(payload: StageFile) -> OriginIn | None:
    """What was said of the whole file, refused where a part of it cannot be."""
    if found := origins.findings(payload.origin):
        raise Invalid(found)
    return payload.origin


def _require_items(keys: Iterable[str]) -> None:
    """Answers of forms are those that the regulation in force has use for."""
    unknown = sorted(key for key in keys if items.is_item(key) and key not in items.offered(in_force()))
    if unknown:
        raise Refused("invalid", missing=("columns",), detail=_NO_ITEM % {"items": ", ".join(unknown)})


def _blob(deed: Deed, number: int) -> Blob:
    """The stored file, if this person brought it."""
    blob = Blob.objects.filter(pk=number, by_ref=deed.actor.id).first()
    if blob is None:
        raise NotVisible(f"blob:{number}")
    return blob


def _seat(deed: Deed, payload: StageFile) -> tuple[int, str]:
    unit = unit_by_code(payload.unit).pk if payload.unit else deed.actor.unit
    if payload.owner and not colleagues().filter(username=payload.owner.lower()).exists():
        raise NotVisible(f"staff:{payload.owner}")
    return unit, payload.owner.lower()


def _require_scope(deed: Deed, batch: Batch) -> None:
    if deed.actor.units is not None and batch.unit_id not in deed.actor.units:
        raise Refused("denied", detail=N_("This unit lies outside your scope."))


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
