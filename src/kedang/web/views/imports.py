"""The import wizard: a file is read, its columns confirmed, its rows checked, then taken in; each step can be left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from kedang.customers.origin_payloads import OriginIn
from kedang.files import storage
from kedang.files.models import Blob
from kedang.files.storage import BlobSource, TooLarge
from kedang.governance import imports as bringing
from kedang.governance import selectors as calls
from kedang.governance.gate import perform
from kedang.governance.models import Call
from kedang.intake import errors_book, items, present, reading, selectors, states
from kedang.intake.models import KINDS, Batch
from kedang.intake.payloads import CommitBatch, StageFile, UndoBatch
from kedang.intake.readers import Unreadable
from kedang.intake.reading import Inspected
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.web import deeds
from kedang.web.asking import Asking, is_partial
from kedang.web.building import answers, origins
from kedang.web.building import batch as shown
from kedang.web.environment import query
from kedang.web.forms import Posted
from kedang.web.middleware import background
from kedang.web.pages.imports import BatchesPage, CheckPage, ResultPage, UploadForm
from kedang.web.pages.parts import FindingShown, Option, Pager
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files

MENDABLE = ("invalid", "incomplete", "claimed", "stale")
PAGE = 50
LISTED = ("rejected", "duplicate")


@touches_customer()
@require_safe
def batches(request: Asking) -> HttpResponse:
    """Imports of one's own and of the units one looks after, newest first."""
    after = _number(request.GET.get("after", ""))
    rows = selectors.batches_for(request.actor)
    found = list((rows.filter(pk__lt=after) if after else rows)[: PAGE + 1])
    page = BatchesPage(
        rows=shown.listed(request.actor, found[:PAGE]),
        pager=Pager(
            before=query(request) if after else "",
            after=query(request, after=found[PAGE - 1].pk) if len(found) > PAGE else "",
        ),
        may_import=deeds.may(request.actor, "import.stage", deeds.NEW),
    )
    return render(request, "imports/list.html", {"page": page})


@touches_customer(op="import.stage")
@require_http_methods(["GET", "POST"])
def new(request: Asking) -> HttpResponse:
    """Take a file, look into it, and keep it as a batch that has done nothing yet."""
    deeds.require(request.actor, "import.stage", deeds.NEW)
    sent = request.FILES.get("file")
    if request.method == "GET" or sent is None or sent.file is None:
        wrong = gettext("Choose a file first.") if request.method == "POST" else ""
        return _upload(request, wrong)
    try:
        blob = storage.put(cast(BinaryIO, sent.file), sent.name or "", request.actor.id)
    except TooLarge as large:
        return _upload(request, gettext(large.sentence) % large.params)
    try:
        found = reading.inspect(BlobSource(blob))
    except Unreadable as unreadable:
        storage.remove(blob)
        return _upload(request, unreadable.text(gettext))
    call = perform("import.stage", by=request.actor, subject="-", payload=_as_found(found, blob))
    return redirect("import_mapping", batch=call.outcome["batch"])


def _upload(request: Asking, wrong: str) -> HttpResponse:
    problems = [FindingShown("error", wrong)] if wrong else []
    page = UploadForm(settings.UPLOAD_MAX_MB, problems)
    return render(request, "imports/upload.html", {"page": page}, status=422 if wrong else 200)


def _as_found(found: Inspected, blob: Blob | None = None, **rest: Any) -> StageFile:
    """The payload that reads the file as it was understood; certain only where nothing is a guess."""
    return StageFile(
        blob=blob.pk if blob else 0,
        sheet=found.sheet,
        header_row=found.layout.header_row,
        titles=found.cells,
        columns=found.columns,
        certain=found.mapping.certain,
        **rest,
    )


@touches_customer(subject="batch")
@require_safe
def batch(request: Asking, batch: int) -> HttpResponse:
    """Wherever the import stands: running, to be confirmed, checked, or ended."""
    row = selectors.batch_by_ref(request.actor, str(batch))
    call = calls.open_call(request.actor, row.ref)
    if call is not None:
        return render(request, "imports/progress.html", {"page": shown.progress(request.actor, row, call)})
    if row.by_ref != request.actor.id:
        return _result(request, row, None)
    if row.state == "staged" and not _failed(request, row):
        return redirect("import_mapping", batch=row.pk)
    return _check(request, row) if row.state == "planned" else _result(request, row, _failed(request, row))


def _failed(request: Asking, row: Batch) -> Call | None:
    """The last call on the batch, where it ended badly."""
    last = calls.last_call(request.actor, row.ref)
    return last if last is not None and last.state in ("failed", "denied", "cancelled") else None


