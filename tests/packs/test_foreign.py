# ruff: noqa: E501 - one case in one line is easier to read
"""Three regulations of other trades, written by the guide alone: sound, and what they say is what is decided."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kedang.governance.offered import NAMES
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.packs import reckoning, scoring
from kedang.packs.checking import check_bytes, under_law
from kedang.packs.conditions import answers
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.schema import Pack
from tests.packs.guide import PAGE

FOREIGN = Path(__file__).with_name("foreign")
PACKS = ("hongyuan_dealers", "yihe_clinic", "huimin_credit")
GIVEN = Given("客户来函说明情况", ("file:1", "file:2", "file:3"), form=True, confirmed=True)
COMPANY = ZoneInfo("Asia/Shanghai")
HOW = ("said", "partly", "not")


def text_of(name: str) -> str:
    return (FOREIGN / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def pack_of(name: str) -> Pack:
    return under_law(text_of(name).encode(), f"{name}.yaml").pack


def asked(name: str, operation: str, role: str, **facts: object) -> Decision:
    actor = Actor(id="ann", roles=frozenset({role}), clearance=4)
    signed = frozenset({"secrecy"})
    return decide(
        pack_of(name), operation, actor,
        Facts(**{"rel": frozenset({"in_scope"}), "signed": signed, **facts}), GIVEN,  # type: ignore[arg-type]
    )  # fmt: skip


def rules() -> list[dict[str, str]]:
    with (FOREIGN / "rules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", PACKS)
def test_it_is_sound_for_this_product(name: str) -> None:
    _, problems = check_bytes(text_of(name).encode(), f"{name}.yaml", NAMES)
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_is_an_article_and_has_its_verdict(name: str) -> None:
    told = [row["rule"] for row in rules() if row["pack"] == name]
    assert told == [article for article in pack_of(name).articles if article != "0"]
    assert {row[when] for row in rules() for when in ("before", "after")} == {"said", "partly", "not"}


def test_the_guide_tells_the_measured_share() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in PACKS:
        mine = [row for row in rules() if row["pack"] == name]
        counts = [Counter(row[when] for row in mine)[how] for when in ("before", "after") for how in HOW]
        line = rf"\| {pack_of(name).meta.title}[^|]*\| {len(mine)} \| " + r" \| ".join(str(each) for each in counts)
        assert re.search(line, page), f"docs/packs.md: {line}"


@pytest.mark.parametrize(
    ("discount", "flow"), [(2, "store"), (5, "region"), (8, "group"), (9, "")], ids=["shop", "region", "group", "no"]
)
def test_a_larger_discount_takes_a_higher_signature(discount: int, flow: str) -> None:
    said = asked("hongyuan_dealers", "deal.record", "adviser", items={"discount": discount})
    assert (said.flow, said.allow) == (flow, bool(flow))


def test_credit_goes_up_by_amount_and_not_over_what_is_owed_already() -> None:
    def flow(amount: int, total: int) -> str:
        items = {"amount": amount, "total": total, "related": "no", "ceiling": "五百万"}
        return asked("huimin_credit", "credit.apply", "adviser", items=items, state="prospect").flow

    assert [flow(each, each) for each in (50_000_000, 50_000_001, 200_000_001)] == ["head", "risk", "committee"]
    assert flow(200_000_000, 500_000_001) == ""


def test_the_third_call_of_a_day_to_one_customer_is_refused() -> None:
    noon = {"channel": "phone", "minute": 720}
    assert asked("hongyuan_dealers", "visit.record", "caller", times={"calls": 1}, **noon).allow
    assert not asked("hongyuan_dealers", "visit.record", "caller", times={"calls": 2}, **noon).allow


@pytest.mark.parametrize(("minute", "open_"), [(510, True), (700, False), (840, True), (1020, False)])
def test_the_reading_room_has_its_hours(minute: int, open_: bool) -> None:
    assert asked("yihe_clinic", "reading.visit", "adviser", weekday="tue", minute=minute).allow is open_
    assert not asked("yihe_clinic", "reading.visit", "adviser", weekday="sun", minute=minute).allow


def test_a_fee_a_commission_and_the_interest_are_reckoned() -> None:
    def reckoned(name: str, form: str, item: str, **values: int) -> int | None:
        tree = pack_of(name).forms[form].items[item].formula
        assert tree is not None
        return scoring.formula(tree, values)

    assert [reckoned("yihe_clinic", "copy", "fee", pages=pages) for pages in (3, 10, 25)] == [0, 0, 1500]
    assert reckoned("hongyuan_dealers", "deal", "commission", price=20_000_000, gift=50_000) == 150_000
    assert reckoned("huimin_credit", "apply", "interest", amount=10_000_000, rate=60, months=12) == 720_000
    assert reckoned("huimin_credit", "apply", "interest", amount=10_000_000, rate=60) is None


@pytest.mark.parametrize(
    ("name", "round_", "day", "last"),
    [
        ("huimin_credit", "class", "2026-04-03", "2026-04-25"),
        ("hongyuan_dealers", "year_review", "2026-04-03", "2026-12-20"),
        ("hongyuan_dealers", "week_meeting", "2026-04-03", "2026-03-30"),
        ("yihe_clinic", "count", "2027-04-03", "2027-03-31"),
    ],
)
def test_a_limit_lies_inside_the_period(name: str, round_: str, day: str, last: str) -> None:
    said = pack_of(name).rounds[round_]
    period = reckoning.period_of(said.every, datetime.fromisoformat(day).date())
    assert period is not None
    end = reckoning.end_of(period, said.grace, pack_of(name).hours, said.within)
    assert (
        end + reckoning.INSTANT == datetime.fromisoformat(f"{last}T00:00").replace(tzinfo=COMPANY) + reckoning.ONE_DAY
    )


def test_a_clock_starts_from_a_number_on() -> None:
    where = pack_of("yihe_clinic").clocks["repair"].starts.where
    assert [answers(where, {"temperature": degrees}) for degrees in (24, 25, None)] == [False, True, False]


@pytest.mark.parametrize(
    ("name", "rule", "old", "new", "where"),
    [
        ("yihe_clinic", "formula_item", "{item: pages}", "{item: applicant}", "fee: {"),
        ("yihe_clinic", "formula_item", "{item: pages}", "{item: fee}", "fee: {"),
        ("yihe_clinic", "formula_measure", "{item: pages}", "{measure: pages}", "fee: {"),
        ("yihe_clinic", "exactly_one", "formula: {greatest:", "table: quality, formula: {greatest:", "fee: {"),
        ("huimin_credit", "within_or_grace", "within: {days: 24}", "within: {days: 24}, grace: {days: 2}", "  class: {"),
        ("huimin_credit", "lapse_of_clock", "within: {days: 24}", "overdue: {does: credit.lapse}", "  class: {"),
        ("huimin_credit", "lapse", "who: [system], in_scope", "who: [adviser], in_scope", "  valid: {"),
        ("huimin_credit", "lapse", ", credit.lapse], within", "], within", "  valid: {"),
        ("huimin_credit", "lapse", "register: credits, from: [open], to: void", "register: late, from: [due], to: letter",
         "  valid: {"),
        ("huimin_credit", "never_allowed", "when: {state: [barred]}, deny", "deny", "    rules:"),
        ("huimin_credit", "quota_of_dossier", "[collect.call], most", "[late.call], most", "  calls: {"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_named_by_line(name: str, rule: str, old: str, new: str, where: str) -> None:
    wrong = text_of(name).replace(old, new)
    assert wrong != text_of(name)
    found = [problem for problem in check_bytes(wrong.encode(), f"{name}.yaml", NAMES)[1] if problem.rule == rule]
    assert found
    assert any(where in wrong.splitlines()[problem.line - 1] for problem in found)
