"""What may be asked of contacts. Values travel as people write them, by field key (`contact.phones`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kedang.customers.origin_payloads import OriginIn
from kedang.customers.payloads import Values
from kedang.kernel.deeds import Payload


class AddContact(Payload):
    """One more contact of a dossier; the first is the main one."""

    values: Values
    confirm: bool = False
    """The person has seen the warnings and keeps the values; asks for a reason."""
    origin: OriginIn | None = None


class AmendContact(Payload):
    """Values to change. With `base_version`, the version of the dossier on the applicant's screen, a value changed
    since then makes the deed stale instead of overwriting it."""

    values: Values
    base_version: Annotated[int, Field(ge=0)] = 0
    confirm: bool = False
    origin: OriginIn | None = None


class RemoveContact(Payload):
    """Taking a contact out of the dossier; the contact stays in the versions."""


class LeadContact(Payload):
    """Making a contact the main one."""
