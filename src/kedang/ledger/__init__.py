"""Append-only, sealed record of every deed and every look: the outside of the room.

`from kedang import ledger; ledger.append(…)`. The names below are fetched when first used, because a
Django app's package is imported before its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kedang.ledger.services import append, append_refusal, look

_HOME = {
    "append": "services",
    "append_refusal": "services",
    "look": "services",
    "blocks_of": "selectors",
    "entries_by_id": "selectors",
    "entries_of": "selectors",
    "lookers_of": "selectors",
    "versions_of": "selectors",
}
__all__ = ["append", "append_refusal", "look"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
