"""Signing, refusing, sending back, taking back, asking one more: what people do with a waiting call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from kedang import ledger
from kedang.governance import calls, closing, jobs, reasons
from kedang.governance.compliance import evidence as proof
from kedang.governance.flows import seats
from kedang.governance.flows.models import VERDICTS, Seat, Signature
from kedang.governance.flows.route import Route, Stop, loaded
from kedang.governance.models import Call
from kedang.governance.registry import operation_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force, version_named
from kedang.packs.operations import Step
from kedang.packs.parties import Party
from kedang.people import parties
from kedang.people.selectors import colleague

NOT_ASKED = N_("Your signature is not asked for here.")
MOVED = N_("What you were looking at has changed meanwhile; look again before you sign.")
OWN = N_("Nobody signs their own request.")
MOST_EXTRA = 10
"""So many more people may be asked to sign one request."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person signs: the seat, and whose if they stand in for somebody."""

    seat: Seat
    on_behalf: str = ""


def sign(
    call_id: int, *, by: Actor, verdict: str, saw: str, comment: str = "", ticked: Sequence[str] = (),
    evidence: Sequence[str] = (), to_step: int | None = None, key: str = "",
) -> Call:  # fmt: skip
    """Give a signature: `agree`, `refuse`, or `return` to an earlier step (`to_step`; None: to the applicant).

    `saw` is the digest of what the person had on screen (`saw_of`); if that moved, Refused(stale). NotVisible for a
    call of no concern to them, Refused(state) for one that waits no more, denied where their signature is not asked
    for, incomplete where a comment, a scan or a point of the checklist is missing. With the last signature the deed
    is done at once, or the call ends saying why it could not be; the signature stands either way. With a `key` the
    same signature sent again is the same signature.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"unknown verdict {verdict!r}")

    def signing(call: Call) -> None:
        if key and call.signatures.filter(signer_ref=by.id, verdict=verdict, saw=saw, void=False).exists():
            return
        given = _Given(verdict, saw, comment.strip(), tuple(ticked), tuple(evidence), to_step)
        _sign(call, by, given)

    call = _with(call_id, by, "request.sign", signing)
    return jobs.finish(call)


def withdraw(call_id: int, *, by: Actor, reason: str = "", key: str = "") -> Call:
    """Take one's own request back while it waits. Raises NotVisible for another's, Refused(state) when it ended.

    With a `key` a request that is taken back already stays so without complaint.
    """

    def withdrawing(call: Call) -> None:
        if call.actor_ref != by.id:
            raise NotVisible(f"call:{call.pk}")
        if key and call.state == "withdrawn":
            return
        _require_waiting(call)
        reasons.require_clean(reason)
        _record(call, by, "request.withdraw", {"reason": reason} if reason else {})
        closing.end(call, "withdrawn", reason)

    return _with(call_id, by, "request.withdraw", withdrawing)


def add_signer(
    call_id: int, *, by: Actor, signer: str, before: bool = True, reason: str = "", key: str = ""
) -> Call:  # fmt: skip
    """Ask one more person to sign (加签), before one's own signature or after it.

    Only who may sign now can ask. Refused(denied) for the applicant, somebody who signed, and oneself. With a `key`
    the same person is asked once.
    """

    def adding(call: Call) -> None:
        _require_waiting(call)
        route = loaded(call.route)
        if key and any(stop.extra == signer and stop.by == by.id for stop in route.stops):
            return
        place_of(call, by)
        person = colleague(signer)
        if sum(bool(stop.extra) for stop in route.stops) >= MOST_EXTRA:
            raise Refused("denied", detail=N_("So many were asked for one more signature already; decide now."))
        if person.username in seats.barred_from(call, route, extra=True) | {by.id}:
            raise Refused("denied", detail=N_("This person cannot be asked for one more signature."))
        reasons.require_clean(reason)
        stop = Stop(Step(of=Party(person="applicant"), comment="optional"), extra=person.username, by=by.id)
        _record(call, by, "request.add_signer", {"signer": person.username, "before": before, "reason": reason})
        call.route = route.insert(call.step + (not before), stop).dumped()
        call.save(update_fields=["route"])
        if before:
            _renumber(call)
            seats.enter(call, _pack_of(call), call.step)

    return _with(call_id, by, "request.add_signer", adding)


def saw_of(call: Call) -> str:
    """The digest of what a signer has before them: the content, the step, and what the subject is like now."""
    shown = {
        "payload": call.payload_digest, "turn": call.turn, "step": call.step, "now": present_basis(call),
        "scans": sorted(call.signatures.filter(turn=call.turn).values_list("evidence", flat=True)),
    }  # fmt: skip
    return hashlib.sha256(canonical_json(shown)).hexdigest()


def present_basis(call: Call) -> dict[str, str]:
    """The digests of what the call touches, as things stand now; empty where the applicant sees it no more."""
    by = calls.applicant_of(call)
    if by is None or not call.payload_ct:
        return {}
    op = operation_of(_pack_of(call), call.op)
    try:
        return op.basis(op.load(by, call.subject), calls.open_payload(call, op).payload)
    except (NotVisible, Refused):
        return {}


def place_of(call: Call, by: Actor) -> Place:
    """Where this person may sign now, as themselves or for somebody they stand in for; Refused(denied) if nowhere."""
    route = loaded(call.route)
    places = list(seats.open_seats(call))
    for seat in places:
        if by.id in seats.eligible(call, route, seat):
            return Place(seat)
    if route.stops[call.step].delegable and by.id not in seats.barred_from(call, route) | {call.actor_ref}:
        for other in parties.acting_for(by.id, clock.now_us()):
            for seat in places:
                if other != call.actor_ref and other in seats.eligible(call, route, seat):
                    return Place(seat, other)
    raise Refused("denied", detail=OWN if by.id == call.actor_ref else NOT_ASKED)


@dataclass(frozen=True, slots=True)
class _Given:
    verdict: str
    saw: str
    comment: str
    ticked: tuple[str, ...]
    evidence: tuple[str, ...]
    to_step: int | None


def _sign(call: Call, by: Actor, given: _Given) -> None:
    _require_waiting(call)
    place = place_of(call, by)
    if call.level > by.clearance and "dossier" in by.reads:
        raise Refused("denied", detail=N_("The classification is above your clearance."))
    if given.saw != saw_of(call):
        raise Refused("stale", detail=MOVED)
    route = loaded(call.route)
    stop = route.stops[call.step]
    _require_complete(call, stop, given)
    Signature.objects.create(
        call=call, turn=call.turn, step=call.step, no=place.seat.no, signer_ref=by.id, on_behalf=place.on_behalf,
        verdict=given.verdict, comment=given.comment, ticked=" ".join(dict.fromkeys(given.ticked)),
        evidence="\n".join(given.evidence), saw=given.saw, at_us=clock.now_us(),
    )  # fmt: skip
    Seat.objects.filter(pk=place.seat.pk).update(open=False)
    body = {"verdict": given.verdict, "step": call.step + 1, "saw": given.saw, "op": call.op}
    body |= {"for": place.on_behalf} if place.on_behalf else {}
    body |= {"comment": given.comment} if given.comment else {}
    body |= {"ticked": list(dict.fromkeys(given.ticked))} if given.ticked else {}
    _record(call, by, "request.sign", body, stop=stop, evidence=given.evidence)
    _go_on(call, route, given)


def _go_on(call: Call, route: Route, given: _Given) -> None:
    if given.verdict == "refuse":
        closing.end(call, "rejected", given.comment)
    elif given.verdict == "return":
        _send_back(call, given.to_step)
    elif not _complete(call, route.stops[call.step]):
        _open_next(call, route.stops[call.step])
    elif call.step + 1 < len(route.stops):
        seats.enter(call, _pack_of(call), call.step + 1)
    else:
        Seat.objects.filter(call=call, open=True).update(open=False)
        call.state, call.due_us = "queued", 0
        call.save(update_fields=["state", "due_us"])


def _send_back(call: Call, to_step: int | None) -> None:
    if to_step is None:
        closing.end(call, "returned", "")
        return
    if not 0 <= to_step < call.step:
        raise Refused("invalid", missing=("to_step",), detail=N_("A request goes back to an earlier step only."))
    Signature.objects.filter(call=call, step__gte=to_step).update(void=True)
    call.turn += 1
    seats.enter(call, _pack_of(call), to_step)


def _complete(call: Call, stop: Stop) -> bool:
    given = Signature.objects.filter(call=call, turn=call.turn, step=call.step, verdict="agree", void=False).count()
    return given >= stop.needed


def _open_next(call: Call, stop: Stop) -> None:
    """With signatures in a given order, the next one's turn; everybody else is asked anew without who signed."""
    if stop.step.order == "given" and not seats.open_seats(call).exists():
        waiting = Seat.objects.filter(call=call, turn=call.turn, step=call.step, open=False)
        done = Signature.objects.filter(call=call, turn=call.turn, step=call.step).values_list("no", flat=True)
        if (seat := waiting.exclude(no__in=list(done)).order_by("no").first()) is not None:
            Seat.objects.filter(pk=seat.pk).update(open=True)
    seats.refresh(call, _pack_of(call))


