"""What a view receives: Django's request with the actor and the htmx details the middleware put on it."""

from __future__ import annotations

import hashlib
from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from kedang.kernel.actor import Actor
from kedang.people.models import Staff


class Asking(HttpRequest):
    """A request of a signed-in person."""

    actor: Actor
    htmx: HtmxDetails
    user: Staff


def is_partial(request: HttpRequest) -> bool:
    """Whether the page already stands and only the asked part is to be sent."""
    htmx = cast(Asking, request).htmx
    return bool(htmx) and not htmx.boosted


def credential_of(request: HttpRequest) -> str:
    """`session:` and a digest that tells sessions apart without being one."""
    key = request.session.session_key or ""
    return "session:" + hashlib.sha256(key.encode()).hexdigest()[:16]
