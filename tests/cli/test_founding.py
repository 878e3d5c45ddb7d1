"""`kedang init`: a site is founded once, on record, without any default password."""

from __future__ import annotations

import json
import stat
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import check_password

from kedang.ledger.models import Entry
from kedang.packs import in_force
from kedang.people.models import Staff
from tests.cli.conftest import Kedang
from tests.databases import Site

GOOD = "korrekt-horse-battery"


def test_init_founds_a_site_and_says_what_it_made(site: Site, kedang: Kedang) -> None:
    ran = kedang("init", "--pack", "records", "--admin", "ann", "--password-stdin", "--json", stdin=GOOD + "\n")
    assert ran.code == 0, ran.err
    assert ran.json == {"home": str(site.home), "database": site.vendor, "pack": "records", "admin": "ann"}
    assert in_force().meta.name == "records"


def test_the_founding_act_is_in_the_ledger(site: Site, kedang: Kedang) -> None:
    kedang("init", "--admin", "ann", "--password-stdin", stdin=GOOD)
    (entry,) = Entry.objects.all()
    assert (entry.op, entry.subject_ref, entry.actor_id) == ("site.found", "staff:ann", "system:founding")
    assert entry.credential.startswith("cli:")
    body = json.loads(entry.body)
    assert body["roles"] == ["security_officer", "system_officer"]
    assert body["pack"] == in_force().version


def test_the_given_password_is_the_one_and_it_is_shown_nowhere(site: Site, kedang: Kedang) -> None:
    ran = kedang("init", "--admin", "ann", "--password-stdin", "--json", stdin=GOOD)
    assert check_password(GOOD, Staff.objects.get(username="ann").password)
    assert GOOD not in ran.out + ran.err


def test_without_one_a_random_password_is_shown_once(site: Site, kedang: Kedang) -> None:
    ran = kedang("init", "--admin", "ann", "--json")
    shown = ran.err.split()[-1]
    assert check_password(shown, Staff.objects.get(username="ann").password)
    assert len(shown.replace("-", "")) == 20
    assert shown not in ran.out


def test_a_weak_password_is_refused_and_nothing_is_founded(site: Site, kedang: Kedang) -> None:
    ran = kedang("init", "--admin", "ann", "--password-stdin", "--json", stdin="123456\n")
    assert (ran.code, ran.json["code"]) == (1, "weak_password")
    assert not Staff.objects.exists()


def test_a_founded_site_is_not_founded_again(site: Site, kedang: Kedang) -> None:
    kedang("init", "--admin", "ann", "--password-stdin", stdin=GOOD)
    again = kedang("init", "--admin", "eve", "--password-stdin", "--json", stdin=GOOD)
    assert (again.code, again.json["code"]) == (1, "state")
    assert again.err.count("\n") == 1
    assert list(Staff.objects.values_list("username", flat=True)) == ["ann"]


def test_an_unknown_pack_is_refused(site: Site, kedang: Kedang) -> None:
    ran = kedang("init", "--pack", "nothing", "--admin", "ann", "--json")
    assert (ran.code, ran.json["code"]) == (1, "no_pack")
    assert "records" in ran.err


def test_init_without_an_admin_is_wrong_usage(site: Site, kedang: Kedang) -> None:
    assert kedang("init", "--pack", "records").code == 2


@pytest.mark.database("sqlite")
def test_init_makes_an_empty_home_ready_in_a_process_of_its_own(site: Site) -> None:
    home = site.home.parent / "fresh"
    environ = site.environ() | {"KEDANG_HOME": str(home)}
    command = [sys.executable, "-m", "kedang.cli.main", "init", "--admin", "ann", "--password-stdin", "--json"]
    made = subprocess.run(command, env=environ, input=GOOD, capture_output=True, text=True, check=False)  # noqa: S603
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["home"] == str(home)
    for path in (home / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.suffix.startswith(".sqlite3"), path
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700


def test_upgrade_leaves_a_founded_site_as_it_is(site: Site, kedang: Kedang) -> None:
    kedang("init", "--admin", "ann", "--password-stdin", stdin=GOOD)
    ran = kedang("init", "--upgrade", "--json")
    assert (ran.code, ran.json["upgraded"]) == (0, True)
    assert Staff.objects.count() == 1


@pytest.mark.database("postgresql")
def test_with_an_owner_role_the_application_can_only_add_to_the_ledger(site: Site) -> None:
    environ = site.environ() | {"KEDANG_DATABASE_OWNER_URL": site.url, "KEDANG_DATABASE_URL": site.app_role()}
    command = [sys.executable, "-m", "kedang.cli.main"]
    init = [*command, "init", "--admin", "ann", "--password-stdin", "--json"]
    made = subprocess.run(init, env=environ, input=GOOD, capture_output=True, text=True, check=False)  # noqa: S603
    assert made.returncode == 0, made.stderr
    doctor = subprocess.run([*command, "doctor", "--json"], env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    checks = {check["name"]: check["status"] for check in json.loads(doctor.stdout)["checks"]}
    assert checks["database_roles"] == "ok"
    assert checks["ledger_triggers"] == "ok"
