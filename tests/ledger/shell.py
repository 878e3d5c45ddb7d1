# ruff: noqa: S608
"""The database's own shell in the hands of somebody who may do anything but read the key files."""

import sqlite3
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import psycopg
from django.db import connections

KEYS = {f"ledger_{name}": key for name, key in import_module("kedang.ledger.migrations.0002_append_only").KEYS.items()}
ALIAS = {table: "looks" if table.startswith("ledger_look") else "default" for table in KEYS}


class Shell:
    """Statements outside the product, with triggers and checks switched off around each and on again after."""

    def __init__(self, site, table):
        self.site, self.table, self.alias = site, table, ALIAS[table]
        self.mark = "?" if site.vendor == "sqlite" else "%s"

    @contextmanager
    def connection(self):
        raw: Any
        if self.site.vendor == "sqlite":
            raw = sqlite3.connect(connections[self.alias].settings_dict["NAME"], timeout=10)
            raw.execute("PRAGMA ignore_check_constraints=ON")
        else:
            schema = "kedang_looks" if self.alias == "looks" else "public"
            raw = psycopg.connect(self.site.url, options=f"-c search_path={schema}")
        try:
            yield raw
            raw.commit()
        finally:
            raw.close()

    @contextmanager
    def unguarded(self):
        with self.connection() as raw:
            if self.site.vendor == "sqlite":
                made = raw.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", [self.table]
                ).fetchall()
                for name, _ in made:
                    raw.execute(f"DROP TRIGGER {name}")
                yield raw
                for _, statement in made:
                    raw.execute(statement)
            else:
                raw.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")
                yield raw
                for name in (f"{self.table}_no_change", f"{self.table}_no_truncate"):
                    raw.execute(f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {name}")

    def rows(self):
        """All rows as dicts, by key."""
        key = ", ".join(KEYS[self.table])
        with self.connection() as raw:
            cursor = raw.execute(f"SELECT * FROM {self.table} ORDER BY {key}")
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def update(self, row, changes):
        """Set columns of the row that has this row's key."""
        sets = ", ".join(f'"{name}" = {self.mark}' for name in changes)
        with self.unguarded() as raw:
            where, key = self._where(row)
            cursor = raw.execute(f"UPDATE {self.table} SET {sets} WHERE {where}", [*changes.values(), *key])
            assert cursor.rowcount == 1

    def delete(self, row):
        """Delete one row."""
        with self.unguarded() as raw:
            where, key = self._where(row)
            assert raw.execute(f"DELETE FROM {self.table} WHERE {where}", key).rowcount == 1

    def insert(self, row):
        """Insert a row as it is."""
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join([self.mark] * len(row))
        with self.unguarded() as raw:
            raw.execute(f"INSERT INTO {self.table} ({names}) VALUES ({marks})", list(row.values()))

    def run(self, statement):
        """Any other statement on the unguarded table."""
        with self.unguarded() as raw:
            raw.execute(statement)

    def _where(self, row):
        key = KEYS[self.table]
        return " AND ".join(f'"{name}" = {self.mark}' for name in key), [row[name] for name in key]


def other(name, value):
    """A different value of the same type."""
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, str):
        return "sm3" if value == "sha256" else value[:-1] + "~" if value else "~"
    return bytes(value[:-1]) + bytes([value[-1] ^ 1]) if value else b"\x01"
