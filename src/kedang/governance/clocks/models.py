"""What somebody has to do by when, and the notices that went out about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kedang.vault.columns import Micros, Text, Whole

KINDS = ("remind", "overdue", "repeat", "escalate")


class Duty(models.Model):
    """Something that has to be done by an instant: by a clock that a deed started, or in a period of a round.

    Pinned: it keeps the edition of the regulation it began under. Whether it is late is never stored; that is read
    from `due_us` and the present instant (`states.state_of`). `closed_us` is when nothing was expected any more:
    the thing was done (`stopped_us`), or a period that was missed has been followed by one that was not.
    """

    key = Text(max_length=255, unique=True)
    source = Text(max_length=8)
    name = Text(max_length=64)
    subject = Text(max_length=128, default="-")
    about = Text(max_length=128, default="-")
    """What the starting deed was about, where that was something else than the row it opened."""
    seat = Text(max_length=80, default="")
    """For rounds, whose duty it is: `company`, `unit:<id>` or `staff:<username>`."""
    period = Text(max_length=40, default="")
    unit = Whole(default=0)
    holder = Text(max_length=64, default="")
    """The one person who has to do it; empty where any of several may."""
    party = Text(max_length=500, default="{}")
    """Who has to do it, as the regulation says it."""
    applicant = Text(max_length=64, default="")
    owner = Text(max_length=64, default="")
    thing_holder = Text(max_length=64, default="")
    """Who has the thing it is about (a lent file)."""
    day_only = models.BooleanField(default=False)
    """Only the day of its beginning is known, not the hour."""
    started_us = Micros()
    ends_us = Micros(default=0)
    """For rounds, the end of the period itself, without its grace."""
    due_us = Micros(default=0)
    stopped_us = Micros(default=0)
    closed_us = Micros(default=0)
    next_us = Micros(default=0)
    """When the next notice is due; 0 when none is."""
    started_call = Whole(default=0)
    stopped_call = Whole(default=0)
    pack_version = Text(max_length=80)
    n = Whole(default=0)
    needed = Whole(default=1)
    done = Whole(default=0)
    problem = Text(max_length=40, default="")
    """`calendar:<year>`: the working days of that year are not announced, so the limit cannot be reckoned yet;
    `left`: the one person whose duty it was works here no more."""
    created_us = Micros()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(source__in=("clock", "round")), name="duty_source"),)
        indexes = (
            models.Index(fields=("holder", "due_us"), name="duty_late", condition=Q(closed_us=0)),
            models.Index(fields=("subject",), name="duty_subject", condition=Q(closed_us=0)),
            models.Index(fields=("about",), name="duty_about", condition=Q(closed_us=0)),
            models.Index(fields=("next_us",), name="duty_next", condition=Q(closed_us=0, next_us__gt=0)),
            models.Index(fields=("problem",), name="duty_problem", condition=~Q(problem="")),
            models.Index(fields=("closed_us", "due_us", "id"), name="duty_list"),
            models.Index(fields=("source", "name", "due_us"), name="duty_name"),
            models.Index(fields=("source", "name", "seat", "due_us"), name="duty_seat"),
        )

    def __str__(self) -> str:
        return f"duty:{self.pk}"


class Drawn(models.Model):
    """One thing drawn into the sample of a round's period, and when it was looked at.

    Of a year nobody announced, instead: a deed (`call:<id>`) that counts for a period of it, and when it was done.
    """

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="drawn")
    subject = Text(max_length=128)
    done_us = Micros(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("duty", "subject"), name="drawn_once"),)
        indexes = (models.Index(fields=("subject",), name="drawn_subject", condition=Q(done_us=0)),)

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.subject}"


class Alarm(models.Model):
    """A notice about a duty that went out: each exactly once."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="alarms")
    kind = Text(max_length=8)
    no = Whole()
    at_us = Micros()
    """The instant it was for."""
    sent_us = Micros()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("duty", "kind", "no"), name="alarm_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="alarm_kind"),
        )

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.kind} {self.no}"


class Started(models.Model):
    """How often a clock that watches a sample was started: the number decides whether a start is watched."""

    name = Text(max_length=64, unique=True)
    count = Whole(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"


class Walk(models.Model):
    """How far the rounds were laid out: periods up to this instant have their duties."""

    name = Text(max_length=64, unique=True)
    until_us = Micros(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.until_us}"
