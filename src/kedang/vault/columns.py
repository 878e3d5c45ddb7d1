"""Column types that mean the same on both databases.

SQLite ignores `max_length`, takes NUL inside text and any type in any column; PostgreSQL refuses.
These columns carry a CHECK of their own, so a bulk insert, a raw statement and a form all meet the
same wall. Text sorts by code point on both (`COLLATE "C"`, SQLite's BINARY), so keyset pages agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    CharField = models.CharField[str, str]
    BinaryField = models.BinaryField[bytes, bytes]
    BigIntegerField = models.BigIntegerField[int, int]
else:
    CharField, BinaryField, BigIntegerField = models.CharField, models.BinaryField, models.BigIntegerField


def _or_null(field: models.Field[Any, Any], name: str, rule: str) -> str:
    return f"{name} IS NULL OR ({rule})" if field.null else rule


class Text(CharField):
    """Text of at most `max_length` characters without NUL; enforced by the database itself."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        # Not varchar(n): PostgreSQL would silently cut blanks beyond n, and Django would add a second index.
        return "text" if connection.vendor == "sqlite" else "character varying"

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        name = connection.ops.quote_name(str(self.column))
        rule = f"length({name}) <= {self.max_length}"
        if connection.vendor == "sqlite":
            # length() stops at the first NUL, so NUL is looked for by itself.
            rule = f"typeof({name}) = 'text' AND {rule} AND instr({name}, char(0)) = 0"
        return _or_null(self, name, rule)


class Sealed(BinaryField):
    """Bytes as they are: ciphertext, digests, packed lists. Always read back as `bytes`."""

    def db_check(self, connection: BaseDatabaseWrapper) -> str | None:
        if connection.vendor != "sqlite":
            return None
        name = connection.ops.quote_name(str(self.column))
        return _or_null(self, name, f"typeof({name}) = 'blob'")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return value if value is None or isinstance(value, bytes) else bytes(value)


class Whole(BigIntegerField):
    """A 64-bit integer; SQLite would otherwise keep text or a fraction in it.

    There it is declared `integer`, so that a primary key is the row's own number and costs no second index.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)

    def db_check(self, connection: BaseDatabaseWrapper) -> str | None:
        if connection.vendor != "sqlite":
            return None
        name = connection.ops.quote_name(str(self.column))
        return _or_null(self, name, f"typeof({name}) = 'integer'")

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, float):  # Django would cut the fraction off
            raise TypeError(f"a whole number is wanted, not {value!r}")
        return super().get_prep_value(value)


class Micros(Whole):
    """An instant: microseconds since 1970-01-01 UTC (see `kernel.clock`)."""
