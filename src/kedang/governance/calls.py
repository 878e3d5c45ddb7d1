"""What a call is made of: its digest, its deed, its sealed payload, its run and its evidence."""

from __future__ import annotations

import hmac
from typing import Any

import orjson

from kedang import ledger
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Operation, Outcome, Payload
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.packing import canonical_json
from kedang.packs.decide import Given, decide
from kedang.packs.schema import Pack
from kedang.vault import cipher, keyring

DIGEST_KEY = 1
"""The key of the ring `calls` that digests are made with, whatever key seals payloads today."""


def digest_of(name: str, subject: str, payload: Payload, given: Given) -> str:
    """What a call asked for, in 64 hex digits. Keyed: a payload may be one telephone number, soon guessed."""
    asked = {
        "op": name, "subject": subject, "payload": payload.model_dump(mode="json"), "reason": given.reason,
        "evidence": list(given.evidence),
    }  # fmt: skip
    return hmac.digest(keyring.data_key("calls", DIGEST_KEY)[1], canonical_json(asked), "sha256").hex()


def execute(call: Call, op: Operation[Any, Any], target: Any, payload: Payload, deed: Deed) -> Outcome:
    """Run the service and write its evidence; inside the caller's transaction."""
    out = op.run(deed, target, payload)
    subject = out.subject or call.subject
    ledger.append(
        deed, op.name, subject=subject, body=body_of(deed, out), values=out.values, versions=out.versions,
        n_rows=len(out.versions),
    )  # fmt: skip
    call.subject = subject
    call.result = canonical_json(out.result).decode()
    call.state, call.done_us = "done", deed.at_us
    call.save()
    return out


def body_of(deed: Deed, out: Outcome) -> dict[str, Any]:
    """The body of a ledger entry: what the service says, and why it was done."""
    extra: dict[str, Any] = {"reason": deed.reason} if deed.reason else {}
    if deed.evidence:
        extra["evidence"] = list(deed.evidence)
    return extra | dict(out.body)


def deed_of(call: Call, by: Actor, pack: Pack, given: Given) -> Deed:
    """The context a service gets for a call."""
    return Deed(
        call=call.pk, op=call.op, actor=by, at_us=clock.now_us(), pack_version=pack.version, subject=call.subject,
        reason=given.reason, evidence=given.evidence, cause=call.cause,
    )  # fmt: skip


def allowed_or_refused(pack: Pack, op: Operation[Any, Any], by: Actor, facts: Any, given: Given) -> None:
    """Ask the pack; raise the refusal it gives. A rule that wants signatures is refused as unavailable."""
    decision = decide(pack, op.name, by, facts, given)
    if not decision.allow:
        raise Refused("denied", articles=decision.articles, detail=decision.detail)
    if decision.missing:
        raise Refused("incomplete", articles=decision.articles, missing=decision.missing, detail=decision.detail)
    if decision.steps:
        raise Refused(
            "signature_unavailable", articles=decision.articles,
            detail=N_("The regulation asks for signatures here, and signing is not available yet."),
        )  # fmt: skip


def seal_payload(call: Call, payload: Payload, given: Given) -> bytes:
    """The payload of an open call, with what was given for it, as ciphertext bound to the call."""
    key_id, key = keyring.data_key("calls")
    asked = {
        "payload": payload.model_dump(mode="json"), "reason": given.reason, "evidence": list(given.evidence),
    }  # fmt: skip
    return cipher.seal(key, canonical_json(asked), cipher.aad("governance_call", call.pk, "payload_ct"), key_id)


def open_payload(call: Call, op: Operation[Any, Any]) -> tuple[Payload, Given]:
    """The payload of an open call, brought up to the payload's present version, and what was given for it."""
    sealed = bytes(call.payload_ct)
    key = keyring.data_key("calls", cipher.key_id_of(sealed))[1]
    stored = orjson.loads(cipher.open_sealed(key, sealed, cipher.aad("governance_call", call.pk, "payload_ct")))
    raw = stored["payload"]
    while (step := op.upgrade.get(raw.get("v", 1))) is not None:
        raw = step(raw)
    return op.payload.model_validate(raw), Given(stored["reason"], tuple(stored["evidence"]))
