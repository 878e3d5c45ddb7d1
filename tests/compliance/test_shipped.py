"""Every regulation that ships: all its articles are listed, none without a control, none greener than what happened."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.governance.compliance.invariants import INVARIANTS
from kedang.governance.compliance.periods import period
from kedang.governance.compliance.status import GREEN, status
from kedang.kernel import clock
from kedang.packs import claims
from kedang.packs.shipped import list_shipped, load_shipped
from tests.databases import Site


def pack_of(name: str) -> Any:
    loaded: Any = load_shipped(name)
    return getattr(loaded, "pack", loaded)


@pytest.mark.parametrize("name", list_shipped())
def test_no_regulation_claims_more_than_it_does(name: str) -> None:
    assert claims.problems(pack_of(name), INVARIANTS) == []


@pytest.mark.parametrize("name", list_shipped())
@pytest.mark.database("sqlite")
def test_each_article_is_listed_and_none_is_green_before_anything_happened(site: Site, name: str) -> None:
    from tests.world import make_world  # noqa: PLC0415 - models exist only after django.setup()

    make_world()
    pack = pack_of(name)
    found = status(pack, period("2019"), clock.now_us())
    assert [article.id for article in found.articles] == list(pack.articles)
    assert all(article.controls for article in found.articles)
    assert {control.id for control in found.controls} == set(pack.controls)
    assert not {control.status for control in found.controls} & GREEN
