"""Registers and matters in a real browser, at a desk and on a telephone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.registers.house import house, lend
from tests.web.test_browser import Visit
from tests.web.test_browser import address as address
from tests.web.test_browser import browser as browser
from tests.world import World


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_every_page_is_whole_and_readable(world: World, address: str, browser: Browser, size: str) -> None:
    house(world)
    code = world.open("西安示例机电有限公司")
    row = lend(world, world.open("西安另一家有限公司"), contact="王经理 13800138000")
    visit = Visit(browser, address, size)
    visit.sign_in("clerk")
    for name, path in {
        "registers": "/registers/", "book": "/registers/loans/", "row": f"/registers/loans/rows/{row.number}",
        "print": "/registers/loans/print", "matters": "/matters/", "pick": "/matters/loan.back/",
        "form": f"/matters/loan.lend/?subject=dossier:{code}", "complaint": "/matters/complaint.take/",
    }.items():  # fmt: skip
        visit.open(path)
        assert visit.serious() == []
        wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0 or name == "print", (path, wide)
        _picture(visit, f"{name}-{size}")
    assert visit.complaints == []
    assert visit.elsewhere == []


def _picture(visit: Visit, name: str) -> None:
    """Kept where `KEDANG_PICTURES` says, for whoever wants to look."""
    if folder := os.environ.get("KEDANG_PICTURES"):
        visit.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
