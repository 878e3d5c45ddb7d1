"""Files that belong to a dossier or to one record of it."""

from __future__ import annotations

from django.db import models

from kedang.customers.models.dossier import Dossier
from kedang.files.models import Blob
from kedang.vault.columns import Micros, Text


class Attachment(models.Model):
    """A stored file in a dossier (附件): its bytes are sealed in `files`, its name with them."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    slot = Text(max_length=80, default="")
    """The record it belongs to (`contract#3`); empty: the dossier itself."""
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    kind = Text(max_length=64, default="")
    """What it is a copy of: one of the regulation's words, such as 营业执照."""
    level = models.SmallIntegerField(default=1)
    by_ref = Text(max_length=64)
    created_us = Micros()
    removed_us = Micros(default=0)

    class Meta:
        indexes = (models.Index(fields=("dossier", "-id"), name="attachment_list"),)

    def __str__(self) -> str:
        return f"attachment:{self.pk}"
