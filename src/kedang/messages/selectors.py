"""Reads of the room: everybody sees the notices to themselves and nobody another's."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import QuerySet

from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.messages.models import Address, Delivery, Notice

_NUMBER = re.compile(r"[0-9]{1,18}")
_LAST = 2**63 - 1


def notices_for(by: Actor) -> QuerySet[Notice]:
    """The actor's notices, newest first."""
    return Notice.objects.filter(to=by.id).order_by("-id")


def unread(by: Actor) -> int:
    """How many notices the actor has not seen yet."""
    return Notice.objects.filter(to=by.id, read_us=0).count()


def to_confirm(by: Actor) -> QuerySet[Notice]:
    """Notices the actor has to confirm, oldest first."""
    return Notice.objects.filter(to=by.id, receipt=True, confirmed_us=0).order_by("id")


def notice_by_ref(by: Actor, ref: str, *, lock: bool = False) -> Notice:
    """The actor's notice of `notice:<number>`; raises NotVisible."""
    text = ref.removeprefix("notice:")
    number = int(text) if _NUMBER.fullmatch(text) else 0
    found = notices_for(by).filter(pk=number)
    if lock and connection.vendor == "postgresql":
        found = found.select_for_update()
    notice = found.first()
    if notice is None:
        raise NotVisible(ref)
    return notice


def addresses_of(by: Actor) -> dict[str, Address]:
    """Where the actor wants notices, by channel."""
    return {address.channel: address for address in Address.objects.filter(staff=by.id)}


def last_delivery(by: Actor, channel: str) -> Delivery | None:
    """The newest copy of the actor's notices on a channel, to tell whether it arrives."""
    return Delivery.objects.filter(notice__to=by.id, channel=channel).order_by("-pk").first()


def receipts_of(key: str) -> list[tuple[str, int, int]]:
    """Who was told of one occasion: username, instant seen and instant confirmed (0: not yet)."""
    rows = Notice.objects.filter(key=key).order_by("to")
    return list(rows.values_list("to", "read_us", "confirmed_us"))


def failed_since(at_us: int) -> int:
    """Copies that were given up since an instant."""
    return Delivery.objects.filter(state="failed", next_us__gte=at_us).count()


def waiting_before(at_us: int) -> int:
    """Copies that should have been tried before an instant and were not."""
    return Delivery.objects.filter(state__in=("queued", "sending"), next_us__lt=at_us).count()
