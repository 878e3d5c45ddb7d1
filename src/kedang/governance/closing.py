"""The end of a call that was not done: its state, its reason, its claims, how long what was asked for is kept."""

from __future__ import annotations

from kedang import messages
from kedang.governance import calls
from kedang.governance.flows.models import Seat
from kedang.governance.flows.route import loaded
from kedang.governance.models import Call
from kedang.governance.registry import title_of
from kedang.kernel import clock
from kedang.kernel.i18n import N_
from kedang.packs import version_named

DAY_US = 86_400_000_000
DONE = N_("Your request is done: %(what)s, %(subject)s")
ENDED = N_("Your request has ended: %(what)s, %(subject)s. It says why.")


def end(call: Call, state: str, why: str) -> None:
    """End a waiting call without doing it, inside the caller's transaction; the applicant is told."""
    call.state, call.error, call.done_us, call.due_us = state, why[:500], clock.now_us(), 0
    keep = loaded(call.route).keep_days if call.route else 0
    call.purge_us = call.done_us + keep * DAY_US
    call.save()
    released(call)
    if state != "withdrawn":
        tell(call)


def released(call: Call) -> None:
    """Nobody is asked any more and nothing is claimed."""
    Seat.objects.filter(call=call, open=True).update(open=False)
    call.claims.all().delete()


def tell(call: Call) -> None:
    """Tell the applicant how their request ended."""
    messages.post(
        call.actor_ref, key=f"ended:{call.pk}", title=DONE if call.state == "done" else ENDED,
        params={"what": title_of(version_named(call.pack_version), call.op), "subject": call.subject},
        link=f"/requests/{call.pk}/", at_us=clock.now_us(),
    )  # fmt: skip


def purge(at_us: int) -> int:
    """Blank what ended calls had asked for, where its time is over; returns how many."""
    over = list(Call.objects.filter(purge_us__gt=0, purge_us__lte=at_us)[:500])
    for call in over:
        calls.forget_payload(call)
        call.purge_us = 0
        call.save(update_fields=["payload_ct", "purge_us"])
    return len(over)
