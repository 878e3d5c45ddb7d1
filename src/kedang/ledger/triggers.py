"""Are the triggers that make the ledger append-only still there and switched on?

Django rebuilds a SQLite table to alter it and drops its triggers on the way; an owner may disable
them on PostgreSQL. So `check --database`, `doctor` and `verify` ask the database itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from kedang.ledger.chains import CHAINS, DEEDS, Chain

_SQLITE = ("no_update", "no_delete", "no_replace")
_POSTGRESQL = ("no_change", "no_truncate")
_WORKING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'",
    "postgresql": """
        SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND p.prosrc LIKE '%RAISE EXCEPTION%'
          AND c.relnamespace = current_schema()::regnamespace AND t.tgqual IS NULL
    """,
}


def tables(chain: Chain) -> tuple[str, ...]:
    """All tables of a chain; none is ever updated or deleted from."""
    own = (chain.table, chain.blocks, chain.sealed, chain.anchors)
    return (*own, "ledger_value", "ledger_version") if chain is DEEDS else own


def missing_triggers(aliases: Sequence[str] | None = None) -> list[str]:
    """Names of append-only triggers that are gone, switched off or emptied, over both chains."""
    missing: list[str] = []
    for chain in CHAINS:
        if aliases is None or chain.alias in aliases:
            missing += _missing(chain)
    return missing


def check_triggers(app_configs: Any, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Django's system check over the databases that `check --database` and `migrate` name."""
    migrated = [
        chain.alias for chain in CHAINS if chain.alias in (databases or ()) and _has_tables(chain)
    ]  # fmt: skip
    return [
        Error(
            f"The append-only trigger {name} is missing.",
            hint="Restore it from the migration ledger.0002.",
            id="ledger.E001",
        )
        for name in missing_triggers(migrated)
    ]


def _has_tables(chain: Chain) -> bool:
    with connections[chain.alias].cursor() as cursor:
        return chain.table in connections[chain.alias].introspection.table_names(cursor)


def _missing(chain: Chain) -> list[str]:
    vendor = chain.connection.vendor
    with chain.connection.cursor() as cursor:
        cursor.execute(_WORKING[vendor])
        working = {name for (name,) in cursor.fetchall()}
    kinds = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    wanted = [f"{table}_{kind}" for table in tables(chain) for kind in kinds]
    return [name for name in wanted if name not in working]
