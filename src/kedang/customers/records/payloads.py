"""What may be asked of records. Values travel as people write them, by field key (`contract.title`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kedang.customers.origin_payloads import OriginIn
from kedang.customers.payloads import Values
from kedang.kernel.deeds import Payload

ModuleKey = Annotated[str, Field(max_length=16, pattern=r"^[a-z]+$")]


class AddRecord(Payload):
    """A new record of a module; `complaint.status` and its like say where in its life it begins."""

    module: ModuleKey
    values: Values
    confirm: bool = False
    """The person has seen the warnings and keeps the values; asks for a reason."""
    origin: OriginIn | None = None


class AmendRecord(Payload):
    """Values to change. With `base_version`, the version of the dossier on the applicant's screen, a value changed
    since then makes the deed stale instead of overwriting it."""

    values: Values
    base_version: Annotated[int, Field(ge=0)] = 0
    confirm: bool = False
    origin: OriginIn | None = None


class RemoveRecord(Payload):
    """Taking a record out; it stays in the versions."""
