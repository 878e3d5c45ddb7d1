"""Requests: what waits for whose signature; signing, sending back, taking back, asking one more."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from kedang.api import cursors
from kedang.api.doing import Key, actor_of, known_only, within_token
from kedang.api.schemas import Cursor, Strict
from kedang.governance.flows import present, selectors
from kedang.governance.flows.present import ShownRequest, ShownSignature, ShownStep
from kedang.governance.flows.signing import add_signer, sign, withdraw
from kedang.governance.registry import title_of
from kedang.kernel import clock
from kedang.kernel.deeds import Line
from kedang.packs import in_force

router = Router(tags=["requests"])
Comment = Annotated[str, Field(max_length=500)]


class RequestFilter(Strict):
    """`waiting`: those this person may sign now; `mine`: those they asked for and wait for; else all of concern."""

    which: Literal["all", "waiting", "mine"] = "all"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor = None


class RequestRow(Schema):
    """A request as one line of a list."""

    request: int
    operation: str
    title: str
    subject: str
    state: str
    applicant: str
    created: str


class RequestPage(Schema):
    """One page, newest first."""

    items: list[RequestRow]
    cursor: str | None


class Difference(Schema):
    """What stood there, what is asked for, and what stands there meanwhile where that differs."""

    field: str
    title: str
    before: str
    after: str
    now: str


class SignatureShown(Schema):
    """A signature as it stands under a request."""

    signer: str
    on_behalf: str
    verdict: str
    comment: str
    at: str
    void: bool


class StepShown(Schema):
    """A step, whom it asks, and what they said."""

    no: int
    title: str
    kind: str
    parties: list[str]
    asked: list[str]
    present: bool
    done: bool
    stuck: bool
    signatures: list[SignatureShown]


class Request(Schema):
    """A request with everything that will happen. `saw` goes back with the signature."""

    request: int
    operation: str
    title: str
    subject: str
    state: str
    error: str
    applicant: str
    created: str
    due: str | None
    reason: str
    evidence: list[str]
    lines: list[Difference]
    items: list[Difference]
    steps: list[StepShown]
    articles: list[str]
    regulation: str
    stale: bool
    may_sign: bool
    saw: str
    checklist: dict[str, str]
    result: dict[str, Any]


class Verdict(Strict):
    """A signature: `saw` is what the request carried when it was read; `to_step` only with `return`."""

    verdict: Literal["agree", "refuse", "return"]
    saw: Annotated[str, Field(max_length=64)]
    comment: Comment = ""
    ticked: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)] = []
    evidence: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)] = []
    to_step: Annotated[int | None, Field(ge=0, le=100)] = None


class Withdrawal(Strict):
    """Why it is taken back."""

    reason: Comment = ""


class ExtraSigner(Strict):
    """Whom to ask besides, before oneself or after."""

    signer: Annotated[str, Field(max_length=64)]
    before: bool = True
    reason: Comment = ""


@router.get("", response=RequestPage, url_name="requests")
def requests(request: HttpRequest, asked: Query[RequestFilter]) -> RequestPage:
    """Requests of concern to this person."""
    known_only(request.GET, RequestFilter)
    by = actor_of(request)
    found = {
        "all": selectors.requests_of, "waiting": selectors.waiting_for, "mine": selectors.asked_by
    }[asked.which](by).order_by("-pk")  # fmt: skip
    if after := cursors.number_of(asked.cursor):
        found = found.filter(pk__lt=after)
    rows = list(found[: asked.limit + 1])
    more = cursors.word_of(rows[asked.limit - 1].pk) if len(rows) > asked.limit else None
    pack = in_force()
    return RequestPage(
        items=[
            RequestRow(
                request=call.pk, operation=call.op, title=gettext(title_of(pack, call.op)), subject=call.subject,
                state=call.state, applicant=call.actor_ref, created=_iso(call.created_us),
            )
            for call in rows[: asked.limit]
        ],
        cursor=more,
    )  # fmt: skip


@router.get("/{number}", response=Request, url_name="request")
def request_shown(request: HttpRequest, number: int) -> Request:
    """One request, as this person may see it."""
    by = actor_of(request)
    return _shown(present.shown(by, selectors.call_for(by, number)))


@router.post("/{number}/sign", response=Request, url_name="request_sign")
def request_sign(request: HttpRequest, number: int, asked: Verdict, idempotency_key: Key = "") -> Request:
    """Sign, refuse or send back."""
    by = actor_of(request)
    call = selectors.call_for(by, number)
    within_token(request, by, "request.sign", call.subject)
    sign(
        call.pk, by=by, verdict=asked.verdict, saw=asked.saw, comment=asked.comment, ticked=asked.ticked,
        evidence=asked.evidence, to_step=asked.to_step, key=idempotency_key,
    )  # fmt: skip
    return request_shown(request, number)


@router.post("/{number}/withdraw", response=Request, url_name="request_withdraw")
def request_withdraw(request: HttpRequest, number: int, asked: Withdrawal, idempotency_key: Key = "") -> Request:
    """Take one's own request back."""
    by = actor_of(request)
    call = selectors.call_for(by, number)
    within_token(request, by, "request.withdraw", call.subject)
    withdraw(call.pk, by=by, reason=asked.reason, key=idempotency_key)
    return request_shown(request, number)


@router.post("/{number}/signers", response=Request, url_name="request_signers")
def request_signers(request: HttpRequest, number: int, asked: ExtraSigner, idempotency_key: Key = "") -> Request:
    """Ask one more person to sign."""
    by = actor_of(request)
    call = selectors.call_for(by, number)
    within_token(request, by, "request.add_signer", call.subject)
    add_signer(call.pk, by=by, signer=asked.signer, before=asked.before, reason=asked.reason, key=idempotency_key)
    return request_shown(request, number)


def _shown(page: ShownRequest) -> Request:
    return Request(
        request=page.id, operation=page.op, title=gettext(page.title), subject=page.subject, state=page.state,
        error=page.error, applicant=page.applicant, created=_iso(page.created_us),
        due=_iso(page.due_us) if page.due_us else None, reason=page.reason, evidence=list(page.evidence),
        lines=[_line(each) for each in page.lines], items=[_line(each) for each in page.items],
        steps=[_step(each) for each in page.steps], articles=list(page.articles), regulation=page.pack_version,
        stale=page.stale, may_sign=page.may_sign, saw=page.saw, checklist=dict(page.checklist),
        result=dict(page.result),
    )  # fmt: skip


def _line(line: Line) -> Difference:
    return Difference(
        field=line.field, title=gettext(line.title), before=line.before, after=line.after, now=line.now
    )  # fmt: skip


def _step(step: ShownStep) -> StepShown:
    return StepShown(
        no=step.no, title=step.title, kind=step.kind, parties=list(step.parties), asked=list(step.asked),
        present=step.present, done=step.done, stuck=step.stuck,
        signatures=[_signature(each) for each in step.signatures],
    )  # fmt: skip


def _signature(each: ShownSignature) -> SignatureShown:
    return SignatureShown(
        signer=each.signer, on_behalf=each.on_behalf, verdict=each.verdict, comment=each.comment, at=_iso(each.at_us),
        void=each.void,
    )  # fmt: skip


def _iso(us: int) -> str:
    return clock.from_us(us).isoformat()
