"""Sending what was posted: in the worker, outside any transaction, again after growing pauses, not for ever.

A copy is taken before it is sent and the try is counted then, so two workers do not send it both and one that brings
a worker down is not tried without end. A worker killed between sending and noting it sends that copy once more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kedang.messages import addresses, wording
from kedang.messages.channels import SENDERS, Letter, Sender
from kedang.messages.models import OPEN_DELIVERIES, Address, Delivery

log = logging.getLogger(__name__)
MINUTE_US = 60_000_000
PAUSES_US = tuple(minutes * MINUTE_US for minutes in (1, 5, 30, 120, 720))
"""After the first failure, the second, …; after the last of them a copy is given up."""
TAKEN_US = 5 * MINUTE_US
MOST_AT_ONCE = 50


def everybody(username: str) -> bool:
    """Any person may be reached."""
    return True


def deliver(
    at_us: int, *, may_reach: Callable[[str], bool] = everybody, senders: Mapping[str, Sender] = SENDERS
) -> int:
    """Try every copy that is due; returns how many got through. People who `may_reach` denies get nothing."""
    due = Delivery.objects.filter(state__in=OPEN_DELIVERIES, next_us__lte=at_us).order_by("next_us", "pk")
    return sum(
        _take(each, at_us) and _deliver(each, at_us, may_reach, senders)
        for each in list(due.select_related("notice")[:MOST_AT_ONCE])
    )


def _take(delivery: Delivery, at_us: int) -> bool:
    """Whether this worker has the copy now; the one who held it before did not come back."""
    taken = Delivery.objects.filter(
        pk=delivery.pk, state=delivery.state, tries=delivery.tries, next_us=delivery.next_us
    ).update(state="sending", tries=delivery.tries + 1, next_us=at_us + TAKEN_US)
    delivery.tries += 1
    return bool(taken)


def _deliver(delivery: Delivery, at_us: int, may_reach: Callable[[str], bool], senders: Mapping[str, Sender]) -> bool:
    to = delivery.notice.to
    address = Address.objects.filter(staff=to, channel=delivery.channel, on=True).first()
    if address is None or not may_reach(to) or not addresses.is_open(delivery.channel):
        return _end(delivery, "dropped", at_us)
    if delivery.tries > len(PAUSES_US) + 1:
        return _end(delivery, "failed", at_us, delivery.error or "the worker did not come back")
    try:
        senders[delivery.channel](addresses.opened(address), letter_of(delivery))
    except Exception as error:  # whatever a mail server or a service does, the other copies go on
        return _failed(delivery, at_us, error)
    return _end(delivery, "sent", at_us)


def letter_of(delivery: Delivery) -> Letter:
    """What leaves the house: the sentence of the notice and where to look, in the language of the site."""
    notice = delivery.notice
    with translation.override(settings.LANGUAGE_CODE):
        text = wording.sentence(notice.title, notice.params)
        lines = [text, ""]
        if notice.receipt:
            lines.append(_("Please confirm that you have read this: sign in and open your notices."))
        where = f"{settings.SITE_URL.rstrip('/')}{notice.link}" if settings.SITE_URL else ""
        lines.append(where or _("Sign in to Kedang and open your notices to see more."))
        return Letter(_("[Kedang] %(text)s") % {"text": text[: wording.LONGEST]}, "\n".join(lines))


def _failed(delivery: Delivery, at_us: int, error: Exception) -> bool:
    why = _why(error)
    log.warning("notice %s by %s: %s (try %s)", delivery.notice_id, delivery.channel, why, delivery.tries)
    if delivery.tries > len(PAUSES_US):
        return _end(delivery, "failed", at_us, why)
    return _note(delivery, "queued", at_us + PAUSES_US[delivery.tries - 1], why)


def _why(error: Exception) -> str:
    """The kind of an error; its text may name an address."""
    said = str(error) if getattr(error, "code", "") == "not_sent" else ""
    return (f"{type(error).__name__}: {said}" if said else type(error).__name__)[:300]


def _end(delivery: Delivery, state: str, at_us: int, error: str = "") -> bool:
    _note(delivery, state, at_us, error)
    return state == "sent"


def _note(delivery: Delivery, state: str, next_us: int, error: str) -> bool:
    Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries).update(state=state, next_us=next_us, error=error)
    return False
