"""What may be asked of this room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kedang.kernel.deeds import Payload


class ConfirmNotice(Payload):
    """A notice needs no more than the one who read it."""


class SetAddress(Payload):
    """Where one wants notices: `target` None keeps the address there is, an empty one forgets it."""

    channel: Literal["mail", "apprise"]
    target: Annotated[str | None, Field(max_length=1000)] = None
    on: bool = True
