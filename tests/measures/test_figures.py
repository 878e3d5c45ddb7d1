"""Every kind of source gives its number: per person, unit, dossier and company, for any past period alike."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.governance.measures.figures import figured, figures
from kedang.governance.measures.sanctions import sanctions_of
from kedang.governance.measures.scores import measure_of, scores_of
from kedang.governance.measures.spans import containing, span
from kedang.governance.registers.models import Row
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from tests.conftest import Clock
from tests.measures.house import back, house, lend, tick
from tests.registers.house import matter
from tests.world import GOOD_CODE, World


@pytest.fixture
def year(frozen_clock: Clock, world: World) -> dict[str, str]:
    """The second of March: three loans, one back in time, one late, one still out in April."""
    house(world)
    one, two, three = (world.open(f"西安示例{no}有限公司") for no in ("甲", "乙", "丙"))
    rows = [lend(world, one, days="2"), lend(world, two, "archivist", days="5", original="是", keeper="clerk")]
    rows.append(lend(world, three, days="4"))
    frozen_clock.set("2026-03-04T10:00:00+08:00")
    back(world, rows[0])
    frozen_clock.set("2026-03-09T10:00:00+08:00")
    tick()
    back(world, rows[1], "archivist")
    frozen_clock.set("2026-04-15T10:00:00+08:00")
    tick()
    return {"one": one, "two": two, "three": three, "out": rows[2], "late": rows[1]}


def number(name: str, subject: str, period: str = "2026Q1", of: str = "") -> Any:
    pack = in_force()
    return figured(pack, name, of=of or pack.measures[name].of, period=span(period)).of(subject).value


def test_rows_are_counted_summed_and_compared(year: dict[str, str], world: World) -> None:
    assert number("loans", "staff:clerk") == 2
    assert number("loans", "staff:archivist") == 1
    assert number("loans", "staff:boss") == 0
    assert number("originals", "unit:XA") == 1
    assert number("days", "company") == 11
    assert number("mean_days", "company") == 4
    assert (number("longest", "company"), number("shortest", "company")) == (5, 2)
    assert number("mean_days", "company", "2025") is None
    assert number("loans", f"dossier:{year['one']}", of="dossier") == 1


def test_a_unit_counts_what_happened_below_it(year: dict[str, str]) -> None:
    assert number("originals", "unit:HQ") == 1
    assert number("originals", "unit:BJ") == 0
    assert number("in_time", "unit:HQ") == 33
    assert number("in_time", "unit:BJ") is None


def test_rows_stand_as_they_stood_at_the_end_of_the_period(year: dict[str, str], world: World) -> None:
    assert number("out", "unit:XA", "2026Q1") == 1
    assert number("out", "unit:XA", "2026-03-02") == 3
    back(world, year["out"])
    assert not Row.objects.filter(register="loans", state="out").exists()
    assert number("out", "unit:XA", "2026Q1") == 1
    assert number("out", "unit:XA", "2026") == 0


def test_limits_are_kept_in_percent_and_what_is_late_is_counted(year: dict[str, str], world: World) -> None:
    found = figured(in_force(), "in_time", of="unit", period=span("2026Q1")).of("unit:XA")
    assert (found.value, found.part, found.whole) == (33, 1, 3)
    assert number("late", "staff:archivist") == number("late", "staff:clerk") == 1
    assert number("late", "staff:boss") == 0
    assert number("late", "company", of="company") == 2
    assert number("in_time", "unit:XA", "2026Q2") is None
    back(world, year["out"])
    assert number("late", "company", of="company") == 2


def test_rounds_are_done_in_percent(frozen_clock: Clock, world: World) -> None:
    house(world)
    tick()
    matter(world, "note.keep", "unit:XA", "archivist")
    for day in ("2026-04-02", "2026-05-02"):
        frozen_clock.set(f"{day}T09:00:00+08:00")
        tick()
    found = figured(in_force(), "checked", of="company", period=span("2026")).of("company")
    assert (found.value, found.part, found.whole) == (50, 1, 2)
    assert number("unchecked", "company", "2026") == 1
    assert figures(in_force(), "checked", of="staff", over="year") == {"staff:archivist": 50}


def test_deeds_and_refusals_are_counted_from_the_ledger(year: dict[str, str], world: World) -> None:
    with pytest.raises(Refused):
        lend(world, year["one"], days="12")
    assert number("opened", "staff:clerk") == 3
    assert number("opened", "staff:clerk", "2026-04") == 0
    assert number("opened", "unit:HQ", of="unit") == 3
    assert number("refused", "staff:clerk", "2026-04-15") == 1
    assert figures(in_force(), "refused", over="day") == {"staff:clerk": 1}


def test_the_quality_of_dossiers_is_reckoned_by_the_database(frozen_clock: Clock, world: World) -> None:
    pack = house(world)
    needed = pack.required("organisation", "prospect")
    good = world.open("西安良好有限公司", credit_code=GOOD_CODE, contact_phones="13800138000", region="西安市")
    frozen_clock.advance(days=10, hours=1)
    poor = world.open("西安欠缺有限公司", credit_code="")
    table = {line.subject: line.scored.points for line in measure_of(pack, "age", only=[f"dossier:{good}"]).lines}
    assert table == {f"dossier:{good}": 10}
    assert number("age", "company", "always", of="company") == 5
    assert number("valid", f"dossier:{good}", "always") == 100
    values = [number("complete", f"dossier:{code}", "always") for code in (good, poor)]
    assert values[0] == 100
    assert all(isinstance(value, int) and 0 <= value <= 100 for value in values)
    assert needed
    assert number("complete", "company", "always", of="company") == (values[0] + values[1] + 1) // 2
    assert number("complete", "unit:HQ", "always", of="unit") == number("complete", "company", "always", of="company")


def test_an_empty_required_field_lowers_completeness(frozen_clock: Clock, world: World) -> None:
    pack = house(world)
    code = world.open("西安示例有限公司", contact_phones="13800138000")
    changed = pack.model_dump(mode="json", by_alias=True)
    for name in ("contact.phones", "postcode", "capital"):
        changed["fields"][name]["required_at"] = {"prospect": ["organisation"]}
    for name in changed["fields"]:
        if name not in ("contact.phones", "postcode", "capital"):
            changed["fields"][name]["required_at"] = {}
    narrowed = type(pack).model_validate(changed)
    period = containing("year", clock.company_day(clock.now_us()))
    assert figured(narrowed, "complete", of="dossier", period=period).of(f"dossier:{code}").value == 33


def test_a_field_is_a_number_or_a_code_and_dossiers_have_no_past(frozen_clock: Clock, world: World) -> None:
    pack = house(world)
    code = world.open("西安示例有限公司", capital="100万元")
    assert number("size", f"dossier:{code}", "2026") == 100_000_000
    assert number("class", f"dossier:{code}", "2026") == 1
    past = figured(pack, "complete", of="dossier", period=span("2025"))
    assert past.numbers == {}
    assert past.note


def test_a_score_adds_its_parts_and_grades_them(year: dict[str, str], world: World) -> None:
    lines = {line.subject: line.scored for line in scores_of(in_force(), "care", span("2026Q1")).lines}
    assert (lines["unit:XA"].points, lines["unit:XA"].grade) == (50, "差")  # 40 + 33 × 60 % − 10
    assert [(part.number, part.points) for part in lines["unit:XA"].parts] == [(33, 33), (1, -10)]
    assert (lines["unit:BJ"].points, lines["unit:BJ"].grade) == (None, "")
    shares = {line.subject: line.scored.points for line in scores_of(in_force(), "share", span("2026Q1")).lines}
    assert shares["staff:clerk"] == 50
    assert shares["staff:boss"] is None


def test_a_past_period_gives_the_same_numbers_for_ever(
    year: dict[str, str], world: World, frozen_clock: Clock
) -> None:  # fmt: skip
    pack = in_force()
    before = [scores_of(pack, "care", span("2026Q1")), sanctions_of(pack, span("2026Q1"))]
    back(world, year["out"])
    lend(world, year["one"])
    frozen_clock.advance(days=90)
    tick()
    assert [scores_of(pack, "care", span("2026Q1")), sanctions_of(pack, span("2026Q1"))] == before


def test_sanctions_are_proposed_by_the_so_manieth_occurrence(year: dict[str, str], world: World) -> None:
    found = {each.name: each for each in sanctions_of(in_force(), span("2026Q1"))}
    late = found["late_loans"].proposed
    assert [(one.who, one.no, one.measure) for one in late] == [
        ("staff:archivist", 1, "提醒"), ("staff:clerk", 1, "提醒"),
    ]  # fmt: skip
    assert found["prize"].by_decision
    assert found["prize"].proposed == ()
    assert all(one.source.startswith("duty:") for one in late)


def test_degrees_go_on_within_the_year_and_stop_at_the_cap(frozen_clock: Clock, world: World) -> None:
    house(world)
    codes = [world.open(f"西安示例{no}有限公司") for no in ("甲", "乙", "丙", "丁")]
    for code, month in zip(codes, (3, 4, 5, 6), strict=True):
        frozen_clock.set(f"2026-{month:02}-10T10:00:00+08:00")
        lend(world, code)
    frozen_clock.set("2026-07-01T10:00:00+08:00")
    tick()
    found = next(each for each in sanctions_of(in_force(), span("2026Q2")) if each.name == "late_loans")
    assert [(one.no, one.amount.fen if one.amount else 0, one.capped) for one in found.proposed] == [
        (2, 5000, False), (3, 3000, True), (4, 0, True),
    ]  # fmt: skip


def test_rows_and_missed_rounds_are_occurrences(frozen_clock: Clock, world: World) -> None:
    house(world)
    tick()
    matter(world, "complaint.take", "-", kind="泄露", loss="1")
    matter(world, "complaint.take", "-", kind="服务", loss="1")
    frozen_clock.set("2026-04-02T09:00:00+08:00")
    tick()
    found = {each.name: each for each in sanctions_of(in_force(), span("2026"))}
    assert [one.who for one in found["heavy"].proposed] == ["unit:XA"]
    missed = found["unchecked"].proposed
    assert [(one.who, one.amount and one.amount.points) for one in missed] == [("staff:archivist", -2)]


def test_a_form_is_filled_with_the_score_of_the_unit_it_names(year: dict[str, str], world: World) -> None:
    lend(world, year["one"])
    call = matter(world, "unit.appraise", "-", "archivist", unit="XA")
    row = Row.objects.get(register="appraisals", number=call.outcome["number"])
    assert "care" not in row.items  # nothing ended in the quarter that runs, so there is no figure


def test_the_form_takes_the_quarter_that_runs(frozen_clock: Clock, world: World) -> None:
    house(world)
    back(world, lend(world, world.open("西安示例有限公司")))
    frozen_clock.advance(days=5)
    call = matter(world, "unit.appraise", "-", "archivist", unit="XA")
    assert Row.objects.get(register="appraisals", number=call.outcome["number"]).items["care"] == 100


@pytest.mark.parametrize(
    ("over", "name"),
    [("day", "2026-07-15"), ("week", "2026-W29"), ("month", "2026-07"), ("quarter", "2026Q3"), ("half_year", "2026H2"),
     ("year", "2026"), ("always", "always")],
)  # fmt: skip
def test_a_period_is_named_and_read_again(over: str, name: str, frozen_clock: Clock) -> None:
    frozen_clock.set("2026-07-15T09:00:00+08:00")
    found = containing(over, clock.company_day(clock.now_us()))
    assert found.name == name
    assert span(name) == found
    assert found.since_us < found.until_us


@pytest.mark.parametrize("name", ["2026-02-30", "2026-W60", "2026-W00", "soon", "2026Q5"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        span(name)
