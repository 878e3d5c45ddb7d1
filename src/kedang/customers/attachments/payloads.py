"""What may be asked of the files of a dossier."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kedang.kernel.deeds import Payload

Number = Annotated[int, Field(ge=1, lt=2**31)]
Slot = Annotated[str, Field(max_length=80, pattern=r"^([a-z]{1,16}#[1-9]\d{0,17})?$")]
Kind = Annotated[str, Field(max_length=64)]


class AttachFile(Payload):
    """A file this person brought (`governance.attaching`), what it is a copy of, and what it belongs to."""

    token: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    kind: Kind = ""
    slot: Slot = ""
    """The record or contact it belongs to (`contract#3`, `contact#7`); empty: the dossier itself."""
    level: Annotated[str, Field(max_length=16, pattern=r"^[a-z_]*$")] = ""
    """Its classification; empty: that of the dossier."""


class DetachFile(Payload):
    """Taking a file out of the dossier; its bytes stay for the versions until their time is over."""

    file: Number


class ViewFile(Payload):
    """Seeing a file with a watermark, or, with `original`, being handed it as it is."""

    file: Number
    original: bool = False
    purpose: Annotated[str, Field(max_length=64)] = ""
