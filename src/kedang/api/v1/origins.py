"""Where the values of a customer come from, the checks of them, and what persons agreed to."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from kedang.api.doing import Answer, Key, actor_of, answer, do
from kedang.api.schemas import WithReason
from kedang.customers import provenance, selectors
from kedang.customers.origin_payloads import Digest, GiveConsent, SlotName, VerifyValue, WithdrawConsent
from kedang.customers.provenance import ShownConsent, ShownOrigin
from kedang.kernel import clock
from kedang.kernel.errors import NotVisible

router = Router(tags=["customers"])
Short = Annotated[str, Field(max_length=64)]
Day = Annotated[str, Field(max_length=32, description="a day as people write it")]


class OriginOf(Schema):
    """Where one value comes from, and the last check of this very value; what nobody said is empty."""

    field: str
    text: str
    masked: bool
    source: str
    basis: str
    purpose: str
    learned: str | None
    entered: str | None
    days: Annotated[int | None, Field(description="from learning to entering")]
    due: Annotated[str | None, Field(description="the last instant in time by the regulation")]
    late: bool
    supplier: str
    supplied_by: str
    entered_by: str
    evidence: str
    verdict: Annotated[str, Field(description="right, wrong, missing, outdated; empty: not checked since it stands")]
    method: str
    document: str
    checked: str | None
    checked_by: str
    must_be_checked: bool
    consent: Annotated[str, Field(description="in_force, or what stands in place of the value; empty: none needed")]


class ConsentOf(Schema):
    """A consent: whose, to what, and whether it stands."""

    id: int
    person: Annotated[str, Field(description="as operations name it: contact:CODE/7, or dossier:CODE")]
    name: str
    purpose: str
    title: str
    state: Annotated[str, Field(description="in_force, withdrawn or expired")]
    method: str
    evidence: str
    given: str
    until: str | None
    withdrawn: str | None
    by: str
    told_as_today: bool


class Origins(Schema):
    """All of it; `withheld` names the values that are shown to nobody."""

    items: list[OriginOf]
    consents: list[ConsentOf]
    withheld: list[str]


class Verify(WithReason):
    """Values that were compared with an original or an official source."""

    fields: Annotated[list[SlotName], Field(min_length=1, max_length=100)]
    method: Annotated[str, Field(min_length=1, max_length=64)]
    document: Annotated[str, Field(max_length=200)] = ""
    verdict: Literal["right", "wrong", "missing", "outdated"] = "right"
    on: Day = ""
    base_version: Annotated[int, Field(ge=0)] = 0


class Give(WithReason):
    """A person of this customer agreed to a purpose. `contact` 0: the customer, being a natural person."""

    contact: Annotated[int, Field(ge=0)] = 0
    purpose: Annotated[str, Field(min_length=1, max_length=64)]
    method: Annotated[str, Field(min_length=1, max_length=64)]
    evidence: Annotated[str, Field(max_length=200)] = ""
    given_on: Day = ""
    until: Day = ""
    text_digest: Digest = ""


class Withdraw(WithReason):
    """A person took it back."""

    contact: Annotated[int, Field(ge=0)] = 0
    purpose: Annotated[str, Field(min_length=1, max_length=64)]


@router.get("/{code}/origins", response=Origins, url_name="customer_origins")
def origins(request: HttpRequest, code: str) -> Origins:
    """Where every value of the dossier and its main contact comes from, and what its persons agreed to."""
    by = actor_of(request)
    shown = provenance.origins_of(by, selectors.dossier_by_code(by, code))
    return Origins(
        items=[_origin(each) for each in shown.values], consents=[_consent(each) for each in shown.consents],
        withheld=list(shown.withheld),
    )  # fmt: skip


@router.post("/{code}/verify", response={200: Answer, 202: Answer}, url_name="customer_verify")
def verify(request: HttpRequest, code: str, asked: Verify, idempotency_key: Key = "") -> Status[Answer]:
    """Record that values were compared; a later change of one leaves it unchecked."""
    payload = VerifyValue(
        fields=tuple(asked.fields), method=asked.method, document=asked.document, verdict=asked.verdict, on=asked.on,
        base_version=asked.base_version,
    )  # fmt: skip
    return answer(do(request, "customer.verify", f"dossier:{code}", payload, asked=asked, key=idempotency_key))


@router.post("/{code}/consents", response={200: Answer, 202: Answer}, url_name="consent_give")
def give(request: HttpRequest, code: str, asked: Give, idempotency_key: Key = "") -> Status[Answer]:
    """Record that a person agreed to a purpose."""
    payload = GiveConsent(
        purpose=asked.purpose, method=asked.method, evidence=asked.evidence, given_on=asked.given_on,
        until=asked.until, text_digest=asked.text_digest,
    )  # fmt: skip
    subject = _person(code, asked.contact)
    return answer(do(request, "consent.give", subject, payload, asked=asked, key=idempotency_key))


@router.post("/{code}/consents/withdraw", response={200: Answer, 202: Answer}, url_name="consent_withdraw")
def withdraw(request: HttpRequest, code: str, asked: Withdraw, idempotency_key: Key = "") -> Status[Answer]:
    """Record that a person took back what they agreed to; the values of the purpose are hidden from then on."""
    payload = WithdrawConsent(purpose=asked.purpose)
    subject = _person(code, asked.contact)
    return answer(do(request, "consent.withdraw", subject, payload, asked=asked, key=idempotency_key))


def _person(code: str, contact: int) -> str:
    if not code.isalnum():
        raise NotVisible(f"dossier:{code}")
    return f"contact:{code}/{contact}" if contact else f"dossier:{code}"


def _origin(shown: ShownOrigin) -> OriginOf:
    delay = shown.delay
    return OriginOf(
        field=shown.key, text=shown.value.text, masked=shown.value.masked, source=shown.mark.source, basis=shown.basis,
        purpose=shown.purpose, learned=_day(shown.learned_us), entered=_iso(shown.entered_us),
        days=delay.days if delay else None, due=_iso(delay.due_us) if delay else None,
        late=bool(delay and delay.late), supplier=shown.supplier, supplied_by=shown.supplied_by,
        entered_by=shown.entered_by, evidence=shown.evidence, verdict=shown.mark.verdict, method=shown.method,
        document=shown.document, checked=_day(shown.checked_us), checked_by=shown.checked_by,
        must_be_checked=shown.mark.wanted, consent=shown.consent,
    )  # fmt: skip


def _consent(shown: ShownConsent) -> ConsentOf:
    return ConsentOf(
        id=shown.id, person=shown.person.ref, name=shown.person.name, purpose=shown.purpose, title=shown.title,
        state=shown.state, method=shown.method, evidence=shown.evidence, given=_iso(shown.given_us) or "",
        until=_iso(shown.until_us), withdrawn=_iso(shown.withdrawn_us), by=shown.by_name, told_as_today=shown.told,
    )  # fmt: skip


def _iso(us: int) -> str | None:
    return clock.from_us(us).isoformat() if us else None


def _day(us: int) -> str | None:
    return clock.company_day(us).isoformat() if us else None
