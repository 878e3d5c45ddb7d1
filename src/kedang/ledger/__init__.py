"""Append-only, sealed record of every deed and every look: the outside of the room.

`from kedang import ledger; ledger.append(…)`. The names below are fetched when first used, because a
Django app's package is imported before its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kedang.ledger.checking import check
    from kedang.ledger.exporting import export
    from kedang.ledger.sealing import seal
    from kedang.ledger.selectors import blocks_of, entries_by_id, entries_of, history_page, lookers_of, versions_of
    from kedang.ledger.services import append, append_refusal, look
    from kedang.ledger.triggers import missing_triggers
    from kedang.ledger.verdict import Verdict
    from kedang.ledger.verifying import verify

_HOME = {
    "Verdict": "verdict",
    "append": "services",
    "append_refusal": "services",
    "blocks_of": "selectors",
    "check": "checking",
    "entries_by_id": "selectors",
    "entries_of": "selectors",
    "export": "exporting",
    "history_page": "selectors",
    "look": "services",
    "lookers_of": "selectors",
    "missing_triggers": "triggers",
    "seal": "sealing",
    "verify": "verifying",
    "versions_of": "selectors",
}
__all__ = [
    "Verdict",
    "append",
    "append_refusal",
    "blocks_of",
    "check",
    "entries_by_id",
    "entries_of",
    "export",
    "history_page",
    "look",
    "lookers_of",
    "missing_triggers",
    "seal",
    "verify",
    "versions_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
