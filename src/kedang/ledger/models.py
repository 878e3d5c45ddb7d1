"""Tables of the ledger. Rows are only ever added: triggers refuse the rest, and nothing here alters a table later."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kedang.vault import columns
from kedang.vault.columns import Micros, Text, Whole


class Record(models.Model):
    """What an entry and a look have in common: who, when, by what right; leaf and tag of the row itself."""

    id = models.BigAutoField(primary_key=True)
    xid = Whole(db_default=0)
    """Transaction that wrote the row (PostgreSQL; 0 on SQLite): sealing goes by it, never by id."""
    at_us = Micros()
    actor_id = Text(max_length=80)
    actor_kind = Text(max_length=16)
    credential = Text(max_length=160)
    on_behalf = Text(max_length=80, blank=True)
    unit = Whole()
    call_id = Whole()
    alg = Text(max_length=8)
    leaf32 = columns.Sealed()
    mac = columns.Sealed()
    """Tag under a key the database does not know: a row forged in the database's own shell has none."""

    class Meta:
        abstract = True


class Entry(Record):
    """One deed, done or refused. No personal value is in it: staff ids, codes, kinds and counts only."""

    op = Text(max_length=64)
    outcome = Text(max_length=16)
    subject_ref = Text(max_length=80)
    cause = Text(max_length=160, blank=True)
    pack_version = Text(max_length=120, blank=True)
    n_rows = Whole()
    body = columns.Sealed()
    commit32 = columns.Sealed()

    class Meta:
        db_table = "ledger_entry"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_ref", "id"], name="ledger_entry_subject"),
            models.Index(fields=["actor_id", "id"], name="ledger_entry_actor"),
            models.Index(fields=["op", "at_us"], name="ledger_entry_op"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.op} {self.subject_ref}"


class LedgerValue(models.Model):
    """A value before and after, sealed under its subject's key: erasable while the chain stands."""

    pk = models.CompositePrimaryKey("entry_id", "pos")
    entry_id = Whole()
    pos = Whole()
    subject_ref = Text(max_length=80)
    field = Text(max_length=64)
    key_id = Whole()
    ct = columns.Sealed()
    leaf32 = columns.Sealed()

    class Meta:
        db_table = "ledger_value"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject_ref"], name="ledger_value_subject")]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.pos} {self.field}"


class Version(models.Model):
    """One step in the life of a dossier; undo, as-of reports, history and trace read this."""

    pk = models.CompositePrimaryKey("dossier", "no")
    entry_id = Whole()
    dossier = Whole()
    no = Whole()
    batch = Whole()
    delta_ct = columns.Sealed()
    leaf32 = columns.Sealed()

    class Meta:
        db_table = "ledger_version"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["entry_id", "dossier", "no"], name="ledger_version_entry")
        ]

    def __str__(self) -> str:
        return f"dossier {self.dossier} version {self.no}"


class Look(Record):
    """What one person saw at one moment: the dossiers of a page in one packed list."""

    kind = Text(max_length=16)
    purpose = Text(max_length=200, blank=True)
    fields = Text(max_length=2000, blank=True)
    """Names of the fields shown, sorted, separated by commas."""
    n_ids = Whole()
    first_id = Whole()
    last_id = Whole()
    ids = columns.Sealed()
    """Dossier ids as of `kernel.packing.pack_ids`."""
    query_digest = columns.Sealed()
    """Keyed digest of what was searched for, which may itself be a telephone number."""

    class Meta:
        db_table = "ledger_look"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["actor_id", "id"], name="ledger_look_actor"),
            models.Index(fields=["at_us"], name="ledger_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind} {self.actor_id}"


class BlockRow(models.Model):
    """A sealed, signed block of records; see `rows.Head`."""

    no = Whole(primary_key=True)
    first = Whole()
    count = Whole()
    horizon = Whole()
    root32 = columns.Sealed()
    prev32 = columns.Sealed()
    peaks = columns.Sealed()
    sealed_at_us = Micros()
    alg = Text(max_length=8)
    key_id = Whole()
    signature = columns.Sealed()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"block {self.no}"


class Block(BlockRow):
    """A block of entries."""

    class Meta:
        db_table = "ledger_block"


class LookBlock(BlockRow):
    """A block of looks."""

    class Meta:
        db_table = "ledger_lookblock"


class SealedRow(models.Model):
    """Which block, and which place in it, a record was sealed into."""

    entry_id = Whole(primary_key=True)
    block = Whole()
    pos = Whole()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.entry_id} in block {self.block}"


class Sealed(SealedRow):
    """Place of an entry."""

    class Meta:
        db_table = "ledger_sealed"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["block", "pos"], name="ledger_sealed_place")
        ]


class LookSealed(SealedRow):
    """Place of a look."""

    class Meta:
        db_table = "ledger_looksealed"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["block", "pos"], name="ledger_looksealed_place")
        ]


class AnchorRow(models.Model):
    """A place outside the database where the head of a block is written down; the receipt is our signature on it."""

    pk = models.CompositePrimaryKey("block", "place")
    block = Whole()
    place = Text(max_length=80)
    at_us = Micros()
    key_id = Whole()
    receipt = columns.Sealed()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"block {self.block} at {self.place}"


class Anchor(AnchorRow):
    """Where the head of a block of entries is written down."""

    class Meta:
        db_table = "ledger_anchor"


class LookAnchor(AnchorRow):
    """Where the head of a block of looks is written down."""

    class Meta:
        db_table = "ledger_lookanchor"
