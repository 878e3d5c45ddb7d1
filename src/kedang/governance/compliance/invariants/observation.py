"""What was found by looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SAMPLE = 100
"""So many of the newest, and so many of the oldest, are looked at."""


@dataclass(frozen=True, slots=True)
class Observation:
    """`ok` is None where there was nothing to look at; `numbers` say at how much and what was wrong."""

    ok: bool | None
    numbers: Mapping[str, int] = field(default_factory=dict)


def of(looked_at: int, wrong: int, **more: int) -> Observation:
    """Nothing looked at proves nothing; something wrong breaks it."""
    numbers = {"looked_at": looked_at, "wrong": wrong, **more}
    return Observation(None if not looked_at and not wrong else not wrong, numbers)
