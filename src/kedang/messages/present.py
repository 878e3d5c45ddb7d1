"""The only way a notice becomes text on a page; what a person was shown counts as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.messages import addresses, selectors, wording
from kedang.messages.models import CHANNELS, Address, Delivery, Notice


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as its reader sees it."""

    id: int
    text: str
    link: str
    article: str
    at_us: int
    read_us: int
    receipt: bool
    confirmed_us: int

    @property
    def to_confirm(self) -> bool:
        """It waits for the confirmation."""
        return self.receipt and not self.confirmed_us


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """A channel as its owner sees it: whether the site sends there, where to, and how the last copy fared."""

    channel: str
    open: bool
    hint: str
    on: bool
    state: str
    error: str


def listed(by: Actor, notices: Sequence[Notice], *, seen: bool = True) -> list[ShownNotice]:
    """Notices of this actor in words; with `seen` they count as read from now on."""
    shown = [
        ShownNotice(
            each.pk, wording.sentence(each.title, each.params), each.link, each.article, each.at_us, each.read_us,
            each.receipt, each.confirmed_us,
        )
        for each in notices
        if each.to == by.id
    ]  # fmt: skip
    fresh = [each.id for each in shown if not each.read_us]
    if seen and fresh:
        Notice.objects.filter(to=by.id, pk__in=fresh, read_us=0).update(read_us=clock.now_us())
    return shown


def channels(by: Actor) -> list[ShownAddress]:
    """Every channel there is, with the actor's address on it, hidden as far as it is a secret."""
    held = selectors.addresses_of(by)
    return [_channel(name, held.get(name), selectors.last_delivery(by, name)) for name in CHANNELS]


def _channel(name: str, address: Address | None, last: Delivery | None) -> ShownAddress:
    return ShownAddress(
        channel=name,
        open=addresses.is_open(name),
        hint=addresses.hinted(address) if address else "",
        on=bool(address and address.on),
        state=last.state if last and address else "",
        error=last.error if last and address else "",
    )
