"""`do pack.overlay` and `pack overlay`: a branch's own values at the terminal."""

from __future__ import annotations

import pytest

from tests.branches import make_branches
from tests.cli.conftest import Kedang
from tests.conftest import Clock
from tests.databases import Site
from tests.world import World

WITHIN = "clocks.filing.within.days"


@pytest.fixture
def branches(site: Site, frozen_clock: Clock) -> World:
    return make_branches()


def test_values_are_set_listed_and_shown(branches: World, kedang: Kedang) -> None:
    asked = ("do", "pack.overlay", "unit:XA", "--set", f"{WITHIN}=2", "--set", 'rounds.review.every={"months": 1}')
    done = kedang(*asked, "--reason", "本地要求更严", "--as", "head", "--json")
    assert (done.code, done.json["state"]) == (0, "done"), done.err
    assert done.json["result"]["pack"] == "plain/1+XA.1"
    listed = kedang("pack", "overlay", "list", "--json").json
    assert (listed["pack"], [each["name"] for each in listed["overlays"]]) == ("plain/1", ["XA.1"])
    values = {each["path"]: (each["company"], each["branch"]) for each in listed["overlays"][0]["values"]}
    assert values == {WITHIN: ("5", "2"), "rounds.review.every": ("months 3", "months 1")}
    shown = kedang("pack", "overlay", "show", "XA.1")
    assert shown.code == 0
    assert all(word in shown.out for word in ("归档时限", WITHIN, "本地要求更严", "Head"))
    assert kedang("pack", "overlay", "show", "BJ").code == 1
    assert kedang("pack", "show", "plain/1+XA.1", "--json").json["version"] == "plain/1+XA.1"
    changed = kedang("pack", "diff", "plain/1", "plain/1+XA.1", "--json").json["differences"]
    assert {each["key"] for each in changed} == {
        "meta.edition",
        "clocks.filing.within.days",
        "rounds.review.every.months",
    }


def test_what_cannot_be_set_is_refused_by_its_path(branches: World, kedang: Kedang) -> None:
    ran = kedang(
        "do", "pack.overlay", "unit:XA", "--set", "fields.name.key=1", "--reason", "试一试", "--as", "head", "--json"
    )  # fmt: skip
    assert (ran.code, ran.json["code"]) == (1, "invalid")
    assert "fields.name.key" in ran.err
