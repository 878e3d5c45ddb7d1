"""Each invariant holds in a company that works, proves nothing in an empty one, and is found broken when it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test import override_settings

from kedang.customers import selectors, values
from kedang.customers.models import Contact, Dossier
from kedang.customers.payloads import RevealField
from kedang.governance.compliance.invariants import INVARIANTS, look
from kedang.governance.compliance.periods import period
from kedang.governance.models import Call
from kedang.intake.models import Batch
from kedang.kernel import clock
from kedang.packs.models import PackVersion
from kedang.people.models import Staff, Unit
from tests.web.visits import bring, signed_in
from tests.world import World

Kept = Callable[..., World]


@pytest.fixture
def working(kept: Kept) -> World:
    """A company in which everything the invariants look at happened."""
    world = kept()
    code = world.open("西安示例机电有限公司", contact_phones="13800138000", contact_name="张三", region="西安市")
    world.open("北京另一家有限公司", by="stranger", region="北京市")
    call = world.do(
        "customer.reveal", f"dossier:{code}", RevealField(field="contact.phones"), by="clerk", reason="回访客户"
    )
    signed_in(world, "clerk").get(f"/customers/{code}/")
    from kedang import ledger  # noqa: PLC0415 - models exist only after django.setup()

    ledger.look(world.actor("clerk"), "reveal", [1], ["contact.phones"], call=call.pk)
    bring(signed_in(world, "clerk"))
    Batch.objects.update(state="done", rows=4, created=2, rejected=1, duplicates=1, done_us=clock.now_us())
    return world


def ok(name: str) -> bool | None:
    return look(name, period("")).ok


def test_in_an_empty_company_nothing_is_proved(kept: Kept) -> None:
    kept()
    assert {name: ok(name) for name in INVARIANTS} == dict.fromkeys(INVARIANTS)


def test_in_a_company_that_works_each_holds(working: World) -> None:
    assert {name: ok(name) for name in INVARIANTS} == dict.fromkeys(INVARIANTS, True)
    assert all(look(name, period("")).numbers["looked_at"] for name in INVARIANTS)


def _a_call_without_entry(world: World) -> None:
    call = Call.objects.latest("pk")
    call.pk, call.op, call.key = None, "customer.file", ""
    call.save(force_insert=True)


def _an_entry_rewritten(world: World) -> None:
    _unguarded("UPDATE ledger_entry SET actor_id = 'nobody' WHERE id = (SELECT max(id) FROM ledger_entry)")


def _a_trigger_gone(world: World) -> None:
    with connection.cursor() as cursor:
        for statement in _drops(cursor):
            cursor.execute(statement)


def _a_look_lost(world: World) -> None:
    Call.objects.filter(op="customer.reveal").update(actor_ref="manager")


def _an_edition_changed(world: World) -> None:
    row = PackVersion.objects.get()
    PackVersion.objects.update(source=bytes(row.source) + b"\n# changed")


def _a_number_in_clear(world: World) -> None:
    Contact.objects.update(phones_ct=b"13800138000")


def _a_number_in_a_note(world: World) -> None:
    Dossier.objects.update(note="手机 13800138000")


def _an_officer_who_looked(world: World) -> None:
    from kedang import ledger  # noqa: PLC0415 - models exist only after django.setup()

    ledger.look(world.actor("sysop"), "list", [1])


def _nobody_responsible(world: World) -> None:
    Staff.objects.filter(username="clerk").update(is_active=False)


def _a_unit_out_of_the_tree(world: World) -> None:
    Unit.objects.filter(code="XA").update(path="")


def _an_import_that_loses_rows(world: World) -> None:
    Batch.objects.update(created=1)


BREAKS = [
    ("deeds_recorded", _a_call_without_entry),
    ("ledger_sealed", _an_entry_rewritten),
    ("ledger_sealed", _a_trigger_gone),
    ("looks_recorded", _a_look_lost),
    ("dictionary_versioned", _an_edition_changed),
    ("personal_values_sealed", _a_number_in_clear),
    ("personal_values_sealed", _a_number_in_a_note),
    ("officers_read_no_dossier", _an_officer_who_looked),
    ("one_responsible", _nobody_responsible),
    ("every_dossier_has_unit", _a_unit_out_of_the_tree),
    ("import_reconciles", _an_import_that_loses_rows),
]


@pytest.mark.parametrize(("name", "damage"), BREAKS)
def test_what_is_broken_is_found_broken(working: World, name: str, damage: Callable[[World], None]) -> None:
    assert ok(name) is True
    damage(working)
    assert ok(name) is False


def test_a_search_beyond_ones_scope_is_found(working: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "visible_to", lambda by: Dossier.objects.all())
    assert ok("search_within_rights") is False


def test_a_way_in_with_checks_of_its_own_is_found(working: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read = values.read
    monkeypatch.setattr(values, "read", lambda raw: values.Reading({}, ()) if "postcode" in raw else read(raw))
    assert ok("one_validation") is False


def test_a_site_open_to_others_without_https_is_found(working: World) -> None:
    with override_settings(HTTPS=False, ALLOWED_HOSTS=["crm.example.com"]):
        assert ok("transport_and_rest_encryption") is False


def test_keys_that_others_may_read_are_found(working: World) -> None:
    secret = next(
        path for path in (Path(site_settings.KEDANG_HOME) / "keys").iterdir() if path.suffix in (".json", ".secret")
    )
    secret.chmod(0o644)
    assert ok("transport_and_rest_encryption") is False


def test_an_invariant_nobody_knows_is_broken(kept: Kept) -> None:
    kept()
    assert look("all_is_well", period("")).ok is False


def _unguarded(statement: str) -> None:
    with connection.cursor() as cursor:
        for drop in _drops(cursor):
            cursor.execute(drop)
        cursor.execute(statement)


def _drops(cursor: Any) -> list[str]:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'")
        return [f'DROP TRIGGER "{name}"' for (name,) in cursor.fetchall()]
    return ["ALTER TABLE ledger_entry DISABLE TRIGGER ALL"]
