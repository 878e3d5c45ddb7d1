"""The records and contacts of a customer: contracts, transactions, interactions, complaints, credit, needs, people."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only
from kedang.api.schemas import Cursor, Strict, Values, WithReason
from kedang.customers import present, selectors
from kedang.customers.browsing import MOST
from kedang.customers.contacts import present as contacts_present
from kedang.customers.contacts import selectors as contacts_selectors
from kedang.customers.contacts.payloads import AddContact, AmendContact, LeadContact, RemoveContact
from kedang.customers.contacts.selectors import contact_subject
from kedang.customers.origin_payloads import OriginIn
from kedang.customers.present import ShownContact, ShownRecord, ShownValue
from kedang.customers.records import present as records_present
from kedang.customers.records import selectors as records_selectors
from kedang.customers.records.payloads import AddRecord, AmendRecord, RemoveRecord
from kedang.customers.records.selectors import record_subject
from kedang.kernel import clock

router = Router(tags=["customers"])


class Paged(Strict):
    """One page at a time."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Cursor = None


class Record(Schema):
    """A record as this person may see it. `masked` names the values that are not shown in full."""

    subject: Annotated[str, Field(description="as operations name it: record:CODE/contract/3")]
    module: str
    no: int
    day: str
    amount_fen: int | None
    status: str
    values: dict[str, str]
    masked: list[str]
    by: str
    created: str
    updated: str


class Records(Schema):
    """One page, latest day first; total and amount are of all that stand."""

    items: list[Record]
    total: int
    amount_fen: int
    cursor: str | None


class Contact(Schema):
    """A contact as this person may see it. `masked` names the values that are not shown in full."""

    id: int
    subject: Annotated[str, Field(description="as operations name it: contact:CODE/7")]
    main: bool
    values: dict[str, str]
    masked: list[str]


class Contacts(Schema):
    """The contacts of a customer, the main one first."""

    items: list[Contact]


class AfterContact(Strict):
    """One page at a time: `after` is the id the page before ended with."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = MOST
    after: Annotated[int, Field(ge=0)] = 0


class Writing(WithReason):
    """Values by field key, as people write them, and where they come from."""

    values: Values
    confirm: bool = False
    origin: OriginIn | None = None


class Changing(Writing):
    """Values to change; with `base_version`, the dossier's version on your screen, what changed since is stale."""

    base_version: Annotated[int, Field(ge=0)] = 0


@router.get("/{code}/records/{module}", response=Records, url_name="customer_records")
def list_records(request: HttpRequest, code: str, module: str, asked: Query[Paged]) -> Records:
    """The records of one part of a dossier, latest day first."""
    known_only(request.GET, Paged)
    by = actor_of(request)
    row = selectors.dossier_by_code(by, code)
    page = present.records(by, row, module, after=asked.cursor, limit=asked.limit)
    return Records(
        items=[_record(each) for each in page.rows], total=page.tally.count, amount_fen=page.tally.amount_fen,
        cursor=page.next,
    )  # fmt: skip


@router.post("/{code}/records/{module}", response={201: Answer, 202: Answer}, url_name="customer_records_add")
def add_record(
    request: HttpRequest, response: HttpResponse, code: str, module: str, asked: Writing, idempotency_key: Key = ""
) -> Status[Answer]:
    """Add a record."""
    payload = AddRecord(module=_word(module), values=asked.values, confirm=asked.confirm, origin=asked.origin)
    call = do(request, "record.add", f"dossier:{code}", payload, asked=asked, key=idempotency_key)
    if call.state == "done":
        response["Location"] = f"{request.path.rstrip('/')}/{call.outcome['no']}"
    return answer(call, 201)


@router.get("/{code}/records/{module}/{no}", response=Record, url_name="customer_record")
def get_record(request: HttpRequest, code: str, module: str, no: int) -> Record:
    """One record, masked as this person may see it."""
    by = actor_of(request)
    return _record(records_present.record(by, records_selectors.held(by, _subject(code, module, no))))


@router.patch("/{code}/records/{module}/{no}", response={200: Answer, 202: Answer}, url_name="customer_record_amend")
def amend_record(
    request: HttpRequest, code: str, module: str, no: int, asked: Changing, idempotency_key: Key = ""
) -> Status[Answer]:
    """Change values of a record, or take it a step further in its life."""
    payload = AmendRecord(
        values=asked.values, base_version=asked.base_version, confirm=asked.confirm, origin=asked.origin
    )
    return answer(do(request, "record.amend", _subject(code, module, no), payload, asked=asked, key=idempotency_key))


