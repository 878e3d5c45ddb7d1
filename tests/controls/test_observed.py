"""What the product is by nature, done through its doors: each invariant holds; `tests.control_breaks` breaks each."""

from __future__ import annotations

from pathlib import Path

from kedang.customers.payloads import OpenDossier, RevealField
from kedang.governance.compliance.invariants import INVARIANTS, look
from kedang.governance.compliance.periods import period
from kedang.intake.models import Batch
from kedang.intake.payloads import CommitBatch
from kedang.kernel import clock
from kedang.people.models import Staff, StaffRole, Unit
from kedang.people.payloads import CreateUnit
from tests.control_breaks import BREAKS
from tests.intake.importing import ran, staged
from tests.web.visits import HTMX, PARTNERS, signed_in
from tests.world import World

NAME = "西安示例机电有限公司"


def holds(name: str) -> bool:
    """It was looked at something, and nothing was wrong."""
    return look(name, period("")).ok is True


def test_deeds_recorded(world: World) -> None:
    code = world.open(NAME)
    world.amend(code, address="西安市高新区")
    assert holds("deeds_recorded")


def test_ledger_sealed(world: World) -> None:
    world.open(NAME)
    assert holds("ledger_sealed")


def test_looks_recorded(world: World) -> None:
    code = world.open(NAME, contact_name="张三", contact_phones="13800138000")
    client = signed_in(world, "clerk")
    asked = {"field": "contact.phones", "reason": "回访客户需要号码"}
    assert b"13800138000" in client.post(f"/customers/{code}/reveal", asked, headers=HTMX).content
    assert holds("looks_recorded")


def test_dictionary_versioned(world: World) -> None:
    world.open(NAME)
    assert holds("dictionary_versioned")


def test_personal_values_sealed(world: World) -> None:
    world.open(NAME, contact_name="张三", contact_phones="13800138000", contact_email="zhang@example.com")
    assert holds("personal_values_sealed")


def test_officers_read_no_dossier(world: World) -> None:
    code = world.open(NAME)
    assert signed_in(world, "clerk").get(f"/customers/{code}/").status_code == 200
    assert signed_in(world, "sysop").get(f"/customers/{code}/").status_code in (403, 404)
    assert holds("officers_read_no_dossier")


def test_search_within_rights(world: World) -> None:
    world.open(NAME)
    world.open("北京另一家有限公司", by="stranger")
    assert holds("search_within_rights")


def test_one_responsible(world: World) -> None:
    given = OpenDossier(values={"name": NAME}, owner="manager")
    world.do("customer.open", "-", given)
    assert holds("one_responsible")


def test_every_dossier_has_unit(world: World) -> None:
    world.do("people.unit", "unit:HQ", CreateUnit(code="CD", name="成都分公司"), by="sysop")
    unit = Unit.objects.get(code="CD")
    there = Staff(username="chengdu", name="Chengdu", unit=unit, clearance=2, scope="unit", created_us=clock.now_us())
    there.save()
    StaffRole.objects.create(staff=there, role="entry_clerk", granted_by="sysop", since_us=clock.now_us())
    world.open(NAME, by="chengdu")
    assert holds("every_dossier_has_unit")


def test_one_validation(world: World) -> None:
    world.open(NAME)
    assert holds("one_validation")


def test_import_reconciles(world: World, tmp_path: Path) -> None:
    """Four rows: two customers, one row without a name, one repetition."""
    file = tmp_path / "partners.csv"
    file.write_text(PARTNERS, encoding="utf-8")
    batch, _ = staged(world, file, confirm=True)
    assert ran(world.do("import.commit", batch.ref, CommitBatch())).state == "done"
    batch = Batch.objects.get(pk=batch.pk)
    assert (batch.rows, batch.created, batch.rejected, batch.duplicates) == (4, 2, 1, 1)
    assert holds("import_reconciles")


def test_transport_and_rest_encryption(world: World) -> None:
    code = world.open(NAME, contact_phones="13800138000")
    world.do("customer.reveal", f"dossier:{code}", RevealField(field="contact.phones"), reason="回访客户")
    assert holds("transport_and_rest_encryption")


def test_each_invariant_has_its_test_and_its_break() -> None:
    assert set(BREAKS) >= set(INVARIANTS)
    assert {f"test_{name}" for name in INVARIANTS} <= set(globals())
