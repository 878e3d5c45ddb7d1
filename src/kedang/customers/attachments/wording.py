"""What versions and history say of a file; pure. Its name is not in it: files are named after people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.kernel.i18n import N_

MARK = "attachment#"
"""How a file's slot in a version begins."""
TITLE = N_("Attachment")


def slot_of(number: int) -> str:
    """The name of a file inside its dossier."""
    return f"{MARK}{number}"


def told(side: Mapping[str, Any]) -> str:
    """One side of a change of a file as text: what it is a copy of, its kind, its length, the begin of its digest."""
    size = int(side.get("size", 0))
    length = f"{size / 1048576:.1f} MiB" if size >= 1048576 else f"{max(1, size // 1024)} KiB"
    parts = (side.get("kind"), str(side.get("type", "")).upper(), length, f"SHA-256 {str(side.get('sha256'))[:12]}…")
    return " · ".join(str(part) for part in parts if part)