def _renumber(call: Call) -> None:
    """Seats of the present step move one step on; the extra signer stands before them."""
    Seat.objects.filter(call=call, turn=call.turn, step=call.step).delete()
    given = Signature.objects.filter(call=call, turn=call.turn, step=call.step)
    given.update(step=call.step + 1)


def _require_complete(call: Call, stop: Stop, given: _Given) -> None:
    reasons.require_clean(given.comment, given.evidence)
    points = _pack_of(call).checklists[stop.step.checklist].points if stop.step.checklist else {}
    if not set(given.ticked) <= set(points):
        raise Refused("invalid", missing=("ticked",), detail=N_("The checklist has no such point."))
    wanted = {"always": VERDICTS, "on_refusal": ("refuse", "return")}.get(stop.step.comment, ())
    if given.verdict in wanted and not given.comment:
        raise Refused("incomplete", missing=("comment",), detail=N_("Say why."))
    if given.verdict != "agree":
        return
    if stop.step.seal == "scan" and not given.evidence:
        raise Refused("incomplete", missing=("evidence",), detail=N_("Attach the scan of the stamped form."))
    if missing := [name for name in points if name not in given.ticked]:
        raise Refused(
            "incomplete", missing=missing, detail=N_("Every point of the checklist has to be ticked, or refuse.")
        )


