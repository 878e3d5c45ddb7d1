"""What branches set for themselves where the regulation leaves it to them; as public as the regulation itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from kedang.api.doing import actor_of, known_only
from kedang.api.schemas import Strict
from kedang.governance import overlays
from kedang.packs import in_force

router = Router(tags=["regulation"])


class Nothing(Strict):
    """No filter."""


class ValueOut(Schema):
    """A value a branch set: where it stands, what it is called, what the company's regulation says, what the branch
    does."""

    path: str
    title: str
    company: str
    branch: str


class OverrideOut(Schema):
    """A value that standards or the law replaced in what the branch set, and why."""

    key: str
    branch: str
    now: str
    by: str
    why: str


class OverlayOut(Schema):
    """The values of one branch by the version it goes by (`shaanxi-mobile/1+XA.2`); `in_force` is false for values
    still to come and for those that others have followed."""

    name: str
    unit: str
    unit_name: str
    pack: str
    values: list[ValueOut]
    effective: str
    set: str
    set_by: str
    approved_by: str
    reason: str
    digest: str
    in_force: bool
    overrides: list[OverrideOut]


class OverlayList(Schema):
    """The company's edition, what it leaves to its branches, and what they set."""

    pack: str
    delegated: list[str]
    overlays: list[OverlayOut]


@router.get("/overlays", response=OverlayList, url_name="overlays", summary="Values branches set for themselves")
def overlays_in_force(request: HttpRequest) -> dict[str, Any]:
    """Those in force, and those that take effect later."""
    known_only(request.GET, Nothing)
    actor_of(request)
    pack = in_force()
    found = [overlays.as_json(each) for each in overlays.in_force_now()]
    return {"pack": pack.version, "delegated": list(overlays.left_to_branches(pack)), "overlays": found}


@router.get("/overlays/{str:name}", response=OverlayOut, url_name="overlay", summary="Values of one branch")
def overlay(request: HttpRequest, name: str) -> dict[str, Any]:
    """By its name (`XA.2`), or the newest of a branch (`XA`)."""
    known_only(request.GET, Nothing)
    actor_of(request)
    return overlays.as_json(overlays.named(name))
