"""Clocks and rounds: what has to be done by when, who is late, and the notices about it.

`from kedang.governance import clocks`: `clocks.after(…)` follows a deed in its transaction, `clocks.late_of(…)` says
who is late now, `clocks.tick(…)` lays out rounds and sends notices. The names are fetched when first used, because
Django reads the models of this package before those of other rooms may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kedang.governance.clocks.following import after
    from kedang.governance.clocks.late import late_of
    from kedang.governance.clocks.ticking import look_again, tick

_HOME = {"after": "following", "late_of": "late", "look_again": "ticking", "tick": "ticking"}
__all__ = ["after", "late_of", "look_again", "tick"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
