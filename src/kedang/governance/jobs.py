"""Bulk deeds in the background: leases, resuming after a crash, progress.

The task library only wakes a call; what it is and how far it came stands in the call itself, so a
worker that dies in the middle is followed by one that goes on.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
from django.db import DatabaseError, connection, transaction

from kedang import ledger
from kedang.governance import aftermath, calls, closing, gate, tasks
from kedang.governance.calls import Stored
from kedang.governance.flows import seats
from kedang.governance.flows.route import loaded
from kedang.governance.judging import Judged, judge, matter_of
from kedang.governance.models import OPEN_STATES, Beat, Call
from kedang.governance.registry import OPERATIONS, operation_of
from kedang.governance.rows import Rows
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Operation, Outcome
from kedang.kernel.errors import KedangError, NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force, version_named
from kedang.packs.schema import Pack
from kedang.people import units
from kedang.people.actors import staff_actor
from kedang.people.models import Staff

log = logging.getLogger(__name__)
LEASE_US = 60_000_000
ALIVE_US = 15_000_000
BEATS_KEPT_US = 86_400_000_000
MOST_ATTEMPTS = 30
"""So often a call may be begun without coming any further before it is given up."""
ENDS = {"denied": "denied", "incomplete": "superseded", "superseded": "superseded", "stale": "stale", "void": "void"}
"""The state a call ends in when its deed is refused at execution; any other refusal is a failure."""
STALE = N_("What this was based on has changed since; look and ask again.")
NEW_RULES = N_("The regulation asks for other signatures since; ask again.")
GONE = N_("The person who asked works here no more.")
GIVEN_UP = N_("This was begun again and again and never came to an end; the log of the worker says more.")
UNEXPECTED = N_("Something unexpected happened; the log of the worker says what.")
_THIS_PROCESS = secrets.token_hex(4)
"""A process that comes up after a crash may get the number of the one before it."""


class LeaseLost(KedangError):
    """Another worker has taken the call over, because this one was not heard of for too long."""

    code = "lease_lost"


class Cancelled(KedangError):
    """Somebody asked to stop the call; what its finished chunks did stays done."""

    code = "cancelled"


def run(call_id: int) -> str:
    """Run or resume a call, as the person who asked, if no living worker has it; returns its state."""
    call = _take(call_id)
    if call is not None:
        try:
            _run_and_end(call)
        except LeaseLost:
            log.warning("call %s was taken over by another worker", call.pk)
    return Call.objects.values_list("state", flat=True).get(pk=call_id)


def recover() -> list[int]:
    """Run every open call that no living worker holds: what a crash left behind."""
    waiting = Call.objects.filter(state__in=OPEN_STATES).order_by("created_us").values_list("pk", flat=True)
    return [call_id for call_id in list(waiting) if _free(Call.objects.get(pk=call_id)) and run(call_id)]


def beat(worker: str) -> None:
    """A worker says that it lives."""
    now = clock.now_us()
    _, is_new = Beat.objects.update_or_create(worker=worker, defaults={"beat_us": now})
    if is_new:
        Beat.objects.filter(beat_us__lt=now - BEATS_KEPT_US).delete()


def worker_alive() -> bool:
    """Whether some worker was alive a moment ago; otherwise a command runs its own call."""
    return Beat.objects.filter(beat_us__gt=clock.now_us() - ALIVE_US).exists()


def worker_name() -> str:
    """This process, as leases and beats name it: `host:process:nonce`."""
    return f"{socket.gethostname()}:{os.getpid()}:{_THIS_PROCESS}"


def finish(call: Call) -> Call:
    """Do a call whose last signature was just given, unless it is long work for the worker; the call as it stands."""
    if call.state != "queued":
        return call
    if OPERATIONS.get(call.op) is not None and OPERATIONS[call.op].bulk:
        with suppress(DatabaseError):  # the call is stored; the worker's next round finds it
            tasks.wake(call.pk)
        return call
    run(call.pk)
    return Call.objects.get(pk=call.pk)


def _run_and_end(call: Call) -> None:
    try:
        _run_taken(call)
    except LeaseLost:
        raise
    except Cancelled:
        _close(call, "cancelled", Refused("cancelled"))
    except NotVisible:
        _close(call, "denied", Refused("not_found"))
    except Staff.DoesNotExist:
        _close(call, "void", Refused("void", detail=GONE))
    except Refused as no:
        _close(call, ENDS.get(no.code, "failed"), no)
    except Exception:
        log.exception("call %s (%s) failed", call.pk, call.op)
        _close(call, "failed", Refused("failed", detail=UNEXPECTED))


def _run_taken(call: Call) -> None:
    if call.cancel:
        raise Cancelled
    if call.attempts > MOST_ATTEMPTS:
        raise Refused("failed", detail=GIVEN_UP)
    pack = in_force()
    op = operation_of(pack, call.op)
    by = staff_actor(call.actor_ref, f"job:{call.pk}")
    stored = calls.open_payload(call, op)
    if op.bulk:
        _run_bulk(call, pack, op, by, stored)
    else:
        _run_signed(call, pack, op, by, stored)


def _run_bulk(call: Call, pack: Pack, op: Operation[Any, Any], by: Actor, stored: Stored) -> None:
    target = op.load(by, call.subject)
    judged = _still_allowed(call, pack, op, by, target, stored)
    pack = judged.pack
    deed = replace(
        calls.deed_of(call, by, pack, stored.offered, judged.items), beat=lambda done: _progress(call, done),
        signed=loaded(call.route).demanded if call.route else (),
    )  # fmt: skip
    out = op.run(Rows(pack, call, deed).served(), target, stored.payload)
    with transaction.atomic():
        call.rows = int(out.body.get("rows", 1)) if isinstance(out.body.get("rows", 1), int) else 1
        _finish(call, "done", out)
        call.subject = out.subject or call.subject
        body = calls.body_of(deed, Outcome(body={"state": "done"} | dict(out.body)), judged)
        entry = ledger.append(deed, op.name, subject=call.subject, body=body, n_rows=0)
        aftermath.of(call, deed, judged, out, entry)


def _run_signed(call: Call, pack: Pack, op: Operation[Any, Any], by: Actor, stored: Stored) -> None:
    """Do what was signed for, in one transaction with its end: done once, or not at all."""
    with transaction.atomic(durable=True):
        held = _held(call)
        if not (held.select_for_update() if connection.vendor == "postgresql" else held).first():
            raise LeaseLost
        target = op.load(by, call.subject)
        judged = _still_allowed(call, pack, op, by, target, stored)
        call.lease_by, call.lease_us = "", 0
        deed = calls.deed_of(call, by, judged.pack, stored.offered, judged.items)
        out = calls.execute(call, op, target, stored.payload, deed, judged)
        closing.released(call)
        closing.tell(call)
    calls.forget_payload(call)
    gate.after_people(call)
    gate.follow(out.then, by, call)


def _still_allowed(
    call: Call, pack: Pack, op: Operation[Any, Any], by: Actor, target: Any, stored: Stored
) -> Judged:  # fmt: skip
    """The regulation of this moment on it: it may forbid, or ask for more than was signed, never for less."""
    judged = judge(
        matter_of(pack, op, by, target, stored.payload), op, by, target, stored.payload, stored.offered
    )  # fmt: skip
    signed = loaded(call.route).demanded if call.route else ()
    if any(step not in signed for step in judged.route.demanded):
        raise Refused("superseded", articles=judged.articles, detail=NEW_RULES)
    basis = orjson.loads(call.basis)
    now = op.basis(target, stored.payload)
    if moved := sorted(name for name in basis if now.get(name) != basis[name]):
        raise Refused("stale", missing=moved, detail=STALE)
    return judged


def _take(call_id: int) -> Call | None:
    call = Call.objects.get(pk=call_id)
    if call.state not in OPEN_STATES or not _free(call):
        return None
    mine: dict[str, Any] = {
        "lease_by": worker_name(), "lease_us": clock.now_us() + LEASE_US, "state": "running",
        "attempts": call.attempts + 1,
    }  # fmt: skip
    taken = Call.objects.filter(pk=call_id, lease_by=call.lease_by, lease_us=call.lease_us, state=call.state).update(
        **mine
    )
    return Call.objects.get(pk=call_id) if taken else None


def _free(call: Call) -> bool:
    """Nobody holds the call, or the holder's lease ran out, or the holder was a process of this host that is gone."""
    if not call.lease_by or call.lease_us < clock.now_us():
        return True
    host, _, process = call.lease_by.partition(":")
    number, _, nonce = process.partition(":")
    if host != socket.gethostname():
        return False
    if int(number) == os.getpid():
        return nonce != _THIS_PROCESS
    with suppress(PermissionError):
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return True
    return False


