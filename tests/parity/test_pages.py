"""Pages of a list: each customer once, in the same order on both databases, whatever collation and ties."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from kedang import ledger
from kedang.customers import bulk
from kedang.customers.finding import find
from kedang.kernel import clock
from kedang.kernel.deeds import Deed
from kedang.standards.names import name_key
from tests.conftest import Clock
from tests.databases import Template
from tests.parity.both import on_both
from tests.world import World, make_world

MANY = 137
LETTERS = "阿Zz安aÄä８8é啊é_%"


def test_pages_agree_on_both_databases(
    template_of: Callable[[str], Template], tmp_path: Path, frozen_clock: Clock
) -> None:
    def play() -> list[list[list[str]]]:
        world = make_world()
        fill(world)
        return [pages(world, text, size) for text, size in (("", 10), ("公司", 7), ("1380013", 50), ("8000", 9))]

    sqlite, postgresql = on_both(template_of, tmp_path, play)
    assert sqlite == postgresql
    for listed in sqlite:
        seen = [code for page in listed for code in page]
        assert len(seen) == len(set(seen)), "each once"
    assert sum(map(len, sqlite[0])) == MANY
    assert sum(map(len, sqlite[3])) > 30, "by the tail of a telephone number"


@pytest.mark.parametrize("size", [1, 3, 50])
def test_a_number_in_name_and_telephone_is_shown_once(world: World, size: int) -> None:
    """`8000` stands in some names and ends some numbers; both ways lead to the same list."""
    both = world.open("8000号公司", contact_phones="13800138000")
    name = {world.open(f"第8000{n}号公司") for n in range(4)}
    phone = {world.open(f"电话{n}公司", contact_phones=f"1390013{n}8000"[:7] + "8000") for n in range(3)}
    seen = [code for page in pages(world, "8000", size) for code in page]
    assert sorted(seen) == sorted({both, *name, *phone})
    assert find(world.actor("clerk"), "8000", limit=size).total == len(seen)


def pages(world: World, text: str, size: int) -> list[list[str]]:
    """All pages of a search, one after the other."""
    by, after, found = world.actor("clerk"), None, []
    while True:
        page = find(by, text, limit=size, after=after)
        found.append([row.code for row in page.rows])
        after = page.next
        if after is None:
            return found


def fill(world: World) -> None:
    """Many dossiers of one instant, so that only the id tells their order."""
    by = world.actor("clerk")
    rows = [
        {
            "name": f"{LETTERS[n % len(LETTERS)]}{n}公司",
            "contact.phones": [f"+8613{n:05d}8000" if n % 3 else "+862988256789"],
        }
        for n in range(MANY)
    ]
    deed = Deed(call=1, op="import.commit", actor=by, at_us=clock.now_us(), pack_version="records/1")
    keys = [name_key(str(row["name"])) for row in rows]
    with transaction.atomic():
        written = bulk.insert_many(rows, keys, bulk.Seat(by.unit, by.pk))
        ledger.append(deed, deed.op, subject="batch:1", body={}, versions=written.versions, batch=1)
