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
UnitName = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
Username = Annotated[str, Field(min_length=2, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Scope = Literal["own", "unit", "unit_below", "all"]
Clearance = Annotated[int, Field(ge=0, le=4)]
UnitKind = Literal["company", "branch", "department", "team", "outside"]
Instant = Annotated[int, Field(ge=0, le=LAST_INSTANT_US)]
PostCode = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
Line = Annotated[str, Field(max_length=200), AfterValidator(_no_number)]
HeldKind = Annotated[str, Field(max_length=32, pattern=r"^[a-z][a-z0-9_]*$")]


class Nothing(Payload):
    """The operation needs no more than its subject."""


class CreateUnit(Payload):
    """A unit's code, name and kind."""

    code: UnitCode
    name: UnitName
    kind: UnitKind = "department"
    lead: bool = False
    """The lead department of its branch or of the company."""


class AmendUnit(Payload):
    """Only what is given changes; the code stays for good."""

    name: UnitName | None = None
    kind: UnitKind | None = None
    lead: bool | None = None


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
    until_us: Instant = 0


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


class Appoint(Payload):
    """A post and its unit (default: the nearest to the person that has it), until an instant or without end."""

    post: PostCode
    unit: UnitCode | Literal[""] = ""
    until_us: Instant = 0


class Dismiss(Payload):
    """The post to leave; without a unit, wherever the person holds it."""

    post: PostCode
    unit: UnitCode | Literal[""] = ""


class Delegate(Payload):
    """Who signs in one's place, from when (0: now) until when."""

    deputy: Username
    from_us: Instant = 0
    until_us: Annotated[int, Field(gt=0, le=LAST_INSTANT_US)]
    reason: Line = ""


class EndDelegation(Payload):
    """The deputy whose time ends; without one, every deputy's."""

    deputy: Username | Literal[""] = ""


class Leave(Payload):
    """Who takes over what a person holds, and what the person declares to have kept of customers' data.

    `successors` names somebody else for one kind of thing; `move_to` is the unit a transferred person goes
    to: without it the account closes.
    """

    successor: Username | Literal[""] = ""
    successors: Annotated[dict[HeldKind, Username], Field(max_length=12)] = {}
    declaration: Annotated[str, Field(min_length=4, max_length=2000), AfterValidator(_no_number)]
    move_to: UnitCode | Literal[""] = ""
