"""The regulation page shows what branches set beside what the company says."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.branches import make_branches, set_values
from tests.conftest import Clock
from tests.databases import Site
from tests.world import World


@pytest.fixture
def branches(site: Site, frozen_clock: Clock) -> World:
    return make_branches()


def page(world: World, by: str) -> str:
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.staff[by])
    answer = client.get("/regulation/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_may_be_set_is_named_before_anybody_did(branches: World) -> None:
    text = page(branches, "clerk")
    assert 'id="branches"' in text
    assert "clocks.filing.within" in text


def test_a_branchs_value_stands_beside_the_companys_and_what_the_law_made_of_it(branches: World) -> None:
    set_values(branches, {"clocks.filing.within.days": 2, "operations.customer.reveal.needs.reason.min_chars": 2})
    text = page(branches, "stranger")
    assert all(word in text for word in ("XA.1", "归档时限", "clocks.filing.within.days", "本地要求更严", "Head"))
    assert "operations[&#39;customer.reveal&#39;].needs.reason.min_chars" in text


def test_a_regulation_that_leaves_nothing_has_no_such_part(world: World) -> None:
    assert 'id="branches"' not in page(world, "clerk")
