"""What may be asked of this room."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kedang.kernel.deeds import Payload

LAST_INSTANT_US = 4_102_444_800_000_000
"""2100-01-01: the farthest end of a right that still means something."""


def _no_number(text: str) -> str:
    """Labels stay in the ledger for good: no room for a telephone number, an identity number or an address."""
    if "@" in text or re.search(r"\d{7}", text) or not text.isprintable():
        raise ValueError("a label without long numbers and mail addresses")
    return text


UnitCode = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9._-]+$")]
Role = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Label = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_no_number)]
OperationName = Annotated[str, Field(max_length=64, pattern=r"^[a-z]+\.[a-z_]+$")]
PasswordHash = Annotated[str, Field(min_length=20, max_length=128, pattern=r"^argon2\$")]
"""Only what the door's hasher makes: a password typed in here by mistake would be stored as it is."""
PersonName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Username = Annotated[str, Field(min_length=2, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Scope = Literal["own", "unit", "unit_below", "all"]
Clearance = Annotated[int, Field(ge=0, le=4)]


class Nothing(Payload):
    """The operation needs no more than its subject."""


class CreateUnit(Payload):
    """A unit's code and name."""

    code: UnitCode
    name: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]


class CreateStaff(Payload):
    """A person without any right yet: roles, clearance and scope are the security officer's to give.

    `password_hash` is made by the door, so that no password is ever stored in a request.
    """

    username: Username
    name: PersonName
    unit: UnitCode
    password_hash: PasswordHash | Literal[""] = ""


class AmendStaff(Payload):
    """Only what is given changes."""

    name: PersonName | None = None
    unit: UnitCode | None = None


class ClearStaff(Payload):
    """Up to which classification and how far around the own desk a person may look."""

    clearance: Clearance | None = None
    scope: Scope | None = None


class GrantRole(Payload):
    """A role and the instant it ends (0: without end)."""

    role: Role
    until_us: Annotated[int, Field(ge=0, le=LAST_INSTANT_US)] = 0


class RevokeRole(Payload):
    """The role to take back."""

    role: Role


class SetPassword(Payload):
    """The hash of the new password, made by the door after the password rules passed."""

    password_hash: PasswordHash


class CreateToken(Payload):
    """A token's label, digest, life in days and the operations it may do (none listed: all the person may)."""

    label: Label
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    days: Annotated[int, Field(ge=1, le=366)] = 90
    ops: Annotated[tuple[OperationName, ...], Field(max_length=40)] = ()


class RevokeToken(Payload):
    """The label of the token to end."""

    label: Annotated[str, Field(min_length=1, max_length=64)]
