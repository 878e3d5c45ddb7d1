"""Every other address below the API: not there, said in the API's own way. Added last."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from ninja import Router

router = Router()
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@router.api_operation(METHODS, "/{path:rest}", include_in_schema=False, url_name="nothing")
def nothing(request: HttpRequest, rest: str) -> None:
    """404, after the question who asks."""
    raise Http404
