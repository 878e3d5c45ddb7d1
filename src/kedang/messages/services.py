"""The writers of the room; each receives a Deed from the gate and answers with an Outcome."""

from __future__ import annotations

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.messages import addresses
from kedang.messages.models import Address, Notice
from kedang.messages.payloads import ConfirmNotice, SetAddress
from kedang.messages.posting import post

PREFERENCES = "/notices/preferences"


def confirm(deed: Deed, notice: Notice, payload: ConfirmNotice) -> Outcome:
    """The person says that they have read it; said once, it stands."""
    if not notice.receipt:
        raise Refused("state", detail=N_("This notice asks for no confirmation."))
    if notice.confirmed_us:
        raise Refused("state", detail=N_("You have confirmed this notice already."))
    notice.confirmed_us = deed.at_us
    notice.read_us = notice.read_us or deed.at_us
    notice.save(update_fields=["confirmed_us", "read_us"])
    said = {"notice": notice.pk, "key": notice.key} | ({"article": notice.article} if notice.article else {})
    return Outcome(result={"notice": notice.pk}, body=said)


def set_address(deed: Deed, owner: Actor, payload: SetAddress) -> Outcome:
    """Keep, change, switch off or forget where a person wants notices; a first notice goes there as a trial."""
    found = Address.objects.filter(staff=owner.id, channel=payload.channel).first()
    if payload.target == "":
        Address.objects.filter(staff=owner.id, channel=payload.channel).delete()
        return _told(payload, "forgotten")
    if payload.target is None and found is None:
        raise Refused("incomplete", missing=("target",), detail=N_("Give an address first."))
    address = found or Address(staff=owner.id, channel=payload.channel)
    if payload.target is not None:
        target = addresses.read(payload.channel, payload.target)
        address.target_ct = addresses.sealed(owner.id, payload.channel, target)
    address.on, address.since_us = payload.on, deed.at_us
    address.save()
    if payload.on:
        _try_out(deed, owner, payload.channel)
    return _told(payload, "on" if payload.on else "off")


def _told(payload: SetAddress, state: str) -> Outcome:
    return Outcome(result={"channel": payload.channel, "state": state}, body={payload.channel: state})


def _try_out(deed: Deed, owner: Actor, channel: str) -> None:
    post(
        owner.id, key=f"address:{channel}:{deed.call}", title=N_("Notices reach you here from now on."), params={},
        link=PREFERENCES, at_us=deed.at_us,
    )  # fmt: skip
