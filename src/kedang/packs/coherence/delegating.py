"""What the company leaves to its branches: only what can be left to them, and somebody who sets it."""

from __future__ import annotations

from kedang.packs import delegation
from kedang.packs.coherence.raw import File, Raw, mapping, words
from kedang.packs.reading import Path

DEED = "pack.overlay"


def examine(file: File) -> None:
    """Patterns that mean something a branch may set, limits of such, and the deed that sets it."""
    said = mapping(file.tree.data.get("overlays"))
    named = words(said.get("delegated"))
    for index, pattern in enumerate(named):
        _pattern(file, ("overlays", "delegated", index), pattern)
    for pattern in mapping(said.get("limits")):
        if not _is_among(file, pattern, named):
            file.report(("overlays", "limits", pattern), "limit_of_delegated", pattern, known=", ".join(named) or "-")
    _deed(file, said, bool(named))


def _is_among(file: File, pattern: str, named: list[str]) -> bool:
    reached = delegation.reached(file.tree.data, pattern)
    return bool(reached) and all(any(delegation.covers(each, path) for each in named) for path in reached)


def _pattern(file: File, path: Path, pattern: str) -> None:
    reached = delegation.reached(file.tree.data, pattern)
    known = ", ".join(delegation.DELEGABLE)
    if not reached:
        file.report(path, "reaches_nothing", pattern)
    elif not all(map(delegation.can_be, reached)) or all(
        delegation.is_companys(file.tree.data, each) for each in reached
    ):
        file.report(path, "not_delegable", pattern, known=known)


def _deed(file: File, said: Raw, names_values: bool) -> None:
    available = said.get("available") is True
    if available and DEED not in file.operations:
        file.report(("overlays", "available"), "overlay_deed", True)
    if DEED in file.operations and not (available and names_values):
        file.report(("operations", DEED), "delegates_nothing", None)
