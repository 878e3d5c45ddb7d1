"""The operations of this room."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from kedang.customers import dictionary, values
from kedang.customers.ops import told
from kedang.intake import items, payloads, selectors, services, signed, targets
from kedang.intake.judging import CHANNEL, questions
from kedang.intake.models import Batch
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Operation
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.people import units


def _load_or_new(by: Actor, subject: str) -> Batch | None:
    return None if subject == "-" else selectors.own_batch(by, subject)


def _load(by: Actor, subject: str) -> Batch:
    return selectors.own_batch(by, subject)


def _targets(batch: Batch) -> frozenset[str]:
    """Fields of the dossier and answers of forms that the batch gives."""
    mapped = (field if isinstance(field, str) else str(field["field"]) for field in batch.column_table.values())
    return frozenset(field for field in mapped if field) | frozenset(batch.default_values)


def _stage_facts(by: Actor, batch: Batch | None, payload: payloads.StageFile) -> Facts:
    read = [use.get("field", "") if isinstance(use, dict) else use for use in payload.columns.values()]
    fields = _known({*map(str, read), *payload.defaults})
    return Facts(unit=by.unit, state="new", fields=fields, channel=CHANNEL, rel=frozenset({"in_scope", "applicant"}))


def _facts(by: Actor, batch: Batch, payload: Any) -> Facts:
    fields = _known(_targets(batch))
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
    whole, given = _facts(by, batch, payload), _targets(batch)
    rel = whole.rel | ({"owner"} if batch.owner_ref in ("", by.id) else set())
    opening = Facts(
        unit=batch.unit_id, level=int(Level.INTERNAL), state="new", kind="organisation", fields=whole.fields,
        channel=CHANNEL, rel=rel,
    )  # fmt: skip
    changing = replace(opening, state="prospect") if batch.on_duplicate == "update" else None
    pack = units.pack_for(batch.unit_id)
    given |= items.stand_ins(pack, given)
    return questions(pack, opening, changing, given, _fixed(batch))


def _fixed(batch: Batch) -> dict[str, str | int]:
    """What stands in every new dossier, because no column gives it but the batch does."""
    mapped = {use if isinstance(use, str) else str(use["field"]) for use in batch.column_table.values() if use}
    every = dictionary.of_part(dictionary.DOSSIER)
    given = {key: text for key, text in batch.default_values.items() if key in every and key not in mapped}
    return told({key: values.read_one(every[key], text)[0] for key, text in given.items() if not every[key].personal})


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
