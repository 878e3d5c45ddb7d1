"""All addresses of the site: the pages, the API, and sign-in."""

from __future__ import annotations

from django.urls import include, path

from kedang.api.urls import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("kedang.web.urls")),
]

handler400 = "kedang.web.views.errors.bad_request"
handler403 = "kedang.web.views.errors.forbidden"
handler404 = "kedang.web.views.errors.not_found"
handler429 = "kedang.web.views.errors.too_many"
handler500 = "kedang.web.views.errors.server_error"