def _record(
    call: Call, by: Actor, op: str, body: dict[str, Any], *, stop: Stop | None = None, evidence: Sequence[str] = ()
) -> None:
    deed = Deed(
        call=call.pk, op=op, actor=by, at_us=clock.now_us(), pack_version=call.pack_version, subject=call.subject,
        evidence=tuple(evidence),
    )  # fmt: skip
    body |= {"evidence": list(evidence)} if evidence else {}
    entry = ledger.append(deed, op, subject=call.subject, body=body, n_rows=0)
    controls = (*call.controls.split(), *(stop.step.controls if stop else ()))
    proof.record(
        entry, pack=_pack_of(call), op=op, controls=tuple(dict.fromkeys(controls)), outcome="done", at_us=deed.at_us,
        subject=call.subject, unit=call.unit,
    )  # fmt: skip


def _with(call_id: int, by: Actor, op: str, do: Callable[[Call], None]) -> Call:
    """Do something with a call nobody else touches meanwhile; a refusal is on record."""
    call = None
    try:
        with transaction.atomic(durable=True):
            call = _held(call_id)
            do(call)
            return call
    except (Refused, NotVisible) as no:
        why = no if isinstance(no, Refused) else Refused("not_found")
        subject = call.subject if call is not None else f"call:{call_id}"
        ledger.append_refusal(op, by, subject, why, pack_version=in_force().version)
        raise


def _held(call_id: int) -> Call:
    found = Call.objects.filter(pk=call_id)
    call = (found.select_for_update() if connection.vendor == "postgresql" else found).first()
    if call is None:
        raise NotVisible(f"call:{call_id}")
    return call


def _require_waiting(call: Call) -> None:
    if call.state != "waiting":
        raise Refused("state", detail=N_("This request does not wait for a signature any more."))


def _pack_of(call: Call) -> Any:
    return version_named(call.pack_version)
