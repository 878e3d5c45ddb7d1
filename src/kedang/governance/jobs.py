"""Bulk deeds in the background: leases, resuming after a crash, progress.

The task library only wakes a call; what it is and how far it came stands in the call itself, so a
worker that dies in the middle is followed by one that goes on.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.db import transaction

from kedang import ledger
from kedang.governance import calls
from kedang.governance.models import OPEN_STATES, Beat, Call
from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Operation, Outcome
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force
from kedang.packs.decide import Given
from kedang.people.actors import staff_actor
from kedang.people.models import Staff

log = logging.getLogger(__name__)
LEASE_US = 60_000_000
ALIVE_US = 15_000_000


def run(call_id: int) -> str:
    """Run or resume a call, as the person who asked, if no living worker has it; returns its state."""
    call = _take(call_id)
    if call is None:
        return Call.objects.values_list("state", flat=True).get(pk=call_id)
    op = OPERATIONS[call.op]
    try:
        _run_taken(call, op)
    except (Refused, NotVisible, Staff.DoesNotExist) as no:
        _close(call, op, "denied", no.one_line() if isinstance(no, Refused) else "not_found")
    except Exception:
        log.exception("call %s (%s) failed", call.pk, call.op)
        _close(call, op, "failed", "unexpected error; see the log")
    return call.state


def recover() -> list[int]:
    """Run every open call that no living worker holds: what a crash left behind."""
    waiting = Call.objects.filter(state__in=OPEN_STATES).order_by("created_us").values_list("pk", flat=True)
    return [call_id for call_id in list(waiting) if _free(Call.objects.get(pk=call_id)) and run(call_id)]


def beat(worker: str) -> None:
    """A worker says that it lives."""
    Beat.objects.update_or_create(worker=worker, defaults={"beat_us": clock.now_us()})


def worker_alive() -> bool:
    """Whether some worker was alive a moment ago; otherwise a command runs its own call."""
    return Beat.objects.filter(beat_us__gt=clock.now_us() - ALIVE_US).exists()


def worker_name() -> str:
    """This process, as leases and beats name it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _run_taken(call: Call, op: Operation[Any, Any]) -> None:
    by = staff_actor(call.actor_ref, f"job:{call.pk}")
    payload, reason = calls.open_payload(call, op)
    pack = in_force()
    target = op.load(by, call.subject)
    calls.allowed_or_refused(pack, op, by, op.facts(by, target, payload), Given(reason))
    deed = replace(calls.deed_of(call, by, pack, reason), beat=lambda done: _progress(call, done))
    out = op.run(deed, target, payload)
    with transaction.atomic():
        ledger.append(deed, op.name, subject=call.subject, body={"state": "done"} | dict(out.body), n_rows=0)
        _finish(call, "done", out)


def _take(call_id: int) -> Call | None:
    call = Call.objects.get(pk=call_id)
    if call.state not in OPEN_STATES or not _free(call):
        return None
    mine = {"lease_by": worker_name(), "lease_us": clock.now_us() + LEASE_US, "state": "running"}
    taken = Call.objects.filter(pk=call_id, lease_by=call.lease_by, lease_us=call.lease_us, state=call.state).update(
        **mine
    )
    return Call.objects.get(pk=call_id) if taken else None


def _free(call: Call) -> bool:
    """Nobody holds the call, or the holder's lease ran out, or the holder was a process of this host that is gone."""
    if not call.lease_by or call.lease_us < clock.now_us():
        return True
    host, _, pid = call.lease_by.rpartition(":")
    if host != socket.gethostname():
        return False
    with suppress(PermissionError):
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
    return False


def _progress(call: Call, done: Mapping[str, Any]) -> None:
    Call.objects.filter(pk=call.pk, lease_by=worker_name()).update(
        progress=canonical_json(dict(done)).decode(), lease_us=clock.now_us() + LEASE_US
    )


def _close(call: Call, op: Operation[Any, Any], state: str, error: str) -> None:
    by = Actor(id=call.actor_ref, credential=f"job:{call.pk}")
    ledger.append_refusal(op.name, by, call.subject, Refused(state, detail=error), pack_version=call.pack_version)
    call.error = error[:500]
    with transaction.atomic():
        _finish(call, state, Outcome(result={}))


def _finish(call: Call, state: str, out: Outcome) -> None:
    call.state, call.done_us, call.payload_ct = state, clock.now_us(), b""
    call.lease_by, call.lease_us = "", 0
    call.result = canonical_json(out.result).decode()
    call.save(update_fields=["state", "done_us", "payload_ct", "lease_by", "lease_us", "result", "error"])
    call.claims.all().delete()
