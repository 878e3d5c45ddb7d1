"""The to-do page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that waits for this person. `due_us` 0: no time limit."""

    title: str
    about: str
    address: str
    icon: str
    since_us: int
    tone: str = ""
    due_us: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A dossier this person opened lately."""

    code: str
    name: str
    address: str
    at_us: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that leads to its list."""

    label: str
    value: int
    address: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class HomePage:
    """To-dos first, then numbers, then where one was last."""

    todos: Sequence[Todo]
    tiles: Sequence[Tile]
    seen: Sequence[Seen]
    may_open: bool = False
    may_import: bool = False
