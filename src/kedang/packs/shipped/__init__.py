"""The packs that come with the product, as files beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kedang.packs.checking import under_law
from kedang.packs.merging import LawfulPack
from kedang.packs.schema import Pack

_HERE = Path(__file__).parent


def list_shipped() -> list[str]:
    """Names of the packs that come with the product, in alphabetical order."""
    return sorted(path.stem for path in _HERE.glob("*.yaml"))


def source_of(name: str) -> bytes:
    """The bytes of a shipped pack; `KeyError` when there is none of that name."""
    if name not in list_shipped():
        raise KeyError(name)
    return read_file(name)


def read_file(name: str) -> bytes:
    """The bytes of the file itself; tests that take a control away put another in its place."""
    return (_HERE / f"{name}.yaml").read_bytes()


def load_shipped(name: str) -> Pack:
    """A shipped pack with the law merged in; `KeyError`, or PackInvalid with every problem."""
    return load_lawful(name).pack


@cache
def load_lawful(name: str) -> LawfulPack:
    """A shipped pack with what the law overrode in it."""
    return under_law(source_of(name), f"{name}.yaml")
