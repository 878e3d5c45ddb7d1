"""A dossier over time: an earlier day, the history of a value, restore, states, the recycle bin, a handover."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from kedang.api import schemas
from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only
from kedang.customers import lifecycle, present, removing, selectors
from kedang.customers.lifecycle import AdvanceDossier, Step
from kedang.customers.past import present as past
from kedang.customers.past.present import PastHolder, ShownPast, ShownStep
from kedang.customers.past.restoring import RestoreDossier
from kedang.customers.payloads import FieldKey
from kedang.customers.removing import RecoverDossier, RemoveDossier
from kedang.governance.handover import MOST, Code, HandOver
from kedang.governance.offered import HAND_OVER, RECOVER, REMOVE
from kedang.kernel import clock

router = Router(tags=["customers"])
Day = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


class PastHolderOut(Schema):
    """A contact or record as it was, and what of it is different today."""

    slot: str
    stood: bool
    stands: bool
    values: dict[str, str]
    today: dict[str, str]


class CustomerAsOf(Schema):
    """A dossier at the end of a day, masked as this person may see it; `today` has what is different now."""

    code: str
    as_of: str
    version: int
    state: str
    level: str
    unit: str
    owner: str
    in_bin: bool
    values: dict[str, str]
    masked: list[str]
    today: dict[str, str]
    contacts: list[PastHolderOut]
    records: list[PastHolderOut]
    records_same: int
    records_later: int


class ValueStep(Schema):
    """One change of one value."""

    version: int
    entry: int
    at: str
    op: str
    by: str
    by_name: str
    reason: str
    call: int
    signers: list[str]
    before: str
    after: str
    current: bool


class ValueHistory(Schema):
    """What happened to a value, newest first; `before` asks for the next page."""

    field: str
    title: str
    now: str
    items: list[ValueStep]
    before: int | None = None


class ValueAsked(Schema):
    """Which value, and from which version on back."""

    field: Annotated[str, Field(max_length=80)] = "name"
    before: Annotated[int | None, Field(ge=1)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = past.PAGE


class Restore(schemas.WithReason):
    """Fields (none: all that differ) as they stood at the end of a day, or after a version."""

    fields: Annotated[list[FieldKey], Field(max_length=64)] = []
    on: Day = ""
    version: Annotated[int, Field(ge=0)] = 0
    base_version: Annotated[int, Field(ge=0)] = 0
    confirm: bool = False


class ObstacleOut(Schema):
    """What is missing before a step: `record:<module>`, `field:<key>` or `idle:<module>`."""

    ref: str
    title: str
    more: int
    until: str
    article: str


class StepOut(Schema):
    """A state the dossier may be brought to; possible where nothing is missing."""

    to: str
    title: str
    missing: list[ObstacleOut]


class Steps(Schema):
    """The next steps in the life of a customer."""

    state: str
    retained_on: str
    items: list[StepOut]


class Advance(schemas.WithReason):
    """The next state; for a retained customer the day of conversion."""

    to: lifecycle.To
    on: Day = ""


class BinRow(Schema):
    """A dossier in the recycle bin."""

    code: str
    name: str
    unit: str
    removed: str
    by_name: str
    reason: str


class Bin(Schema):
    """What lies in the recycle bin, removed last first."""

    items: list[BinRow]


class HandOverMany(schemas.WithReason):
    """Dossiers by code, or all of a person's, to somebody else or another unit."""

    codes: Annotated[list[Code], Field(max_length=MOST)] = []
    of: str = ""
    owner: str = ""
    unit: str = ""
    keep_until: Day = ""


def as_of(request: HttpRequest, code: str, text: str) -> CustomerAsOf:
    """The dossier as it stood at the end of a day. Refused(invalid) for what is no day."""
    by = actor_of(request)
    return _past(past.as_of(by, selectors.dossier_by_code(by, code), past.day_of(text)))


@router.get("/{code}/value", response=ValueHistory, url_name="customer_value")
def value_history(request: HttpRequest, code: str, asked: Query[ValueAsked]) -> ValueHistory:
    """Who changed one value, when, why and by whose approval; newest first."""
    known_only(request.GET, ValueAsked)
    by = actor_of(request)
    row = selectors.dossier_by_code(by, code)
    shown = past.steps_of(by, row, asked.field, limit=asked.limit, before=asked.before)
    items = [_step(each) for each in shown.steps]
    return ValueHistory(field=shown.slot, title=shown.title, now=shown.now.text, items=items, before=shown.next)


@router.post("/{code}/restore", response={200: Answer, 202: Answer}, url_name="customer_restore")
def restore_customer(request: HttpRequest, code: str, asked: Restore, idempotency_key: Key = "") -> Status[Answer]:
    """Put earlier values back, as a new change."""
    payload = RestoreDossier(
        fields=tuple(asked.fields), on=asked.on, version=asked.version, base_version=asked.base_version,
        confirm=asked.confirm,
    )  # fmt: skip
    return answer(do(request, "customer.restore", _ref(code), payload, asked=asked, key=idempotency_key))


