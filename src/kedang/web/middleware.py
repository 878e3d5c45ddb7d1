"""What happens around each page: headers, sign-in, idle sign-out, the actor, and the answer to a refusal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect
from pydantic import ValidationError

from kedang.kernel.errors import NotVisible, Refused
from kedang.people import signin
from kedang.people.actors import actor_of
from kedang.people.halves import is_set_by_others
from kedang.web import refusals
from kedang.web.asking import credential_of
from kedang.web.views import errors

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
SEEN = "seen_at"
API = "/api/"
ALLOWED_BEFORE = ("/account/", "/static/", "/healthz", API)
"""What somebody reaches whose password others set: to choose an own one, or to leave. The API gives them nothing."""


class SecurityHeaders:
    """Content security policy on every answer; pages are never kept by a browser or proxy."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for sign-in unless it says otherwise; the API answers 401 by itself."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.path.startswith(API):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """To the sign-in page, and after it back to what was asked for, where that was a page."""
        return to_sign_in(request)


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """A redirect a browser follows as a whole page, whether htmx or the browser itself asked."""
    if getattr(request, "htmx", False):
        path = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(redirect_to_login(path).url)  # type: ignore[return-value] # is one but in name
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")


def background(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that a page asks by itself: it does not count as a sign of life of a person."""
    view.is_background = True  # type: ignore[attr-defined]
    return view


class IdleSignOut:
    """Signs out a person who made no request for `KEDANG_IDLE_MINUTES`, by the server's own clock."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and self._idle_for(request) > settings.IDLE_MINUTES * 60:
            return self._sign_out(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Note the sign of life, at most once in a tenth of the allowed time to spare the database."""
        if not request.user.is_authenticated or getattr(view, "is_background", False):
            return
        if SEEN not in request.session or self._idle_for(request) > settings.IDLE_MINUTES * 6:
            request.session[SEEN] = int(time.time())

    def _idle_for(self, request: HttpRequest) -> float:
        return time.time() - float(request.session.get(SEEN, time.time()))

    def _sign_out(self, request: HttpRequest) -> HttpResponseBase:
        signin.record("people.sign_out", request.user.get_username(), credential_of(request))
        logout(request)
        if request.path.startswith(API):
            return self.get_response(request)
        messages.info(request, gettext("You were signed out because nothing happened for a while."))
        return to_sign_in(request)


class ActorOfRequest:
    """Puts the actor, with the rights of this moment, on the request; None when nobody is signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        request.actor = actor_of(request.user, credential_of(request)) if signed_in else None  # type: ignore[arg-type, attr-defined]
        if signed_in and is_set_by_others(request.user) and not request.path.startswith(ALLOWED_BEFORE):  # type: ignore[arg-type]
            messages.info(request, gettext("Two officers set this password. Choose one that only you know."))
            return redirect("account_change_password")
        return self.get_response(request)


class RefusedToAnswer:
    """Turns what the house raises on purpose into the answer a person understands."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        """404 for what is not visible, else the status of the refusal; other exceptions go on.

        A payload that does not fit its schema is a form somebody bent or pasted too much into.
        """
        if isinstance(raised, NotVisible):
            return errors.not_found(request, raised)
        if isinstance(raised, ValidationError):
            raised = Refused("invalid", missing=[".".join(map(str, each["loc"])) for each in raised.errors()])
        if isinstance(raised, Refused):
            return refusals.answer(request, refusals.refusal_of(raised))
        return None
