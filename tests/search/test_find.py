"""What is found is what brute force finds, in order, on both databases and by every plan."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kedang import search
from kedang.kernel.errors import Refused
from kedang.search import cost, engine, finding
from tests.search.table import TARGET, Searched, brute, create, fill, make

QUERIES = [
    "移动", "華為", "华为 深圳", "北京", "公司", "有限", "司", "聚", "龘", "𠮷", "北京 zzzz", "有限公司 移动 北京",
    "hw", "h", "hwjs", "huawei", "ydtx", "yidong", "zl", "cq", "xm", "xiamen", "hangzhi", "xz", "lts", "gongsi",
    "abc", "ABC科技", "3M", "nestle", "tcl", "co", "中国abc", "深圳市华为", "华为(中国)", "(中国)", "长沙 科技", "行知",
    "2024", "C00000017", "000000", "00017", "zzzz", "%", "_", "' OR 1=1 --",
]  # fmt: skip


@pytest.fixture
def rows(site):
    """Four hundred rows: small enough for brute force, big enough for ties and pages."""
    made = make(400)
    create()
    fill(made)
    return made


def pages(queryset, text, limit=50, order="-updated_us"):
    """All ids of a search, page after page."""
    ids, after = [], None
    for _ in range(1000):
        found = search.find(TARGET, queryset, text, limit=limit, after=after, order=order)
        ids += found.ids
        after = found.next
        if after is None:
            return ids
    raise AssertionError("the pages never end")


@pytest.fixture(params=["probe", "walk", "planner"])
def plan(request, monkeypatch):
    """The plan the probe chooses, and each of the others by force."""
    if request.param != "probe":
        monkeypatch.setattr(cost, "has_fewer", lambda *given: False)
    if request.param == "planner":
        monkeypatch.setattr(engine, "WINDOWS", (3,))
        monkeypatch.setattr(finding, "WINDOWS", (3,))
    return request.param


@pytest.mark.parametrize("text", QUERIES)
def test_each_kind_of_query_finds_what_brute_force_finds(rows, text):
    assert pages(Searched.objects.all(), text, limit=7) == brute(rows, text)


def test_every_plan_gives_the_same_pages(rows, plan):
    for text in QUERIES:
        assert pages(Searched.objects.filter(unit_id__in=[2, 3], level__lte=3), text, limit=5) == brute(
            [row for row in rows if row[3] in (2, 3) and row[4] <= 3], text
        ), text


def test_random_words_out_of_the_data_are_found_like_brute_force(rows, plan):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def each(data):
        name = data.draw(st.sampled_from([row[1] for row in rows]))
        start = data.draw(st.integers(0, len(name) - 1))
        text = name[start : start + data.draw(st.integers(1, 6))]
        text += data.draw(st.sampled_from(["", " 公司", " hw", "x", " 1"]))
        assert pages(Searched.objects.all(), text, limit=25) == brute(rows, text)

    each()


def test_a_blank_text_lists_all_newest_first(rows):
    found = search.find(TARGET, Searched.objects.all(), "  ", limit=10)
    assert found.ids == brute(rows, "")[:10]
    assert (found.total, found.total_exact) == (400, True)
    assert pages(Searched.objects.all(), "", limit=33) == brute(rows, "")
    assert pages(Searched.objects.filter(level=4), "", limit=33) == brute([row for row in rows if row[4] == 4], "")


def test_text_that_folds_to_nothing_finds_nothing(rows):
    assert search.find(TARGET, Searched.objects.all(), "!!").ids == []


def test_an_empty_scope_finds_nothing(rows):
    found = search.find(TARGET, Searched.objects.none(), "公司")
    assert (found.ids, found.total, found.total_exact) == ([], 0, True)


@pytest.mark.parametrize("order", ["updated_us", "-updated_us", "id", "-id"])
def test_pages_meet_each_row_once_in_any_order(rows, order, plan):
    ids = pages(Searched.objects.all(), "公司", limit=13, order=order)
    place = {row[0]: (row[6] if "us" in order else row[0], row[0]) for row in rows}
    assert sorted(ids) == sorted(brute(rows, "公司"))
    assert ids == sorted(ids, key=place.__getitem__, reverse=order.startswith("-"))


def test_totals_are_exact_when_small_and_honest_when_not(site):
    made = make(3000)
    create()
    fill(made)
    few = search.find(TARGET, Searched.objects.all(), "移动")
    assert (few.total, few.total_exact) == (len(brute(made, "移动")), True)
    assert len(brute(made, "公司")) > 1000
    many = search.find(TARGET, Searched.objects.all(), "公司")
    assert (many.total, many.total_exact) == (1000, False)
    common = search.find(TARGET, Searched.objects.filter(unit_id=3), "公司")
    assert common.total_exact
    assert common.total == len(brute([row for row in made if row[3] == 3], "公司"))


def test_the_second_page_counts_all_hits_too(rows):
    first = search.find(TARGET, Searched.objects.all(), "移动", limit=5)
    second = search.find(TARGET, Searched.objects.all(), "移动", limit=5, after=first.next)
    assert second.total == first.total == len(brute(rows, "移动"))


@pytest.mark.parametrize("word", ["x", "bm90IGpzb24", "W10", "WyJpZCIsdHJ1ZSwxLDFd"])
def test_a_foreign_cursor_is_refused(rows, word):
    with pytest.raises(Refused):
        search.find(TARGET, Searched.objects.all(), "公司", after=word)


def test_a_search_out_of_time_says_that_it_is_partial(rows, monkeypatch):
    monkeypatch.setattr(cost, "has_fewer", lambda *given: False)
    monkeypatch.setattr(finding, "WINDOWS", (3,))
    monkeypatch.setattr(finding, "TIME_LIMIT_MS", 1)
    monkeypatch.setattr("kedang.search.limits.STEPS_BETWEEN_LOOKS", 1)
    slow = "pg_sleep(0.05) IS NOT NULL" if connection.vendor == "postgresql" else "length(hex(zeroblob(9000000))) > 0"
    found = search.find(TARGET, Searched.objects.extra(where=[slow]), "zzzz")  # noqa: S610 - our own words
    assert (found.plan, found.complete, found.ids, found.total_exact) == ("partial", False, [], False)


def test_the_same_data_gives_the_same_answer_whatever_the_seed(site):
    create()
    made = make(150, seed=random.Random(7).randrange(1000))
    fill(made)
    for text in QUERIES:
        assert search.find(TARGET, Searched.objects.all(), text).ids == brute(made, text)[:50]
