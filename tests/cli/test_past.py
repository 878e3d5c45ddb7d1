"""A dossier over time on the command line: every new operation is reached by its name."""

from __future__ import annotations

import pytest

from kedang.customers.models import Dossier
from kedang.kernel import clock
from tests.cli.conftest import Kedang
from tests.world import World


@pytest.fixture
def code(world: World) -> str:
    made = world.open("西安示例机电有限公司", grade="A", contact_phones="13800138000")
    world.amend(made, grade="B", scale="大型")
    return made


def test_show_an_earlier_day_and_one_value(code: str, kedang: Kedang) -> None:
    today = clock.company_day(clock.now_us()).isoformat()
    then = kedang("show", code, "--as-of", today, "--as", "clerk", "--json").json
    assert (then["as_of"], then["version"], then["values"]["grade"], then["today"]) == (today, 2, "B", {})
    assert "13800138000" not in kedang("show", code, "--as-of", today, "--as", "clerk").out
    assert kedang("show", code, "--as-of", "2001-01-01", "--as", "clerk", "--json").json["code"] == "invalid"
    assert kedang("show", code, "--as-of", "soon", "--as", "clerk", "--json").json["code"] == "invalid"
    steps = kedang("show", code, "--history", "grade", "--as", "clerk", "--json").json["items"]
    assert [(each["before"], each["after"]) for each in steps] == [("A", "B"), ("", "A")]


def test_every_operation_over_time_is_reached(code: str, kedang: Kedang) -> None:
    def do(op: str, subject: str, *settings: str, by: str = "archivist") -> dict[str, object]:
        given = [part for setting in settings for part in ("--set", setting)]
        said: dict[str, object] = kedang("do", op, subject, *given, "--as", by, "--reason", "按规定办理", "--json").json
        return said

    done = do("customer.restore", code, "fields=grade", "fields=scale", "version=1")
    assert done["state"] == "done"
    assert Dossier.objects.values_list("grade", "scale").get() == ("A", "")
    refused = do("customer.advance", code, "to=retained", by="clerk")
    assert (refused["code"], refused["missing"]) == ("state", ["record:transaction"])
    assert do("customer.remove", code)["state"] == "done"
    assert do("customer.recover", code)["state"] == "done"
    assert do("customer.hand_over", "-", f"codes={code}", "owner=manager", "keep_until=2099-01-01")["state"] == "done"
    assert Dossier.objects.values_list("owner__username", flat=True).get() == "manager"
