"""Filing a call for signatures: try it out first, seal what was asked for, take the first step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kedang import ledger
from kedang.governance import calls
from kedang.governance.compliance import evidence
from kedang.governance.flows import seats
from kedang.governance.judging import Judged
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Operation, Outcome, Payload
from kedang.kernel.packing import canonical_json


class _Rehearsed(Exception):
    """The rehearsal went well; everything it wrote is taken back."""


def rehearse(call: Call, op: Operation[Any, Any], target: Any, payload: Payload, deed: Deed) -> None:
    """Do the deed and take it back, so that what could not be done is refused today and not after three signatures.

    A bulk deed is not rehearsed; it checks its rows when it is planned.
    """
    if op.bulk:
        return
    try:
        with transaction.atomic():
            op.run(deed, target, payload)
            raise _Rehearsed
    except _Rehearsed:
        return


def file(
    call: Call, by: Actor, stored: calls.Stored, basis: Mapping[str, str], judged: Judged
) -> None:  # fmt: skip
    """Let the call wait for its first signature; `basis` is what the applicant was looking at."""
    pack = judged.pack
    call.payload_ct = calls.seal_payload(call, stored)
    call.basis = canonical_json(dict(basis)).decode()
    call.route = judged.route.dumped()
    call.state = "waiting"
    call.save()
    seats.enter(call, pack, 0)
    deed = calls.deed_of(call, by, pack, stored.offered, judged.items)
    body = calls.body_of(deed, Outcome(body={"op": call.op, "state": "waiting"}), judged)
    entry = ledger.append(deed, "request.file", subject=call.subject, body=body, n_rows=0)
    evidence.record(
        entry, pack=pack, op=call.op, controls=judged.controls, outcome="waiting", at_us=clock.now_us(),
        subject=call.subject, unit=judged.facts.unit,
    )  # fmt: skip


def owner_of(target: Any) -> str:
    """The username of the first responsible person of what a deed is about; empty without one."""
    owner = getattr(target, "owner", None)
    return str(getattr(owner, "username", "") or "")
