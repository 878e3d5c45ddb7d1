"""The limits of steps, and seats that people leave: what the clock does with waiting calls."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from kedang import ledger, messages
from kedang.governance import calls, closing
from kedang.governance.flows import seats
from kedang.governance.flows.models import Asked
from kedang.governance.flows.route import loaded
from kedang.governance.models import Call
from kedang.governance.registry import title_of
from kedang.kernel import clock
from kedang.kernel.actor import system
from kedang.kernel.deeds import Deed
from kedang.kernel.i18n import N_
from kedang.packs import in_force, reckoning, version_named
from kedang.packs.parties import Party
from kedang.packs.schema import Pack
from kedang.packs.times import Span
from kedang.people import parties
from kedang.people.parties import Matter

SOON = N_("Your signature is due soon: %(what)s, %(subject)s")
LATE = N_("A signature is overdue: %(what)s, %(subject)s")
STUCK = N_("Nobody can sign this: %(what)s, %(subject)s")
EXPIRED = N_("The time for signing has passed.")
ORPHANED = N_("The person who asked works here no more.")


def tick(at_us: int) -> None:
    """Look after every waiting call once: applicants and signers who left, reminders, escalations, limits.

    May run at any time and as often as one likes: every notice has a key, every call is held while it is changed.
    """
    for pk in list(Call.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            _look_after(pk, at_us)
    closing.purge(at_us)


def refresh_all() -> None:
    """Look up again who may sign every waiting call: after people, posts or roles changed."""
    for call in Call.objects.filter(state="waiting").order_by("pk"):
        with transaction.atomic():
            seats.refresh(call, version_named(call.pack_version))


def _look_after(pk: int, at_us: int) -> None:
    found = Call.objects.filter(pk=pk, state="waiting")
    call = (found.select_for_update() if connection.vendor == "postgresql" else found).first()
    if call is None:
        return
    if calls.applicant_of(call) is None:
        _end(call, "void", ORPHANED)
        return
    pack = version_named(call.pack_version)
    seats.refresh(call, pack)
    if call.seats.filter(open=True, stuck=True).exists():
        _tell(call, pack, "stuck", STUCK, [call.actor_ref])
    stop = loaded(call.route).stops[call.step]
    for at, reminder in enumerate(stop.step.remind):
        if call.due_us and at_us >= _shifted(call.due_us, reminder.before, pack, back=True):
            _tell(call, pack, f"remind{at}", SOON, _asked(call))
    if not call.due_us or at_us < call.due_us:
        return
    if stop.step.at_limit == "refuse":
        _end(call, "rejected", EXPIRED)
        return
    _tell(call, pack, "late", LATE, _asked(call))
    for at, escalation in enumerate(stop.step.escalate):
        if at_us >= _shifted(call.due_us, escalation.after, pack):
            _tell(call, pack, f"escalate{at}", LATE, _people(escalation.to, call))


def _shifted(from_us: int, span: Span, pack: Pack, *, back: bool = False) -> int:
    """An instant so long after another, or before it; where the calendar does not know the year, never."""
    try:
        end = clock.to_us(reckoning.due(span, clock.from_us(from_us), pack.hours))
    except reckoning.UnknownYear:
        return from_us if back else 2 * from_us
    return from_us - (end - from_us) if back else end


def _people(to: Iterable[Party], call: Call) -> set[str]:
    matter = Matter(call.actor_ref, call.unit, call.owner_ref, call.owner_ref)
    return {name for party in to for name in parties.candidates(in_force(), party, matter, clock.now_us())}


def _asked(call: Call) -> set[str]:
    return set(Asked.objects.filter(seat__call=call, seat__open=True).values_list("staff_ref", flat=True))


def _tell(call: Call, pack: Pack, kind: str, title: str, who: Iterable[str]) -> None:
    for name in sorted(who):
        messages.post(
            name, key=f"{kind}:{call.pk}:{call.turn}:{call.step}", title=title,
            params={"what": title_of(pack, call.op), "subject": call.subject}, link=f"/requests/{call.pk}/",
            at_us=clock.now_us(),
        )  # fmt: skip


def _end(call: Call, state: str, why: str) -> None:
    deed = Deed(
        call=call.pk, op="request.end", actor=system("clock"), at_us=clock.now_us(), pack_version=call.pack_version,
        subject=call.subject,
    )  # fmt: skip
    ledger.append(deed, "request.end", subject=call.subject, body={"state": state, "why": why}, n_rows=0)
    closing.end(call, state, why)
