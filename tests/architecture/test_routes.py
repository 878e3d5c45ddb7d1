"""Every page says what it has to do with customers; the access tests go by what it says."""

from __future__ import annotations

from typing import get_args

from kedang.governance.registry import OPERATIONS
from kedang.packs.vocabulary import Reads
from kedang.web.routes import Route, routes


def pages() -> list[Route]:
    return [route for route in routes() if not route.pattern.startswith("/api/")]


def subject_of(route: Route) -> str:
    return route.touch.subject if route.touch else ""


def test_every_page_declares_whether_it_touches_a_customer() -> None:
    assert [route.pattern for route in pages() if route.touch is None] == []


def test_a_page_on_one_dossier_or_batch_says_so() -> None:
    on_one = [route for route in pages() if "<str:code>" in route.pattern or ":batch>" in route.pattern]
    assert on_one
    assert [route.pattern for route in on_one if not subject_of(route)] == []


def test_what_pages_name_exists() -> None:
    touches = [(route.pattern, route.touch) for route in pages() if route.touch is not None]
    assert [pattern for pattern, touch in touches if touch.op and touch.op not in OPERATIONS] == []
    assert [pattern for pattern, touch in touches if touch.reads and touch.reads not in get_args(Reads)] == []


def test_names_are_unique() -> None:
    names = [route.name for route in routes() if not route.pattern.startswith("/api/")]
    assert sorted(names) == sorted(set(names))
