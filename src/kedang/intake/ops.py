"""The operations of this room."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from kedang.intake import payloads, selectors, services, signed, targets
from kedang.intake.judging import CHANNEL, questions
from kedang.intake.models import Batch
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Operation
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force


def _load_or_new(by: Actor, subject: str) -> Batch | None:
    return None if subject == "-" else selectors.own_batch(by, subject)


def _load(by: Actor, subject: str) -> Batch:
    return selectors.own_batch(by, subject)


def _stage_facts(by: Actor, batch: Batch | None, payload: payloads.StageFile) -> Facts:
    read = [use.get("field", "") if isinstance(use, dict) else use for use in payload.columns.values()]
    fields = _known({*map(str, read), *payload.defaults})
    return Facts(unit=by.unit, state="new", fields=fields, channel=CHANNEL, rel=frozenset({"in_scope", "applicant"}))


def _facts(by: Actor, batch: Batch, payload: Any) -> Facts:
    read = (use if isinstance(use, str) else str(use["field"]) for use in batch.column_table.values())
    fields = _known({*read, *batch.default_values})
    rel = {"in_scope", "applicant"} | ({"same_unit"} if batch.unit_id == by.unit else set())
    return Facts(
        unit=batch.unit_id,
        state=batch.state,
        fields=fields,
        rows=batch.rows,
        channel=CHANNEL,
        rel=frozenset(rel),
    )


def _known(keys: Collection[str]) -> frozenset[str]:
    """Fields that may be collected; any other name is no fact but a mistake, and the service says which."""
    return frozenset(targets.of(in_force()).fields.keys() & set(keys))


def _rows(by: Actor, batch: Batch, payload: payloads.CommitBatch) -> list[tuple[str, Facts]]:
    """The deeds its rows are, once for each kind of question they can put to the regulation."""
    if payload.dry_run:
        return []
    whole = _facts(by, batch, payload)
    fields = whole.fields
    rel = whole.rel | ({"owner"} if batch.owner_ref in ("", by.id) else set())
    opening = Facts(
        unit=batch.unit_id, level=int(Level.INTERNAL), state="new", kind="organisation", fields=fields,
        channel=CHANNEL, rel=rel,
    )  # fmt: skip
    changing = replace(opening, state="prospect") if batch.on_duplicate == "update" else None
    return questions(in_force(), opening, changing, fields)


def _claims(batch: Batch, payload: Any) -> set[str]:
    return {batch.ref}


def _stage_claims(batch: Batch | None, payload: Any) -> set[str]:
    """How a batch is read stays as it is while it waits for signatures or is being written."""
    return {batch.ref} if batch is not None else set()


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "import.stage",
        N_("Bring a file to import"),
        payloads.StageFile,
        _load_or_new,
        _stage_facts,
        services.stage,
        claims=_stage_claims,
    ),  # fmt: skip
    Operation(
        "import.commit",
        N_("Import a file"),
        payloads.CommitBatch,
        _load,
        _facts,
        services.commit,
        basis=signed.basis,
        show=signed.lines,
        claims=_claims,
        implies=_rows,
        bulk=True,
    ),
    Operation(
        "import.undo",
        N_("Take an import back"),
        payloads.UndoBatch,
        selectors.batch_by_ref,
        _facts,
        services.undo,
        claims=_claims,
        bulk=True,
    ),
)
