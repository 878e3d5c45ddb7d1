"""What a dossier costs to open does not grow with what is in it: the queries of each tab, counted and committed."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.customers.large import fill
from tests.web.visits import signed_in, text_of
from tests.world import World

FEW, MANY = 60, 2000
MOST = {"": 78, "contacts": 36, "business": 41, "interactions": 41, "credit": 33, "needs": 37, "history": 40}
"""Queries of each tab at most, over all databases, with sign-in and frame; a tab that needs more says so here."""


def queries(world: World, path: str) -> int:
    client = signed_in(world, "clerk")
    client.get(path)
    seen = [CaptureQueriesContext(connections[alias]) for alias in connections]
    for each in seen:
        each.__enter__()
    assert client.get(path).status_code == 200
    for each in seen:
        each.__exit__(None, None, None)
    return sum(len(each) for each in seen)


def test_the_queries_of_every_tab_are_bounded_and_the_same_for_few_and_many(world: World) -> None:
    codes = [world.open(f"西安{name}机电有限公司", contact_phones="13800138000") for name in ("少记", "多记")]
    for code, count in zip(codes, (FEW, MANY), strict=True):
        fill(code, world.actor("clerk"), count, told=FEW)
    for tab, most in MOST.items():
        few, many = (queries(world, f"/customers/{code}/{tab}") for code in codes)
        assert (tab, many) == (tab, few)
        assert many <= most, tab


@pytest.mark.database("sqlite")
def test_all_of_a_long_history_and_timeline_is_reached_page_by_page(world: World) -> None:
    code = world.open("西安长史机电有限公司")
    fill(code, world.actor("clerk"), 120)
    client = signed_in(world, "clerk")
    for tab, wanted in (("history", "第 1 次联系"), ("interactions", "第 1 次联系")):
        path, pages = f"/customers/{code}/{tab}", 1
        page = text_of(client.get(path))
        while wanted not in page:
            assert 'rel="next"' in page, (tab, pages)
            onward = page.split('rel="next" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
            page, pages = text_of(client.get(path + onward)), pages + 1
        assert pages == 3
