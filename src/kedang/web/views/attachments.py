"""The files of a dossier: list, bring, look, be handed one, take one out."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kedang.customers import selectors
from kedang.customers.attachments import ops, present
from kedang.customers.attachments.payloads import DetachFile, ViewFile
from kedang.customers.attachments.selectors import is_name
from kedang.customers.models import Dossier
from kedang.customers.ops import facts_of
from kedang.files.contents import NAMED_OTHERWISE
from kedang.governance import attaching
from kedang.governance.attaching import Brought, Wishes
from kedang.governance.gate import perform
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.web import deeds
from kedang.web.asking import Asking
from kedang.web.building import answers
from kedang.web.building import attachments as files
from kedang.web.building import dossier as dossiers
from kedang.web.building.tabs import tabs
from kedang.web.pages.attachments import FilePage, FilesPage, RemovalPage
from kedang.web.pages.parts import FindingShown
from kedang.web.refusals import refusal_of
from kedang.web.routes import touches_customer
from kedang.web.sending import Sent, sent, without_files

MOST_AT_ONCE = 20
HANDED_OUT = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Download-Options": "noopen",
}
"""An original is never opened as a page of ours, whatever is in it."""


@touches_customer(subject="code")
@require_safe
def attachments(request: Asking, code: str) -> HttpResponse:
    """The files of a dossier, or of one record of it, newest first, with the form to bring more."""
    return _list(request, selectors.dossier_by_code(request.actor, code))


@touches_customer(op="file.attach", subject="code")
@require_http_methods(["GET", "POST"])
def new(request: Asking, code: str) -> HttpResponse:
    """Bring files; each is a deed of its own, and what is refused is said by its name."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, ops.ATTACH, facts_of(request.actor, row))
        return _list(request, row)
    given = without_files(request, in_force(), ops.ATTACH)
    try:
        given = sent(request, in_force(), ops.ATTACH)
    except Refused as refused:
        return _list(request, row, given, answers.problems(ops.ATTACH, refused))
    done, wrong = _bring_all(request, row, given)
    if wrong:
        return _list(request, selectors.dossier_by_code(request.actor, code), given, wrong)
    waiting = next((each.call for each in done if each.call.state != "done"), None)
    if waiting is not None:
        messages.info(request, gettext("Your request is filed; it is done when everybody has signed."))
        return redirect("request", call=waiting.pk)
    _say(request, done)
    return redirect("attachments", code=row.code)


