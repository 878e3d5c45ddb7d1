"""`ledger` and `doctor`: what is proved, and what is well."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from kedang.customers.models import Dossier
from kedang.governance import jobs
from kedang.people.models import Staff, StaffRole
from tests.cli.conftest import Kedang
from tests.databases import Site
from tests.world import World

NAME = "西安示例机电有限公司"


def test_verify_gives_the_keys_of_the_contract(world: World, kedang: Kedang) -> None:
    world.open(NAME)
    kedang("search", "x", "--as", "clerk")
    ran = kedang("ledger", "verify", "--json")
    assert ran.code == 0, ran.err
    assert set(ran.json) >= {"ok", "entries", "blocks", "head", "first_bad"}
    assert (ran.json["ok"], ran.json["entries"], ran.json["first_bad"]) == (True, 1, None)
    assert len(ran.json["head"]) == 64


def test_a_broken_ledger_exits_with_one_and_says_where(site: Site, world: World, kedang: Kedang) -> None:
    world.open(NAME)
    kedang("search", "x", "--as", "clerk")
    with connection.cursor() as cursor:
        if site.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_entry_no_update")
        else:
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")
        cursor.execute("UPDATE ledger_entry SET actor_id = 'somebody else'")
    ran = kedang("ledger", "verify", "--json")
    assert (ran.code, ran.json["ok"]) == (1, False)
    assert any("entry" in problem for problem in ran.json["problems"])
    assert kedang("doctor", "--json").json["ok"] is False


def test_a_proof_is_written_by_the_auditor_and_checked_without_the_database(
    world: World, kedang: Kedang, tmp_path: Path
) -> None:
    code = world.open(NAME)
    out = tmp_path / "proof.zip"
    refused = kedang("ledger", "export", out, "--as", "clerk", "--json")
    assert (refused.code, refused.json["code"], out.exists()) == (1, "denied", False)
    ran = kedang("ledger", "export", out, "--as", "auditor", "--json")
    assert ran.code == 0, ran.err
    checked = kedang("ledger", "check", out, "--json")
    assert (checked.code, checked.json["ok"], checked.json["head"]) == (0, True, ran.json["head"])
    about = tmp_path / "about.zip"
    assert kedang("ledger", "export", about, "--subject", code, "--as", "auditor").code == 0
    assert kedang("ledger", "check", about, "--json").json["ok"] is True
    spoiled = bytearray(out.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    out.write_bytes(spoiled)
    assert kedang("ledger", "check", out, "--json").code == 1


def test_verify_against_an_older_proof(world: World, kedang: Kedang, tmp_path: Path) -> None:
    world.open(NAME)
    out = tmp_path / "proof.zip"
    kedang("ledger", "export", out, "--as", "auditor")
    world.open("另一家有限公司")
    assert kedang("ledger", "verify", "--against", out, "--json").json["ok"] is True


def test_a_healthy_site_passes_the_doctor(world: World, kedang: Kedang) -> None:
    jobs.beat(jobs.worker_name())
    ran = kedang("doctor", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["ok"] is True
    states = {check["name"]: check["status"] for check in ran.json["checks"]}
    assert {name for name, status in states.items() if status == "failed"} == set()
    assert (states["worker"], states["offices"], states["ledger_triggers"]) == ("ok", "ok", "ok")


def test_the_doctor_refuses_a_password_anyone_would_try(world: World, kedang: Kedang) -> None:
    staff = world.staff["sysop"]
    staff.set_password("admin123")
    staff.save()
    ran = kedang("doctor", "--json")
    assert ran.code == 1
    (found,) = (check for check in ran.json["checks"] if check["name"] == "passwords")
    assert found["status"] == "failed"
    assert "sysop" in found["detail"]


def test_the_doctor_warns_of_two_offices_in_one_hand(world: World, kedang: Kedang) -> None:
    StaffRole.objects.create(
        staff=Staff.objects.get(username="sysop"), role="security_officer", granted_by="x", since_us=1
    )
    checks = {check["name"]: check for check in kedang("doctor", "--json").json["checks"]}
    assert checks["offices"]["status"] == "warning"
    assert "sysop" in checks["offices"]["detail"]


@pytest.mark.parametrize("name", ["site.secret", "master.json", ""])
def test_the_doctor_finds_keys_that_others_may_read(world: World, kedang: Kedang, site: Site, name: str) -> None:
    world.open(NAME)
    (site.home / "keys" / name).chmod(0o755)
    ran = kedang("doctor")
    assert ran.code == 1
    assert str(site.home / "keys" / name) in ran.out + ran.err


def test_settings_are_listed_and_secrets_are_not_shown(site: Site, kedang: Kedang) -> None:
    rows = {row["name"]: row for row in kedang("doctor", "--settings", "--json").json["settings"]}
    assert {"KEDANG_HOME", "KEDANG_DATABASE_URL", "KEDANG_DATABASE_OWNER_URL", "KEDANG_CIPHER"} <= set(rows)
    assert all(row["meaning"] for row in rows.values())
    assert "postgresql://" not in rows["KEDANG_DATABASE_URL"]["value"]


def digest(kedang: Kedang) -> str:
    return str(kedang("doctor", "--json").json["state_digest"])


@pytest.mark.parametrize(
    "change",
    [
        {"name": "西安示例机电股份有限公司"}, {"grade": "B"}, {"capital": "500万元"}, {"registered_on": "2020-01-02"},
        {"contact_phones": "13800138001"}, {"contact_name": "李四"}, {"contact_email": "a@example.com"},
        {"contact_post": "经理"}, {"level": "confidential"},
    ],
)  # fmt: skip
def test_the_state_digest_moves_with_every_value_and_comes_back_with_it(
    world: World, kedang: Kedang, change: dict[str, str]
) -> None:
    first = {
        "name": NAME, "grade": "A", "capital": "100万元", "registered_on": "2019-01-02",
        "contact_phones": "13800138000",
        "contact_name": "王小明", "contact_email": "b@example.com", "contact_post": "主任", "level": "internal",
    }  # fmt: skip
    code = world.open(**first)
    before = digest(kedang)
    world.amend(code, **change)
    assert digest(kedang) != before
    world.amend(code, **{key: first[key] for key in change})
    assert digest(kedang) == before


def test_looking_leaves_the_state_digest_alone(world: World, kedang: Kedang) -> None:
    code = world.open(NAME)
    before = digest(kedang)
    kedang("show", code, "--as", "clerk")
    assert (digest(kedang), len(before)) == (before, 64)
    Dossier.objects.filter(code=code).update(owner=None)
    assert digest(kedang) != before
