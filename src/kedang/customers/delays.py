"""How long after it was learned a value was entered, and how long the regulation gives; pure."""

from __future__ import annotations

from dataclasses import dataclass

from kedang.customers import slots
from kedang.customers.models import Origin
from kedang.kernel import clock
from kedang.packs.reckoning import UnknownYear, due_of_day
from kedang.packs.schema import Pack
from kedang.packs.times import Clock

LEARNED = "learned_on"


@dataclass(frozen=True, slots=True)
class Delay:
    """Days from learning to entering; the last instant in time where the regulation names one, and its title."""

    days: int
    due_us: int = 0
    clock: str = ""
    late: bool = False


def delay_of(pack: Pack, origin: Origin) -> Delay | None:
    """The delay of one value; None where nobody said when it was learned."""
    if not origin.learned_us:
        return None
    learned = clock.company_day(origin.learned_us)
    days = (clock.company_day(origin.at_us) - learned).days
    said = clock_for(pack, origin)
    if said is None:
        return Delay(days)
    try:
        due_us = clock.to_us(due_of_day(said.within, learned, pack.hours))
    except UnknownYear:  # nobody announced yet which days are worked
        return Delay(days, clock=said.title)
    return Delay(days, due_us, said.title, origin.at_us > due_us)


def clock_for(pack: Pack, origin: Origin) -> Clock | None:
    """The limit that runs from the day of learning for the deed by which the value came to stand."""
    slot = slots.parsed(origin.slot)
    for said in pack.clocks.values():
        start = said.starts
        if LEARNED not in (start.from_field, start.from_item) or start.operation not in _deeds(slot, origin.version_no):
            continue
        if not start.fields or not start.fields.isdisjoint({slot.field, LEARNED}):
            return said
    return None


def _deeds(slot: slots.Slot, version_no: int) -> tuple[str, ...]:
    """The operations by which such a value comes to stand."""
    if version_no == 1:
        return ("customer.open",)
    if slot.module == slots.CONTACT:
        return ("customer.amend", "contact.add", "contact.amend")
    return ("record.add", "record.amend") if slot.module else ("customer.amend",)
