"""Entry limits of two regulations bind an import: who brings a list in late is late, dossier by dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from kedang.customers.models import Dossier
from kedang.customers.origin_payloads import OriginIn
from kedang.governance.clocks import selectors as duties
from kedang.governance.compliance import limits
from kedang.governance.compliance.periods import Period
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch
from kedang.kernel import clock
from kedang.people.models import Undertaken
from kedang.people.undertakings import digest_of
from tests.company import Company
from tests.conftest import Clock
from tests.intake import samples
from tests.intake.importing import problems, ran, staged
from tests.world import World

CASES = {
    "guarantee": ("market_specialist", "R4-04", "受理日期", "item.received_on"),
    "shaanxi-mobile": ("entry_clerk", "R0-20", "采集日期", "item.acquired_on"),
}
"""Pack: who imports, the control, the column of the file and what it is taken for."""
PLAIN = {
    "客户名称": "name", "信用代码": "credit_code", "行业": "industry", "地区": "region",
    "联系人": "contact.name", "电话": "contact.phones",
}  # fmt: skip
WHO = ("制造业", "西安市", "王小明", "13812345678")


def brought(house: Company, by: str, path: Path, columns: Mapping[str, str], **extra: Any) -> Batch:
    batch, _ = staged(cast(World, house), path, by, confirm=True, columns=dict(columns), origin=plain(house), **extra)
    call = ran(house.do("import.commit", batch.ref, CommitBatch(), by=by))
    assert call.state == "done", call.error
    batch.refresh_from_db()
    return batch


def plain(house: Company) -> OriginIn:
    """A way that needs neither a partner nor papers."""
    assert house.pack.provenance is not None
    ways = house.pack.provenance.sources.items()
    way = next(name for name, said in ways if not (said.partner or said.form or said.document))
    return OriginIn(source=way, learned_on="2026-03-02", evidence="来函附表")


def sworn(house: Company, by: str) -> None:
    """Whatever the regulation wants signed first."""
    for name, said in house.pack.undertakings.items():
        Undertaken.objects.create(
            staff=house.staff[by], name=name, text_digest=digest_of(said), signed_us=clock.now_us() - 1, until_us=0
        )


@pytest.mark.parametrize("pack", CASES)
def test_rows_brought_in_late_are_late_on_the_list_and_in_the_evidence(
    frozen_clock: Clock, company: Callable[..., Company], tmp_path: Path, pack: str
) -> None:
    frozen_clock.set("2026-03-11T10:00:00+08:00")
    house, (by, control, title, target) = company(pack), CASES[pack]
    sworn(house, by)
    days = ["2026-03-10", "2026-03-10", "2026-03-02", "2026-03-03"]
    columns = PLAIN | {title: target}
    rows = [
        list(columns),
        *([f"第{n}号机电公司", samples.credit_code(n), *WHO, day] for n, day in enumerate(days)),
    ]
    batch = brought(house, by, samples.xlsx(tmp_path / "a.xlsx", rows), columns)
    assert (batch.created, problems(cast(World, house), batch, by=by)) == (4, [])
    assert control in house.pack.clocks["entry"].controls
    quarter = Period("2026Q1", date(2026, 1, 1), date(2026, 3, 31))
    found = limits.of("clock:entry", quarter, clock.now_us())
    assert (found.due, found.kept, found.late) == (4, 2, 2)
    shown = duties.shown(house.actor(by), duties.listed(house.actor(by), which="done"))
    late = [duty for duty in shown if duty.name == "entry" and duty.state == "late"]
    behind = Dossier.objects.filter(name__in=("第2号机电公司", "第3号机电公司")).values_list("code", flat=True)
    assert {duty.subject for duty in late} == {f"dossier:{code}" for code in behind}
    assert {(duty.article, duty.controls) for duty in late} == {(house.pack.clocks["entry"].article, (control,))}


def test_a_customer_whose_partner_has_no_consent_comes_in_by_no_file(
    frozen_clock: Clock, company: Callable[..., Company], tmp_path: Path
) -> None:
    house = company("guarantee")
    sworn(house, "market_specialist")
    columns = PLAIN | {"已同意": "item.informed"}
    rows = [list(columns), *([f"第{n}号机电公司", "", *WHO, word] for n, word in enumerate(("是", "否")))]
    batch = brought(house, "market_specialist", samples.xlsx(tmp_path / "b.xlsx", rows), columns)
    assert (batch.created, batch.rejected) == (1, 1), problems(cast(World, house), batch, by="market_specialist")
    assert Dossier.objects.get().name == "第0号机电公司"
