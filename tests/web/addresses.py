"""Addresses the import pages name, for rendering them without their views."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kedang.web.urls import urlpatterns as real


def nothing(request: HttpRequest, batch: int = 0) -> HttpResponse:
    """Never visited."""
    return HttpResponse()


NAMES = {
    "imports": "imports/",
    "import_new": "imports/new",
    "import": "imports/<int:batch>/",
    "import_mapping": "imports/<int:batch>/mapping",
    "import_commit": "imports/<int:batch>/commit",
    "import_progress": "imports/<int:batch>/progress",
    "import_cancel": "imports/<int:batch>/cancel",
    "import_undo": "imports/<int:batch>/undo",
    "import_errors": "imports/<int:batch>/errors",
}
urlpatterns = [*real, *(path(where, nothing, name=name) for name, where in NAMES.items())]
