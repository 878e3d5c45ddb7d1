"""Telling a race that was lost from a fault of the program; both databases say it in their own words."""

from __future__ import annotations

import sqlite3

from django.db import DatabaseError

_POSTGRESQL = frozenset({"23505", "40P01", "40001"})
"""unique_violation, deadlock_detected, serialization_failure (PostgreSQL, appendix A)."""
_SQLITE = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})


def is_lost_race(error: DatabaseError) -> bool:
    """Whether another deed took the same unique thing first, or two deeds waited for each other."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "") in _SQLITE
    return getattr(cause, "sqlstate", None) in _POSTGRESQL
