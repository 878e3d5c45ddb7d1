"""Records of a dossier: contracts, visits, complaints, payments and whatever else comes many times."""

from __future__ import annotations

from django.db import models

from kedang.customers.models.dossier import Dossier
from kedang.vault.columns import Micros, Sealed, Text, Whole


class Record(models.Model):
    """One record of a module of a dossier (合同、拜访、投诉…).

    All its values are in `bag`, personal ones as ciphertext under a key of the record's own; day, amount and status
    stand beside it too, because lists are sorted and measures counted by them. What it was before is in the
    versions of the dossier, under `<module>#<no>.<field>`.
    """

    id = Whole(primary_key=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="records", db_index=False)
    module = Text(max_length=16)
    no = models.IntegerField()
    """Counted within module and dossier, from 1, never given twice."""
    day = models.DateField()
    """The day it happened; where the record names none, the day it was entered."""
    amount_fen = models.BigIntegerField(null=True)
    status = Text(max_length=32, default="")
    expires_on = models.DateField(null=True)
    """After this day it is neither shown nor counted, and kept all the same."""
    bag = Sealed(default=b"")
    by_ref = Text(max_length=64, default="")
    """Who entered it."""
    created_us = Micros()
    updated_us = Micros()
    removed_us = Micros(default=0)
    """When it was taken out; 0: it stands."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("dossier", "module", "no"), name="record_no"),)
        indexes = (
            models.Index(
                fields=("dossier", "module", "-day", "-id", "removed_us", "expires_on", "amount_fen"),
                name="record_list",
            ),
            models.Index(
                fields=("dossier", "-day", "-id", "module", "removed_us", "expires_on"), name="record_timeline"
            ),
            models.Index(fields=("module", "status", "day"), name="record_state"),
        )

    def __str__(self) -> str:
        return self.slot

    @property
    def slot(self) -> str:
        """How versions, origins and attachments of the dossier name this record."""
        return f"{self.module}#{self.no}"
