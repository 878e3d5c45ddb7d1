"""All addresses of the site: the pages, the API, and sign-in."""

from __future__ import annotations

from django.urls import include, path

from kedang.api.urls import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("kedang.web.urls")),
]
