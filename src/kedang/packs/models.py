"""The regulations this company has adopted, byte for byte."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kedang.vault.columns import Micros, Sealed, Text


class PackVersion(models.Model):
    """One adopted edition of a pack: the stored bytes decide, the digest proves them, nothing changes them."""

    name = Text(max_length=64)
    version = Text(max_length=200, unique=True)
    digest = Text(max_length=64)
    """SHA-256 of `source`, hexadecimal."""
    source = Sealed()
    """The YAML file as it was adopted."""
    adopted_us = Micros()
    effective_us = Micros(db_index=True)
    adopted_by = Text(max_length=64)
    founding = models.BooleanField(default=False)
    """Adopted when the company's site was founded, before anyone could sign."""

    class Meta:
        ordering = ("effective_us", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(effective_us__gte=F("adopted_us")), name="pack_not_retroactive"),
            models.UniqueConstraint(fields=("founding",), condition=Q(founding=True), name="pack_founded_once"),
        )

    def __str__(self) -> str:
        return self.version
