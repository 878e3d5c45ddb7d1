"""What a call is made of: its digest, its deed, its sealed payload, its run and its evidence."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from kedang import ledger
from kedang.governance import aftermath
from kedang.governance.judging import Judged, Offered
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Operation, Outcome, Payload
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs.schema import Pack
from kedang.people.actors import staff_actor
from kedang.people.models import Staff
from kedang.vault import cipher, keyring, subjects

DIGEST_KEY = 1
"""The key of the ring `calls` that digests are made with, whatever key seals payloads today."""


def digest_of(name: str, subject: str, payload: Payload, offered: Offered) -> str:
    """What a call asked for, in 64 hex digits. Keyed: a payload may be one telephone number, soon guessed."""
    asked: dict[str, Any] = {
        "op": name, "subject": subject, "payload": payload.model_dump(mode="json"), "reason": offered.reason,
        "evidence": list(offered.evidence),
    }  # fmt: skip
    if offered.form or offered.confirmed:
        asked |= {"form": dict(offered.form), "confirmed": offered.confirmed}
    return hmac.digest(keyring.data_key("calls", DIGEST_KEY)[1], canonical_json(asked), "sha256").hex()


def execute(call: Call, op: Operation[Any, Any], target: Any, payload: Payload, deed: Deed, judged: Judged) -> Outcome:
    """Run the service and write its evidence, registers and clocks; inside the caller's transaction."""
    out = op.run(deed, target, payload)
    subject = out.subject or call.subject
    call.rows = max(len(out.versions), 1)
    entry = ledger.append(
        deed, op.name, subject=subject, body=body_of(deed, out, judged), values=out.values, versions=out.versions,
        n_rows=len(out.versions),
    )  # fmt: skip
    call.subject = subject
    call.result = canonical_json(out.result).decode()
    call.state, call.done_us = "done", deed.at_us
    call.payload_ct = b""
    call.save()
    aftermath.of(call, deed, judged, out, entry)
    return out


def body_of(deed: Deed, out: Outcome, judged: Judged) -> dict[str, Any]:
    """The body of a ledger entry: what the service says, why it was done, and what the regulation asked for."""
    extra: dict[str, Any] = {"reason": deed.reason} if deed.reason else {}
    if deed.evidence:
        extra["evidence"] = list(deed.evidence)
    if judged.articles:
        extra["articles"] = list(judged.articles)
    if judged.statements:
        extra["confirmed"] = list(judged.statements)
    return extra | dict(out.body)


def deed_of(call: Call, by: Actor, pack: Pack, offered: Offered, items: Mapping[str, Any]) -> Deed:
    """The context a service gets for a call."""
    return Deed(
        call=call.pk, op=call.op, actor=by, at_us=clock.now_us(), pack_version=pack.version, subject=call.subject,
        reason=offered.reason, evidence=offered.evidence, cause=call.cause, signers=signers_of(call), items=items,
    )  # fmt: skip


def signers_of(call: Call) -> tuple[str, ...]:
    """Who signed a call, in the order they did; with the person they stood in for."""
    if not call.route:
        return ()
    signed = call.signatures.filter(verdict="agree", void=False).order_by("pk").values_list("signer_ref", "on_behalf")
    return tuple(f"{signer} for {other}" if other else signer for signer, other in signed)


@dataclass(frozen=True, slots=True)
class Stored:
    """What waits with a call: what was asked for, what was given for it, and what stood there at the time."""

    payload: Payload
    offered: Offered
    before: Mapping[str, str]


def seal_payload(call: Call, stored: Stored) -> bytes:
    """What waits with a call as ciphertext under a key of the call's own, so that it can be destroyed with it."""
    asked = {
        "payload": stored.payload.model_dump(mode="json"), "reason": stored.offered.reason,
        "evidence": list(stored.offered.evidence), "form": dict(stored.offered.form),
        "confirmed": stored.offered.confirmed, "at_us": stored.offered.at_us, "before": dict(stored.before),
    }  # fmt: skip
    key = subjects.create([_key_ref(call)])[0]
    return cipher.seal(key, canonical_json(asked), cipher.aad("governance_call", call.pk, "payload_ct"))


def open_payload(call: Call, op: Operation[Any, Any]) -> Stored:
    """What waits with a call, brought up to the payload's present version. Raises Refused(void) once it is gone."""
    sealed = bytes(call.payload_ct)
    ring = cipher.key_id_of(sealed) if sealed else 0
    key = keyring.data_key("calls", ring)[1] if ring else subjects.get([_key_ref(call)])[_key_ref(call)]
    if not sealed or key is None:
        raise Refused("void", detail=N_("What was asked for is not kept any more."))
    stored = orjson.loads(cipher.open_sealed(key, sealed, cipher.aad("governance_call", call.pk, "payload_ct")))
    raw = stored["payload"]
    while (step := op.upgrade.get(raw.get("v", 1))) is not None:
        raw = step(raw)
    offered = Offered(
        stored["reason"], tuple(stored["evidence"]), stored.get("form", {}), stored.get("confirmed", False),
        stored.get("at_us", call.created_us),
    )  # fmt: skip
    return Stored(op.payload.model_validate(raw), offered, stored.get("before", {}))


def forget_payload(call: Call) -> None:
    """Destroy what waited with a call; its digest stays."""
    call.payload_ct = b""
    subjects.destroy(_key_ref(call))


def applicant_of(call: Call) -> Actor | None:
    """Who asked, with the rights of this moment; None when they work here no more."""
    try:
        return staff_actor(call.actor_ref, f"job:{call.pk}")
    except Staff.DoesNotExist:
        return None


def _key_ref(call: Call) -> str:
    return f"call:{call.pk}"
