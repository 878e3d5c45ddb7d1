"""The regulations this company has adopted, byte for byte."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kedang.vault.columns import Micros, Sealed, Text, Whole


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


class BranchOverlay(models.Model):
    """The values a branch set for itself, numbered by branch; the next one supersedes it from its own instant on.

    A unit stands here by its number and code, because this room knows no units; the number is what its path holds.
    """

    unit = Whole()
    code = Text(max_length=32)
    no = models.PositiveIntegerField()
    digest = Text(max_length=64)
    """SHA-256 of `source`, hexadecimal."""
    source = Sealed()
    """Canonical JSON: the unit's code, the number, and all values by path; without values the company's are back."""
    base = Text(max_length=64)
    """The digest of the edition the values were checked against."""
    set_us = Micros()
    effective_us = Micros()
    set_by = Text(max_length=64)
    approved_by = Text(max_length=500, default="")
    """Who signed for it, in their order."""
    reason = Text(max_length=2000, default="")

    class Meta:
        ordering = ("code", "no")
        constraints = (
            models.CheckConstraint(condition=Q(effective_us__gte=F("set_us")), name="overlay_not_retroactive"),
            models.UniqueConstraint(fields=("unit", "no"), name="overlay_numbered"),
        )
        indexes = (models.Index(fields=("effective_us",), name="overlay_effective"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How a version of a pack names it: `XA.2`."""
        return f"{self.code}.{self.no}"
