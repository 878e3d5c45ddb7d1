"""The plain pack with signatures: a regulation made of parts for the tests of approvals."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from kedang.governance.flows.present import ShownRequest, shown
from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.people.models import Appointment, Staff
from tests.world import PLAIN, World, make_world

POSTS = {
    "unit_head": {"title": "部门负责人", "per": "unit", "least": 1, "most": 5, "head": True},
    "director": {"title": "总监", "least": 1, "most": 5},
    "manager_general": {"title": "总经理", "least": 1, "most": 5, "head": True},
}
SEATS = (("head", "unit_head", "XA"), ("archivist", "director", "HQ"), ("boss", "manager_general", "HQ"))


def pack_with(
    steps: list[dict[str, Any]], *, flow: Mapping[str, Any] | None = None, op: str = "customer.amend",
    edition: str = "1", **sections: Any,
) -> bytes:  # fmt: skip
    """The plain pack in which an operation needs these steps."""
    data = YAML(typ="safe", pure=True).load(PLAIN.read_text(encoding="utf-8"))
    data["meta"]["edition"] = edition
    data["posts"] = POSTS
    data["flows"] = {"signed": {"title": "审批", "steps": steps, **(flow or {})}} if steps else {}
    for name, body in sections.items():
        data.setdefault(name, {}).update(body)
    if steps:
        data["operations"][op]["rules"] = [
            {**rule, "flow": "signed"} if not rule.get("deny") else rule for rule in data["operations"][op]["rules"]
        ]
    out = io.StringIO()
    YAML(pure=True).dump(data, out)  # round-trip: the order of states means something
    return out.getvalue().encode()


def company(steps: list[dict[str, Any]], **named: Any) -> World:
    """A company under that pack with its heads in their posts."""
    world = make_world(pack_with(steps, **named))
    for username, post, unit in SEATS:
        appoint(world, username, post, unit)
    return world


def appoint(world: World, username: str, post: str, unit: str) -> None:
    """Seat a person in a post."""
    Appointment.objects.create(
        staff=Staff.objects.get(username=username), post=post, unit=world.units[unit], since_us=clock.now_us() - 1
    )


def agree(world: World, call: Call, who: str, verdict: str = "agree", **given: Any) -> Call:
    """Sign what one sees."""
    fresh = Call.objects.get(pk=call.pk)
    return sign(call.pk, by=world.actor(who), verdict=verdict, saw=saw_of(fresh), **given)


def seen(world: World, call: Call, who: str) -> ShownRequest:
    """The request as a person sees it."""
    return shown(world.actor(who), Call.objects.get(pk=call.pk))
