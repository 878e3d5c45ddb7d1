"""Pages of deeds that say what they do, ask for what the regulation wants, and then are done or not."""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from pydantic import ValidationError

from kedang.governance.models import Call
from kedang.kernel.deeds import Facts, Payload
from kedang.kernel.errors import Invalid, Refused
from kedang.web.asking import Asking
from kedang.web.building import answers
from kedang.web.pages.life import DeedPage
from kedang.web.refusals import refusal_of
from kedang.web.sending import Sent

P = TypeVar("P", bound=Payload)
MENDABLE = frozenset({"incomplete", "invalid", "state", "stale", "claimed"})
"""Refusals after which the form is shown again; any other is a page of its own."""


def page(
    request: Asking, op: str, facts: Facts, given: Sent, refused: Refused | None, *, problems: Any = None, **more: Any
) -> DeedPage:
    """A page of a deed with what goes with it; `more` as `DeedPage` takes it."""
    warned = isinstance(refused, Invalid) and all(each.severity == "warning" for each in refused.findings)
    return DeedPage(
        problems=answers.problems(op, refused) if problems is None else problems,
        asks=answers.asks(op, request.actor, facts, given, refused), key=secrets.token_urlsafe(12),
        confirm_wanted=warned and bool(getattr(refused, "findings", ())), **more,
    )  # fmt: skip


def payload(kind: type[P], **sent: Any) -> P:
    """A payload of what was sent; Refused(invalid) that names what cannot be."""
    try:
        return kind(**sent)
    except ValidationError as wrong:
        named = sorted({str(each["loc"][0]) for each in wrong.errors() if each["loc"]})
        raise Refused("invalid", missing=named) from wrong


def require_mendable(refused: Refused | None) -> None:
    """Raise a refusal that nothing in the form could mend."""
    if refused is not None and refused.code not in MENDABLE:
        raise refused


def answer(request: Asking, shown: DeedPage, refused: Refused | None) -> HttpResponse:
    """The form; raises a refusal that nothing in it could mend."""
    require_mendable(refused)
    status = refusal_of(refused).status if refused else 200
    return render(request, "customers/deed.html", {"page": shown}, status=status)


def ended(request: Asking, call: Call, address: str, said: str = "") -> HttpResponse:
    """Where to go on: to the request where signatures are wanted, else to where the deed leads."""
    if call.state == "waiting":
        messages.info(request, gettext("Your request is filed; it is done when everybody has signed."))
        return redirect("request", call=call.pk)
    if said:
        messages.success(request, said)
    return redirect(address)
