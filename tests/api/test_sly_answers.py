"""What no form can ask is refused as such, and never an error of the site."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.governance.models import Call
from tests.world import World

DEEP: Any = "x"
for _ in range(300):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "answer", [2**70, "\ud800", {"a": 1}, [["a"]], DEEP, ["x"] * 300, "长" * 1_000_000, float("inf")],
    ids=["huge", "half", "nested", "listed", "deep", "many", "long", "endless"],
)  # fmt: skip
def test_a_strange_answer_is_invalid(world: World, ask: Any, answer: Any) -> None:
    code = world.open("西安示例机电有限公司")
    before = Call.objects.count()
    said = ask("PATCH", f"/customers/{code}", {"values": {"short_name": "示例"}, "form": {"x": answer}})
    assert said.status_code in (400, 422), said.content
    assert Call.objects.filter(op="customer.amend").count() == 0 and Call.objects.count() <= before + 1
