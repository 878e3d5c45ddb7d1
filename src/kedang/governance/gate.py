"""`perform`: the only way to write. Load, ask the pack, then do it or refuse it; each leaves evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from kedang import ledger
from kedang.governance import reasons, tasks
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
    gives the first call back, with other content it is refused as `key_reused`.
    """
    op = OPERATIONS[name]
    digest = digest_of(name, subject, payload)
    if key and (earlier := _earlier(by, key, digest)):
        return earlier
    try:
        with transaction.atomic():
            call, follow_ups = _decide_and_run(
                op, by, subject, payload, reason.strip(), tuple(evidence), cause, key, digest
            )
    except IntegrityError:
        # The twin with the same key won the race: its call is the answer to both.
        if key and (earlier := _earlier(by, key, digest)):
            return earlier
        raise Refused(
            "claimed", detail=N_("Somebody saved the same thing at the same moment; look and try again.")
        ) from None
    except (Refused, NotVisible) as no:
        ledger.append_refusal(name, by, subject, _as_refused(no), pack_version=in_force().version)
        raise
    if op.bulk:
        tasks.wake(call.pk)
    for ask in follow_ups:
        _follow_up(ask, by, call)
    return call


def _decide_and_run(
    op: Operation[Any, Any], by: Actor, subject: str, payload: Payload, reason: str, evidence: tuple[str, ...],
    cause: str, key: str | None, digest: str,
) -> tuple[Call, Sequence[Ask]]:  # fmt: skip
    pack = in_force()
    target = op.load(by, subject)
    allowed_or_refused(pack, op, by, op.facts(by, target, payload), Given(reason, evidence))
    reasons.refuse_personal(reason)
    claims = op.claims(target, payload)
    if Claim.objects.filter(name__in=claims).exists():
        raise Refused("claimed", detail=N_("The same thing is already under way."))
    call = Call(
        op=op.name, actor_ref=by.id, credential=by.credential, subject=subject, payload_digest=digest, cause=cause,
        key=key or "", pack_version=pack.version, created_us=clock.now_us(), state="queued",
        basis=canonical_json(op.basis(target, payload)).decode(),
    )  # fmt: skip
    call.save(force_insert=True)
    if not op.bulk:
        out = execute(call, op, target, payload, deed_of(call, by, pack, reason, evidence))
        return call, out.then
    for name in claims:
        Claim.objects.create(name=name, call=call)
    _queue(call, op, payload, by, pack, reason)
    return call, ()


def _queue(call: Call, op: Operation[Any, Any], payload: Payload, by: Actor, pack: Pack, reason: str) -> None:
    call.payload_ct = seal_payload(call, payload, reason)
    call.save(update_fields=["payload_ct"])
    deed = deed_of(call, by, pack, reason)
    ledger.append(deed, op.name, subject=call.subject, body=body_of(deed, Outcome(body={"state": "queued"})), n_rows=0)


def _earlier(by: Actor, key: str, digest: str) -> Call | None:
    call = Call.objects.filter(actor_ref=by.id, key=key).first()
    if call is not None and call.payload_digest != digest:
        raise Refused("key_reused", detail=N_("This key was used for another request."))
    return call


def _as_refused(no: Refused | NotVisible) -> Refused:
    return no if isinstance(no, Refused) else Refused("not_found")


def _follow_up(ask: Ask, by: Actor, cause: Call) -> None:
    """A follow-up deed may be refused without undoing the deed it follows; its refusal is on record."""
    try:
        perform(ask.op, by=by, subject=ask.subject, payload=ask.payload, reason=ask.reason, cause=f"call:{cause.pk}")
    except (Refused, NotVisible):
        return
