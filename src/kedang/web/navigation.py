"""The few places a person works in, as far as their roles may look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from kedang.governance import todo
from kedang.kernel.actor import Actor
from kedang.kernel.i18n import N_
from kedang.messages import selectors as messages


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the left rail. `reads`: the kind of thing one must be allowed to look at; empty for all."""

    title: str
    view: str
    icon: str
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as this person sees it on this page."""

    title: str
    address: str
    icon: str
    here: bool
    count: int = 0
    """How many things wait there."""


PLACES = (
    Place(N_("To-do"), "home", "checklist"),
    Place(N_("Customers"), "customers", "building", "dossier"),
    Place(N_("Intake"), "imports", "database-import", "dossier"),
    Place(N_("Registers"), "registers", "clipboard-list"),
    Place(N_("Limits and rounds"), "duties", "clock"),
    Place(N_("Ledger"), "ledger", "shield-check", "ledger"),
    Place(N_("Regulation"), "regulation", "report-search"),
    Place(N_("People"), "people", "users"),
)


def places(request: HttpRequest) -> Sequence[Shown]:
    """The rail for the actor of this request; nobody signed in sees none."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return ()
    return [_shown(place, request.path, actor) for place in PLACES if not place.reads or place.reads in actor.reads]


def unread(request: HttpRequest) -> int:
    """How many notices the actor of this request has not seen."""
    actor = getattr(request, "actor", None)
    return messages.unread(actor) if actor is not None else 0


def _shown(place: Place, path: str, actor: Actor) -> Shown:
    address = reverse(place.view)
    here = path == address if address == "/" else path.startswith(address)
    count = todo.count_for(actor) if place.view == "home" else 0
    return Shown(gettext(place.title), address, place.icon, here, count)