@router.get("/{code}/steps", response=Steps, url_name="customer_steps")
def next_steps(request: HttpRequest, code: str) -> Steps:
    """Where the dossier may go from its state, and what is missing before."""
    by = actor_of(request)
    row = selectors.dossier_by_code(by, code)
    present.opened(by, row)
    day = row.retained_on.isoformat() if row.retained_on else ""
    return Steps(state=row.standing, retained_on=day, items=[_next(each) for each in lifecycle.steps(row)])


@router.post("/{code}/advance", response={200: Answer, 202: Answer}, url_name="customer_advance")
def advance_customer(request: HttpRequest, code: str, asked: Advance, idempotency_key: Key = "") -> Status[Answer]:
    """Bring the dossier to another state."""
    payload = AdvanceDossier(to=asked.to, on=asked.on)
    return answer(do(request, lifecycle.NAME, _ref(code), payload, asked=asked, key=idempotency_key))


@router.post("/{code}/remove", response={200: Answer, 202: Answer}, url_name="customer_remove")
def remove_customer(
    request: HttpRequest, code: str, asked: schemas.WithReason, idempotency_key: Key = ""
) -> Status[Answer]:
    """Put the dossier into the recycle bin."""
    return answer(do(request, REMOVE, _ref(code), RemoveDossier(), asked=asked, key=idempotency_key))


@router.post("/{code}/recover", response={200: Answer, 202: Answer}, url_name="customer_recover")
def recover_customer(
    request: HttpRequest, code: str, asked: schemas.WithReason, idempotency_key: Key = ""
) -> Status[Answer]:
    """Put a dossier back out of the recycle bin."""
    return answer(do(request, RECOVER, _ref(code), RecoverDossier(), asked=asked, key=idempotency_key))


bins = Router(tags=["customers"])


@bins.get("/bin", response=Bin, url_name="bin")
def recycle_bin(request: HttpRequest) -> Bin:
    """What lies in the recycle bin, for those the regulation lets recover it."""
    by = actor_of(request)
    removing.require_may_recover(by)
    rows = removing.page(by, None, 200)
    shown, why = present.listed(by, rows), removing.removals(rows)
    return Bin(
        items=[
            BinRow(
                code=each.code, name=each.name, unit=each.unit, removed=_iso(row.removed_us),
                by_name=why[row.pk].by_name, reason=why[row.pk].reason,
            )
            for each, row in zip(shown, rows, strict=True)
        ]
    )  # fmt: skip


@bins.post("/hand-over", response={200: Answer, 202: Answer}, url_name="hand_over")
def hand_over(request: HttpRequest, asked: HandOverMany, idempotency_key: Key = "") -> Status[Answer]:
    """Hand many dossiers over; the worker does it, `GET /requests/{number}` says how far it is."""
    payload = HandOver(
        codes=tuple(asked.codes), of=asked.of, owner=asked.owner, unit=asked.unit, keep_until=asked.keep_until
    )
    return answer(do(request, HAND_OVER, "-", payload, asked=asked, key=idempotency_key))


def _ref(code: str) -> str:
    return f"dossier:{code}"


def _past(shown: ShownPast) -> CustomerAsOf:
    found = shown.by_key
    return CustomerAsOf(
        code=shown.today.code, as_of=shown.day.isoformat(), version=shown.version, state=shown.state,
        level=shown.level, unit=shown.unit, owner=shown.owner, in_bin=shown.in_bin,
        values={key: value.was.text for key, value in found.items() if value.was.text},
        masked=sorted(key for key, value in found.items() if value.was.masked),
        today={key: value.now.text for key, value in found.items() if value.differs},
        contacts=[_holder(each) for each in shown.contacts], records=[_holder(each) for each in shown.records],
        records_same=shown.records_same, records_later=shown.records_later,
    )  # fmt: skip


def _holder(shown: PastHolder) -> PastHolderOut:
    return PastHolderOut(
        slot=shown.slot, stood=shown.then, stands=shown.today,
        values={value.was.key: value.was.text for value in shown.values if value.was.text},
        today={value.was.key: value.now.text for value in shown.values if value.differs},
    )  # fmt: skip


def _step(step: ShownStep) -> ValueStep:
    return ValueStep(
        version=step.version, entry=step.entry, at=_iso(step.at_us), op=step.op, by=step.by, by_name=step.by_name,
        reason=step.reason, call=step.call, signers=list(step.signers), before=step.before.text, after=step.after.text,
        current=step.current,
    )  # fmt: skip


def _next(step: Step) -> StepOut:
    missing = [
        ObstacleOut(
            ref=each.ref, title=each.title, more=each.more, until=each.until.isoformat() if each.until else "",
            article=each.article,
        )
        for each in step.obstacles
    ]  # fmt: skip
    return StepOut(to=step.to, title=step.title, missing=missing)


def _iso(us: int) -> str:
    return clock.from_us(us).isoformat()
