"""Everything a person holds, from every room. Rooms declare, this joins; nothing registers itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kedang.customers.holdings import held as dossiers
from kedang.governance.clocks.models import Duty
from kedang.governance.models import PENDING_STATES, Call
from kedang.governance.registers.models import Row
from kedang.kernel.i18n import N_
from kedang.people.holdings import SHOWN, Held, Source
from kedang.people.holdings import held as rights
from kedang.people.models import Staff

CALLS = "request"
ROWS = "row"
DUTIES = "duty"
GROUNDS: Mapping[str, str] = {
    ROWS: N_("In registers this person still has things out; they are given back first."),
}
"""Why a handover does not begin while there is something of a kind that has to be settled first."""


def calls(staff: Staff, at_us: int) -> Sequence[Held]:
    """Requests of this person that have not ended; they lose their applicant and end void."""
    mine = Call.objects.filter(actor_ref=staff.username, state__in=PENDING_STATES).order_by("pk")
    names = tuple(f"{each.op} {each.subject}" for each in mine[:SHOWN])
    return [Held(CALLS, N_("Open requests"), mine.count(), "ends", names)]


def rows(staff: Staff, at_us: int) -> Sequence[Held]:
    """Open rows of registers in which this person has the thing."""
    mine = Row.objects.filter(holder=staff.username, closed_us=0).order_by("pk")
    return [Held(ROWS, N_("Open register entries"), mine.count(), "first", tuple(each.ref for each in mine[:SHOWN]))]


def duties(staff: Staff, at_us: int) -> Sequence[Held]:
    """What this person has to do by a limit; somebody else's by the same rule, or nobody's where it was theirs."""
    mine = Duty.objects.filter(holder=staff.username, closed_us=0, started_us__lte=at_us).order_by("due_us", "pk")
    names = tuple(f"{each.name} {each.subject}" for each in mine[:SHOWN])
    return [Held(DUTIES, N_("Open duties"), mine.count(), "ends", names)]


SOURCES: tuple[Source, ...] = (dossiers, calls, rows, duties, rights)


def of(staff: Staff, at_us: int) -> list[Held]:
    """What a person holds at an instant, kinds of which there is nothing left out."""
    return [held for source in SOURCES for held in source(staff, at_us) if held.count]
