"""What may be asked of this room."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kedang.customers.origin_payloads import OriginIn
from kedang.kernel.deeds import Payload

Title = Annotated[str, Field(max_length=400)]


class StageFile(Payload):
    """A stored file and how it is to be read: made by `reading.inspect`, changed by the person who confirms.

    `columns` gives a field (or `{"field", "unit"}`) for each column title; `defaults` fill fields the
    file does not have. The subject is `-` for a new batch, or `batch:N` to change one that is not committed.
    """

    blob: int = 0
    sheet: Annotated[str, Field(max_length=200)] = ""
    header_row: Annotated[int, Field(ge=0)] = 0
    titles: Annotated[tuple[Annotated[str, Field(max_length=2000)], ...], Field(max_length=1024)] = ()
    columns: dict[Title, Any] = {}
    defaults: dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=1000)]] = {}
    certain: bool = False
    """The mapping needs no further question: every guess was sure, or a person confirmed it."""
    on_duplicate: Literal["skip", "update", "flag"] = "skip"
    unit: str = ""
    owner: str = ""
    origin: OriginIn | None = None
    """Where the values of all rows come from, where the row itself does not say otherwise; None leaves it as it is."""


class CommitBatch(Payload):
    """Check every row and write; with `dry_run` only check and count."""

    dry_run: bool = False


class UndoBatch(Payload):
    """Take back what a batch did, or drop one that did nothing yet."""
