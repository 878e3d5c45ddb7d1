"""No query reads without a bound: what EXPLAIN says of each statement that a search sends."""

from __future__ import annotations

import random
from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kedang import search
from kedang.search import cost
from kedang.search.engine import WINDOWS
from tests.search.table import TARGET, Searched, brute, create, fill, make

ROWS = 20_000
TERMS = ["司", "龘", "移动", "公司", "华为", "hw", "hwjs", "huawei", "C00012345", "北京 移动", "深圳市华为科技有限公司"]


@cache
def made_once():
    return make(ROWS)


@pytest.fixture
def rows(site):
    made = made_once()
    create()
    fill(made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")  # this server commits lazily, and VACUUM trusts only what is flushed
    search.settle(connection, TARGET)
    return made


def explained(statement, params=None):
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explain + statement, params)
        return "\n".join(str(line[-1]) for line in cursor.fetchall())


def plans_of(queryset, text):
    """The plan of every statement of a search, as it was really sent."""
    with CaptureQueriesContext(connection) as sent:
        search.find(TARGET, queryset, text)
    reads = [query["sql"] for query in sent.captured_queries if query["sql"].startswith("SELECT")]
    return [(sql, explained(sql.replace("%", "%%"))) for sql in reads if "searched" in sql]


def unbounded(plan):
    """A scan of the table that no index leads, on either database."""
    if connection.vendor == "sqlite":
        return "SCAN searched\n" in plan + "\n" or "SCAN t\n" in plan + "\n"
    return "Seq Scan on searched" in plan


def test_no_statement_of_a_search_scans_the_table(rows):
    thin = Searched.objects.filter(unit_id=3, level__lte=2, region="440300")
    for queryset in (Searched.objects.all(), thin):
        for text in TERMS:
            for sql, plan in plans_of(queryset, text):
                assert not unbounded(plan), f"{text}: {sql}\n{plan}"


def test_a_walk_reads_no_more_than_its_windows(rows, monkeypatch):
    """A common probe and a term that nothing has: the walk ends at its bounds, not at the table's."""
    monkeypatch.setattr(cost, "has_fewer", lambda *given: False)
    monkeypatch.setattr("kedang.search.finding.WINDOWS", (100, 200))
    with CaptureQueriesContext(connection) as sent:
        found = search.find(TARGET, Searched.objects.all(), "移动")
    assert found.ids == brute(rows, "移动")[:50]
    walks = [q["sql"] for q in sent.captured_queries if "ORDER BY" in q["sql"] and "OFFSET" not in q["sql"]]
    ranged = [sql for sql in walks if ">= (" in sql]
    assert ranged
    for sql in ranged:
        assert "searched_updated" in explained(sql.replace("%", "%%"))


def test_the_walks_windows_are_bounded_whatever_the_size():
    assert sum(WINDOWS) < 100_000


def test_the_probe_takes_few_matches_and_walks_among_many(rows):
    few = search.find(TARGET, Searched.objects.all(), "C00012345")
    assert (few.plan, few.ids) == ("matches", [12345])
    with CaptureQueriesContext(connection) as sent:
        many = search.find(TARGET, Searched.objects.all(), "公司")
    assert (many.plan, many.ids) == ("walk", brute(rows, "公司")[:50])
    if connection.vendor == "postgresql":  # known from the statistics, without building its bitmap
        assert not [query for query in sent.captured_queries if "@>" in query["sql"]]
    agrees_with_brute_force(rows)


def agrees_with_brute_force(rows):
    dice = random.Random(4)
    for row in dice.sample(rows, 40):
        start = dice.randrange(len(row[1]) - 2)
        text = row[1][start : start + dice.choice([1, 2, 2, 4])]
        assert search.find(TARGET, Searched.objects.all(), text).ids == brute(rows, text)[:50], text


def test_a_scope_at_odds_with_the_term_is_still_answered_whole(rows):
    """The only hits of the scope lie at the very end of the order."""
    last = [row[0] for row in sorted(rows, key=lambda row: (row[6], row[0]))[:40]]
    Searched.objects.filter(pk__in=last).update(region="999999")
    wanted = [pk for pk in brute(rows, "公司") if pk in last]
    found = search.find(TARGET, Searched.objects.filter(region="999999"), "公司")
    assert found.ids == wanted
    assert (found.total, found.total_exact, found.complete) == (len(wanted), True, True)
