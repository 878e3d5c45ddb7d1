"""The API as one thing: its resources, who may ask, and how it says no."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import Http404, HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer

from kedang.api import problems
from kedang.api.signing import Bearer, Session
from kedang.api.v1 import customers, ledger, me

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class Json(BaseRenderer):
    """JSON in UTF-8, Chinese as it is."""

    media_type = "application/json"
    charset = "utf-8"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes of an answer."""
        return orjson.dumps(data)


api = NinjaAPI(
    title="Kedang",
    version="1",
    description="Customer records under the company's own regulation. Every write is a deed: it is judged by the "
    "regulation in force, needs an Idempotency-Key to be safe to repeat, and leaves evidence.",
    docs_url=None,
    urls_namespace="api",
    auth=[Bearer(), Session()],
    renderer=Json(),
)
api.add_router("/me", me.router)
api.add_router("/customers", customers.router)
api.add_router("/ledger", ledger.router)
problems.register(api)


@api.api_operation(METHODS, "/{path:rest}", include_in_schema=False, url_name="nothing")
def nothing(request: HttpRequest, rest: str) -> None:
    """Any other address: not there, said in the API's own way."""
    raise Http404
