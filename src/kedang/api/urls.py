"""The API as one thing: its resources, who may ask, and how it says no."""

from __future__ import annotations

from ninja import NinjaAPI

from kedang.api import problems
from kedang.api.signing import Bearer, Session
from kedang.api.v1 import customers, ledger, me

api = NinjaAPI(
    title="Kedang",
    version="1",
    description="Customer records under the company's own regulation. Every write is a deed: it is judged by the "
    "regulation in force, needs an Idempotency-Key to be safe to repeat, and leaves evidence.",
    docs_url=None,
    urls_namespace="api",
    auth=[Bearer(), Session()],
)
api.add_router("/me", me.router)
api.add_router("/customers", customers.router)
api.add_router("/ledger", ledger.router)
problems.register(api)
