"""How the API says no: `application/problem+json` (RFC 9457) with a stable `code`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import ValidationError as PayloadInvalid

from kedang.api import wording
from kedang.kernel.errors import KedangError, NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.standards import Finding

log = logging.getLogger(__name__)
STATUS = {
    "denied": 403, "csrf": 403, "incomplete": 422, "invalid": 422, "stale": 409,
    "claimed": 409, "key_reused": 409, "state": 409, "too_large": 413, "not_found": 404, "unauthorized": 401,
    "unreadable": 422, "wrong_mapping": 422,
}  # fmt: skip
TITLES = {
    400: N_("The request cannot be read"),
    401: N_("Sign in first"),
    403: N_("The regulation does not allow this"),
    404: N_("There is nothing here"),
    405: N_("This cannot be done here"),
    409: N_("This is not possible at this point"),
    413: N_("The file is too large"),
    422: N_("Something is missing or has to be corrected"),
    429: N_("Too many requests"),
    500: N_("Something went wrong on our side"),
}


def problem(
    status: int, code: str, *, detail: str = "", articles: Sequence[str] = (), missing: Sequence[str] = (),
    findings: Sequence[dict[str, Any]] = (),
) -> HttpResponse:  # fmt: skip
    """The answer to a request that was not done."""
    body = {
        "type": f"urn:kedang:problem:{code}", "title": _(TITLES.get(status, TITLES[400])), "status": status,
        "code": code, "detail": detail, "articles": list(articles), "missing": list(missing),
        "findings": list(findings),
    }  # fmt: skip
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="kedang"'
    return response


def finding_out(finding: Finding) -> dict[str, Any]:
    """A finding: field, rule, severity, and what to do about it in words."""
    return {
        "field": finding.field, "rule": finding.rule, "severity": finding.severity,
        "what": finding.what(_), "remedy": finding.remedy(_),
    }  # fmt: skip


def _refused(request: HttpRequest, no: Refused) -> HttpResponse:
    findings = [finding_out(each) for each in getattr(no, "findings", ()) if isinstance(each, Finding)]
    detail = _(no.detail) if no.detail else ""
    return problem(
        STATUS.get(no.code, 403), no.code, detail=detail, articles=no.articles, missing=no.missing, findings=findings
    )


def _not_found(request: HttpRequest, no: Exception) -> HttpResponse:
    """One answer for what is hidden and for what is not there."""
    return problem(404, "not_found")


def _own(request: HttpRequest, error: KedangError) -> HttpResponse:
    return problem(STATUS.get(error.code, 409), error.code, detail=_sentence(error))


def _sentence(error: KedangError) -> str:
    """What an error says, in the reader's language where it keeps its source sentence."""
    sentence = getattr(error, "sentence", None)
    return _(sentence) % dict(getattr(error, "params", {})) if isinstance(sentence, str) else str(error)


def _unreadable(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    return problem(422, "invalid", findings=[_place(each, skip=2) for each in wrong.errors])


def _payload_invalid(request: HttpRequest, wrong: PayloadInvalid) -> HttpResponse:
    return problem(422, "invalid", findings=[_place(dict(each), skip=0) for each in wrong.errors(include_input=False)])


def _place(error: dict[str, Any], skip: int) -> dict[str, Any]:
    place = error.get("loc", ())
    field = ".".join(str(part) for part in place[skip:]) or ".".join(map(str, place))
    return {
        "field": field, "rule": f"request.{error.get('type', 'invalid')}", "severity": "error",
        "what": wording.said(error), "remedy": "",
    }  # fmt: skip


def _unauthorized(request: HttpRequest, no: AuthenticationError) -> HttpResponse:
    return problem(401, "unauthorized")


def _http(request: HttpRequest, no: HttpError) -> HttpResponse:
    code = no.message if no.message in STATUS else "bad_request"
    return problem(no.status_code, code, detail="" if code == no.message else no.message)


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, "error")


HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    Refused: _refused,
    NotVisible: _not_found,
    Http404: _not_found,
    KedangError: _own,
    ValidationError: _unreadable,
    PayloadInvalid: _payload_invalid,
    AuthenticationError: _unauthorized,
    HttpError: _http,
    Exception: _unforeseen,
}


def register(api: NinjaAPI) -> None:
    """Answer everything that can be raised with a problem."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
