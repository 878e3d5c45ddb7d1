"""The arithmetic of scores and sanctions: bands, weights, trees, degrees and caps, for any numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedang.packs import scoring
from kedang.packs.measures import Band, Sum
from kedang.packs.schema import Pack
from tests.packs.small import pack_of

NUMBERS = st.integers(-(10**9), 10**9)
MEASURES = {
    "kept": {"title": "及时率", "of": "unit", "deeds": ["customer.amend"]},
    "errors": {"title": "差错", "of": "unit", "deeds": ["customer.amend"]},
}


def pack(**parts: Any) -> Pack:
    plain = pack_of({"customer.amend": {"who": ["clerk"], "rules": [{}]}}).model_dump(mode="json", by_alias=True)
    return Pack.model_validate(plain | {"measures": MEASURES} | parts)


def score(values: dict[str, Any], **said: Any) -> scoring.Scored:
    return scoring.score(pack(scores={"s": {"title": "得分", "of": "unit", **said}}), "s", values)


def bands(*starts: tuple[int | None, int]) -> tuple[Band, ...]:
    return tuple(Band.model_validate({"from": start, "points": points}) for start, points in starts)


@given(st.dictionaries(NUMBERS, st.none(), max_size=8), NUMBERS, NUMBERS, st.randoms())
def test_more_never_scores_less_where_the_bands_rise(starts: dict[int, None], one: int, other: int, mix: Any) -> None:
    rising = [(None, -1), *((start, points) for points, start in enumerate(sorted(starts)))]
    mix.shuffle(rising)
    low, high = sorted((one, other))
    first, second = (scoring.band_points(bands(*rising), number) for number in (low, high))
    assert first is not None
    assert second is not None
    assert first <= second


def test_a_number_below_every_band_and_one_that_is_not_known_have_no_points() -> None:
    assert scoring.band_points(bands((10, 5)), 9) is None
    assert scoring.band_points(bands((10, 5)), 10) == 5
    assert scoring.band_points(bands((None, 0), (10, 5)), None) is None


@given(NUMBERS, NUMBERS.filter(bool))
def test_division_rounds_half_up(number: int, by: int) -> None:
    found = scoring.half_up(number, by)
    assert found is not None
    above, below = (number, by) if by > 0 else (-number, -by)
    assert 2 * above - below < 2 * found * below <= 2 * above + below
    assert scoring.half_up(5, 2) == 3
    assert scoring.half_up(-5, 2) == -2


def test_parts_are_weighted_and_rounded_once() -> None:
    parts = [{"measure": "kept", "weight": 33}, {"measure": "errors", "weight": 67}]
    assert score({"kept": 50, "errors": 50}, parts=parts).points == 50
    assert score({"kept": 1, "errors": 0}, parts=parts).points == 0
    assert score({"kept": 2, "errors": 0}, parts=parts).points == 1


def test_points_are_taken_off_where_the_score_begins_and_stay_in_their_limit() -> None:
    off = {"measure": "errors", "bands": [{"points": 0}, {"from": 1, "points": -5}, {"from": 3, "points": -200}]}
    grades = [{"grade": "差"}, {"from": 60, "grade": "中"}, {"from": 95, "grade": "优"}]
    said: dict[str, Any] = {"parts": [off], "base": 100, "limit": {"min": 0, "max": 100}, "grades": grades}
    found = [score({"errors": errors}, **said) for errors in (0, 1, 3)]
    assert [(each.points, each.grade) for each in found] == [(100, "优"), (95, "优"), (0, "差")]
    assert found[1].parts[0] == scoring.PartScored("measure", "errors", 1, -5, 100)


def test_a_part_without_a_figure_leaves_the_score_without_one() -> None:
    found = score({"kept": 90}, parts=[{"measure": "kept"}, {"measure": "errors"}], grades=[{"grade": "差"}])
    assert (found.points, found.grade) == (None, "")
    assert [part.points for part in found.parts] == [90, None]


def test_scores_and_tables_are_parts_of_scores() -> None:
    tables = {
        "t": {"title": "对照", "inputs": {"errors": "差错"}, "rows": [{"when": {"errors": {"max": 0}}, "then": 10}],
              "otherwise": 0},
    }  # fmt: skip
    inner = {"title": "内", "of": "unit", "parts": [{"measure": "kept", "weight": 50}]}
    outer = {"title": "外", "of": "unit", "parts": [{"score": "inner"}, {"table": "t"}]}
    made = pack(scores={"inner": inner, "outer": outer}, tables=tables)
    assert scoring.score(made, "outer", {"kept": 80, "errors": 0}).points == 50
    assert scoring.score(made, "outer", {"kept": 80, "errors": 2}).points == 40
    assert scoring.measures_of(made, "outer") == {"kept", "errors"}


TREES = st.recursive(
    st.one_of(
        st.builds(lambda number: {"number": number}, st.integers(-99, 99)),
        st.sampled_from([{"measure": "kept"}, {"measure": "unknown"}, {"item": "typed"}, {}]),
    ),
    lambda inner: st.dictionaries(
        st.sampled_from(["add", "subtract", "multiply", "divide", "least", "greatest"]),
        st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=1,
    ),
    max_leaves=12,
)  # fmt: skip


@given(TREES, st.one_of(st.none(), st.integers(-9, 9), st.just("word"), st.booleans()))
def test_no_tree_ever_crashes(tree: dict[str, Any], kept: Any) -> None:
    found = scoring.formula(Sum.model_validate(tree), {"kept": kept, "typed": 0})
    assert found is None or isinstance(found, int)


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.randoms())
def test_the_order_of_terms_changes_no_sum_product_or_extreme(numbers: list[int], mix: Any) -> None:
    shuffled = numbers.copy()
    mix.shuffle(shuffled)
    for kind in ("add", "multiply", "least", "greatest"):
        one, other = (
            scoring.formula(Sum.model_validate({kind: [{"number": each} for each in some]}), {})
            for some in (numbers, shuffled)
        )
        assert one == other


def test_division_by_zero_is_no_figure() -> None:
    tree = Sum.model_validate({"divide": [{"measure": "kept"}, {"measure": "errors"}]})
    assert scoring.formula(tree, {"kept": 7, "errors": 2}) == 4
    assert scoring.formula(tree, {"kept": 7, "errors": 0}) is None
    assert scoring.formula(tree, {"kept": 7}) is None


def dues(count: int, **said: Any) -> list[scoring.Due]:
    body = {"title": "罚", "flow": None, "late": None, **said}
    return scoring.sanction(pack(sanctions={"s": body}), "s", range(count))


def test_the_degree_is_that_of_the_so_manieth() -> None:
    degrees = [{"from": 2, "measure": "提醒"}, {"from": 4, "amount": {"fen": 5000}, "measure": "通报"}]
    found = dues(5, degrees=degrees)
    assert [(due.occurrence, due.no, due.measure) for due in found] == [
        (1, 2, "提醒"), (2, 3, "提醒"), (3, 4, "通报"), (4, 5, "通报"),
    ]  # fmt: skip
    assert [scoring.size(due.amount) for due in found] == [0, 0, 5000, 5000]


@given(
    st.sampled_from(["fen", "points"]), st.lists(st.integers(-500, 500), min_size=1, max_size=4), st.integers(0, 900),
    st.integers(0, 12),
)  # fmt: skip
def test_the_cap_holds_whatever_the_degrees(kind: str, amounts: list[int], cap: int, count: int) -> None:
    degrees = [{"from": no, "amount": {kind: amount}} for no, amount in enumerate(amounts, 1)]
    found = dues(count, degrees=degrees, cap={kind: cap})
    assert len(found) == count
    free = dues(count, degrees=degrees)
    total = sum(scoring.size(due.amount) for due in found)
    assert total == min(cap, sum(scoring.size(due.amount) for due in free))
    assert all(due.capped == (due.amount != other.amount) for due, other in zip(found, free, strict=True))


@pytest.mark.parametrize(("cap", "bounds"), [(25, [(10, 20), (5, 5), (0, 0)]), (None, [(10, 20)] * 3)])
def test_percent_bounds_are_cut_at_the_cap(cap: int | None, bounds: list[tuple[int, int]]) -> None:
    degrees = [{"amount": {"percent": {"min": 10, "max": 20}}}]
    found = dues(3, degrees=degrees, cap=None if cap is None else {"percent": {"max": cap}})
    ranges = [due.amount.percent for due in found if due.amount and due.amount.percent]
    assert [(each.min, each.max) for each in ranges] == bounds
