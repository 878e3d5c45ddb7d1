"""No search and no match reads the whole table: the plan of every statement that is really sent is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from kedang.customers import bulk, selectors
from kedang.customers.finding import find
from tests.world import GOOD_CODE, World

pytestmark = pytest.mark.database("sqlite")


@contextmanager
def plans() -> Iterator[list[str]]:
    """The plan of each SELECT sent inside, as SQLite explains it."""
    seen: list[str] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and "customers_" in sql:
            with connection.cursor() as cursor:
                raw = cursor.connection.cursor()
                marked = sql.replace("%s", "?").replace("%%", "%")
                raw.execute(f"EXPLAIN QUERY PLAN {marked}", tuple(params or ()))
                seen.extend(f"{row[3]} <- {sql[:200]}" for row in raw.fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        yield seen


def scans(seen: list[str]) -> list[str]:
    """Walks of a whole table of customers; a walk along an index stops at a page, a match of tokens is none."""
    bounded = ("USING", "VIRTUAL TABLE INDEX")
    return [
        plan
        for plan in seen
        if plan.startswith("SCAN customers_") and not any(word in plan.partition(" <- ")[0] for word in bounded)
    ]


@pytest.fixture
def base(world: World) -> World:
    world.open("华为技术有限公司", credit_code=GOOD_CODE, region="440300", contact_phones="13800138000")
    world.open("中国移动通信集团陕西有限公司", region="610100")
    return world


@pytest.mark.parametrize(
    "text",
    [
        "华",
        "华为",
        "华为技术",
        "有限",
        "hwjs",
        "huawei",
        "a",
        GOOD_CODE,
        GOOD_CODE[:8],
        "C00000",
        "8000",
        "13800138000",
        "",
    ],
)
@pytest.mark.parametrize("where", [{}, {"region": "44", "state": "prospect", "unit": "XA"}])
def test_finding(base: World, text: str, where: dict[str, str]) -> None:
    with plans() as seen:
        find(base.actor("clerk"), text, where)
    assert seen
    assert scans(seen) == []


def test_matching_a_chunk(base: World) -> None:
    with plans() as seen:
        bulk.match([GOOD_CODE, "91610131MA6TX7CG0W"], ["华为技术有限公司"])
    assert len(seen) >= 2
    assert scans(seen) == []


def test_the_same_customer(base: World) -> None:
    with plans() as seen:
        assert selectors.same_customer(GOOD_CODE, "") is not None
        list(selectors.same_name("华为技术有限公司", "440300"))
    assert scans(seen) == []


def test_a_scan_would_be_noticed(base: World) -> None:
    with plans() as seen, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_dossier WHERE note = %s", ["x"])
    assert scans(seen) != []
