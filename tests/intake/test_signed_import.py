"""An import that the regulation wants signed: the signers see the plan, and the plan is what is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kedang.customers.models import Dossier
from kedang.governance import jobs
from kedang.governance.flows.signing import saw_of, sign
from kedang.governance.models import Call
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch, StageFile
from kedang.kernel.errors import Refused
from tests.databases import Site
from tests.flows.signed import agree, company, seen
from tests.flows.test_signing import HEAD
from tests.intake import samples
from tests.intake.importing import staged
from tests.world import GOOD_CODE, World

ROWS = [["客户名称", "简称"], ["第一机电公司", "一"], ["第二机电公司", "二"]]


@pytest.fixture
def world(site: Site) -> World:
    return company([HEAD], op="import.commit")


def brought(world: World, folder: Path, **extra: Any) -> tuple[Batch, Any]:
    path = samples.xlsx(folder / "客户.xlsx", ROWS)
    return staged(world, path, confirm=True, columns={"客户名称": "name", "简称": "short_name"}, **extra)


def test_the_signer_reads_the_plan_before_a_row_goes_in(world: World, tmp_path: Path) -> None:
    batch, _ = brought(world, tmp_path, defaults={"grade": "甲"})
    call = world.do("import.commit", batch.ref, CommitBatch())
    shown = {line.field or line.title: line.after for line in seen(world, call, "head").lines}
    assert call.state == "waiting" and Dossier.objects.count() == 0
    assert shown["File (SHA-256)"] == batch.blob.sha256 and shown["Unit"] == "XA"
    assert "客户名称" in shown["name"] and "甲" in shown["grade"]
    agree(world, call, "head")
    assert (jobs.run(call.pk), Dossier.objects.count()) == ("done", 2)


def test_a_batch_that_waits_is_not_read_another_way(world: World, tmp_path: Path) -> None:
    batch, found = brought(world, tmp_path)
    world.do("import.commit", batch.ref, CommitBatch())
    payload = StageFile(header_row=1, titles=found.cells, columns={"简称": "name"}, certain=True)
    with pytest.raises(Refused) as no:
        world.do("import.stage", batch.ref, payload)
    assert no.value.code == "claimed"


@pytest.mark.parametrize(
    "moved",
    [
        {"columns": '{"简称": "name"}'},
        {"defaults": '{"grade": "乙"}'},
        {"on_duplicate": "update"},
        {"owner_ref": "head"},
    ],
)
def test_whatever_of_the_plan_moves_unsigns_it(world: World, tmp_path: Path, moved: dict[str, str]) -> None:
    batch, _ = brought(world, tmp_path)
    call = world.do("import.commit", batch.ref, CommitBatch())
    saw = saw_of(call)
    Batch.objects.filter(pk=batch.pk).update(**moved)
    with pytest.raises(Refused) as no:
        sign(call.pk, by=world.actor("head"), verdict="agree", saw=saw)
    assert no.value.code == "stale"
    Batch.objects.filter(pk=batch.pk).update(
        columns=batch.columns, defaults=batch.defaults, on_duplicate=batch.on_duplicate, owner_ref=batch.owner_ref
    )
    agree(world, call, "head")
    Batch.objects.filter(pk=batch.pk).update(**moved)
    assert (jobs.run(call.pk), Dossier.objects.count()) == ("stale", 0)


def test_a_check_asks_for_no_signature_and_writes_no_dossier(world: World, tmp_path: Path) -> None:
    batch, _ = brought(world, tmp_path)
    call = world.do("import.commit", batch.ref, CommitBatch(dry_run=True))
    assert (call.state, jobs.run(call.pk), Dossier.objects.count()) == ("queued", "done", 0)
    assert Call.objects.filter(state="waiting").count() == 0


def test_an_import_raises_no_classification_above_the_clearance(world: World, tmp_path: Path) -> None:
    """On a page the higher of the two classifications decides; a file is no way round that."""
    code = world.open("第一机电公司", credit_code=GOOD_CODE)
    rows = [["客户名称", "统一社会信用代码", "密级"], ["第一机电公司", GOOD_CODE, "绝密"]]
    columns = {"客户名称": "name", "统一社会信用代码": "credit_code", "密级": "level"}
    path = samples.xlsx(tmp_path / "b.xlsx", rows)
    batch, _ = staged(world, path, confirm=True, columns=columns, on_duplicate="update")
    call = world.do("import.commit", batch.ref, CommitBatch())
    agree(world, call, "head")
    assert jobs.run(call.pk) == "done"
    batch.refresh_from_db()
    assert (batch.updated, batch.rejected) == (0, 1)
    assert Dossier.objects.get(code=code).level == 1
