"""The data dictionary: every field a dossier can hold under the regulation in force, as a page and as a paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kedang.customers import entries
from kedang.governance.documents.formats import FORMATS
from kedang.kernel.errors import NotVisible
from kedang.web.asking import Asking
from kedang.web.building import dictionary as building
from kedang.web.routes import touches_none


@touches_none
@require_safe
def dictionary(request: Asking) -> HttpResponse:
    """The dictionary, or what was picked out of it."""
    known, picked = entries.in_force(gettext), building.Picked.of(request.GET)
    return render(request, "regulation/dictionary.html", {"page": building.page(request.actor, known, picked)})


@touches_none
@require_safe
def printed(request: Asking, kind: str) -> HttpResponse:
    """The same as PDF or Word."""
    if kind not in FORMATS:
        raise NotVisible(f"dictionary.{kind}")
    paper = building.paper(entries.in_force(gettext), building.Picked.of(request.GET))
    answer = HttpResponse(FORMATS[kind].write(paper), content_type=FORMATS[kind].media)
    answer["Content-Disposition"] = f'attachment; filename="dictionary.{kind}"'
    return answer
