"""`perform`: the only way to write. Load, ask the pack, then do it, file it, or refuse it; each leaves evidence."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction

from kedang import ledger
from kedang.governance import calls, clocks, filing, races, reasons, tasks
from kedang.governance.calls import deed_of, digest_of, execute
from kedang.governance.compliance import evidence as proof
from kedang.governance.flows import limits
from kedang.governance.judging import Judged, Offered, judge, matter_of
from kedang.governance.models import Call, Claim
from kedang.governance.registry import operation_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Ask, Operation, Outcome, Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs import in_force
from kedang.packs.schema import Pack

log = logging.getLogger(__name__)
PEOPLE = "people."
"""After deeds on people other people may be asked for their signatures, and requests may have lost their applicant."""
KEY = re.compile(r"[ -~]{1,128}")


@dataclass(slots=True)
class _Asked:
    """One request on its way through the gate; `subject` becomes the proper name of what was loaded, and `pack`, the
    company's at first, that of the unit it is about."""

    op: Operation[Any, Any]
    by: Actor
    subject: str
    payload: Payload
    offered: Offered
    cause: str
    key: str
    pack: Pack

    @property
    def digest(self) -> str:
        return digest_of(self.op.name, self.subject, self.payload, self.offered)


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
    form: Mapping[str, Any] | None = None,
    confirmed: bool = False,
) -> Call:
    """Do it, or file it for signatures, or queue it, or raise `Refused` or `NotVisible`; each leaves a ledger entry.

    `form` holds the answers of the form the regulation wants with it, as they were typed; `confirmed` says that
    the applicant confirms the sentences it states. `key` makes the deed happen once however often it is sent: the
    same key with the same content gives the first call back, with other content it is refused as `key_reused`.
    Must not be called inside a transaction (`RuntimeError`); `TypeError` for a payload of another operation,
    `KeyError` for an operation neither the product nor the regulation in force knows.
    """
    pack = in_force()
    op = operation_of(pack, name)
    if not isinstance(payload, op.payload):
        raise TypeError(f"{name} takes {op.payload.__name__}, not {type(payload).__name__}")
    offered = Offered(reason.strip(), tuple(evidence), dict(form or {}), confirmed, clock.now_us())
    asked = _Asked(op, by, _printable(subject), payload, offered, cause, key or "", pack)
    try:
        call, follow_ups = _once(asked)
    except (Refused, NotVisible) as no:
        refused(name, by, asked.subject, no, asked.pack)
        raise
    if call.state == "queued":
        _wake(call)
    after_people(call)
    follow(follow_ups, by, call)
    return call


def after_people(call: Call) -> None:
    """After a deed on people, at once or after its signatures: whose the open requests and duties are by now."""
    if call.op.startswith(PEOPLE) and call.state == "done":
        limits.tick(clock.now_us())
        clocks.look_again(clock.now_us())


def refused(name: str, by: Actor, subject: str, no: Refused | NotVisible, pack: Pack) -> None:
    """Put a refusal on record with what it proves; in a transaction of its own, after the deed's was rolled back."""
    why = no if isinstance(no, Refused) else Refused("not_found")
    controls = proof.controls_of(pack, name, why.articles)

    def witness(entry: int) -> None:
        proof.record(
            entry, pack=pack, op=name, controls=controls, outcome="refused", at_us=clock.now_us(), subject=subject
        )

    ledger.append_refusal(name, by, subject, why, pack_version=pack.version, also=witness)


def follow(asks: Sequence[Ask], by: Actor, cause: Call) -> None:
    """Perform follow-up deeds; one that is refused does not undo the deed it follows, and is on record."""
    for ask in asks:
        try:
            perform(
                ask.op, by=by, subject=ask.subject, payload=ask.payload, reason=ask.reason, cause=f"call:{cause.pk}"
            )
        except (Refused, NotVisible):
            continue


def _once(asked: _Asked) -> tuple[Call, Sequence[Ask]]:
    """The earlier call of the same key, or a new one; of two twins the later gets the call of the earlier."""
    if asked.key and not KEY.fullmatch(asked.key):
        raise Refused("invalid", missing=("key",), detail=N_("A key has at most 128 printable ASCII characters."))
    reasons.require_clean(asked.offered.reason, asked.offered.evidence)
    reasons.require_plain(asked.offered.form)
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
    op, by, payload = asked.op, asked.by, asked.payload
    target = op.load(by, asked.subject)
    asked.subject = getattr(target, "ref", asked.subject)
    matter = matter_of(asked.pack, op, by, target, payload)
    pack = asked.pack = matter.pack
    judged = judge(matter, op, by, target, payload, asked.offered)
    claims = op.claims(target, payload)
    if Claim.objects.filter(name__in=claims).exists():
        raise Refused("claimed", detail=N_("The same thing is already under way."))
    call = _call(asked, digest, judged, target)
    if judged.signatures:
        basis, stored = op.basis(target, payload), calls.Stored(payload, asked.offered, op.snapshot(target, payload))
        filing.rehearse(call, op, target, payload, deed_of(call, by, pack, asked.offered, judged.items))
        _claim(call, claims)
        filing.file(call, by, stored, basis, judged)
        return call, ()
    if not op.bulk:
        out = execute(call, op, target, payload, deed_of(call, by, pack, asked.offered, judged.items), judged)
        return call, out.then
    _claim(call, claims)
    _queue(call, asked, target, judged)
    return call, ()


def _call(asked: _Asked, digest: str, judged: Judged, target: Any) -> Call:
    call = Call(
        op=asked.op.name, actor_ref=asked.by.id, credential=asked.by.credential, subject=asked.subject,
        payload_digest=digest, cause=asked.cause, key=asked.key, pack_version=judged.pack.version,
        created_us=clock.now_us(), state="queued", unit=judged.facts.unit, level=judged.facts.level,
        owner_ref=filing.owner_of(target), articles="\n".join(judged.articles)[:1000],
        controls="\n".join(judged.controls)[:1000],
    )  # fmt: skip
    call.save(force_insert=True)
    return call


def _claim(call: Call, claims: set[str]) -> None:
    Claim.objects.bulk_create([Claim(name=name, call=call) for name in sorted(claims)])


def _queue(call: Call, asked: _Asked, target: Any, judged: Judged) -> None:
    call.payload_ct = calls.seal_payload(call, calls.Stored(asked.payload, asked.offered, {}))
    call.basis = canonical_json(asked.op.basis(target, asked.payload)).decode()
    call.save(update_fields=["payload_ct", "basis"])
    deed = deed_of(call, asked.by, judged.pack, asked.offered, judged.items)
    body = calls.body_of(deed, Outcome(body={"state": "queued"}), judged)
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
