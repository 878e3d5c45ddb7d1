"""`perform`: the only way to write. Load, ask the pack, then do it or refuse it; each leaves evidence."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction

from kedang import ledger
from kedang.governance import races, reasons, tasks
from kedang.governance.calls import allowed_or_refused, body_of, deed_of, digest_of, execute, seal_payload
from kedang.governance.models import Call, Claim
from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Ask, Operation, Outcome, Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force
from kedang.packs.decide import Given
from kedang.packs.schema import Pack

log = logging.getLogger(__name__)
KEY = re.compile(r"[ -~]{1,128}")


@dataclass(slots=True)
class _Asked:
    """One request on its way through the gate; `subject` becomes the proper name of what was loaded."""

    op: Operation[Any, Any]
    by: Actor
    subject: str
    payload: Payload
    given: Given
    cause: str
    key: str

    @property
    def digest(self) -> str:
        return digest_of(self.op.name, self.subject, self.payload, self.given)


def perform(
    name: str,
    *,
    by: Actor,
    subject: str,
    payload: Payload,
    reason: str = "",
    evidence: Sequence[str] = (),
    cause: str = "",
    key: str | None = None,
) -> Call:
    """Do it, or queue it, or raise `Refused` or `NotVisible`: exactly one, and each leaves a ledger entry.

    `key` makes the deed happen once however often it is sent: the same key with the same content
    gives the first call back, with other content it is refused as `key_reused`. Must not be called
    inside a transaction (`RuntimeError`); `TypeError` for a payload of another operation.
    """
    op = OPERATIONS[name]
    if not isinstance(payload, op.payload):
        raise TypeError(f"{name} takes {op.payload.__name__}, not {type(payload).__name__}")
    given = Given(reason.strip(), tuple(evidence))
    asked = _Asked(op, by, _printable(subject), payload, given, cause, key or "")
    try:
        call, follow_ups = _once(asked)
    except (Refused, NotVisible) as no:
        ledger.append_refusal(name, by, asked.subject, _as_refused(no), pack_version=in_force().version)
        raise
    if call.state == "queued":
        _wake(call)
    for ask in follow_ups:
        _follow_up(ask, by, call)
    return call


def _once(asked: _Asked) -> tuple[Call, Sequence[Ask]]:
    """The earlier call of the same key, or a new one; of two twins the later gets the call of the earlier."""
    if asked.key and not KEY.fullmatch(asked.key):
        raise Refused("invalid", missing=("key",), detail=N_("A key has at most 128 printable ASCII characters."))
    reasons.require_clean(asked.given.reason, asked.given.evidence)
    digest = asked.digest
    if earlier := _earlier(asked, digest):
        return earlier, ()
    try:
        with transaction.atomic(durable=True):
            return _decide_and_run(asked, digest)
    except DatabaseError as error:
        if not races.is_lost_race(error):
            raise
        if earlier := _earlier(asked, digest):
            return earlier, ()
        raise Refused(
            "claimed", detail=N_("Somebody saved the same thing at the same moment; look and try again.")
        ) from None


def _decide_and_run(asked: _Asked, digest: str) -> tuple[Call, Sequence[Ask]]:
    pack, op, by, payload = in_force(), asked.op, asked.by, asked.payload
    target = op.load(by, asked.subject)
    asked.subject = getattr(target, "ref", asked.subject)
    allowed_or_refused(pack, op, by, op.facts(by, target, payload), asked.given)
    claims = op.claims(target, payload)
    if Claim.objects.filter(name__in=claims).exists():
        raise Refused("claimed", detail=N_("The same thing is already under way."))
    call = Call(
        op=op.name, actor_ref=by.id, credential=by.credential, subject=asked.subject, payload_digest=digest,
        cause=asked.cause, key=asked.key, pack_version=pack.version, created_us=clock.now_us(), state="queued",
    )  # fmt: skip
    call.save(force_insert=True)
    if not op.bulk:
        out = execute(call, op, target, payload, deed_of(call, by, pack, asked.given))
        return call, out.then
    Claim.objects.bulk_create([Claim(name=name, call=call) for name in sorted(claims)])
    _queue(call, asked, op.basis(target, payload), pack)
    return call, ()


def _queue(call: Call, asked: _Asked, basis: dict[str, str], pack: Pack) -> None:
    call.payload_ct = seal_payload(call, asked.payload, asked.given)
    call.basis = canonical_json(basis).decode()
    call.save(update_fields=["payload_ct", "basis"])
    deed = deed_of(call, asked.by, pack, asked.given)
    body = body_of(deed, Outcome(body={"state": "queued"}))
    ledger.append(deed, asked.op.name, subject=call.subject, body=body, n_rows=0)


def _earlier(asked: _Asked, digest: str) -> Call | None:
    if not asked.key:
        return None
    call = Call.objects.filter(actor_ref=asked.by.id, key=asked.key).first()
    if call is not None and call.payload_digest != digest:
        raise Refused("key_reused", detail=N_("This key was used for another request."))
    return call


def _wake(call: Call) -> None:
    """The call is stored; where waking fails, the worker's next round of `jobs.recover` finds it."""
    try:
        tasks.wake(call.pk)
    except DatabaseError:
        log.warning("call %s waits for the next round of the worker", call.pk)


def _printable(subject: str) -> str:
    """A subject as typed; half a character, which no database takes, becomes a question mark."""
    return subject.encode("utf-8", "replace").decode()


def _as_refused(no: Refused | NotVisible) -> Refused:
    return no if isinstance(no, Refused) else Refused("not_found")


def _follow_up(ask: Ask, by: Actor, cause: Call) -> None:
    """A follow-up deed may be refused without undoing the deed it follows; its refusal is on record."""
    try:
        perform(ask.op, by=by, subject=ask.subject, payload=ask.payload, reason=ask.reason, cause=f"call:{cause.pk}")
    except (Refused, NotVisible):
        return
