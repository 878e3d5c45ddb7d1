"""Which parts of a pack carry a control. Pure; a control nobody carries is only a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kedang.packs.schema import Pack
from kedang.packs.vocabulary import Model, Tagged

Path = tuple[str | int, ...]
Carriers = Mapping[str, tuple[tuple[Path, Tagged], ...]]


def by_control(pack: Pack) -> Carriers:
    """Each control of the pack, and the parts tagged with it, by their paths; a control without any is empty."""
    found: dict[str, list[tuple[Path, Tagged]]] = {name: [] for name in pack.controls}
    for path, part in parts(pack):
        for name in part.controls:
            found.setdefault(name, []).append((path, part))
    return {name: tuple(carriers) for name, carriers in found.items()}


def parts(pack: Pack) -> Iterator[tuple[Path, Tagged]]:
    """Every part of the pack that can carry controls, with its path."""
    return _walk((), pack)


def _walk(path: Path, here: Any) -> Iterator[tuple[Path, Tagged]]:
    if isinstance(here, Tagged):
        yield path, here
    if isinstance(here, Model):
        for name in type(here).model_fields:
            yield from _walk((*path, name), getattr(here, name))
    elif isinstance(here, Mapping):
        for key, value in here.items():
            yield from _walk((*path, key), value)
    elif isinstance(here, tuple):
        for index, value in enumerate(here):
            yield from _walk((*path, index), value)
