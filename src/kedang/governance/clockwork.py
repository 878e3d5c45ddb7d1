"""Everything that comes with time alone, in one turn: limits, rounds and their notices, limits of signatures, and once
a day the clearing away of files that belong to nothing."""

from __future__ import annotations

from kedang.governance import clearing, clocks, founding, lapsing
from kedang.governance.clocks.models import Walk
from kedang.governance.flows import limits
from kedang.kernel import clock

SECONDS = 30.0
"""How often it turns."""


def turn(at_us: int | None = None) -> dict[str, int]:
    """Bring the house up to an instant (default: now). May be repeated, run twice at once, and be broken off."""
    if not founding.is_founded():
        return {}
    at = clock.now_us() if at_us is None else at_us
    limits.tick(at)
    done = clocks.tick(at)
    lapsed = lapsing.lapse(at)
    clearing.clear_if_due(at)
    return done | {"lapsed": lapsed}


def turn_if_due() -> None:
    """One turn, unless there was one within the last half minute."""
    recent = clock.now_us() - int(SECONDS * 1_000_000)
    if not Walk.objects.filter(until_us__gt=recent).exists():
        turn()
