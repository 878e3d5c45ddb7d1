"""A row of a file is judged, counted and followed like the same deed done alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from kedang.customers.models import Dossier
from kedang.customers.payloads import OpenDossier
from kedang.governance import clocks
from kedang.governance.clocks.models import Duty
from kedang.governance.clocks.states import state_of
from kedang.governance.clocks.ticking import tick
from kedang.governance.compliance.models import Evidence
from kedang.governance.models import Call
from kedang.governance.registers.models import Row
from kedang.intake import present
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from tests.conftest import Clock
from tests.databases import Site
from tests.flows.signed import POSTS, SEATS, agree, appoint, pack_with
from tests.intake import samples
from tests.intake.importing import committed, ran, staged, undone
from tests.world import GOOD_CODE, World, make_world

COLUMNS = {"客户名称": "name", "信用代码": "credit_code", "来源": "source", "资本": "capital", "地区": "region",
           "获知日期": "learned_on", "收到": "item.received_on", "同意": "item.informed"}  # fmt: skip
FORMS = {
    "entry": {
        "title": "录入单",
        "items": {
            "received_on": {"title": "收到日期", "type": "date", "range": {"max": 0}},
            "informed": {"title": "已取得同意", "type": "yes_no"},
        },
    }
}
OPEN: dict[str, Any] = {
    "who": ["entry_clerk", "account_manager", "archivist"],
    "article": "4.1a",
    "controls": ["R2-26"],
    "rules": [{"article": "4.1a"}],
}
ALONE: dict[str, Any] = {
    "when": {"unless": {"channel": ["import"]}}, "needs": {"form": "entry"}, "article": "4.1a",
}  # fmt: skip
NEXT_DAY: dict[str, Any] = {
    "entry": {
        "title": "次日录完",
        "starts": {"operation": "customer.open", "from_item": "received_on"},
        "within": {"days": 1, "until": "midnight"},
        "article": "2.2d",
    }
}


def house(*rules: Mapping[str, Any], **sections: Any) -> World:
    """The plain pack with more rules on opening, and whatever else a test is about."""
    opening = OPEN | {"rules": [*rules, *OPEN["rules"]]}
    sections["operations"] = {"customer.open": opening, **sections.get("operations", {})}
    world = make_world(pack_with([], **sections))
    for seat in SEATS:
        appoint(world, *seat)
    return world


def brought(world: World, folder: Path, rows: Sequence[Sequence[Any]], by: str = "clerk", **extra: Any) -> Batch:
    path = samples.xlsx(folder / f"客户{len(list(folder.iterdir()))}.xlsx", rows)
    columns = {title: COLUMNS[title] for title in rows[0]}
    return staged(world, path, by, confirm=True, columns=columns, **extra)[0]


def taken(world: World, folder: Path, rows: Sequence[Sequence[Any]], by: str = "clerk", **extra: Any) -> Batch:
    return committed(world, brought(world, folder, rows, by, **extra), by, reason="合作单位名单")


def refusals(world: World, batch: Batch) -> list[tuple[int, str, str]]:
    """Row, rule and articles of each rejected row."""
    rows = present.problem_rows(world.actor("clerk"), batch.ref, ("rejected",), limit=0)
    return [(row.row, row.findings[0].rule, str(row.findings[0].params.get("articles", ""))) for row in rows]


def test_a_rule_on_values_reaches_each_row(site: Site, tmp_path: Path) -> None:
    bought = {"when": {"values": {"source": ["购买名单"]}}, "deny": True, "article": "2.2a", "why": "不收购买的名单"}
    large = {"when": {"values": {"capital": {"min": 100_000_000}}}, "deny": True, "article": "2.2b"}
    world = house(bought, large)
    rows = [
        ["客户名称", "来源", "资本"],
        ["第一机电公司", "拜访", "90万元"],
        ["第二机电公司", "购买名单", "10万元"],
        ["第三机电公司", "拜访", "100万元"],
        ["第四机电公司", "", ""],
        ["第五机电公司", "展会", "99.99万元"],
    ]
    batch = taken(world, tmp_path, rows)
    assert refusals(world, batch) == [(3, "gate.denied", "2.2a"), (4, "gate.denied", "2.2b")]
    assert sorted(Dossier.objects.values_list("name", flat=True)) == ["第一机电公司", "第五机电公司", "第四机电公司"]


def test_a_rule_on_what_stands_in_the_dossier_reaches_a_row_that_changes_it(site: Site, tmp_path: Path) -> None:
    keep = {"when": {"values": {"grade": ["甲"]}}, "deny": True, "article": "3.1c"}
    amend = {"who": ["entry_clerk"], "article": "2.2d", "rules": [keep, {"article": "2.2d"}]}
    world = house(operations={"customer.amend": amend})
    world.open("第一机电公司", credit_code=GOOD_CODE, grade="甲")
    rows = [["客户名称", "信用代码", "来源"], ["第一机电公司", GOOD_CODE, "拜访"]]
    assert refusals(world, taken(world, tmp_path, rows, on_duplicate="update")) == [(2, "gate.denied", "3.1c")]


def test_the_signatures_of_a_batch_are_those_of_every_value_its_columns_may_hold(site: Site, tmp_path: Path) -> None:
    large = {"when": {"values": {"capital": {"min": 100_000_000}}}, "flow": "large", "article": "2.2b"}
    flows = {"large": {"title": "大客户", "steps": [{"of": {"post": "director"}}]}}
    world = house(large, flows=flows, posts=POSTS)
    rows = [["客户名称", "资本"], ["第一机电公司", "90万元"], ["第二机电公司", "200万元"]]
    plain = brought(world, tmp_path, [["客户名称"], ["第三机电公司"]])
    assert ran(world.do("import.commit", plain.ref, CommitBatch())).state == "done"
    batch = brought(world, tmp_path, rows)
    call = world.do("import.commit", batch.ref, CommitBatch())
    assert call.state == "waiting"
    agree(world, call, "archivist")
    assert ran(Call.objects.get(pk=call.pk)).state == "done"
    assert Dossier.objects.filter(name="第二机电公司").exists()


def test_a_value_the_batch_gives_every_row_asks_for_no_other_signature(site: Site, tmp_path: Path) -> None:
    secret = {"when": {"level": ["confidential", "secret"]}, "flow": "secret", "article": "2.2b"}
    world = house(secret, flows={"secret": {"title": "密", "steps": [{"of": {"post": "director"}}]}}, posts=POSTS)
    rows = [["客户名称"], ["第一机电公司"]]
    assert taken(world, tmp_path, rows, defaults={"level": "internal"}).created == 1
    batch = brought(world, tmp_path, [["客户名称"], ["第二机电公司"]], defaults={"level": "confidential"})
    assert world.do("import.commit", batch.ref, CommitBatch()).state == "waiting"


def test_an_answer_of_the_form_comes_from_a_column_or_from_the_batch(site: Site, tmp_path: Path) -> None:
    asked = {"when": {"items": {"informed": ["no"]}}, "deny": True, "article": "2.2a", "why": "未取得同意"}
    world = house(asked, ALONE, forms=FORMS)
    rows = [["客户名称", "同意"], ["第一机电公司", "是"], ["第二机电公司", "否"], ["第三机电公司", "也许"]]
    assert refusals(world, taken(world, tmp_path, rows)) == [(3, "gate.denied", "2.2a"), (4, "form.answer", "")]
    batch = taken(world, tmp_path, [["客户名称"], ["第四机电公司"]], defaults={"item.informed": "否"})
    assert refusals(world, batch) == [(2, "gate.denied", "2.2a")]
    with pytest.raises(Refused):
        brought(world, tmp_path, [["客户名称"], ["第四机电公司"]], defaults={"item.nothing": "1"})


def test_rows_entered_late_are_late_one_by_one_and_rows_in_time_are_counted(
    frozen_clock: Clock, site: Site, tmp_path: Path
) -> None:
    frozen_clock.set("2026-03-10T10:00:00+08:00")
    world = house(ALONE, forms=FORMS, clocks=NEXT_DAY)
    rows = [["客户名称", "收到"], *([f"及时{n}机电公司", "2026-03-09"] for n in range(30)),
            ["迟一机电公司", "2026-03-05"], ["迟二机电公司", "2026-03-06"], ["无日期机电公司", ""]]  # fmt: skip
    batch = taken(world, tmp_path, rows)
    assert batch.created == 33
    kept = Duty.objects.get(subject=batch.ref, name="entry")
    assert (kept.done, kept.needed, state_of(kept, clock.now_us())) == (30, 30, "in_time")
    late = Duty.objects.filter(name="entry").exclude(pk=kept.pk).order_by("due_us")
    names = dict(Dossier.objects.values_list("code", "name"))
    assert [names[duty.subject.removeprefix("dossier:")] for duty in late] == ["迟一机电公司", "迟二机电公司"]
    assert {state_of(duty, clock.now_us()) for duty in late} == {"late"}
    assert {(duty.holder, duty.unit, duty.owner) for duty in late} == {("clerk", world.units["XA"].pk, "clerk")}


def test_a_date_the_file_does_not_give_is_the_day_of_learning_or_that_of_the_batch(
    frozen_clock: Clock, site: Site, tmp_path: Path
) -> None:
    frozen_clock.set("2026-03-10T10:00:00+08:00")
    world = house(ALONE, forms=FORMS, clocks=NEXT_DAY)
    taken(world, tmp_path, [["客户名称", "获知日期"], ["第一机电公司", "2026-03-01"]])
    taken(world, tmp_path, [["客户名称"], ["第二机电公司"]], defaults={"item.received_on": "2026/03/02"})
    days = [clock.company_day(duty.started_us).isoformat() for duty in Duty.objects.order_by("pk")]
    assert days == ["2026-03-01", "2026-03-02"]


def test_a_row_starts_and_stops_clocks_like_a_deed_alone(frozen_clock: Clock, site: Site, tmp_path: Path) -> None:
    refresh = {
        "title": "一年内更新", "starts": {"operation": "customer.open"}, "stops": ["customer.amend"],
        "within": {"years": 1, "until": "midnight"}, "holder": {"person": "owner"},
        "overdue": {"block": ["customer.open"]},
    }  # fmt: skip
    world = house(clocks={"refresh": refresh})
    alone = world.open("第零机电公司")
    rows = [["客户名称", "信用代码"], ["第一机电公司", GOOD_CODE], ["第二机电公司", ""]]
    batch = taken(world, tmp_path, rows)
    like = Duty.objects.get(subject=f"dossier:{alone}")
    made = Duty.objects.exclude(pk=like.pk).order_by("pk")
    same = ("name", "holder", "party", "unit", "owner", "applicant", "due_us", "next_us", "needed", "done", "about")
    assert [tuple(getattr(each, key) for key in same) for each in made] == [
        tuple(getattr(like, key) for key in same)
    ] * 2
    first = Dossier.objects.get(name="第一机电公司")
    rows = [["客户名称", "信用代码", "来源"], ["第一机电公司", GOOD_CODE, "拜访"]]
    assert taken(world, tmp_path, rows, on_duplicate="update").updated == 1
    assert Duty.objects.get(subject=f"dossier:{first.code}").stopped_us
    frozen_clock.set("2027-06-01T10:00:00+08:00")
    tick(clock.now_us())
    assert clocks.late_of("clerk", clock.now_us()) == {"refresh"}
    late = brought(world, tmp_path, [["客户名称"], ["第三机电公司"]])
    assert refusals(world, committed(world, late)) == [(2, "gate.denied", "4.1a")]
    frozen_clock.set("2026-03-03T10:00:00+08:00")
    undone(world, batch)
    assert Duty.objects.filter(closed_us=0).count() == 1, "nothing is expected of a dossier that was taken away"


def test_of_imported_rows_the_sampled_share_is_watched(frozen_clock: Clock, site: Site, tmp_path: Path) -> None:
    review = {
        "title": "抽审", "starts": {"operation": "customer.open"}, "stops": ["customer.amend"], "within": {"days": 5},
        "sample": 20,
    }  # fmt: skip
    world = house(clocks={"review": review})
    taken(world, tmp_path, [["客户名称"], *([f"第{n}号机电公司"] for n in range(100))])
    assert Duty.objects.filter(name="review", n__gt=0).count() == 20


def test_a_quota_counts_rows_and_the_rows_above_it_are_rejected(
    frozen_clock: Clock, site: Site, tmp_path: Path
) -> None:
    quota = {"title": "每日新建上限", "operations": ["customer.open"], "most": 4, "article": "2.2b"}
    world = house(quotas={"opened": quota})
    world.open("第零机电公司")
    rows = [["客户名称"], *([f"第{n}号机电公司"] for n in range(5))]
    tried = brought(world, tmp_path, rows)
    committed(world, tried, dry_run=True)
    assert (tried.created, tried.rejected) == (3, 2)
    batch = committed(world, tried)
    assert refusals(world, batch) == [(5, "gate.denied", "2.2b"), (6, "gate.denied", "2.2b")]
    with pytest.raises(Refused) as no:
        world.do("customer.open", "-", OpenDossier(values={"name": "第九机电公司"}))
    assert no.value.articles == ("2.2b",)
    frozen_clock.advance(days=1)
    assert world.open("第九机电公司")


def test_a_rule_on_how_often_reaches_the_rows_from_there_on(site: Site, tmp_path: Path) -> None:
    quota = {"title": "每日新建", "operations": ["customer.open"], "most": 100}
    third = {"when": {"times": {"opened": {"min": 2}}}, "deny": True, "article": "2.2a"}
    world = house(third, quotas={"opened": quota})
    batch = taken(world, tmp_path, [["客户名称"], *([f"第{n}号机电公司"] for n in range(4))])
    assert refusals(world, batch) == [(4, "gate.denied", "2.2a"), (5, "gate.denied", "2.2a")]


def test_a_changed_row_fills_the_register_and_every_row_bears_witness(site: Site, tmp_path: Path) -> None:
    amend = {
        "who": ["entry_clerk"], "article": "2.2d", "registers": ["changes"], "controls": ["R2-26"],
        "rules": [{"article": "2.2d"}],
    }  # fmt: skip
    bought = {"when": {"values": {"source": ["购买名单"]}}, "deny": True, "article": "2.2a", "controls": ["R2-03"]}
    world = house(bought, operations={"customer.amend": amend}, registers={"changes": {"title": "变更登记簿"}})
    code = world.open("第一机电公司", credit_code=GOOD_CODE)
    rows = [["客户名称", "信用代码", "来源"], ["第一机电公司", GOOD_CODE, "拜访"], ["第二机电公司", "", "展会"],
            ["第三机电公司", "", "购买名单"]]  # fmt: skip
    batch = taken(world, tmp_path, rows, on_duplicate="update")
    assert (batch.created, batch.updated, batch.rejected) == (1, 1, 1)
    assert list(Row.objects.filter(register="changes").values_list("subject", flat=True)) == [f"dossier:{code}"]
    found = set(Evidence.objects.filter(subject=batch.ref).values_list("control", "outcome"))
    assert ("R2-03", "refused") in found
    assert ("R2-26", "done") in found
