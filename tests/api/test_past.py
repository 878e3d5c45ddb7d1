"""A dossier over time over REST."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers.models import Dossier
from kedang.governance import jobs
from kedang.governance.models import Call
from tests.conftest import Clock
from tests.world import World


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Clock) -> None:
    """The company is founded on a Monday in March."""


@pytest.fixture
def code(world: World, frozen_clock: Clock) -> str:
    made = world.open("西安示例机电有限公司", grade="A", contact_name="王小明", contact_phones="13800138000")
    frozen_clock.advance(days=1)
    world.amend(made, grade="B", contact_phones="13900139000")
    return made


def test_an_earlier_day_a_value_and_restore(ask: Any, code: str) -> None:
    then = ask("GET", f"/customers/{code}?as_of=2026-03-02").json()
    assert (then["version"], then["values"]["grade"], then["today"]["grade"]) == (1, "A", "B")
    assert (then["values"]["contact.phones"], then["masked"]) == ("+86138****8000", ["contact.phones"])
    assert ask("GET", f"/customers/{code}").json()["values"]["grade"] == "B"
    for wrong in ("2026-02-01", "2026-04-01", "someday"):
        assert ask("GET", f"/customers/{code}?as_of={wrong}").status_code == 422
    steps = ask("GET", f"/customers/{code}/value?field=grade").json()
    assert [(each["before"], each["after"], each["current"]) for each in steps["items"]] == [
        ("A", "B", True), ("", "A", False),
    ]  # fmt: skip
    done = ask("POST", f"/customers/{code}/restore", {"fields": ["grade"], "version": 1, "base_version": 2})
    assert (done.status_code, Dossier.objects.get().grade) == (200, "A")
    stale = ask("POST", f"/customers/{code}/restore", {"fields": ["grade"], "version": 2, "base_version": 2})
    assert stale.status_code == 409


def test_steps_say_what_is_missing(ask: Any, code: str) -> None:
    [step] = ask("GET", f"/customers/{code}/steps").json()["items"]
    assert (step["to"], [each["ref"] for each in step["missing"]]) == ("retained", ["record:transaction"])
    refused = ask("POST", f"/customers/{code}/advance", {"to": "retained"})
    assert (refused.status_code, refused.json()["missing"]) == (409, ["record:transaction"])


def test_the_bin_and_a_handover(ask: Any, code: str, world: World) -> None:
    assert ask("POST", f"/customers/{code}/remove", {"reason": "重复建档了"}, by="archivist").status_code == 200
    [row] = ask("GET", "/customers/bin", by="archivist").json()["items"]
    assert (row["code"], row["reason"], row["by_name"]) == (code, "重复建档了", "Archivist")
    assert ask("GET", "/customers/bin").status_code == 403
    assert ask("POST", f"/customers/{code}/recover", {"reason": "并非重复"}, by="archivist").status_code == 200
    body = {"codes": [code], "owner": "manager", "reason": "人员调整"}
    answer = ask("POST", "/customers/hand-over", body, by="head")
    assert answer.status_code == 202
    jobs.run(Call.objects.get(op="customer.hand_over").pk)
    assert Dossier.objects.get().owner == world.staff["manager"]
