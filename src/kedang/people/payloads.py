"""What may be asked of this room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kedang.kernel.deeds import Payload

Username = Annotated[str, Field(min_length=2, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Scope = Literal["own", "unit", "unit_below", "all"]
Clearance = Annotated[int, Field(ge=0, le=4)]


class Nothing(Payload):
    """The operation needs no more than its subject."""


class CreateUnit(Payload):
    """A unit's code and name."""

    code: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9._-]+$")]
    name: Annotated[str, Field(min_length=1, max_length=128)]


class CreateStaff(Payload):
    """A person without any right yet: roles, clearance and scope are the security officer's to give.

    `password_hash` is made by the door, so that no password is ever stored in a request.
    """

    username: Username
    name: Annotated[str, Field(min_length=1, max_length=64)]
    unit: str
    password_hash: Annotated[str, Field(max_length=128)] = ""


class AmendStaff(Payload):
    """Only what is given changes."""

    name: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    unit: str | None = None


class ClearStaff(Payload):
    """Up to which classification and how far around the own desk a person may look."""

    clearance: Clearance | None = None
    scope: Scope | None = None


class GrantRole(Payload):
    """A role and the instant it ends (0: without end)."""

    role: str
    until_us: int = 0


class RevokeRole(Payload):
    """The role to take back."""

    role: str


class SetPassword(Payload):
    """The hash of the new password, made by the door after the password rules passed."""

    password_hash: Annotated[str, Field(min_length=20, max_length=128)]


class CreateToken(Payload):
    """A token's label, digest, life in days and the operations it may do (none listed: all the person may)."""

    label: Annotated[str, Field(min_length=1, max_length=64)]
    digest: Annotated[str, Field(min_length=64, max_length=64)]
    days: Annotated[int, Field(ge=1, le=366)] = 90
    ops: tuple[str, ...] = ()


class RevokeToken(Payload):
    """The label of the token to end."""

    label: str