@touches_customer(op="import.stage", subject="batch")
@require_http_methods(["GET", "POST"])
def mapping(request: Asking, batch: int) -> HttpResponse:
    """Confirm where the table is and what its columns are; then all rows are checked."""
    row = selectors.own_batch(request.actor, str(batch))
    if row.state not in states.STAGEABLE or calls.open_call(request.actor, row.ref):
        return redirect("import", batch=row.pk)
    if request.method == "GET":
        return _mapping_page(request, row, _inspect(row))
    if request.POST.get("again"):
        return _read_again(request, row)
    try:
        call = perform("import.stage", by=request.actor, subject=row.ref, payload=_confirmed(request, row))
        row = selectors.own_batch(request.actor, str(call.outcome["batch"]))
        if not row.certain:
            said = FindingShown("error", gettext("One column must give the customer's name."))
            return _mapping_page(request, row, _inspect(row), [said], 422)
        perform("import.commit", by=request.actor, subject=row.ref, payload=CommitBatch(dry_run=True))
    except Refused as refused:
        if refused.code not in ("invalid", "incomplete"):
            raise
        row.refresh_from_db()
        found = answers.problems("import.stage", refused)
        return _mapping_page(request, row, _inspect(row), found, refusal_of(refused).status)
    return redirect("import", batch=row.pk)


def _mapping_page(
    request: Asking, row: Batch, found: Inspected, wrong: Sequence[FindingShown] = (), status: int = 200
) -> HttpResponse:
    page = shown.mapping(request.actor, row, found, wrong)
    return render(request, "imports/mapping.html", {"page": page}, status=status)


def _inspect(row: Batch) -> Inspected:
    return reading.inspect(BlobSource(row.blob), sheet=row.sheet or None, header_row=row.header_row)


def _read_again(request: Asking, row: Batch) -> HttpResponse:
    """Another sheet or header row: the columns are guessed anew."""
    sheet = request.POST.get("sheet") or row.sheet or None
    chosen = _number(request.POST.get("header_row", ""))
    moved = sheet != (row.sheet or None)
    try:
        found = reading.inspect(BlobSource(row.blob), sheet=sheet, header_row=None if moved else chosen)
    except Unreadable as unreadable:
        said = FindingShown("error", unreadable.text(gettext))
        return _mapping_page(request, row, _inspect(row), [said], 422)
    payload = _as_found(found, on_duplicate=row.on_duplicate, unit=row.unit.code, owner=row.owner_ref)
    perform("import.stage", by=request.actor, subject=row.ref, payload=payload)
    return redirect("import_mapping", batch=row.pk)


def _confirmed(request: Asking, row: Batch) -> StageFile:
    """The person's own choice for every column, with what holds for all rows."""
    layout, table, sent = reading.layout_of(row), row.column_table, request.POST
    columns: dict[str, Any] = {}
    for index, title in enumerate(layout.titles):
        field, before = sent.get(f"column-{index}", ""), table.get(title.shown)
        columns[title.shown] = before if isinstance(before, dict) and before.get("field") == field else field
    level = sent.get("level", "")
    answered = {key: sent[key] for key in sent if items.is_item(key)}
    return StageFile(
        sheet=row.sheet,
        header_row=row.header_row,
        titles=layout.cells,
        columns=columns,
        defaults={**row.default_values, **({"level": level} if level else {}), **answered},
        certain=True,
        on_duplicate=sent.get("on_duplicate", "skip"),
        unit=sent.get("unit", ""),
        owner=sent.get("owner", ""),
        origin=origins.given(Posted.of(request)) or OriginIn(),
    )


def _check(request: Asking, row: Batch, given: Sent | None = None, refused: Refused | None = None) -> HttpResponse:
    rows, kinds, pager = _problem_page(request, row)
    page = CheckPage(
        head=shown.head(request.actor, row),
        counts=shown.counts_of(row),
        rules=shown.rules(row),
        problems=rows,
        pager=pager,
        takes=row.created + row.updated,
        kinds=kinds,
        asks=answers.asks("import.commit", request.actor, _facts(request, row), given, refused, reason="wanted"),
        refused=answers.problems("import.commit", refused),
    )
    template = "imports/_problems.html" if is_partial(request) else "imports/check.html"
    return render(request, template, {"page": page}, status=refusal_of(refused).status if refused else 200)


def _facts(request: Asking, row: Batch) -> Facts:
    """What is known of the rows beforehand: how many there are, and where they go."""
    return replace(deeds.NEW, unit=row.unit_id or request.actor.unit, rows=row.created + row.updated, channel="import")


