"""Notices, the copies that go out of the house, and where people want them sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kedang.vault.columns import Micros, Sealed, Text

CHANNELS = ("mail", "apprise")
DELIVERY_STATES = ("queued", "sending", "sent", "failed", "dropped")
OPEN_DELIVERIES = ("queued", "sending")


class Notice(models.Model):
    """Something a person should know (通知): a source string with its parameters, and where to look.

    `key` names the occasion: the same person never gets the notice of one occasion twice.
    """

    to = Text(max_length=64)
    key = Text(max_length=160)
    title = Text(max_length=300)
    params = Text(max_length=4000, default="{}")
    link = Text(max_length=300, default="")
    article = Text(max_length=64, default="")
    at_us = Micros()
    read_us = Micros(default=0)
    receipt = models.BooleanField(default=False)
    confirmed_us = Micros(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("to", "key"), name="notice_once"),)
        indexes = (
            models.Index(fields=("to", "-id"), name="notice_of"),
            models.Index(fields=("to",), name="notice_unread", condition=Q(read_us=0)),
            models.Index(fields=("to",), name="notice_unconfirmed", condition=Q(receipt=True, confirmed_us=0)),
        )

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """How calls and ledger entries name this notice."""
        return f"notice:{self.pk}"


class Delivery(models.Model):
    """One copy of a notice on its way out: how often it was tried, when it is tried next, why it failed."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = Text(max_length=16)
    state = Text(max_length=16, default="queued")
    tries = models.SmallIntegerField(default=0)
    next_us = Micros()
    error = Text(max_length=300, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="delivery_once"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="delivery_channel"),
            models.CheckConstraint(condition=Q(state__in=DELIVERY_STATES), name="delivery_state"),
        )
        indexes = (
            models.Index(fields=("next_us",), name="delivery_open", condition=Q(state__in=OPEN_DELIVERIES)),
            models.Index(fields=("next_us",), name="delivery_failed", condition=Q(state="failed")),
        )

    def __str__(self) -> str:
        return f"{self.notice_id}:{self.channel}"


class Address(models.Model):
    """Where a person wants notices sent on one channel; sealed, as it is personal and often a password by itself."""

    staff = Text(max_length=64)
    channel = Text(max_length=16)
    target_ct = Sealed()
    on = models.BooleanField(default=True)
    since_us = Micros()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("staff", "channel"), name="address_once"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="address_channel"),
        )

    def __str__(self) -> str:
        return f"{self.staff}:{self.channel}"
