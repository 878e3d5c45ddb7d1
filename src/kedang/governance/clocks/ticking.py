"""One turn of the clockwork. Whatever it does may be repeated, done by two at once, or broken off at any point."""

from __future__ import annotations

from django.db import transaction

from kedang.governance.clocks import holders, layout, limits, rounds, sending
from kedang.governance.clocks.late import WHOSE
from kedang.governance.clocks.models import Duty
from kedang.governance.clocks.states import LEFT
from kedang.packs import workdays
from kedang.people.models import Staff

PERSON = '"person"'
"""A party stored so names somebody of the matter itself: no post and no role changes that."""


def tick(at_us: int) -> dict[str, int]:
    """Bring everything up to an instant; says how many duties were laid out, reckoned anew, and notices sent."""
    return {
        "reckoned": reckon_announced(at_us),
        "laid_out": layout.lay_out(at_us),
        "reassigned": hand_on(at_us),
        "sent": sending.send(at_us),
    }


def reckon_announced(at_us: int) -> int:
    """Limits that waited for a year to be announced, where it is now."""
    waiting = Duty.objects.filter(problem__startswith=limits.BY_CALENDAR)
    problems = waiting.order_by().values_list("problem", flat=True).distinct()
    known = list(waiting.filter(problem__in=[one for one in problems if workdays.is_known(limits.year_of(one))]))
    for year in {limits.year_of(duty.problem) for duty in known if duty.period.startswith("?")}:
        _lay_again(year, at_us)
    for duty in known:
        if not duty.period.startswith("?"):
            limits.again(duty)
            Duty.objects.filter(pk=duty.pk).update(due_us=duty.due_us, next_us=duty.next_us, problem=duty.problem)
    return len(known)


def _lay_again(year: int, at_us: int) -> None:
    """The periods of a year that has its calendar now, with what was done in them meanwhile; all of it or nothing."""
    with transaction.atomic():
        kept = rounds.kept_of(year)
        layout.lay_again(year)
        layout.lay_out(at_us)
        rounds.count_kept(kept)


def look_again(at_us: int) -> int:
    """Somebody was appointed, dismissed or given a role: whose the open duties are that a role, a post or the head
    of a unit has; returns how many changed hands. Duties with the same rule in the same place are looked up once."""
    open_now = Duty.objects.filter(closed_us=0)
    books, changed = holders.Books(at_us), 0
    for whose in open_now.order_by().values(*WHOSE, "holder").distinct():
        if PERSON in whose["party"]:
            continue
        duty = Duty(**whose)
        holders.settle(duty, at_us, books)
        if duty.holder != whose["holder"]:
            changed += open_now.filter(**whose).update(holder=duty.holder)
    return changed


def hand_on(at_us: int) -> int:
    """Open duties of people who left: somebody else's by the same rule, or nobody's where it was theirs alone."""
    named = set(Duty.objects.filter(closed_us=0).exclude(holder="").values_list("holder", flat=True).distinct())
    working = set(Staff.objects.filter(username__in=named, is_active=True).values_list("username", flat=True))
    left, books = Duty.objects.filter(closed_us=0, holder__in=named - working), holders.Books(at_us)
    for duty in left:
        if duty.seat.startswith("staff:"):
            Duty.objects.filter(pk=duty.pk, closed_us=0).update(closed_us=at_us, next_us=0, problem=LEFT)
        else:
            holders.settle(duty, at_us, books)
            Duty.objects.filter(pk=duty.pk, closed_us=0).update(holder=duty.holder)
    return len(left)
