"""The people page: all accounts for the offices that look after them, one's own for everybody else."""

from __future__ import annotations

from tests.web.visits import signed_in, text_of
from tests.world import World


def test_the_offices_see_everybody_with_roles_and_clearance(world: World) -> None:
    page = text_of(signed_in(world, "secop").get("/people/"))
    assert all(f">{name}</td>" in page for name in world.staff)
    assert "业务录入员" in page


def test_others_see_their_own_line_alone(world: World) -> None:
    page = text_of(signed_in(world, "clerk").get("/people/"))
    assert ">clerk</td>" in page
    assert ">manager</td>" not in page


def test_units_and_roles_narrow_the_list(world: World) -> None:
    client = signed_in(world, "secop")
    page = text_of(client.get("/people/?unit=BJ"))
    assert ">stranger</td>" in page
    assert ">clerk</td>" not in page
    assert ">auditor</td>" in text_of(client.get("/people/?role=auditor"))
