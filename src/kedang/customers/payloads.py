"""What may be asked of this room. Values travel as people write them; the service reads them by the standard."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kedang.kernel.deeds import Payload

Values = dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=8000)]]


class OpenDossier(Payload):
    """Values by field key, the owning unit (default: the applicant's) and the account manager."""

    values: Values
    unit: str = ""
    owner: str = ""
    confirm: bool = False
    """The person has seen the warnings and keeps the values; asks for a reason."""


class AmendDossier(Payload):
    """Values to change. `base_version` is the version on the applicant's screen: a field changed
    since then makes the deed stale instead of overwriting it."""

    values: Values
    base_version: int = 0
    confirm: bool = False


class RevealField(Payload):
    """The masked field to show in full, once, to this person."""

    field: str


class AssignDossier(Payload):
    """The new first responsible person and, where it moves, the new owning unit."""

    owner: str = ""
    unit: str = ""


class FileDossier(Payload):
    """Filing needs no more than the dossier."""
