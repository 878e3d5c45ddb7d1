"""Leaving a notice for a person, exactly once for one occasion."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from kedang.messages import addresses, wording
from kedang.messages.models import Address, Delivery, Notice


def post(
    to: str, *, key: str, title: str, params: Mapping[str, str], link: str, at_us: int, receipt: bool = False,
    article: str = "",
) -> None:  # fmt: skip
    """Tell a person something, once for each (to, key) however often and from however many sides it is posted.

    `title` is a source string with `%(name)s` for the parameters, which hold codes, numbers and titles; a person's
    number or mail address in them is blanked out. `link` is a path of ours. With `receipt` the person has to confirm
    it. Writes rows only: it belongs into the transaction of the deed it tells of, and goes back with it.
    """
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError(f"a notice leads to a page of ours, not to {link!r}")
    if _posted(to, key):
        return
    notice = Notice(
        to=to, key=key, title=title, params=wording.packed(params), link=link, at_us=at_us, receipt=receipt,
        article=article,
    )  # fmt: skip
    try:
        with transaction.atomic():  # a savepoint: the loser of the race goes on with its own deed
            notice.save(force_insert=True)
            _queue(notice)
    except IntegrityError:
        if not _posted(to, key):
            raise


def _posted(to: str, key: str) -> bool:
    return Notice.objects.filter(to=to, key=key).exists()


def _queue(notice: Notice) -> None:
    wanted = Address.objects.filter(staff=notice.to, on=True).values_list("channel", flat=True)
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=channel, next_us=notice.at_us)
        for channel in wanted
        if addresses.is_open(channel)
    )
