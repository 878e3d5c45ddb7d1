"""The stored deed, the claims of open ones, and the heartbeat of workers."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import models
from django.db.models import Q

from kedang.vault.columns import Micros, Sealed, Text

OPEN_STATES = ("queued", "running")
"""The worker has it, or will."""
PENDING_STATES = ("waiting", *OPEN_STATES)
"""Neither done nor ended."""
ENDED_STATES = (
    "failed", "cancelled", "denied", "rejected", "returned", "withdrawn", "stale", "superseded", "void",
)  # fmt: skip
"""Ended without being done: failed at execution, stopped, not allowed (any more), refused by a signer, given back to
the applicant, taken back by them, overtaken by another deed, overtaken by a new regulation, orphaned."""
STATES = ("done", *PENDING_STATES, *ENDED_STATES)


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
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often a worker took it up; one that kills its worker again and again is given up."""
    rows = models.PositiveIntegerField(default=1)
    """How many rows it touched, for quotas."""
    unit = models.BigIntegerField(default=0)
    """The unit of the subject, when it was asked for."""
    level = models.PositiveSmallIntegerField(default=0)
    owner_ref = Text(max_length=64, default="")
    articles = Text(max_length=1000, default="")
    """Separated by line feeds: an article's number may hold a space."""
    controls = Text(max_length=1000, default="")
    route = Text(max_length=60_000, default="")
    """The flow with its steps as they were pinned when it was asked for; empty where nobody has to sign."""
    step = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)
    """Grows when the call goes back to an earlier step: signatures of an earlier turn count no more."""
    step_us = Micros(default=0)
    due_us = Micros(default=0)
    """The limit of the present step; 0 without one."""
    purge_us = Micros(default=0)
    """When the payload of an ended call is blanked."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("actor_ref", "key"), condition=~Q(key=""), name="call_key_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="call_state"),
        )
        indexes = (
            models.Index(fields=("state", "created_us"), name="call_pending", condition=Q(state__in=PENDING_STATES)),
            models.Index(fields=("actor_ref", "created_us"), name="call_of_actor"),
            models.Index(fields=("op", "actor_ref", "done_us"), name="call_used"),
            models.Index(fields=("subject", "created_us"), name="call_on_subject"),
            models.Index(fields=("purge_us",), name="call_purge", condition=~Q(purge_us=0)),
        )

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


class Counted(models.Model):
    """Deeds of one kind that a chunk of a bulk deed consisted of, for the quotas that count them.

    One row stands for all of them; where a quota is for each dossier, there is one for each.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="counted")
    op = Text(max_length=64)
    actor_ref = Text(max_length=64)
    subject = Text(max_length=128, default="")
    at_us = Micros()
    number = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=("op", "actor_ref", "at_us"), name="counted_used"),
            models.Index(fields=("subject", "at_us"), name="counted_subject", condition=~Q(subject="")),
        )

    def __str__(self) -> str:
        return f"{self.op}: {self.number}"


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


from kedang.governance.clocks.models import Alarm, Drawn, Duty, Started, Walk  # noqa: E402, F401
from kedang.governance.compliance.models import Evidence, Inspection  # noqa: E402, F401
from kedang.governance.flows.models import Asked, Seat, Signature  # noqa: E402, F401
from kedang.governance.registers import models as registers  # noqa: E402, F401 - Django finds models here
