"""The two-role set-up of PostgreSQL: the owner migrates, the application may only add to the ledger."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from kedang.ledger.chains import CHAINS
from kedang.ledger.triggers import tables

SCHEMAS = ("public", "kedang_looks", "kedang_keys")
_READ_ONLY = ("django_migrations",)


def guarded() -> list[str]:
    """Names of all tables that the application may read and add to, and nothing else."""
    return [name for chain in CHAINS for name in tables(chain)]


def grant_app_role(cursor: Any, role: str) -> None:
    """Give an existing login role what the application needs; run as owner after every migration.

    Records: read, insert, update, delete. Ledger: read and insert. Migrations: read. No role gets
    TRUNCATE, TRIGGER or REFERENCES, so neither a trigger nor a foreign key gets round the ledger.
    """
    name = sql.Identifier(role)
    for schema in _present(cursor):
        where = sql.Identifier(schema)
        for statement in (
            "REVOKE CREATE ON SCHEMA {0} FROM PUBLIC",
            "GRANT USAGE ON SCHEMA {0} TO {1}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA {0} FROM {1}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {0} TO {1}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {0} TO {1}",
        ):
            cursor.execute(sql.SQL(statement).format(where, name))
        for table, kept in _narrowed(cursor, schema):
            cursor.execute(
                sql.SQL("REVOKE {} ON {}.{} FROM {}").format(sql.SQL(kept), where, sql.Identifier(table), name)
            )


def weaknesses(cursor: Any) -> list[str]:
    """How the present PostgreSQL role could get round the ledger's guards, one sentence each; for `doctor`."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    found = ["the application connects as a superuser"] if cursor.fetchone()[0] else []
    cursor.execute(
        "SELECT c.relname, pg_has_role(c.relowner, 'MEMBER'), "
        "has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER') "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname = ANY(%s) AND c.relname = ANY(%s) ORDER BY 1",
        [list(SCHEMAS), guarded()],
    )
    for table, owns, may_change in cursor.fetchall():
        if owns:
            found.append(f"the application's role owns {table} and may switch off its triggers")
        elif may_change:
            found.append(f"the application's role may change {table}")
    return found


def _present(cursor: Any) -> list[str]:
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [list(SCHEMAS)])
    return [name for (name,) in cursor.fetchall()]


def _narrowed(cursor: Any, schema: str) -> list[tuple[str, str]]:
    """Tables of a schema that get less than the rest, with what is taken away again."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
    here = {name for (name,) in cursor.fetchall()}
    ledger = [(name, "UPDATE, DELETE") for name in guarded() if name in here]
    return ledger + [(name, "INSERT, UPDATE, DELETE") for name in _READ_ONLY if name in here]
