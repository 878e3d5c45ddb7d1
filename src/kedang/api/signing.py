"""Who asks: a bearer token, or the session of the browser with its CSRF token."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from kedang.kernel.actor import Actor
from kedang.people.actors import actor_of
from kedang.people.tokens import find


class Asking(HttpRequest):
    """A request of somebody who is signed in; `token_ops` names what the token may do, empty for all."""

    actor: Actor
    token_ops: frozenset[str]


class Bearer(HttpBearer):
    """`Authorization: Bearer kd_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The token's person with the rights of this moment; None for an unknown or ended token."""
        found = find(token)
        if found is None:
            return None
        asking = cast(Asking, request)
        asking.actor = actor_of(found.staff, f"token:{found.label}")
        asking.token_ops = frozenset(found.ops.split())
        return asking.actor


class Session(APIKeyCookie):
    """The session cookie of a browser that is signed in; writing also needs the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Actor | None:
        """None without a session: then nothing else is looked at, so that nothing shows through."""
        if "Authorization" in request.headers:
            return None
        return self.authenticate(request, request.COOKIES.get(self.param_name))

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor that the session stands for."""
        actor: Actor | None = getattr(request, "actor", None)
        if key is None or actor is None:
            return None
        if check_csrf(request):
            raise HttpError(403, "csrf")
        cast(Asking, request).token_ops = frozenset()
        return actor
