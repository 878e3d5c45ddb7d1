"""With two roles on PostgreSQL the application itself cannot get round the ledger."""

import psycopg
import pytest
from django.db import connections

from kedang import ledger
from kedang.config.env import database
from kedang.ledger.models import Entry
from kedang.ledger.roles import grant_app_role, guarded, weaknesses
from kedang.vault import sequences
from tests.databases import point
from tests.ledger.scenes import append, small_ledger

pytestmark = pytest.mark.database("postgresql")


@pytest.fixture
def app(site):
    """The site with the process connected as the application's role; gives that role's URL."""
    url = site.app_role()
    with connections["default"].cursor() as cursor:
        grant_app_role(cursor, url.split("//")[1].split("@")[0])
    small_ledger()
    point(database(url, site.home))
    return url


def test_the_application_does_all_its_work(app):
    append()
    ledger.seal()
    assert ledger.verify().ok
    assert sequences.reserve("dossier", 3) == 1
    assert Entry.objects.count() == 6
    with connections["default"].cursor() as cursor:
        assert weaknesses(cursor) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {key} = {key}",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} DISABLE TRIGGER {table}_no_change",
        "DROP TABLE {table}",
        "DROP TRIGGER {table}_no_change ON {table}",
        "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
        "ALTER TABLE {table} ADD COLUMN mine text",
    ],
)
def test_the_ledger_s_tables_are_out_of_its_reach(app, statement):
    for table in guarded():
        schema = "kedang_looks" if table.startswith("ledger_look") else "public"
        key = {"value": "entry_id", "version": "dossier"}.get(table.removeprefix("ledger_"), "1")
        if key == "1":
            key = "at_us" if table in ("ledger_entry", "ledger_look") else "block"
            key = "no" if table.endswith("block") else key
        with (
            psycopg.connect(app, options=f"-c search_path={schema}") as raw,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            raw.execute(statement.format(table=table, key=key))


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "DROP FUNCTION ledger_refuse() CASCADE",
        "CREATE TABLE mine (id int)",
        "UPDATE django_migrations SET name = 'x'",
        "DELETE FROM kedang_looks.ledger_look",
    ],
)
def test_nor_does_it_get_round_them(app, statement):
    with psycopg.connect(app) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_grants_may_be_given_again(site):
    url = site.app_role()
    role = url.split("//")[1].split("@")[0]
    for _ in range(2):
        with connections["default"].cursor() as cursor:
            grant_app_role(cursor, role)
    with psycopg.connect(url) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("DELETE FROM ledger_entry")


def test_an_application_that_is_the_owner_is_told_so(site):
    with connections["default"].cursor() as cursor:
        told = weaknesses(cursor)
    assert told[0] == "the application connects as a superuser"
    assert any("ledger_entry" in sentence for sentence in told)
