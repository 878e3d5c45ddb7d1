"""Who asks."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from kedang.api import schemas
from kedang.api.doing import actor_of
from kedang.governance.abilities import operations_of
from kedang.packs import in_force
from kedang.people import selectors

router = Router(tags=["me"])


@router.get("", response=schemas.Me, url_name="me")
def me(request: HttpRequest) -> schemas.Me:
    """The person behind the token or session, with the rights of this moment."""
    by = actor_of(request)
    staff = selectors.staff_by_ref(by, f"staff:{by.id}")
    return schemas.Me(
        user=by.id, name=staff.name, unit=staff.unit.code, roles=sorted(by.roles), clearance=by.clearance,
        reads=sorted(by.reads), pack=in_force().version, can=operations_of(by),
    )  # fmt: skip
