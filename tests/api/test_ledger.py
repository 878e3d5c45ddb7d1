"""The ledger over REST."""

from __future__ import annotations

import pytest

from kedang import ledger
from tests.api.conftest import Ask
from tests.world import World


def test_entries_are_for_the_auditor(world: World, ask: Ask) -> None:
    code = world.open("西安示例机电有限公司")
    page = ask("GET", "/ledger/entries", by="auditor", op="customer.open").json()
    (entry,) = page["items"]
    assert (entry["op"], entry["actor"], entry["subject"], entry["outcome"]) == (
        "customer.open", "clerk", f"dossier:{code}", "done",
    )  # fmt: skip
    assert "西安示例" not in str(page)


@pytest.mark.parametrize("by", ["clerk", "sysop", "secop", "boss", "archivist"])
def test_entries_are_for_nobody_else(ask: Ask, by: str) -> None:
    answer = ask("GET", "/ledger/entries", by=by)
    assert (answer.status_code, answer.json()["code"], answer.json()["articles"]) == (403, "denied", ["3.1d"])


def test_entries_are_paged_without_gap_or_repeat(world: World, ask: Ask) -> None:
    for number in range(5):
        world.open(f"西安示例{number}号有限公司")
    ids: list[int] = []
    cursor = None
    for _ in range(9):
        page = ask("GET", "/ledger/entries", by="auditor", limit=2, **({"cursor": cursor} if cursor else {})).json()
        ids += [entry["id"] for entry in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == 6  # five dossiers and the auditor's token


@pytest.mark.parametrize("cursor", ["abc", "bjE", "bi0x", "x" * 300])
def test_a_strange_cursor_is_refused_or_empty(ask: Ask, cursor: str) -> None:
    assert ask("GET", "/ledger/entries", by="auditor", cursor=cursor).status_code in (200, 422)


def test_anybody_may_ask_whether_the_ledger_is_whole(world: World, ask: Ask) -> None:
    world.open("西安示例机电有限公司")
    ledger.seal()
    told = ask("POST", "/ledger/verify").json()
    assert (told["ok"], told["first_bad"], told["problems"]) == (True, None, [])
    head = ask("GET", "/ledger/head").json()
    assert head["head"] == told["head"]
    assert head["blocks"] == told["blocks"] == 1
    assert head["sealed"]


def test_an_unsealed_ledger_has_no_head(ask: Ask) -> None:
    assert ask("GET", "/ledger/head").json() == {"blocks": 0, "entries": 0, "head": "", "sealed": None}
