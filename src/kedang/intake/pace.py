"""How many rows to write at once, and how far the work has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TARGET_SECONDS = 0.16
SMALLEST, FIRST, LARGEST = 100, 500, 5000


@dataclass
class Pace:
    """Grows and shrinks the chunks so that no transaction holds the writer for longer than about 160 ms."""

    rows: int = FIRST

    def size(self) -> int:
        """Rows of the next chunk."""
        return self.rows

    def took(self, seconds: float, rows: int) -> None:
        """Learn from a chunk that was just written."""
        if rows < self.rows // 2:
            return
        wanted = int(rows * TARGET_SECONDS / max(seconds, 0.001))
        self.rows = max(SMALLEST, min(LARGEST, wanted, self.rows * 2))


@dataclass
class Progress:
    """Rows done, rows a second, seconds left; told to the call after each chunk."""

    beat: Callable[[Mapping[str, Any]], None]
    phase: str
    done: int = 0
    _started: float = field(default_factory=time.monotonic)
    _before: int = 0

    def resumed(self, done: int) -> None:
        """Rows an earlier run has done; they do not count towards the rate."""
        self.done = self._before = done

    def tell(self, rows: int, total: int, counts: Mapping[str, int]) -> None:
        """Report that so many more rows are done, of an estimated total."""
        self.done += rows
        seconds = max(time.monotonic() - self._started, 0.001)
        rate = (self.done - self._before) / seconds
        total = max(total, self.done)
        left = (total - self.done) / rate if rate > 0 else 0.0
        said = {"phase": self.phase, "rows": self.done, "total": total, "rate": round(rate), "left_s": round(left)}
        self.beat(said | dict(counts))
