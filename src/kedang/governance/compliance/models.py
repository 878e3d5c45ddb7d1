"""The index of evidence by control, and the reports that were printed."""

from __future__ import annotations

from django.db import models

from kedang.vault.columns import Micros, Sealed, Text, Whole


class Evidence(models.Model):
    """One entry of the ledger that bears witness to one control. What happened stands in the entry; this finds it."""

    control = Text(max_length=64)
    outcome = Text(max_length=16)
    """done, refused, or the state of a call that waits."""
    at_us = Micros()
    entry = Whole()
    op = Text(max_length=64)
    subject = Text(max_length=128)
    unit = Whole(default=0)
    call = Whole(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("entry", "control"), name="evidence_once"),)
        indexes = (models.Index(fields=("control", "outcome", "at_us", "id"), name="evidence_of_control"),)

    def __str__(self) -> str:
        return f"{self.control}: {self.entry} {self.op} {self.outcome}"


class Inspection(models.Model):
    """A report (制度执行检查报告): its number without a gap, and what it said, so that it prints alike for ever."""

    number = Text(max_length=32, unique=True)
    period = Text(max_length=16)
    at_us = Micros()
    by = Text(max_length=64)
    digest = Text(max_length=64)
    """SHA-256 of `content`, which the ledger entry names too."""
    content = Sealed()

    def __str__(self) -> str:
        return self.number
