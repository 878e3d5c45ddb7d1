"""The ground all other tests stand on: a site of one's own, on the database that was asked for."""

from __future__ import annotations

import subprocess
import sys
import threading

import psycopg
import pytest
from django.db import connection, connections

from tests.databases import ALIASES, Site, database_name

COUNT_CACHED = "SELECT count(*) FROM kedang_cache"
ADD_CACHED = "INSERT INTO kedang_cache (cache_key, value, expires) VALUES ('one', 'x', '2099-01-01')"


def count_cached() -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_CACHED)
        return int(cursor.fetchone()[0])


def count_in_own_connection(seen: list[int]) -> None:
    try:
        seen.append(count_cached())
    finally:
        connection.close()


def test_all_three_aliases_answer_on_the_asked_database(site: Site) -> None:
    assert {connections[alias].vendor for alias in ALIASES} == {site.vendor}
    for alias in ALIASES:
        assert "django_migrations" in connections[alias].introspection.table_names()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_no_other_sees(site: Site, turn: int) -> None:
    assert count_cached() == 0
    with connection.cursor() as cursor:
        cursor.execute(ADD_CACHED)
    seen: list[int] = []
    other = threading.Thread(target=count_in_own_connection, args=(seen,))
    other.start()
    other.join()
    assert seen == [1], "committed, so a second connection sees it"


def test_a_child_process_works_on_the_same_site(site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADD_CACHED)
    code = (
        "import django; django.setup(); from django.db import connection; c = connection.cursor(); "
        f"c.execute({COUNT_CACHED!r}); print(c.fetchone()[0])"
    )
    out = subprocess.run([sys.executable, "-c", code], env=site.environ(), capture_output=True, text=True, check=True)  # noqa: S603
    assert out.stdout.strip() == "1"


def test_the_site_has_its_own_home_and_secret(site: Site) -> None:
    from django.conf import settings  # noqa: PLC0415

    assert site.home == settings.KEDANG_HOME
    assert (site.home / "keys" / "site.secret").read_text() == settings.SECRET_KEY


@pytest.mark.database("postgresql")
def test_an_app_role_reaches_the_schemas_but_no_table(site: Site) -> None:
    with psycopg.connect(site.app_role()) as app:
        assert app.execute("SELECT current_database()").fetchone() == (database_name(site.url),)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(COUNT_CACHED)


def test_without_a_site_there_is_no_database() -> None:
    with pytest.raises(Exception, match="settings.DATABASES is improperly configured"):
        connection.cursor()
