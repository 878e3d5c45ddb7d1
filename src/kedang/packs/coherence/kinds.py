"""Kinds of customers: the states of each, from where they are reached, and conditions that can be met."""

from __future__ import annotations

from kedang.packs.coherence.raw import File, Raw, items, mapping, words
from kedang.packs.reading import Path

FILED = "filed"
"""Not a step in the life of a customer: a dossier is filed by a deed of its own."""


def examine(file: File) -> None:
    """Every state of every kind."""
    for name, kind in file.section("kinds").items():
        states = mapping(kind.get("states"))
        for state, body in states.items():
            _state(file, ("kinds", name, "states", state), state, mapping(body), states)


def _state(file: File, path: Path, state: str, body: Raw, states: Raw) -> None:
    before = [other for other in states if other not in (state, FILED)]
    for index, other in enumerate(words(body.get("after"))):
        if other not in before:
            file.report((*path, "after", index), "choice", other, known=", ".join(before) or "-")
    if state == FILED and (body.get("after") or body.get("guards")):
        file.report(path, "filed_by_deed", state)
    for index, guard in enumerate(items(body.get("guards"))):
        _guard(file, (*path, "guards", index), mapping(guard))


def _guard(file: File, path: Path, guard: Raw) -> None:
    module = guard.get("record")
    collected = {
        name.partition(".")[0]
        for name, field in file.section("fields").items()
        if "." in name and field.get("collect") is not False
    }
    if isinstance(module, str) and module not in collected:
        file.report((*path, "record"), "guard_collected", module, known=", ".join(sorted(collected)) or "-")
    if "idle" in guard and "least" in guard:
        file.report(path, "exactly_one", "least, idle", names="least, idle")
    idle = mapping(guard.get("idle"))
    if "idle" in guard and not any(idle.get(unit) for unit in ("minutes", "hours", "days", "months", "years")):
        file.report((*path, "idle"), "empty_span", None)
