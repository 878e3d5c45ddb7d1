"""Imports: bring a file, commit it, see how far it is and what did not go in, take it back."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status, UploadedFile
from pydantic import ValidationError

from kedang.api import cursors, schemas
from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only, within_token
from kedang.api.problems import finding_out
from kedang.customers.origin_payloads import OriginIn
from kedang.governance import imports
from kedang.intake import errors_book, mapping_file, present, selectors
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch, UndoBatch
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

router = Router(tags=["imports"])
KINDS = {"rejected": ("rejected",), "duplicate": ("duplicate",), "all": ("rejected", "duplicate")}
IN_MEMORY = 4 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post("", response={201: schemas.Staged}, url_name="imports_stage")
def stage(
    request: HttpRequest, response: HttpResponse, asked: Form[schemas.StageImport], file: File[UploadedFile],
    idempotency_key: Key = "",
) -> Status[schemas.Staged]:  # fmt: skip
    """Bring a file: it is stored, looked into and staged; nothing is taken in before it is committed."""
    known_only(request.POST, schemas.StageImport)
    by = actor_of(request)
    within_token(request, by, "import.stage", "-")
    wishes = imports.Wishes(
        sheet=asked.sheet or None, header_row=asked.header_row, mapping=asked.mapping, confirm=asked.confirm,
        on_duplicate=asked.on_duplicate, unit=asked.unit, owner=asked.owner, origin=_origin(asked.origin),
    )  # fmt: skip
    brought = imports.bring(
        by, cast(BinaryIO, file), file.name or "upload", wishes, key=idempotency_key or None, reason=asked.reason
    )
    response["Location"] = f"{request.path.rstrip('/')}/{brought.batch}"
    staged = schemas.Staged(
        batch=brought.batch, state=str(brought.call.outcome["state"]), call=brought.call.pk, certain=brought.certain,
        header_row=brought.inspected.layout.header_row, sheet=brought.inspected.sheet,
        columns=mapping_file.columns_of(brought.mapping, brought.inspected.layout),
    )  # fmt: skip
    return Status(201, staged)


def _origin(text: str) -> OriginIn | None:
    """What is said of the whole file; Refused(invalid) where it cannot be read."""
    if not text:
        return None
    try:
        return OriginIn.model_validate_json(text)
    except ValidationError:
        raise Refused("invalid", missing=("origin",), detail=N_("The origin is not what it should be.")) from None


@router.get("", response=schemas.BatchPage, url_name="imports")
def list_imports(request: HttpRequest, asked: Query[schemas.Page]) -> schemas.BatchPage:
    """Imports this person may know of, newest first."""
    known_only(request.GET, schemas.Page)
    by = actor_of(request)
    found = selectors.batches_for(by).order_by("-pk")
    if (before := cursors.number_of(asked.cursor)) is not None:
        found = found.filter(pk__lt=before)
    page = list(found[: asked.limit])
    following = cursors.word_of(page[-1].pk) if len(page) == asked.limit else None
    return schemas.BatchPage(items=[_batch(by, each) for each in page], cursor=following)


@router.get("/{int:number}", response=schemas.Batch, url_name="import")
def get_import(request: HttpRequest, number: int) -> schemas.Batch:
    """One import as it stands now; `progress` while it runs."""
    by = actor_of(request)
    return _batch(by, selectors.batch_by_ref(by, str(number)))


@router.post("/{int:number}/commit", response={200: Answer, 202: Answer}, url_name="import_commit")
def commit(request: HttpRequest, number: int, asked: schemas.CommitImport, idempotency_key: Key = "") -> Status[Answer]:
    """Take the rows in, in the background; with `dry_run` only check and count them."""
    payload = CommitBatch(dry_run=asked.dry_run)
    return answer(do(request, "import.commit", _ref(number), payload, asked=asked, key=idempotency_key))


@router.post("/{int:number}/undo", response={200: Answer, 202: Answer}, url_name="import_undo")
def undo(request: HttpRequest, number: int, asked: schemas.WithReason, idempotency_key: Key = "") -> Status[Answer]:
    """Take an import back, in the background; what somebody changed since is kept."""
    return answer(do(request, "import.undo", _ref(number), UndoBatch(), asked=asked, key=idempotency_key))


@router.post("/{int:number}/cancel", response={200: Answer, 202: Answer}, url_name="import_cancel")
def cancel(request: HttpRequest, number: int, asked: schemas.WithReason, idempotency_key: Key = "") -> Status[Answer]:
    """Stop a running import, which is then taken back; drop one that has not run."""
    by = actor_of(request)
    batch = selectors.own_batch(by, str(number))
    within_token(request, by, "import.commit", batch.ref)
    running = imports.stop(by, batch.ref)
    if running is not None:
        return answer(running)
    return answer(do(request, "import.undo", batch.ref, UndoBatch(), asked=asked, key=idempotency_key))


@router.get("/{int:number}/problems", response=schemas.ProblemPage, url_name="import_problems")
def problems(request: HttpRequest, number: int, asked: Query[schemas.ProblemFilter]) -> schemas.ProblemPage:
    """Rows that did not go in, in the order of the file; for the one who brought it."""
    known_only(request.GET, schemas.ProblemFilter)
    by = actor_of(request)
    after = cursors.number_of(asked.cursor) or 0
    rows = list(present.problem_rows(by, str(number), KINDS[asked.kind], after=after, limit=asked.limit))
    items = [
        schemas.ProblemRow(
            row=row.row, kind=row.kind, cells=list(row.cells), findings=[finding_out(each) for each in row.findings]
        )
        for row in rows
    ]
    following = cursors.word_of(rows[-1].row) if len(rows) == asked.limit else None
    return schemas.ProblemPage(items=items, cursor=following)


@router.get("/{int:number}/errors.xlsx", response={200: None}, url_name="import_errors")
def errors_workbook(request: HttpRequest, number: int) -> FileResponse:
    """The rows that did not go in as a workbook that can be corrected and imported again."""
    by = actor_of(request)
    batch = selectors.own_batch(by, str(number))
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    errors_book.write(by, batch.ref, cast(BinaryIO, out))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"import-{batch.pk}-errors.xlsx", content_type=XLSX)


def _ref(number: int) -> str:
    return f"batch:{number}"


def _batch(by: Actor, batch: Batch) -> schemas.Batch:
    open_now = imports.open_call(batch.ref)
    said: dict[str, Any] = {name: value for name, value in present.summary(batch).items() if name != "errors_file"}
    said |= {
        "request": open_now.pk if open_now else None, "progress": open_now.steps if open_now else None,
        "file": present.file_name(by, batch), "by": batch.by_ref, "unit": batch.unit.code, "certain": batch.certain,
        "created_at": clock.from_us(batch.created_us).isoformat(),
    }  # fmt: skip
    return schemas.Batch.model_validate(said)
