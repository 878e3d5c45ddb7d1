"""Batches: a file on its way into dossiers, what each chunk of it did, and the rows that need a person."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models
from django.db.models import Q

from kedang.files.models import Blob
from kedang.intake.states import STATES
from kedang.people.models import Unit
from kedang.vault.columns import Micros, Sealed, Text

ON_DUPLICATE = ("skip", "update", "flag")
CHECK, COMMIT, UNDO = 0, 1, 2
"""Which walk over the file a chunk or a row belongs to."""
COUNTS = ("rows", "created", "updated", "rejected", "duplicates", "unchanged", "warnings", "asides")
KINDS = ("rejected", "duplicate", "kept")


class Batch(models.Model):
    """One import of one file. `rows` = created + updated + rejected + duplicates + unchanged."""

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = Text(max_length=16, default="staged")
    sheet = Text(max_length=200, default="")
    header_row = models.IntegerField(default=0)
    layout_digest = Text(max_length=32)
    titles = Text(max_length=60_000)
    """The cells of the header row, as a JSON list, as they stand in the file."""
    columns = Text(max_length=60_000)
    """Shown title to field, as `mapping_file.columns_of` gives it."""
    defaults = Text(max_length=4000, default="{}")
    origin_ct = Sealed(default=b"")
    """Where its values come from, as far as it was said for the whole file; see `originating`."""
    certain = models.BooleanField(default=False)
    """Nobody needs to be asked about the mapping (any more)."""
    on_duplicate = Text(max_length=8, default="skip")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner_ref = Text(max_length=64, default="")
    by_ref = Text(max_length=64)
    by_pk = models.BigIntegerField()
    rows = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    warnings = models.BigIntegerField(default=0)
    asides = models.BigIntegerField(default=0)
    reverted = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    millis = models.BigIntegerField(default=0)
    error = Text(max_length=500, default="")
    created_us = Micros()
    done_us = Micros(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="batch_state"),
            models.CheckConstraint(condition=Q(on_duplicate__in=ON_DUPLICATE), name="batch_on_duplicate"),
        )
        indexes = (models.Index(fields=("by_ref", "-created_us"), name="batch_by"),)

    def __str__(self) -> str:
        return f"batch:{self.pk}"

    @property
    def ref(self) -> str:
        """How calls and ledger entries name this batch."""
        return f"batch:{self.pk}"

    @property
    def column_table(self) -> dict[str, Any]:
        """Shown title to field."""
        table: dict[str, Any] = orjson.loads(self.columns)
        return table

    @property
    def default_values(self) -> dict[str, str]:
        """Field to the text that fills it where the file has none."""
        table: dict[str, str] = orjson.loads(self.defaults)
        return table


class BatchChunk(models.Model):
    """Consecutive rows that were judged and written together, in one transaction with their ledger entry."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    run = models.SmallIntegerField()
    chunk_no = models.IntegerField()
    last_row = models.BigIntegerField()
    first_id = models.BigIntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)
    tally = Text(max_length=20_000, default="{}")
    """`field:rule:severity` to the number of rows."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "run", "chunk_no"), name="batch_chunk_once"),)

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.run}/{self.chunk_no}"


class BatchRow(models.Model):
    """A row that did not go in, or a dossier that could not be taken back. The original row is sealed."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="problem_rows", db_index=False)
    run = models.SmallIntegerField()
    row_no = models.BigIntegerField()
    kind = Text(max_length=16)
    field = Text(max_length=40, default="")
    rule = Text(max_length=64, default="")
    sealed = Sealed(default=b"")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(kind__in=KINDS), name="batch_row_kind"),)
        indexes = (models.Index(fields=("batch", "run", "kind", "row_no"), name="batch_row_list"),)

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row_no}"


class RememberedMapping(models.Model):
    """The mapping a person last used for a layout of columns."""

    layout_digest = Text(max_length=32, unique=True)
    columns = Text(max_length=60_000)
    by_ref = Text(max_length=64)
    at_us = Micros()

    def __str__(self) -> str:
        return self.layout_digest
