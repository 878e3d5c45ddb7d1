"""The files of a customer: bring one, list them, look at pages with a watermark, be handed an original."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any, BinaryIO, cast

import orjson
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from kedang.api import cursors
from kedang.api.doing import Answer, Key, actor_of, answer, do, known_only, within_token
from kedang.api.schemas import Cursor, Reason, Strict, WithReason
from kedang.customers import selectors
from kedang.customers.attachments import ops, present
from kedang.customers.attachments.payloads import DetachFile, Kind, Slot, ViewFile
from kedang.customers.attachments.present import ShownFile
from kedang.governance import attaching
from kedang.governance.attaching import Wishes
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_

router = Router(tags=["customers"])
NOT_SIGNED = N_("The regulation wants this signed; your request is filed.")
HANDED_OUT = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
MOST = 200


class FileFilter(Strict):
    """One page of the files of a dossier, or of one record or contact of it (`contract#3`)."""

    slot: Slot = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: Cursor = None


class Attached(Schema):
    """A file without what is in it. `type` is told by its content, `slot` the record it belongs to."""

    file: int
    name: str
    kind: str
    type: str
    size: int
    sha256: str
    slot: str
    level: str
    by: str
    at: str
    can_show: Annotated[bool, Field(description="whether pages of it can be drawn with a watermark")]
    original: Annotated[bool, Field(description="whether originals of this classification are handed out at all")]
    gone: Annotated[bool, Field(description="what it held was destroyed")]


class AttachedPage(Schema):
    """One page, newest first; `cursor` asks for the next one."""

    items: list[Attached]
    cursor: str | None


class AttachForm(Strict):
    """What goes with the file. `form` is a JSON object of answers, where the regulation wants a form."""

    kind: Kind = ""
    slot: Slot = ""
    level: Annotated[str, Field(max_length=16)] = ""
    reason: Reason = ""
    form: Annotated[str, Field(max_length=60_000)] = ""
    confirmed: bool = False


class LookAt(WithReason):
    """Why, for what purpose, and whether the original is wanted."""

    original: bool = False
    purpose: Annotated[str, Field(max_length=64)] = ""


class Looked(Schema):
    """A look that is allowed: pages and original are asked for with `view=call` until then."""

    call: int
    file: int
    pages: int
    original: bool
    until: str


@router.get("/{code}/attachments", response=AttachedPage, url_name="attachments")
def list_files(request: HttpRequest, code: str, asked: Query[FileFilter]) -> AttachedPage:
    """Files of a dossier, newest first."""
    known_only(request.GET, FileFilter)
    by = actor_of(request)
    row, before = selectors.dossier_by_code(by, code), cursors.number_of(asked.cursor) or 0
    shown = present.listed(by, row, slot=asked.slot or None, before=before, limit=asked.limit)
    return AttachedPage(
        items=[_file(each) for each in shown.files], cursor=cursors.word_of(shown.next) if shown.next else None
    )


@router.post("/{code}/attachments", response={201: Answer, 202: Answer}, url_name="attachments_attach")
def attach_file(
    request: HttpRequest, response: HttpResponse, code: str, asked: Form[AttachForm],
    file: UploadedFile | None = File(None), idempotency_key: Key = "",  # type: ignore[type-arg] # noqa: B008
) -> Status[Answer]:  # fmt: skip
    """Attach a file; nothing of it is kept when it is refused."""
    known_only(request.POST, AttachForm)
    by, ref = actor_of(request), f"dossier:{code}"
    within_token(request, by, ops.ATTACH, ref)
    given = {"reason": asked.reason, "form": _answers(asked.form), "confirmed": asked.confirmed}
    stream, name = (cast(BinaryIO, file), file.name or "") if file is not None else (BytesIO(), "")
    wishes = Wishes(kind=asked.kind, slot=asked.slot, level=asked.level, given=given)
    call = attaching.attach(by, ref, stream, name, wishes, key=idempotency_key or None).call
    if call.state == "done":
        response["Location"] = f"{request.path.rstrip('/')}/{call.outcome['file']}"
    return answer(call, 201)


@router.get("/{code}/attachments/{int:file}", response=Attached, url_name="attachment")
def get_file(request: HttpRequest, code: str, file: int) -> Attached:
    """What is known of one file."""
    by = actor_of(request)
    return _file(present.opened(by, selectors.dossier_by_code(by, code), file))


@router.delete("/{code}/attachments/{int:file}", response={200: Answer, 202: Answer}, url_name="attachment_detach")
def detach_file(
    request: HttpRequest, code: str, file: int, asked: WithReason, idempotency_key: Key = ""
) -> Status[Answer]:
    """Take a file out of the dossier; what it was stays in the history."""
    payload = DetachFile(file=file)
    return answer(do(request, ops.DETACH, f"dossier:{code}", payload, asked=asked, key=idempotency_key))


@router.post("/{code}/attachments/{int:file}/view", response=Looked, url_name="attachment_view")
def view_file(request: HttpRequest, code: str, file: int, asked: LookAt, idempotency_key: Key = "") -> Looked:
    """Ask to look at a file, or for its original; it is recorded who asked, for what, and what was seen."""
    payload = ViewFile(file=file, original=asked.original, purpose=asked.purpose)
    call = do(request, ops.VIEW, f"dossier:{code}", payload, asked=asked, key=idempotency_key)
    if call.state != "done":
        raise Refused("incomplete", missing=("signature",), detail=NOT_SIGNED)
    by = actor_of(request)
    row = selectors.dossier_by_code(by, code)
    granted, shown = present.granted(by, row, file, call.pk), present.opened(by, row, file)
    pages = present.pages(by, row, file, call.pk) if shown.can_show else 0
    until = clock.from_us(granted.until_us).isoformat()
    return Looked(call=call.pk, file=file, pages=pages, original=granted.original, until=until)


@router.get("/{code}/attachments/{int:file}/pages/{int:page}", response={200: None}, url_name="attachment_page")
def get_page(request: HttpRequest, code: str, file: int, page: int, view: int = 0) -> HttpResponse:
    """One page as PNG, with who looks, when, and the number of the look burnt in."""
    by = actor_of(request)
    drawn = present.page(by, selectors.dossier_by_code(by, code), file, view, page)
    return HttpResponse(drawn, content_type="image/png", headers=HANDED_OUT)


@router.get("/{code}/attachments/{int:file}/content", response={200: None}, url_name="attachment_content")
def get_original(request: HttpRequest, code: str, file: int, view: int = 0) -> FileResponse:
    """The file as it was brought, where the original was allowed."""
    by = actor_of(request)
    name, stream = present.original(by, selectors.dossier_by_code(by, code), file, view)
    return FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/octet-stream", headers=HANDED_OUT
    )


def _answers(text: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        read = None
    if not isinstance(read, dict):
        raise Refused("invalid", missing=("form",))
    return read


def _file(shown: ShownFile) -> Attached:
    return Attached(
        file=shown.id, name=shown.name, kind=shown.kind, type=shown.type, size=shown.size, sha256=shown.sha256,
        slot=shown.slot, level=shown.level, by=shown.by, at=clock.from_us(shown.at_us).isoformat(),
        can_show=shown.can_show, original=shown.original, gone=shown.gone,
    )  # fmt: skip
