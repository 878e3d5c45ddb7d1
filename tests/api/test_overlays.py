"""Other programs read what branches set for themselves."""

from __future__ import annotations

import pytest

from tests.api.conftest import Ask
from tests.branches import make_branches, set_values
from tests.conftest import Clock
from tests.databases import Site
from tests.world import World


@pytest.fixture
def world(site: Site, frozen_clock: Clock) -> World:
    return make_branches()


def test_everybody_who_works_here_reads_what_branches_set(world: World, ask: Ask) -> None:
    empty = ask("GET", "/regulation/overlays", by="clerk").json()
    assert (empty["pack"], empty["overlays"]) == ("plain/1", [])
    assert "clocks.filing.within" in empty["delegated"]
    set_values(world, {"clocks.filing.within.days": 2, "operations.customer.reveal.needs.reason.min_chars": 2})
    found = ask("GET", "/regulation/overlays", by="stranger").json()["overlays"]
    assert [(each["name"], each["pack"], each["in_force"]) for each in found] == [("XA.1", "plain/1+XA.1", True)]
    assert found[0]["values"][0] == {
        "path": "clocks.filing.within.days", "title": "归档时限", "company": "5", "branch": "2",
    }  # fmt: skip
    assert [(each["branch"], each["now"], each["by"]) for each in found[0]["overrides"]] == [("2", "4", "law")]
    assert ask("GET", "/regulation/overlays/XA", by="clerk").json() == found[0]
    assert ask("GET", "/regulation/overlays/XA.1", by="clerk").json() == found[0]


@pytest.mark.parametrize("name", ["BJ", "XA.2", "nowhere", "XA."])
def test_what_was_not_set_is_not_found(world: World, ask: Ask, name: str) -> None:
    set_values(world, {"clocks.filing.within.days": 2})
    assert ask("GET", f"/regulation/overlays/{name}").status_code == 404


def test_a_misspelt_filter_is_refused(world: World, ask: Ask) -> None:
    assert ask("GET", "/regulation/overlays", unit="XA").status_code == 422
