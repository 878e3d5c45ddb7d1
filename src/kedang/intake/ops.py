"""The operations of intake: stage a file, commit a batch, undo it."""

from __future__ import annotations

from typing import Any

from kedang.kernel.deeds import Operation

OPERATIONS: tuple[Operation[Any, Any], ...] = ()
