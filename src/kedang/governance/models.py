"""The stored deed, the claims of open ones, and the heartbeat of workers."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models
from django.db.models import Q

from kedang.vault.columns import Micros, Sealed, Text

STATES = ("done", "queued", "running", "failed", "cancelled", "denied")
OPEN_STATES = ("queued", "running")


class Call(models.Model):
    """One deed that somebody asked for: done at once, or queued for the worker (申请单、任务).

    Requests, background jobs and idempotency keys are this one thing. The payload of an open call
    waits sealed, apart from the data; of a finished one only the digest stays.
    """

    op = Text(max_length=64)
    actor_ref = Text(max_length=64)
    credential = Text(max_length=128, default="")
    subject = Text(max_length=128)
    state = Text(max_length=16)
    payload_ct = Sealed(default=b"")
    payload_digest = Text(max_length=64)
    basis = Text(max_length=4000, default="{}")
    pack_version = Text(max_length=64)
    cause = Text(max_length=64, default="")
    key = Text(max_length=128, default="")
    result = Text(max_length=4000, default="{}")
    progress = Text(max_length=1000, default="{}")
    error = Text(max_length=500, default="")
    cancel = models.BooleanField(default=False)
    lease_by = Text(max_length=128, default="")
    lease_us = Micros(default=0)
    created_us = Micros()
    done_us = Micros(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("actor_ref", "key"), condition=~Q(key=""), name="call_key_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="call_state"),
        )
        indexes = (models.Index(fields=("state", "created_us"), name="call_open", condition=Q(state__in=OPEN_STATES)),)

    def __str__(self) -> str:
        return f"call:{self.pk}"

    @property
    def outcome(self) -> Any:
        """What the service answered, as plain data."""
        return orjson.loads(self.result)

    @property
    def steps(self) -> dict[str, Any]:
        """How far a running bulk deed has come."""
        done: dict[str, Any] = orjson.loads(self.progress)
        return done


class Claim(models.Model):
    """A thing only one open call may want: the unique name decides the race in the database."""

    name = Text(max_length=160, unique=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="claims")

    def __str__(self) -> str:
        return self.name


class Beat(models.Model):
    """A sign of life of a worker process."""

    worker = Text(max_length=128, unique=True)
    beat_us = Micros()

    def __str__(self) -> str:
        return self.worker
