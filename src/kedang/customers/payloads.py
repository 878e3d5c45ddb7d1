"""What may be asked of this room. Values travel as people write them; the service reads them by the standard."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kedang.customers.origin_payloads import OriginIn
from kedang.kernel.deeds import Payload

FieldKey = Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z_]*[0-9]{0,2}(\.[a-z][a-z_]*[0-9]{0,2})?$")]
"""Keys are named in ledger entries, so nothing but a word of the data dictionary's shape passes."""
Values = Annotated[dict[FieldKey, Annotated[str, Field(max_length=8000)]], Field(max_length=64)]
Seat = Annotated[str, Field(max_length=64)]


class OpenDossier(Payload):
    """Values by field key, the owning unit (default: the applicant's) and the account manager."""

    values: Values
    unit: Seat = ""
    owner: Seat = ""
    confirm: bool = False
    """The person has seen the warnings and keeps the values; asks for a reason."""
    origin: OriginIn | None = None
    """Where the values come from."""


class AmendDossier(Payload):
    """Values to change. `base_version` is the version on the applicant's screen: a field changed
    since then makes the deed stale instead of overwriting it."""

    values: Values
    base_version: Annotated[int, Field(ge=0)] = 0
    confirm: bool = False
    origin: OriginIn | None = None


class RevealField(Payload):
    """The masked field to show in full, once, to this person."""

    field: FieldKey
    slot: Annotated[str, Field(max_length=40, pattern=r"^([a-z]+#[0-9]{1,18})?$")] = ""
    """The contact or record it is in (`contact#7`); empty: the dossier itself or its main contact."""


class AssignDossier(Payload):
    """The new first responsible person, the new owning unit, or both; what is left empty stays."""

    owner: Seat = ""
    unit: Seat = ""
    keep_until: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    """The last day on which who had it so far may still read it; empty: what the regulation says."""


class FileDossier(Payload):
    """Filing needs no more than the dossier."""
