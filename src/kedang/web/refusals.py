"""How a page says no: one status for each way a deed can end badly, with what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from kedang.customers.dictionary import known
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.web import findings
from kedang.web.asking import is_partial
from kedang.web.pages.parts import FindingShown

STATUS = {
    "denied": 403,
    "incomplete": 422,
    "invalid": 422,
    "stale": 409,
    "claimed": 409,
    "key_reused": 409,
    "state": 409,
}
TITLES = {
    "denied": N_("The regulation does not allow this"),
    "incomplete": N_("Something is still missing"),
    "invalid": N_("Some values need to be corrected"),
    "stale": N_("Somebody changed this meanwhile"),
    "claimed": N_("Somebody else is already at this"),
    "key_reused": N_("This was sent before with other content"),
    "state": N_("This is not possible at this point"),
}
EXPLAINED = {
    "denied": N_("You may see this, but your role may not do it. Nothing was changed, and the attempt is recorded."),
    "incomplete": N_("Please give what is missing and try again. Nothing was changed."),
    "invalid": N_("Please correct the values named below and try again. Nothing was changed."),
    "stale": N_("Please look at the present values and decide again. Nothing was overwritten."),
    "claimed": N_("Please try again when the other request is finished. Nothing was changed."),
    "key_reused": N_("Please open the page anew and try again. Nothing was changed."),
    "state": N_("Please look at the present state and choose what is possible now. Nothing was changed."),
}
GIVES = {
    "reason": N_("a reason"),
    "evidence": N_("a supporting document"),
    "attestation": N_("your confirmation of the stated sentence"),
    "statement": N_("your confirmation of the stated sentence"),
    "form": N_("the filled-in form"),
    "comment": N_("Comment"),
    "ticked": N_("Checklist"),
    "successor": N_("Successor"),
    "deputy": N_("Deputy"),
    "until_us": N_("Until"),
    "period": N_("Period"),
    "post": N_("Post"),
    "unit": N_("Unit"),
    "dossier": N_("Dossiers"),
    "row": N_("Open register entries"),
}
"""What is wanting by its name in a refusal; a count may follow: `dossier:3`."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as a page shows it."""

    status: int
    title: str
    explained: str
    detail: str = ""
    articles: Sequence[str] = ()
    missing: Sequence[str] = ()
    findings: Sequence[FindingShown] = ()


def refusal_of(refused: Refused) -> Refusal:
    """What to show for a refusal of the gate."""
    return Refusal(
        status=STATUS.get(refused.code, 403),
        title=gettext(TITLES.get(refused.code, TITLES["denied"])),
        explained=gettext(EXPLAINED.get(refused.code, EXPLAINED["denied"])),
        detail=gettext(refused.detail) if refused.detail else "",
        articles=refused.articles,
        missing=[_wanting(name) for name in refused.missing],
        findings=[findings.shown(found, labelled=True) for found in getattr(refused, "findings", ())],
    )


def _wanting(name: str) -> str:
    """A thing that is wanting, in words: an evidence, a field of the dossier, a number of things left."""
    kind, _, count = name.partition(":")
    field = known(kind)
    title = GIVES.get(kind) or (field.title if field else "")
    return " ".join(filter(None, (gettext(title), count))) if title else name


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A whole page, or for a page that already stands the notice alone, put where notices go."""
    if not is_partial(request):
        return render(request, "errors/refused.html", {"refusal": refusal}, status=refusal.status)
    response = render(request, "errors/_refused.html", {"refusal": refusal}, status=refusal.status)
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML"
    return response
