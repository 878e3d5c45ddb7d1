"""Whose signature is asked for, and the signatures given."""

from __future__ import annotations

from django.db import models

from kedang.governance.models import Call
from kedang.vault.columns import Micros, Text

VERDICTS = ("agree", "refuse", "return")


class Seat(models.Model):
    """One signature a step of a call needs. Who may give it is looked up again when they do."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="seats")
    turn = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    no = models.PositiveSmallIntegerField()
    open = models.BooleanField(default=True)
    stuck = models.BooleanField(default=False)
    """Nobody can sign here."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("call", "turn", "step", "no"), name="seat_once"),)
        indexes = (models.Index(fields=("stuck",), name="seat_stuck", condition=models.Q(stuck=True, open=True)),)

    def __str__(self) -> str:
        return f"{self.call_id}/{self.turn}/{self.step}/{self.no}"


class Asked(models.Model):
    """A person who may sign at an open seat: the to-do list. Kept up to date when people change and by the clock."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="asked")
    staff_ref = Text(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("seat", "staff_ref"), name="asked_once"),)
        indexes = (models.Index(fields=("staff_ref",), name="asked_staff"),)

    def __str__(self) -> str:
        return self.staff_ref


class Signature(models.Model):
    """A signature on a call: by whom, for whom, on what they saw."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="signatures")
    turn = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    no = models.PositiveSmallIntegerField()
    signer_ref = Text(max_length=64)
    on_behalf = Text(max_length=64, default="")
    verdict = Text(max_length=16)
    comment = Text(max_length=500, default="")
    ticked = Text(max_length=1000, default="")
    """The points of the checklist, separated by spaces."""
    evidence = Text(max_length=4000, default="")
    """Separated by line feeds."""
    saw = Text(max_length=64)
    void = models.BooleanField(default=False)
    """The call went back to this step or an earlier one since: it has to be signed again."""
    at_us = Micros()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("call", "turn", "step", "no"), name="signature_once_a_seat"),
            models.UniqueConstraint(fields=("call", "turn", "step", "signer_ref"), name="signature_once_a_person"),
            models.CheckConstraint(condition=models.Q(verdict__in=VERDICTS), name="signature_verdict"),
        )
        indexes = (models.Index(fields=("signer_ref", "at_us"), name="signature_of"),)

    def __str__(self) -> str:
        return f"{self.call_id}: {self.signer_ref} {self.verdict}"
