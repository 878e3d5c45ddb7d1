"""Notices to the person: the list, confirming one, and where else to send them."""

from __future__ import annotations

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kedang.governance.gate import perform
from kedang.kernel.errors import Refused
from kedang.messages import present, selectors
from kedang.messages.payloads import ConfirmNotice, SetAddress
from kedang.web.asking import Asking
from kedang.web.environment import query
from kedang.web.pages.parts import FindingShown, Pager
from kedang.web.pages.todo import NoticesPage, PreferencesPage
from kedang.web.routes import touches_customer, touches_none

PAGE = 50


@touches_none
@require_safe
def notices(request: Asking) -> HttpResponse:
    """One's own notices, newest first; what is shown here counts as read."""
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    found = selectors.notices_for(request.actor)
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    page = NoticesPage(
        rows=present.listed(request.actor, rows[:PAGE]),
        pager=Pager(
            before=query(request) if after else "",
            after=query(request, after=rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        ),
    )
    return render(request, "notices/list.html", {"page": page})


@touches_customer(reads="", op="notice.confirm", subject="notice")
@require_POST
def confirm(request: Asking, notice: int) -> HttpResponse:
    """The person has read it and says so."""
    perform("notice.confirm", by=request.actor, subject=f"notice:{notice}", payload=ConfirmNotice())
    flash.success(request, gettext("Your confirmation is recorded."))
    return redirect("home" if request.POST.get("back") == "todo" else "notices")


@touches_customer(reads="", op="notice.address")
@require_http_methods(["GET", "POST"])
def preferences(request: Asking) -> HttpResponse:
    """One's own mail address and robot, and whether they are used."""
    if request.method == "GET":
        return _preferences(request)
    channel = "mail" if request.POST.get("channel") == "mail" else "apprise"
    try:
        perform("notice.address", by=request.actor, subject="-", payload=_asked(request, channel))
    except Refused as no:
        if no.code not in ("invalid", "incomplete"):
            raise
        return _preferences(request, gettext(no.detail), channel)
    flash.success(request, gettext("Saved. A first notice is on its way there, if the channel is on."))
    return redirect("notice_preferences")


def _asked(request: Asking, channel: str) -> SetAddress:
    """What the form says: an empty field keeps the address there is, and `forget` drops it."""
    typed = request.POST.get("target", "").strip()
    target = "" if request.POST.get("forget") else typed or None
    return SetAddress.model_validate({"channel": channel, "target": target, "on": request.POST.get("on") == "1"})


def _preferences(request: Asking, wrong: str = "", channel: str = "") -> HttpResponse:
    page = PreferencesPage(
        channels=present.channels(request.actor),
        wrong=[FindingShown("error", wrong)] if wrong else [],
        wrong_channel=channel,
    )
    return render(request, "notices/preferences.html", {"page": page}, status=422 if wrong else 200)
