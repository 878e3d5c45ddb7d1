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
from django.db import transaction

from kedang import ledger
from kedang.governance import calls
from kedang.governance.models import OPEN_STATES, Beat, Call
from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Outcome
from kedang.kernel.errors import KedangError, NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force
from kedang.people.actors import staff_actor
from kedang.people.models import Staff

log = logging.getLogger(__name__)
LEASE_US = 60_000_000
ALIVE_US = 15_000_000
BEATS_KEPT_US = 86_400_000_000
NO_RIGHT = frozenset({"denied", "incomplete", "signature_unavailable"})
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


def _run_and_end(call: Call) -> None:
    try:
        _run_taken(call)
    except LeaseLost:
        raise
    except Cancelled:
        _close(call, "cancelled", Refused("cancelled"))
    except (NotVisible, Staff.DoesNotExist):
        _close(call, "denied", Refused("not_found"))
    except Refused as no:
        _close(call, "denied" if no.code in NO_RIGHT else "failed", no)
    except Exception:
        log.exception("call %s (%s) failed", call.pk, call.op)
        _close(call, "failed", Refused("failed", detail=UNEXPECTED))


def _run_taken(call: Call) -> None:
    if call.cancel:
        raise Cancelled
    op = OPERATIONS[call.op]
    by = staff_actor(call.actor_ref, f"job:{call.pk}")
    payload, given = calls.open_payload(call, op)
    pack = in_force()
    target = op.load(by, call.subject)
    calls.allowed_or_refused(pack, op, by, op.facts(by, target, payload), given)
    if op.basis(target, payload) != orjson.loads(call.basis):
        raise Refused("stale", detail=N_("What this was based on has changed since; look and ask again."))
    deed = replace(calls.deed_of(call, by, pack, given), beat=lambda done: _progress(call, done))
    out = op.run(deed, target, payload)
    with transaction.atomic():
        _finish(call, "done", out)
        subject = out.subject or call.subject
        ledger.append(deed, op.name, subject=subject, body={"state": "done"} | dict(out.body), n_rows=0)


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
    if not _held(call).update(progress=shown, lease_us=clock.now_us() + LEASE_US):
        raise LeaseLost
    if _held(call).filter(cancel=True).exists():
        raise Cancelled


def _close(call: Call, state: str, why: Refused) -> None:
    if not _held(call).exists():
        raise LeaseLost
    by = Actor(id=call.actor_ref, credential=f"job:{call.pk}")
    ledger.append_refusal(call.op, by, call.subject, why, pack_version=call.pack_version)
    call.error = why.one_line()[:500]
    with transaction.atomic():
        _finish(call, state, Outcome(result={}))


def _finish(call: Call, state: str, out: Outcome) -> None:
    ended = _held(call).update(
        state=state, done_us=clock.now_us(), payload_ct=b"", lease_by="", lease_us=0, error=call.error,
        result=canonical_json(out.result).decode(),
    )  # fmt: skip
    if not ended:
        raise LeaseLost
    call.claims.all().delete()
