"""Whatever the shipped regulations count, score and sanction gives figures or says that there is none."""

from __future__ import annotations

import pytest

from kedang.customers.models import Dossier
from kedang.governance.measures.present import as_json
from kedang.governance.measures.selectors import sanctions_for, tables_for
from kedang.governance.measures.spans import span
from kedang.kernel import clock
from kedang.packs.shipped import list_shipped
from tests.company import make_company
from tests.conftest import Clock
from tests.databases import Site


@pytest.mark.parametrize("name", list_shipped())
def test_every_figure_of_a_shipped_regulation_stands(site: Site, frozen_clock: Clock, name: str) -> None:
    company = make_company(name)
    pack = company.pack
    if company.clerk:
        unit = company.staff[company.clerk].unit
        now = clock.now_us()
        Dossier.objects.create(
            id=1,
            code="C00000001X",
            name="西安示例机电有限公司",
            name_key="x",
            unit=unit,
            created_us=now,
            updated_us=now,
        )
    readers = [username for username in company.staff if "compliance" in company.actor(username).reads]
    for username in (readers[0], company.clerk or readers[-1]):
        by = company.actor(username)
        for period in (None, span("2026Q1"), span("2025"), span("always"), span("2026-W10")):
            tables, proposals = tables_for(by, pack, period), sanctions_for(by, pack, period or span(""))
            shown = as_json(pack, period, tables, proposals)
            if username == readers[0]:
                assert {each["name"] for each in shown["tables"]} == {*pack.scores, *pack.measures}
                assert {each["name"] for each in shown["sanctions"]} == set(pack.sanctions)
