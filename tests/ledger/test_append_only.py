"""The tables themselves refuse to be changed, and say so when they no longer can."""

import pytest
from django.core.checks import run_checks
from django.db import Error, connections

from kedang import ledger
from kedang.ledger.chains import CHAINS
from kedang.ledger.models import Entry, Version
from kedang.ledger.triggers import tables
from tests.ledger.scenes import small_ledger
from tests.ledger.shell import ALIAS, KEYS, Shell

every_table = pytest.mark.parametrize("table", sorted(KEYS))


def attempt(table, statement):
    with connections[ALIAS[table]].cursor() as cursor, pytest.raises(Error, match="append-only"):
        cursor.execute(statement)


@every_table
def test_update_and_delete_are_refused(site, table):
    small_ledger()
    key = KEYS[table][0]
    attempt(table, f"UPDATE {table} SET {key} = {key}")  # noqa: S608
    attempt(table, f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.database("postgresql")
@every_table
def test_truncate_is_refused(site, table):
    attempt(table, f"TRUNCATE {table}")


@pytest.mark.database("postgresql")
def test_replica_mode_does_not_get_round_the_triggers(site):
    small_ledger()
    with connections["default"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    attempt("ledger_entry", "DELETE FROM ledger_entry")


@pytest.mark.database("sqlite")
@every_table
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_insert_or_replace_is_refused(site, table, recursive):
    small_ledger()
    with connections[ALIAS[table]].cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers={recursive}")
    attempt(table, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608


def test_the_orm_is_refused_too(site):
    small_ledger()
    for queryset in (Entry.objects.all(), Version.objects.all()):
        with pytest.raises(Error, match="append-only"):
            queryset.delete()
    with pytest.raises(Error, match="append-only"):
        Entry.objects.update(actor_id="carl")


def test_all_triggers_are_there(site):
    assert ledger.missing_triggers() == []
    assert run_checks(databases=["default", "looks"], tags=["database"]) == []


@every_table
def test_a_missing_trigger_is_named(site, table):
    kinds = ("no_update", "no_delete", "no_replace") if site.vendor == "sqlite" else ("no_change", "no_truncate")
    with connections[ALIAS[table]].cursor() as cursor:
        for kind in kinds:
            on = "" if site.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER {table}_{kind}{on}")
    names = [f"{table}_{kind}" for kind in kinds]
    assert ledger.missing_triggers() == names
    assert not ledger.verify().ok
    told = run_checks(databases=["default", "looks"], tags=["database"])
    assert [message.id for message in told] == ["ledger.E001"] * len(kinds)


@pytest.mark.database("postgresql")
@pytest.mark.parametrize(
    "how",
    [
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_change",
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    ],
)
def test_a_trigger_that_is_there_but_does_nothing_is_named(site, how):
    with connections["default"].cursor() as cursor:
        cursor.execute(how)
    assert "ledger_entry_no_change" in ledger.missing_triggers()


@pytest.mark.database("sqlite")
def test_an_emptied_trigger_is_named(site):
    shell = Shell(site, "ledger_entry")
    with shell.connection() as raw:
        raw.execute("DROP TRIGGER ledger_entry_no_update")
        raw.execute("CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT 1; END")
    assert ledger.missing_triggers() == ["ledger_entry_no_update"]


def test_the_tables_named_here_are_all_there_are(site):
    found = set()
    for alias in ("default", "looks"):
        with connections[alias].cursor() as cursor:
            names = connections[alias].introspection.table_names(cursor)
        found |= {name for name in names if name.startswith("ledger_")}
    assert found == {name for chain in CHAINS for name in tables(chain)} == set(KEYS)
