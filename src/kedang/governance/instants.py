"""Instants as people and programs write them in a payload."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from kedang.kernel import clock


def _zoned(text: str) -> str:
    """Empty, or an instant that says its zone."""
    if text and datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("an instant with its zone, such as 2026-07-01T00:00:00+08:00")
    return text


Instant = Annotated[str, Field(max_length=40), AfterValidator(_zoned)]
"""An instant with its zone, or empty for now."""


def from_when_us(text: str, at_us: int, *, signed: bool) -> int:
    """From when something is in force that is done at `at_us`; signed later than it should have begun, from then."""
    wanted = clock.to_us(datetime.fromisoformat(text)) if text else at_us
    return max(wanted, at_us) if signed else wanted
