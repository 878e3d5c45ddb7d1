"""From a request to the gate and back: what a token may do, the idempotency key, and the answer to a deed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Schema, Status
from pydantic import Field

from kedang import ledger
from kedang.api.schemas import WithReason
from kedang.api.signing import Asking
from kedang.governance.gate import perform
from kedang.governance.models import PENDING_STATES, Call
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force

Key = Annotated[str, Header(alias="Idempotency-Key", max_length=128, default="")]


class Answer(Schema):
    """A deed: the call it is stored as, how it stands, on what, and what came of it."""

    call: int
    state: Annotated[str, Field(description="done, or how far it is: queued, running, waiting")]
    subject: str
    result: dict[str, Any] = {}


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    asking: Asking = request  # type: ignore[assignment]
    return asking.actor


def do(
    request: HttpRequest, op: str, subject: str, payload: Payload, *, reason: str = "", key: str = "",
    evidence: tuple[str, ...] = (), form: Mapping[str, Any] | None = None, confirmed: bool = False,
    asked: WithReason | None = None,
) -> Call:  # fmt: skip
    """Perform an operation as whoever asks, if the token they ask with may be used for it.

    `asked` is a body that carries reason, form and confirmation itself.
    """
    if asked is not None:
        reason, form, confirmed = asked.reason, asked.form, asked.confirmed
    by = actor_of(request)
    within_token(request, by, op, subject)
    return perform(
        op, by=by, subject=subject, payload=payload, reason=reason, evidence=evidence, key=key or None, form=form,
        confirmed=confirmed,
    )  # fmt: skip


def answer(call: Call, done: int = 200) -> Status[Answer]:
    """`done` when the deed is done, 202 while it is queued, running or waits for signatures."""
    state = 202 if call.state in PENDING_STATES else done
    result = call.outcome if isinstance(call.outcome, dict) else {}
    return Status(state, Answer(call=call.pk, state=call.state, subject=call.subject, result=result))


def known_only(sent: Iterable[str], schema: type[Schema]) -> None:
    """Refuse names the schema does not have: ignoring a misspelt one would widen what is asked."""
    if unknown := sorted(set(sent) - set(schema.model_fields)):
        raise Refused("invalid", missing=unknown, detail=N_("There is no field of this name here."))


def require_reads(request: HttpRequest, kind: str, op: str) -> Actor:
    """The actor, whose roles must be allowed to look at this kind of thing; else denied by the article of `op`."""
    by = actor_of(request)
    if kind not in by.reads:
        rule = in_force().operations.get(op)
        articles = (rule.article,) if rule and rule.article else ()
        raise Refused("denied", articles=articles, detail=N_("Your roles do not allow you to look at this."))
    return by


def within_token(request: HttpRequest, by: Actor, op: str, subject: str) -> None:
    """Refuse, on record, an operation that the token in use does not list."""
    allowed: frozenset[str] = getattr(request, "token_ops", frozenset())
    if allowed and op not in allowed:
        no = Refused("denied", detail=N_("This token may not be used for this operation."))
        ledger.append_refusal(op, by, subject, no, pack_version=in_force().version)
        raise no