@touches_customer(op="file.view", subject="code")
@require_http_methods(["GET", "POST"])
def attachment(request: Asking, code: str, file: int) -> HttpResponse:
    """One file: ask to look at it, then its pages with a watermark, or a way to be handed the original."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        return _file(request, row, file, Sent(), None)
    given = without_files(request, in_force(), ops.VIEW)
    try:
        given = sent(request, in_force(), ops.VIEW)
        payload = ViewFile(
            file=file, original=request.POST.get("how") == ops.ORIGINAL, purpose=request.POST.get("purpose", "")[:64]
        )
        call = perform(ops.VIEW, by=request.actor, subject=row.ref, payload=payload, **given.given)
    except Refused as refused:
        _raise_unless_mendable(refused)
        return _file(request, row, file, given, refused)
    if call.state != "done":
        messages.info(request, gettext("Your request is filed; it is done when everybody has signed."))
        return redirect("request", call=call.pk)
    return redirect(f"{reverse('attachment', kwargs={'code': row.code, 'file': file})}?view={call.pk}")


@touches_customer(subject="code")
@require_safe
def page(request: Asking, code: str, file: int, page: int) -> HttpResponse:
    """One page of a file that was asked for, as a picture with who looks burnt in."""
    row = selectors.dossier_by_code(request.actor, code)
    drawn = present.page(request.actor, row, file, _call(request), page)
    return HttpResponse(drawn, content_type="image/png", headers=HANDED_OUT)


@touches_customer(subject="code")
@require_safe
def original(request: Asking, code: str, file: int) -> FileResponse:
    """The file as it was brought, for who was allowed the original; never opened in the browser."""
    row = selectors.dossier_by_code(request.actor, code)
    name, stream = present.original(request.actor, row, file, _call(request))
    return FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/octet-stream", headers=HANDED_OUT
    )


@touches_customer(op="file.detach", subject="code")
@require_http_methods(["GET", "POST"])
def remove(request: Asking, code: str, file: int) -> HttpResponse:
    """Take a file out, after asking once more."""
    row = selectors.dossier_by_code(request.actor, code)
    if request.method == "GET":
        deeds.require(request.actor, ops.DETACH, facts_of(request.actor, row))
        return _removal(request, row, file, Sent(), None)
    given = without_files(request, in_force(), ops.DETACH)
    try:
        given = sent(request, in_force(), ops.DETACH)
        call = perform(
            ops.DETACH, by=request.actor, subject=row.ref, payload=DetachFile(file=file), **given.given
        )  # fmt: skip
    except Refused as refused:
        _raise_unless_mendable(refused)
        return _removal(request, row, file, given, refused)
    if call.state != "done":
        messages.info(request, gettext("Your request is filed; it is done when everybody has signed."))
        return redirect("request", call=call.pk)
    messages.success(request, gettext("The file was taken out of the dossier."))
    return redirect("attachments", code=row.code)


def _list(
    request: Asking, row: Dossier, given: Sent | None = None, problems: list[FindingShown] | None = None
) -> HttpResponse:
    by, only = request.actor, request.GET.get("slot", "")
    shown = present.listed(by, row, slot=only if is_name(only) else None, before=_after(request))
    may = files.May.of(by, row)
    page = FilesPage(
        head=dossiers.row_head(row, Level(row.level).key), tabs=tabs(by, row, "attachments"),
        rows=files.rows(row.code, shown, may), pager=files.pager(request, shown),
        upload=files.upload(request, by, row, given) if may.attach else None, problems=problems or (),
        only=files.slot(only) if is_name(only) else "", all_address=reverse("attachments", kwargs={"code": row.code}),
    )  # fmt: skip
    return render(request, "customers/attachments.html", {"page": page}, status=422 if problems else 200)


def _bring_all(request: Asking, row: Dossier, given: Sent) -> tuple[list[Brought], list[FindingShown]]:
    """Attach each file; what went wrong is said with the name of the file."""
    done: list[Brought] = []
    wrong: list[FindingShown] = []
    for number, (stream, name) in enumerate(_brought(request)):
        key = f"{given.key}.{number}" if given.key else None
        try:
            done.append(attaching.attach(request.actor, row.ref, stream, name, _wishes(request, given), key=key))
        except Refused as refused:
            if refused.code == "denied" and not done:
                raise
            refusal = refusal_of(refused)
            what = refusal.detail or refusal.title
            wrong.append(FindingShown("error", what, " ".join(refusal.missing) if not refusal.detail else "", name))
    return done, wrong


def _brought(request: Asking) -> Iterator[tuple[BinaryIO, str]]:
    """The files that were sent; an empty one where none was, which is refused like any other empty file."""
    sent_files = [each for each in request.FILES.getlist("files") if each.file is not None][:MOST_AT_ONCE]
    for each in sent_files:
        yield cast(BinaryIO, each.file), each.name or ""
    if not sent_files:
        yield BytesIO(), gettext("No file was chosen")


def _wishes(request: Asking, given: Sent) -> Wishes:
    post = request.POST
    extra = {name: value for name, value in given.given.items() if name != "key"}
    return Wishes(
        kind=post.get("kind", "").strip()[:64], slot=post.get("slot", ""), level=post.get("level", ""), given=extra
    )


def _say(request: Asking, done: list[Brought]) -> None:
    said = ngettext("%(num)s file was attached.", "%(num)s files were attached.", len(done)) % {"num": len(done)}
    messages.success(request, said)
    if any(NAMED_OTHERWISE in each.warnings for each in done):
        messages.warning(
            request,
            gettext("The ending of a file's name says another kind than its content; the content was believed."),
        )


def _file(request: Asking, row: Dossier, number: int, given: Sent, refused: Refused | None) -> HttpResponse:
    by, wants_original = request.actor, ops.ORIGINAL in (request.GET.get("how"), request.POST.get("how"))
    shown, may = present.opened(by, row, number), files.May.of(by, row)
    facts = files.look_facts(by, row, original=wants_original)
    here = reverse("attachment", kwargs={"code": row.code, "file": number})
    may_original = shown.original and deeds.may(by, ops.VIEW, files.look_facts(by, row, original=True))
    seen = _seen(request, row, number, shown.can_show)
    page = FilePage(
        head=dossiers.row_head(row, Level(row.level).key), tabs=tabs(by, row, "attachments"),
        row=files.row(row.code, shown, may), sha256=shown.sha256, key=secrets.token_urlsafe(12),
        back=reverse("attachments", kwargs={"code": row.code}), can_show=shown.can_show, may_look=may.look,
        asks=answers.asks(ops.VIEW, by, facts, given, refused, reason="wanted"),
        problems=answers.problems(ops.VIEW, refused), original=f"{here}?how=original" if may_original else "",
        asks_original=wants_original and may_original, **seen,
    )  # fmt: skip
    status = refusal_of(refused).status if refused else 200
    return render(request, "customers/attachment.html", {"page": page}, status=status)


def _seen(request: Asking, row: Dossier, number: int, can_show: bool) -> dict[str, Any]:
    """The pages of the file, where the address names a look this person was allowed and whose time has not passed."""
    if request.method != "GET" or "view" not in request.GET:
        return {}
    try:
        granted = present.granted(request.actor, row, number, _call(request))
        count = present.pages(request.actor, row, number, granted.call) if can_show else 0
    except Refused as refused:
        return {"cannot": refusal_of(refused).detail}
    handed = reverse("attachment_original", kwargs={"code": row.code, "file": number}) + f"?view={granted.call}"
    return {
        "pages": files.pages(row.code, number, granted.call, count), "until_us": granted.until_us,
        "download": handed if granted.original else "",
    }  # fmt: skip


def _removal(request: Asking, row: Dossier, number: int, given: Sent, refused: Refused | None) -> HttpResponse:
    by, names = request.actor, {"code": row.code, "file": number}
    shown = files.row(row.code, present.opened(by, row, number), files.May.of(by, row))
    page = RemovalPage(
        head=dossiers.row_head(row, Level(row.level).key), row=shown,
        address=reverse("attachment_remove", kwargs=names),
        back=reverse("attachments", kwargs={"code": row.code}), key=secrets.token_urlsafe(12),
        asks=answers.asks(ops.DETACH, by, facts_of(by, row), given, refused),
        problems=answers.problems(ops.DETACH, refused),
    )  # fmt: skip
    status = refusal_of(refused).status if refused else 200
    return render(request, "customers/attachment_remove.html", {"page": page}, status=status)


def _raise_unless_mendable(refused: Refused) -> None:
    """What no form can mend is a page of its own."""
    if refused.code not in ("invalid", "incomplete", "stale"):
        raise refused


def _call(request: Asking) -> int:
    return _number(request.GET.get("view", ""))


def _after(request: Asking) -> int:
    text = request.GET.get("after", "")
    return _number(text) if text else 0


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotVisible("page")
    return int(text)
