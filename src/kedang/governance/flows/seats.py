"""Taking a step: which seats it has, who may sign at them, who is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from kedang import messages
from kedang.governance.flows.models import Asked, Seat, Signature
from kedang.governance.flows.route import DONE_BY_HAND, Route, Stop, loaded
from kedang.governance.models import Call
from kedang.governance.registry import title_of
from kedang.kernel import clock
from kedang.kernel.i18n import N_
from kedang.packs import in_force, reckoning
from kedang.packs.schema import Pack
from kedang.people import parties
from kedang.people.models import Staff
from kedang.people.parties import Matter

ASKED = N_("%(who)s asks for your signature: %(what)s, %(subject)s")


def enter(call: Call, pack: Pack, step: int) -> None:
    """Begin a step: open its seats, ask whoever may sign, set its limit. Inside the caller's transaction."""
    route = loaded(call.route)
    stop = route.stops[step]
    Seat.objects.filter(call=call, open=True).update(open=False)
    call.step, call.step_us = step, clock.now_us()
    call.due_us = _limit(stop, call.step_us, pack)
    call.save(update_fields=["step", "step_us", "due_us", "turn", "route", "state"])
    signed = set(Signature.objects.filter(call=call, turn=call.turn, step=step).values_list("no", flat=True))
    missing = [no for no in range(len(stop.parties)) if no not in signed]
    for no in missing:
        first = no == missing[0] or stop.step.order == "any" or not stop.step.all
        Seat.objects.create(call=call, turn=call.turn, step=step, no=no, open=first)
    refresh(call, pack)


def refresh(call: Call, pack: Pack) -> None:
    """Look up again who may sign at the open seats, tell whoever is new, and mark seats nobody can take."""
    route = loaded(call.route)
    for seat in open_seats(call):
        who = set(eligible(call, route, seat))
        known = set(seat.asked.values_list("staff_ref", flat=True))
        seat.asked.filter(staff_ref__in=known - who).delete()
        Asked.objects.bulk_create([Asked(seat=seat, staff_ref=name) for name in sorted(who - known)])
        if seat.stuck == bool(who):
            seat.stuck = not who
            seat.save(update_fields=["stuck"])
        _tell(call, pack, who - known)


def open_seats(call: Call) -> QuerySet[Seat]:
    """Seats of the present step where a signature is still missing, in their order."""
    return Seat.objects.filter(call=call, turn=call.turn, step=call.step, open=True).order_by("no")


def eligible(call: Call, route: Route, seat: Seat) -> tuple[str, ...]:
    """Usernames of those who may sign at a seat in person, as people and posts are at this moment."""
    stop = route.stops[seat.step]
    barred = barred_from(call, route, extra=bool(stop.extra))
    if stop.extra:
        active = Staff.objects.filter(username=stop.extra, is_active=True).exists()
        return (stop.extra,) if active and stop.extra not in barred else ()
    party = stop.parties[seat.no]
    if party is None:
        return ()
    pack = in_force()
    matter = Matter(call.actor_ref, call.unit, call.owner_ref, call.owner_ref)
    now = clock.now_us()
    own = route.self_approval
    found = _unbarred(parties.candidates(pack, party, matter, now, with_applicant=own), barred)
    if found or route.empty_seat == "stop" or stop.step.kind in DONE_BY_HAND:
        return found
    return _unbarred(parties.candidates(pack, party, matter, now, above=True, with_applicant=own), barred)


def barred_from(call: Call, route: Route, *, extra: bool = False) -> frozenset[str]:
    """Who may not sign any more: the applicant, and who signed already, where the flow wants distinct people.

    Nobody signs twice at one step, whatever the flow says. An extra signature keeps nobody from a seat the
    regulation names; who signed at all is not asked for an extra one.
    """
    barred = set() if route.self_approval else {call.actor_ref}
    for each in Signature.objects.filter(call=call, void=False):
        here = (each.turn, each.step) == (call.turn, call.step)
        counts = each.verdict == "agree" and (extra or not route.stops[each.step].extra)
        if here or (counts and (extra or route.distinct)):
            barred |= {each.signer_ref, each.on_behalf}
    return frozenset(barred - {""})


def _unbarred(names: Iterable[str], barred: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in barred)


def _limit(stop: Stop, from_us: int, pack: Pack) -> int:
    if stop.step.limit is None:
        return 0
    try:
        return clock.to_us(reckoning.due(stop.step.limit, clock.from_us(from_us), pack.hours))
    except reckoning.UnknownYear:
        return 0


def _tell(call: Call, pack: Pack, who: Iterable[str]) -> None:
    for name in sorted(who):
        messages.post(
            name, key=f"sign:{call.pk}:{call.turn}:{call.step}", title=ASKED,
            params={"who": call.actor_ref, "what": title_of(pack, call.op), "subject": call.subject},
            link=f"/requests/{call.pk}/", at_us=clock.now_us(),
        )  # fmt: skip