def _result(
    request: Asking, row: Batch, failed: Call | None, given: Sent | None = None, refused: Refused | None = None
) -> HttpResponse:
    by, own = request.actor, row.by_ref == request.actor.id
    rows, kinds, pager = _problem_page(request, row) if own else ([], [], Pager())
    page = ResultPage(
        head=shown.head(by, row),
        counts=shown.counts_of(row),
        rules=shown.rules(row) if own else (),
        problems=rows,
        pager=pager,
        kinds=kinds,
        errors_file=reverse("import_errors", kwargs={"batch": row.pk}) if own and row.rejected + row.duplicates else "",
        may_undo=own and row.state == "done" and deeds.may(by, "import.undo", deeds.NEW),
        again=reverse("import_mapping", kwargs={"batch": row.pk}) if own and row.state in ("staged", "failed") else "",
        kept=present.kept(by, row.ref) if own and row.state == "reverted" else (),
        own=own,
        why=_why(row, failed),
        asks=answers.asks("import.undo", by, _facts(request, row), given, refused),
        refused=answers.problems("import.undo", refused),
    )
    template = "imports/_problems.html" if is_partial(request) else "imports/result.html"
    return render(request, template, {"page": page}, status=refusal_of(refused).status if refused else 200)


def _why(row: Batch, failed: Call | None) -> str:
    said = (failed.error if failed else "") or row.error
    return gettext(said) if said else ""


def _problem_page(request: Asking, row: Batch) -> tuple[list[Any], list[Option], Pager]:
    """One page of the rows that need a person: rejected ones, or repeated ones."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "rejected" if row.rejected or not row.duplicates else "duplicate"
    after = _number(request.GET.get("after", "")) or 0
    opened = list(present.problem_rows(request.actor, row.ref, (kind,), after=after, limit=PAGE + 1))
    titles = {"rejected": gettext("Rejected"), "duplicate": gettext("Repeated")}
    kinds = [
        Option(name, titles[name], name == kind)
        for name in LISTED
        if (row.rejected, row.duplicates)[LISTED.index(name)]
    ]
    pager = Pager(
        before=query(request, kind=kind) if after else "",
        after=query(request, kind=kind, after=opened[PAGE - 1].row) if len(opened) > PAGE else "",
    )
    return shown.problems(row, opened[:PAGE]), kinds, pager


@touches_customer(op="import.commit", subject="batch")
@require_POST
def commit(request: Asking, batch: int) -> HttpResponse:
    """Take the rows in; the work goes on in the background."""
    row = selectors.own_batch(request.actor, str(batch))
    given = without_files(request, in_force(), "import.commit")
    try:
        given = sent(request, in_force(), "import.commit")
        perform("import.commit", by=request.actor, subject=row.ref, payload=CommitBatch(), **given.given)
    except Refused as refused:
        if refused.code not in MENDABLE or row.state != "planned":
            raise
        return _check(request, row, given, refused)
    return redirect("import", batch=row.pk)


@touches_customer(subject="batch")
@background
@require_safe
def progress(request: Asking, batch: int) -> HttpResponse:
    """How far it is; when it has ended, the page goes on by itself."""
    row = selectors.batch_by_ref(request.actor, str(batch))
    call = calls.open_call(request.actor, row.ref)
    address = reverse("import", kwargs={"batch": row.pk})
    if not is_partial(request):
        return redirect(address)
    if call is None:
        return HttpResponseClientRedirect(address)
    if (call.state == "waiting") is not ("waiting" in request.GET):
        return HttpResponseClientRedirect(address)
    return render(request, "imports/_progress.html", {"page": shown.progress(request.actor, row, call)})


@touches_customer(op="import.commit", subject="batch")
@require_POST
def stop(request: Asking, batch: int) -> HttpResponse:
    """Let a running import of one's own end after the rows it is at; what was taken in stays and can be taken back."""
    row = selectors.own_batch(request.actor, str(batch))
    if bringing.stop(request.actor, row.ref) is not None:
        messages.info(request, gettext("The import stops after the rows it is at."))
    return redirect("import", batch=row.pk)


@touches_customer(op="import.undo", subject="batch")
@require_POST
def cancel(request: Asking, batch: int) -> HttpResponse:
    """Drop an import that has taken nothing in."""
    row = selectors.own_batch(request.actor, str(batch))
    if row.state not in ("staged", "planned", "failed"):
        return redirect("import", batch=row.pk)
    perform("import.undo", by=request.actor, subject=row.ref, payload=UndoBatch())
    return redirect("imports")


@touches_customer(op="import.undo", subject="batch")
@require_POST
def undo(request: Asking, batch: int) -> HttpResponse:
    """Take back what the import opened and changed, where nobody touched it since."""
    row = selectors.batch_by_ref(request.actor, str(batch))
    given = without_files(request, in_force(), "import.undo")
    try:
        given = sent(request, in_force(), "import.undo")
        perform("import.undo", by=request.actor, subject=row.ref, payload=UndoBatch(), **given.given)
    except Refused as refused:
        if refused.code not in MENDABLE:
            raise
        return _result(request, row, None, given, refused)
    return redirect("import", batch=row.pk)


@touches_customer(subject="batch")
@require_safe
def errors(request: Asking, batch: int) -> FileResponse:
    """The errors workbook: the rows as they stood, with what is wrong beside them."""
    row = selectors.own_batch(request.actor, str(batch))
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    errors_book.write(request.actor, row.ref, out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=gettext("errors-%(number)s.xlsx") % {"number": row.pk})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
