"""What may be asked about the coming, the checking and the lawfulness of values."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kedang.kernel.deeds import Payload

Code = Annotated[str, Field(max_length=64)]
Line = Annotated[str, Field(max_length=200)]
Day = Annotated[str, Field(max_length=32)]
"""As people write a day; read by the data standard."""
SlotName = Annotated[str, Field(max_length=80, pattern=r"^[a-z_]+(#[0-9]+)?(\.[a-z0-9_]+)?$")]
"""A value inside a dossier, as `customers.slots` names it."""
Digest = Annotated[str, Field(max_length=64, pattern=r"^([0-9a-f]{64})?$")]


class OriginIn(BaseModel):
    """Where the values of a deed come from; what is left empty is not said."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    source: Code = ""
    """The way it came by: one of the regulation's sources, by code or title."""
    learned_on: Day = ""
    supplier: Annotated[str, Field(max_length=100)] = ""
    """Who outside supplied it: a partner, or a person; kept sealed."""
    supplied_by: Code = ""
    """The colleague who answers for it, by username; the one who enters it where nobody is named."""
    evidence: Line = ""
    """The document it stands in, or where to find it."""
    basis: Annotated[str, Field(max_length=32)] = ""
    """The legal basis; that of the source where none is named."""
    purpose: Code = ""

    @property
    def says(self) -> bool:
        """Whether anything is said at all."""
        return any(getattr(self, name) for name in type(self).model_fields)


class VerifyValue(Payload):
    """Values that were compared with an original or an official source, and what came of it."""

    fields: Annotated[tuple[SlotName, ...], Field(min_length=1, max_length=100)]
    method: Annotated[str, Field(min_length=1, max_length=64)]
    document: Line = ""
    verdict: Literal["right", "wrong", "missing", "outdated"] = "right"
    on: Day = ""
    """The day it was compared; today where none is named."""
    base_version: Annotated[int, Field(ge=0)] = 0
    """The version on the verifier's screen: a value changed since then was not the one that was checked."""


class GiveConsent(Payload):
    """A person agreed to a purpose: how, on what paper, since when and until when."""

    purpose: Annotated[str, Field(min_length=1, max_length=64)]
    method: Annotated[str, Field(min_length=1, max_length=64)]
    evidence: Line = ""
    given_on: Day = ""
    until: Day = ""
    text_digest: Digest = ""
    """SHA-256 of the notice the person was told; the deed is stale where the regulation's notice is another now."""


class WithdrawConsent(Payload):
    """A person withdrew what they had agreed to; of the purpose everything that is in force ends."""

    purpose: Annotated[str, Field(min_length=1, max_length=64)]
