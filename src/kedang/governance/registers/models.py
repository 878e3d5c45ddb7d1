"""Rows of registers, the deeds that wrote them, their numbers, and the things only one open row may hold."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models
from django.db.models import Q

from kedang.vault.columns import Micros, Sealed, Text, Whole

LONGEST_NUMBER = 56


class Row(models.Model):
    """A row of a register (登记簿、台账). Its contents stand in its lines; `plain` repeats the latest
    codes and numbers.

    `state` is empty in a register without states, whose rows are closed when they are written.
    """

    register = Text(max_length=64)
    period = Text(max_length=8, default="")
    unit_id = Whole(default=0)
    serial = Whole()
    number = Text(max_length=LONGEST_NUMBER)
    state = Text(max_length=64, default="")
    subject = Text(max_length=128, default="-")
    holder = Text(max_length=64, default="")
    opened_us = Micros()
    opened_by = Text(max_length=64)
    opened_call = Whole(default=0)
    closed_us = Micros(default=0)
    lines_count = Whole(default=0)
    plain = Text(max_length=16000, default="{}")
    pack_version = Text(max_length=80)
    counted_unit = Whole(default=0)
    """The unit whose serials it counts among; 0 where the register counts for the company."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("register", "number"), name="row_number_once"),
            models.UniqueConstraint(
                fields=("register", "period", "counted_unit", "serial"), name="row_serial_once"
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("subject",), name="row_subject"),
            models.Index(fields=("register", "closed_us", "id"), name="row_open"),
            models.Index(fields=("register", "opened_us"), name="row_when"),
        )

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """How calls and ledger entries name it."""
        return f"row:{self.register}/{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it is not closed yet."""
        return not self.closed_us

    @property
    def items(self) -> dict[str, Any]:
        """The latest answers that are codes, numbers or days."""
        found: dict[str, Any] = orjson.loads(self.plain)
        return found


class Line(models.Model):
    """One deed on a row: what it answered, sealed as its kind asks for, and which state it led to."""

    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="lines")
    no = Whole()
    op = Text(max_length=64)
    form = Text(max_length=64, default="")
    from_state = Text(max_length=64, default="")
    to_state = Text(max_length=64, default="")
    by = Text(max_length=64)
    at_us = Micros()
    call = Whole(default=0)
    plain = Text(max_length=16000, default="{}")
    """Codes, numbers and days, as canonical JSON."""
    text_ct = Sealed(default=b"")
    """Free text without personal particulars, under the key of the records."""
    personal_ct = Sealed(default=b"")
    """Personal particulars, under the row's own key: destroying it erases them."""
    pack_version = Text(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("row", "no"), name="line_no_once"),)
        indexes = (models.Index(fields=("call",), name="line_call"), models.Index(fields=("at_us",), name="line_when"))

    def __str__(self) -> str:
        return f"{self.row_id}#{self.no}"


class Counter(models.Model):
    """The last serial of a register in a period: taken in the deed's own transaction, so no number is ever lost."""

    register = Text(max_length=64)
    period = Text(max_length=8)
    unit_id = Whole()
    last = Whole()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("register", "period", "unit_id"), name="counter_once"),)

    def __str__(self) -> str:
        return f"{self.register} {self.period} {self.unit_id}: {self.last}"


class Slot(models.Model):
    """A value that only one open row of a register may hold, as a keyed digest."""

    register = Text(max_length=64)
    item = Text(max_length=64)
    digest = Text(max_length=64)
    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="slots")
    taken = models.BooleanField(default=True)
    """Off while the row is closed."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("register", "item", "digest"), condition=Q(taken=True), name="slot_taken_once"
            ),
            models.UniqueConstraint(fields=("row", "item", "digest"), name="slot_row_once"),
        )

    def __str__(self) -> str:
        return f"{self.register}#{self.item}"
