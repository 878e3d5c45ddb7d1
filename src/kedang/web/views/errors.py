"""Pages for what went wrong before or beside a deed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from kedang.web.refusals import Refusal, answer


def _say(request: HttpRequest, status: int, title: str, explained: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "error", "detail": title}, status=status)
    return answer(request, Refusal(status, title, explained))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return _say(
        request,
        400,
        gettext("This request cannot be read"),
        gettext("The address or the form sent with it is broken. Please go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 that comes from the frame and not from the gate."""
    return _say(request, 403, gettext("This is not allowed"), gettext("Your account may not open this page."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because a form was not sent from one of our pages, or the page was open for too long."""
    return _say(
        request,
        403,
        gettext("This form is out of date"),
        gettext("The page was open for too long, or cookies are switched off. Please reload it and try again."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same whether a thing does not exist or may not be seen."""
    return _say(
        request,
        404,
        gettext("There is nothing here"),
        gettext("What you look for does not exist, or is not within what you may see."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: slow down."""
    return _say(request, 429, gettext("Too many requests"), gettext("Please wait a few minutes and then try again."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, rendered without asking the database or the session for anything."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "error", "detail": "internal error"}, status=500)
    return render(request, "errors/broken.html", status=500)
