"""What the forms of deeds on a dossier and its parts share."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from kedang.governance.models import Call
from kedang.kernel.errors import Invalid, Refused
from kedang.web.asking import Asking


def filed(request: Asking, call: Call) -> HttpResponse | None:
    """Where the regulation wants signatures: to the request that waits for them."""
    if call.state == "done":
        return None
    messages.info(request, gettext("Your request is filed; it is done when everybody has signed."))
    return redirect("request", call=call.pk)


def raise_unless_mendable(refused: Refused | None) -> None:
    """What no form can mend is a page of its own."""
    if refused and refused.code not in ("invalid", "incomplete", "stale"):
        raise refused


def wants_confirmation(refused: Refused | None) -> bool:
    """Only warnings stand in the way: the person may keep the values."""
    if not isinstance(refused, Invalid):
        return False
    return bool(refused.findings) and all(getattr(f, "severity", "error") == "warning" for f in refused.findings)
