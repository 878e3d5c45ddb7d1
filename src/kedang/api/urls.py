"""The API as one thing: its resources, who may ask, and how it says no."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer

from kedang.api import problems
from kedang.api.signing import Bearer, Session
from kedang.api.v1 import (
    attachments,
    clocks,
    compliance,
    customers,
    dictionary,
    imports,
    ledger,
    me,
    measures,
    nothing,
    origins,
    past,
    records,
    registers,
    regulation,
    requests,
    todo,
)


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
api.add_router("/customers", past.bins)
api.add_router("/customers", customers.router)
api.add_router("/customers", past.router)
api.add_router("/customers", records.router)
api.add_router("/customers", origins.router)
api.add_router("/customers", attachments.router)
api.add_router("/imports", imports.router)
api.add_router("/ledger", ledger.router)
api.add_router("/compliance", compliance.router)
api.add_router("/measures", measures.router)
api.add_router("/dictionary", dictionary.router)
api.add_router("/regulation", regulation.router)
api.add_router("", todo.router)
api.add_router("/requests", requests.router)
api.add_router("/duties", clocks.router)
api.add_router("/registers", registers.router)
api.add_router("/matters", registers.matters)
api.add_router("", nothing.router)
problems.register(api)