def _held(call: Call) -> Any:
    """The row of a call while this worker still has it, for an update that must not touch another's."""
    return Call.objects.filter(pk=call.pk, state="running", lease_by=call.lease_by)


def _progress(call: Call, done: Mapping[str, Any]) -> None:
    shown = canonical_json(dict(done)).decode()
    if not _held(call).update(progress=shown, lease_us=clock.now_us() + LEASE_US, attempts=0):
        raise LeaseLost
    if _held(call).filter(cancel=True).exists():
        raise Cancelled


def _close(call: Call, state: str, why: Refused) -> None:
    if not _held(call).exists():
        raise LeaseLost
    by = Actor(id=call.actor_ref, credential=f"job:{call.pk}")
    if state == "stale" and call.route and loaded(call.route).on_change == "restart":
        _restart(call)
        return
    gate.refused(call.op, by, call.subject, why, units.pack_for(call.unit))
    call.error = why.one_line()[:500]
    with transaction.atomic():
        keeps = call.payload_ct if call.route else b""
        _finish(call, state, Outcome(result={"moved": list(why.missing)} if state == "stale" else {}), keeps)
        if call.route:
            kept = loaded(call.route).keep_days * closing.DAY_US
            Call.objects.filter(pk=call.pk).update(purge_us=clock.now_us() + kept)
            closing.tell(call)


def _restart(call: Call) -> None:
    """What was applied for stays, what it rests on is looked at anew, and everybody signs again."""
    by, op = staff_actor(call.actor_ref, f"job:{call.pk}"), operation_of(in_force(), call.op)
    stored = calls.open_payload(call, op)
    with transaction.atomic():
        if not _held(call).exists():
            raise LeaseLost
        target = op.load(by, call.subject)
        call.basis = canonical_json(op.basis(target, stored.payload)).decode()
        call.state, call.lease_by, call.lease_us, call.turn = "waiting", "", 0, call.turn + 1
        call.save()
        call.signatures.update(void=True)
        seats.enter(call, version_named(call.pack_version), 0)


def _finish(call: Call, state: str, out: Outcome, keeps: bytes = b"") -> None:
    ended = _held(call).update(
        state=state, done_us=clock.now_us(), payload_ct=keeps, rows=call.rows, lease_by="", lease_us=0,
        error=call.error,
        result=canonical_json(out.result).decode(),
    )  # fmt: skip
    if not ended:
        raise LeaseLost
    call.state = state
    closing.released(call)
