"""What must agree between the parts of a pack. Works on the raw data, so that one misspelt key hides nothing else."""

from __future__ import annotations

from collections.abc import Collection

from kedang.packs.coherence import (
    answering,
    books,
    company,
    deeds,
    delegating,
    fields,
    figures,
    flows,
    kinds,
    limits,
    protection,
)
from kedang.packs.coherence.raw import File
from kedang.packs.reading import Tree

_EXAMINERS = (
    company.examine,
    deeds.examine,
    flows.examine,
    books.examine,
    limits.examine,
    figures.examine,
    protection.examine,
    fields.examine,
    kinds.examine,
    answering.examine,
    delegating.examine,
)


def check(tree: Tree, operations: Collection[str] | None) -> None:
    """Report everything that does not agree; `operations` are the names the product offers."""
    file = File(tree, operations)
    for examine in _EXAMINERS:
        examine(file)
