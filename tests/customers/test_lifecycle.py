"""The life of a customer: prospect, retained, lapsed, each step where the regulation's conditions are met."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kedang.customers import lifecycle, present, selectors
from kedang.customers.lifecycle import AdvanceDossier
from kedang.customers.models import Dossier
from kedang.customers.past import present as past
from kedang.customers.payloads import FileDossier
from kedang.customers.records.payloads import AddRecord, RemoveRecord
from kedang.kernel.errors import Refused
from tests.conftest import Clock
from tests.world import GOOD_CODE, World


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Clock) -> None:
    """The company is founded on a Monday in March."""


@pytest.fixture
def code(world: World) -> str:
    return world.open(
        "西安示例机电有限公司", credit_code=GOOD_CODE, region="610100", contact_name="王", contact_phones="13800138000"
    )


def advance(world: World, code: str, to: str, by: str = "clerk", reason: str = "半年没有往来", **more: str) -> Any:
    payload = AdvanceDossier(to=to, **more)
    return world.do("customer.advance", f"dossier:{code}", payload, by=by, reason=reason)


def deal(world: World, code: str, day: str) -> None:
    values = {"transaction.day": day, "transaction.title": "设备销售"}
    world.do("record.add", f"dossier:{code}", AddRecord(module="transaction", values=values))


def obstacles(code: str, to: str) -> list[tuple[str, int, date | None]]:
    step = next(each for each in lifecycle.steps(Dossier.objects.get(code=code)) if each.to == to)
    return [(each.ref, each.more, each.until) for each in step.obstacles]


def test_retained_needs_a_transaction_and_keeps_its_day(world: World, code: str) -> None:
    assert [step.to for step in lifecycle.steps(Dossier.objects.get())] == ["retained"]
    assert obstacles(code, "retained") == [("record:transaction", 1, None)]
    with pytest.raises(Refused) as no:
        advance(world, code, "retained")
    assert (no.value.code, no.value.missing, no.value.articles) == ("state", ("record:transaction",), ("2.1c",))
    deal(world, code, "2026-02-20")
    deal(world, code, "2026-02-27")
    assert obstacles(code, "retained") == []
    for day in ("2026-02-19", "2026-03-03", "2026-02-30"):
        with pytest.raises(Refused) as wrong:
            advance(world, code, "retained", on=day)
        assert (wrong.value.code, wrong.value.missing) == ("invalid", ("on",))
    assert advance(world, code, "retained").outcome == {
        "code": code, "state": "retained", "retained_on": "2026-02-20",
    }  # fmt: skip
    actor = world.actor("clerk")
    dossier = selectors.dossier_by_code(actor, code)
    assert (dossier.state, dossier.retained_on) == ("retained", date(2026, 2, 20))
    change = {each.key: (each.before, each.after) for each in present.history(actor, dossier)[0].changes}
    assert change == {"state": ("prospect", "retained"), "retained_on": ("", "2026-02-20")}


def test_a_transaction_that_was_taken_out_counts_no_more(world: World, code: str) -> None:
    deal(world, code, "2026-02-20")
    world.do("record.remove", f"record:{code}/transaction/1", RemoveRecord(), by="archivist", reason="录错了客户")
    assert obstacles(code, "retained") == [("record:transaction", 1, None)]


def test_lapsed_after_half_a_year_without_one(world: World, code: str, frozen_clock: Clock) -> None:
    with pytest.raises(Refused) as skipped:
        advance(world, code, "lapsed")
    assert (skipped.value.code, skipped.value.missing) == ("state", ("lapsed",))
    deal(world, code, "2026-03-02")
    advance(world, code, "retained", on="2026-03-02")
    assert obstacles(code, "lapsed") == [("idle:transaction", 0, date(2026, 9, 2))]
    with pytest.raises(Refused):
        advance(world, code, "lapsed")
    frozen_clock.set("2026-09-02T00:00:00+08:00")
    with pytest.raises(Refused) as why:
        advance(world, code, "lapsed", reason="")
    assert why.value.missing == ("reason",)
    advance(world, code, "lapsed")
    deal(world, code, "2026-09-01")
    advance(world, code, "retained", on="2026-09-01")
    dossier = selectors.dossier_by_code(world.actor("clerk"), code)
    assert (dossier.state, dossier.retained_on) == ("retained", date(2026, 9, 1))
    assert past.as_of(world.actor("clerk"), dossier, date(2026, 3, 2)).state == "retained"


def test_filed_has_no_steps_and_who_may_not_is_refused(world: World, code: str) -> None:
    with pytest.raises(Refused) as no:
        advance(world, code, "retained", by="query")
    assert no.value.code == "denied"
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="archivist")
    assert lifecycle.steps(Dossier.objects.get()) == []
    with pytest.raises(Refused):
        advance(world, code, "retained", by="archivist")
