"""Customers: list, dossier, deeds on it, its history, and who saw it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from kedang.api import schemas
from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only, require_reads
from kedang.api.v1.past import CustomerAsOf
from kedang.api.v1.past import as_of as past_of
from kedang.customers import payloads, present, selectors
from kedang.customers.browsing import Filters, browse
from kedang.customers.present import ShownDossier, ShownEvent, ShownLook, ShownRow
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

router = Router(tags=["customers"])
LOOKS_SHOWN = 200


@router.get("", response=schemas.CustomerPage, url_name="customers")
def list_customers(request: HttpRequest, asked: Query[schemas.CustomerFilter]) -> schemas.CustomerPage:
    """Customers this person may see, latest change first."""
    known_only(request.GET, schemas.CustomerFilter)
    by = actor_of(request)
    filters = Filters(asked.region, asked.industry, asked.kind, asked.state, asked.level, asked.unit, asked.owner)
    page = browse(by, asked.q, filters, limit=asked.limit, after=asked.cursor)
    shown = present.listed(by, page.rows, query=asked.q, kind="search" if asked.q.strip() else "list")
    return schemas.CustomerPage(
        items=[_row(each) for each in shown], total=page.total, total_exact=page.total_exact, cursor=page.next
    )


@router.post("", response={201: Answer, 202: Answer}, url_name="customers_open")
def open_customer(
    request: HttpRequest, response: HttpResponse, asked: schemas.OpenCustomer, idempotency_key: Key = ""
) -> Status[Answer]:
    """Open a dossier."""
    payload = payloads.OpenDossier(
        values=asked.values, unit=asked.unit, owner=asked.owner, confirm=asked.confirm, origin=asked.origin
    )  # fmt: skip
    call = do(request, "customer.open", "-", payload, asked=asked, key=idempotency_key)
    if call.state == "done":
        response["Location"] = f"{request.path.rstrip('/')}/{call.outcome['code']}"
    return answer(call, 201)


@router.get("/{code}", response=schemas.Customer | CustomerAsOf, url_name="customer")
def get_customer(request: HttpRequest, code: str, as_of: str = "") -> schemas.Customer | CustomerAsOf:
    """One dossier, masked as this person may see it; with `as_of` as it stood at the end of that day."""
    by = actor_of(request)
    if as_of:
        return past_of(request, code, as_of)
    return _dossier(present.opened(by, selectors.dossier_by_code(by, code)))


@router.patch("/{code}", response={200: Answer, 202: Answer}, url_name="customer_amend")
def amend_customer(
    request: HttpRequest, code: str, asked: schemas.AmendCustomer, idempotency_key: Key = ""
) -> Status[Answer]:
    """Change values."""
    payload = payloads.AmendDossier(
        values=asked.values, base_version=asked.base_version, confirm=asked.confirm, origin=asked.origin
    )  # fmt: skip
    return answer(do(request, "customer.amend", _ref(code), payload, asked=asked, key=idempotency_key))


@router.post("/{code}/reveal", response=schemas.Revealed, url_name="customer_reveal")
def reveal_value(
    request: HttpRequest, code: str, asked: schemas.RevealValue, idempotency_key: Key = ""
) -> schemas.Revealed:
    """Show a masked value in full, once and for a reason; it is recorded who asked and why."""
    payload = payloads.RevealField(field=asked.field, slot=asked.slot)
    call = do(request, "customer.reveal", _ref(code), payload, asked=asked, key=idempotency_key)
    if call.state != "done":
        detail = N_("The regulation wants this signed; your request is filed.")
        raise Refused("incomplete", missing=("signature",), detail=detail)
    by = actor_of(request)
    dossier = selectors.dossier_by_code(by, code)
    value = present.revealed(by, dossier, asked.field, call=call.pk, done_us=call.done_us, slot=asked.slot)
    return schemas.Revealed(call=call.pk, code=dossier.code, field=asked.field, value=value)


@router.post("/{code}/assign", response={200: Answer, 202: Answer}, url_name="customer_assign")
def assign_customer(
    request: HttpRequest, code: str, asked: schemas.AssignCustomer, idempotency_key: Key = ""
) -> Status[Answer]:
    """Give the dossier to another account manager or unit."""
    payload = payloads.AssignDossier(owner=asked.owner, unit=asked.unit, keep_until=asked.keep_until)
    return answer(do(request, "customer.assign", _ref(code), payload, asked=asked, key=idempotency_key))


@router.post("/{code}/file", response={200: Answer, 202: Answer}, url_name="customer_file")
def file_customer(
    request: HttpRequest, code: str, asked: schemas.WithReason, idempotency_key: Key = ""
) -> Status[Answer]:
    """File the dossier; it is read-only afterwards."""
    payload = payloads.FileDossier()
    return answer(do(request, "customer.file", _ref(code), payload, asked=asked, key=idempotency_key))


@router.get("/{code}/history", response=schemas.History, url_name="customer_history")
def history(request: HttpRequest, code: str, asked: Query[schemas.HistoryFilter]) -> schemas.History:
    """What happened to the dossier, newest first."""
    known_only(request.GET, schemas.HistoryFilter)
    by = actor_of(request)
    events = present.history(by, selectors.dossier_by_code(by, code), limit=asked.limit, before=asked.before)
    following = events[-1].entry if len(events) == asked.limit else None
    return schemas.History(items=[_event(each) for each in events], before=following)


@router.get("/{code}/looks", response=schemas.Looks, url_name="customer_looks")
def looks(request: HttpRequest, code: str) -> schemas.Looks:
    """Who saw the dossier, newest first; for those whose roles read compliance."""
    dossier = selectors.dossier_by_code(actor_of(request), code)
    by = require_reads(request, "compliance", "ledger.export")
    return schemas.Looks(items=[_look(each) for each in present.lookers(by, dossier, LOOKS_SHOWN)])


def _ref(code: str) -> str:
    return f"dossier:{code}"


def _row(row: ShownRow) -> schemas.CustomerRow:
    return schemas.CustomerRow(
        code=row.code, name=row.name, kind=row.kind, state=row.state, level=row.level, unit=row.unit, owner=row.owner,
        credit_code=row.values["credit_code"], region=row.values["region"], industry=row.values["industry"],
        updated=_iso(row.updated_us), warnings=row.warnings,
    )  # fmt: skip


def _dossier(shown: ShownDossier) -> schemas.Customer:
    return schemas.Customer(
        id=shown.id, code=shown.code, name=shown.name, kind=shown.kind, state=shown.state, level=shown.level,
        unit=shown.unit_code, owner=shown.owner_username, version=shown.version_no, created=_iso(shown.created_us),
        updated=_iso(shown.updated_us), filed=_iso(shown.filed_us) if shown.filed_us else None,
        values={key: value.text for key, value in shown.by_key.items() if value.text},
        masked=sorted(key for key, value in shown.by_key.items() if value.masked),
        warnings={key: list(value.warnings) for key, value in shown.by_key.items() if value.warnings},
    )  # fmt: skip


def _event(event: ShownEvent) -> schemas.Event:
    return schemas.Event(
        entry=event.entry, at=_iso(event.at_us), op=event.op, by=event.by, by_name=event.by_name, reason=event.reason,
        version=event.version, block=event.sealed_block,
        changes=[schemas.Change(field=c.key, title=c.title, before=c.before, after=c.after) for c in event.changes],
    )  # fmt: skip


def _look(look: ShownLook) -> schemas.Look:
    return schemas.Look(
        at=_iso(look.at_us), by=look.by, by_name=look.by_name, kind=look.kind, fields=list(look.fields),
        purpose=look.purpose,
    )  # fmt: skip


def _iso(us: int) -> str:
    return clock.from_us(us).isoformat()
