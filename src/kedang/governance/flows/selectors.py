"""Which calls concern a person: those waiting for their signature, those they asked for, those they may look at."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kedang.governance.flows.models import Asked, Signature
from kedang.governance.flows.route import loaded
from kedang.governance.models import PENDING_STATES, Call
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs import version_named
from kedang.people import parties


def waiting_for(by: Actor) -> QuerySet[Call]:
    """Calls this person may sign now, for themselves or for somebody they stand in for; the oldest first."""
    asked = Asked.objects.filter(seat__open=True, staff_ref__in=(by.id, *parties.acting_for(by.id, clock.now_us())))
    mine = Call.objects.filter(pk__in=asked.values("seat__call_id"), state="waiting")
    return mine.exclude(actor_ref=by.id).order_by("step_us", "pk")


def asked_by(by: Actor) -> QuerySet[Call]:
    """What this person asked for and waits for, newest first."""
    return Call.objects.filter(actor_ref=by.id, state__in=PENDING_STATES).exclude(op="").order_by("-pk")


def requests_of(by: Actor) -> QuerySet[Call]:
    """Every request this person asked for, signed, or may sign, newest first."""
    return Call.objects.filter(_concerns(by)).exclude(route="").order_by("-pk")


def call_for(by: Actor, call_id: int) -> Call:
    """A request this person may look at: applicant, signer past or present, reader of compliance; else NotVisible."""
    found = Call.objects.filter(pk=call_id)
    if "compliance" not in by.reads and "ledger" not in by.reads:
        found = found.filter(_concerns(by))
    call = found.first()
    if call is None:
        raise NotVisible(f"call:{call_id}")
    return call


def is_concerned(by: Actor, call: Call) -> bool:
    """Whether this person asked for it, signed it or may sign it; who only audits is not."""
    return Call.objects.filter(pk=call.pk).filter(_concerns(by)).exists()


def asked_on(call: Call) -> list[str]:
    """Usernames of those who may sign a call now."""
    if call.state != "waiting":
        return []
    asked = Asked.objects.filter(seat__call=call, seat__open=True)
    return sorted(set(asked.values_list("staff_ref", flat=True)))


def points_of(call: Call) -> dict[str, str]:
    """The points of the checklist at the present step: key and words; empty where there is none."""
    name = loaded(call.route).stops[call.step].step.checklist if call.state == "waiting" else None
    return dict(version_named(call.pack_version).checklists[name].points) if name else {}


def on_subject(by: Actor, subject: str) -> QuerySet[Call]:
    """Requests waiting on a subject, as a notice to whoever opens it; who sees the subject may know of them."""
    return Call.objects.filter(subject=subject, state="waiting").order_by("pk")


def _concerns(by: Actor) -> Q:
    """Whoever stands in for another sees what waits for that person now, not what they were asked before."""
    others = parties.acting_for(by.id, clock.now_us())
    instead = Asked.objects.filter(seat__open=True, staff_ref__in=others).values("seat__call_id")
    asked = Asked.objects.filter(staff_ref=by.id).values("seat__call_id")
    signed = Signature.objects.filter(signer_ref=by.id).values("call_id")
    return Q(actor_ref=by.id) | Q(pk__in=asked) | Q(pk__in=instead) | Q(pk__in=signed)