@router.delete("/{code}/records/{module}/{no}", response={200: Answer, 202: Answer}, url_name="customer_record_remove")
def remove_record(
    request: HttpRequest, code: str, module: str, no: int, asked: WithReason, idempotency_key: Key = ""
) -> Status[Answer]:
    """Take a record out; it stays in the history."""
    subject = _subject(code, module, no)
    return answer(do(request, "record.remove", subject, RemoveRecord(), asked=asked, key=idempotency_key))


@router.get("/{code}/contacts", response=Contacts, url_name="customer_contacts")
def list_contacts(request: HttpRequest, code: str, asked: Query[AfterContact]) -> Contacts:
    """The contacts of a customer, the main one first."""
    known_only(request.GET, AfterContact)
    by = actor_of(request)
    row = selectors.dossier_by_code(by, code)
    found = present.contacts(by, row, after=asked.after, limit=asked.limit)
    return Contacts(items=[_contact(each) for each in found])


@router.post("/{code}/contacts", response={201: Answer, 202: Answer}, url_name="customer_contacts_add")
def add_contact(
    request: HttpRequest, response: HttpResponse, code: str, asked: Writing, idempotency_key: Key = ""
) -> Status[Answer]:
    """Add a contact; the first is the main one."""
    payload = AddContact(values=asked.values, confirm=asked.confirm, origin=asked.origin)
    call = do(request, "contact.add", f"dossier:{code}", payload, asked=asked, key=idempotency_key)
    if call.state == "done":
        response["Location"] = f"{request.path.rstrip('/')}/{call.outcome['id']}"
    return answer(call, 201)


@router.get("/{code}/contacts/{contact}", response=Contact, url_name="customer_contact")
def get_contact(request: HttpRequest, code: str, contact: int) -> Contact:
    """One contact, masked as this person may see it."""
    by = actor_of(request)
    held = contacts_selectors.held(by, contact_subject(code, contact))
    return _contact(contacts_present.contact(by, held))


@router.patch("/{code}/contacts/{contact}", response={200: Answer, 202: Answer}, url_name="customer_contact_amend")
def amend_contact(
    request: HttpRequest, code: str, contact: int, asked: Changing, idempotency_key: Key = ""
) -> Status[Answer]:
    """Change values of a contact."""
    payload = AmendContact(
        values=asked.values, base_version=asked.base_version, confirm=asked.confirm, origin=asked.origin
    )
    subject = contact_subject(code, contact)
    return answer(do(request, "contact.amend", subject, payload, asked=asked, key=idempotency_key))


@router.delete("/{code}/contacts/{contact}", response={200: Answer, 202: Answer}, url_name="customer_contact_remove")
def remove_contact(
    request: HttpRequest, code: str, contact: int, asked: WithReason, idempotency_key: Key = ""
) -> Status[Answer]:
    """Take a contact out; what was known stays in the history."""
    subject = contact_subject(code, contact)
    return answer(do(request, "contact.remove", subject, RemoveContact(), asked=asked, key=idempotency_key))


@router.post("/{code}/contacts/{contact}/lead", response={200: Answer, 202: Answer}, url_name="customer_contact_lead")
def lead_contact(
    request: HttpRequest, code: str, contact: int, asked: WithReason, idempotency_key: Key = ""
) -> Status[Answer]:
    """Make a contact the main one."""
    subject = contact_subject(code, contact)
    return answer(do(request, "contact.lead", subject, LeadContact(), asked=asked, key=idempotency_key))


def _subject(code: str, module: str, no: int) -> str:
    return record_subject(code, module, no)


def _word(module: str) -> str:
    """A module as written into the address; one that cannot be any is asked for as what there is none of."""
    return module if module.isascii() and module.isalpha() and module.islower() and len(module) <= 16 else "unknown"


def _record(shown: ShownRecord) -> Record:
    return Record(
        subject=shown.ref, module=shown.module, no=shown.no, day=shown.day, amount_fen=shown.amount_fen,
        status=shown.status, by=shown.by, created=_iso(shown.created_us), updated=_iso(shown.updated_us),
        **_values(shown.values),
    )  # fmt: skip


def _contact(shown: ShownContact) -> Contact:
    return Contact(id=shown.id, subject=shown.ref, main=shown.is_main, **_values(shown.values))


def _values(shown: Any) -> dict[str, Any]:
    found: dict[str, ShownValue] = dict(shown)
    return {
        "values": {key: value.text for key, value in found.items() if value.text},
        "masked": sorted(key for key, value in found.items() if value.masked),
    }


def _iso(us: int) -> str:
    return clock.from_us(us).isoformat()
