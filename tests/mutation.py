"""A shipped pack without one control, or the product broken in one line: for the tests of the tests.

`KEDANG_WITHOUT_CONTROL=records:R2-17 pytest …` runs tests with that control gone; `…:R2-05:looks` breaks the product
by the name in `tests/control_breaks.py`.
"""

from __future__ import annotations

import importlib
import os
import sys
from functools import cache
from typing import Any

from kedang.packs import shipped
from kedang.packs.removal import without
from tests.control_breaks import BREAKS

VARIABLE = "KEDANG_WITHOUT_CONTROL"
_original = shipped.read_file


def from_environ() -> None:
    """Do what the environment asks for, if it does."""
    if asked := os.environ.get(VARIABLE, ""):
        pack, control, *broken = asked.split(":")
        mutate(pack, control, *broken)


def mutate(pack: str, control: str, broken: str = "") -> None:
    """From now on this process knows the pack without the control, or the product is broken by name."""
    if broken:
        _break(*BREAKS[broken])
    else:
        shipped.read_file = lambda name: _mutated(pack, control) if name == pack else _original(name)
        shipped.load_lawful.cache_clear()


@cache
def _mutated(pack: str, control: str) -> bytes:
    return without(_original(pack), control)


def _break(owner: str, attribute: str, instead: Any) -> None:
    """Put something else in the place of an attribute, also where it was imported by name."""
    holder = found(owner)
    original = getattr(holder, attribute)
    setattr(holder, attribute, instead)
    for module in _modules():
        for name, value in list(vars(module).items()):
            if value is original:
                setattr(module, name, instead)


def found(path: str) -> Any:
    """A module or class by its dotted path."""
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        module, _, name = path.rpartition(".")
        return getattr(importlib.import_module(module), name)


def _modules() -> list[Any]:
    return [module for name, module in list(sys.modules.items()) if name.startswith(("kedang.", "tests."))]
