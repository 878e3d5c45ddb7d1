"""Going back and forth through differences; pure.

A state is `{slot: stored value}` with empty values left out, a difference is `{slot: [before, after]}`. Undoing the
differences of a dossier from its present, the newest first, gives what it was; doing them again gives the present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

State = dict[str, Any]
Delta = Mapping[str, Sequence[Any]]
CONTACT = "contact."
LEAD = ".lead"
"""`contact#7.lead`: whether the contact is the main one."""


def undone(state: Mapping[str, Any], delta: Delta) -> State:
    """The state before a difference."""
    return _set(state, {slot: side[0] for slot, side in delta.items()})


def redone(state: Mapping[str, Any], delta: Delta) -> State:
    """The state after a difference."""
    return _set(state, {slot: side[1] for slot, side in delta.items()})


def earlier(deltas: Iterable[Delta]) -> State:
    """What stood in each slot that these differences touch, before the first of them; the newest comes first.

    Slots that were empty are there with None: laid over the present this is the state of that time.
    """
    found: State = {}
    for delta in deltas:
        found |= {slot: side[0] for slot, side in delta.items()}
    return found


def over(state: Mapping[str, Any], earlier_values: Mapping[str, Any]) -> State:
    """The state of an earlier time: the present with what was different then."""
    return _set(state, earlier_values)


def named(delta: Delta, main: int, personal: Callable[[str], bool]) -> tuple[dict[str, list[Any]], int]:
    """A difference with the main contact's values under its own number, and who was the main contact before it.

    The dossier's form writes `contact.phones` for whoever is the main contact after the change. A personal value
    names the row it stood in, so values of the one who was replaced are told apart. `personal` knows such fields.
    """
    out: dict[str, list[Any]] = {}
    for slot, (before, after) in delta.items():
        if not slot.startswith(CONTACT):
            out[slot] = [before, after]
            continue
        word = slot.removeprefix(CONTACT)
        held = _row(before) if personal(slot) else 0
        if held and held != main:
            out[f"contact#{held}.{word}"] = [before, None]
            before = None
        out[f"contact#{main}.{word}"] = [before, after]
    return out, _main_before(delta, main, personal)


def _main_before(delta: Delta, main: int, personal: Callable[[str], bool]) -> int:
    """Who was the main contact before a difference."""
    for slot, (before, after) in delta.items():
        if slot.endswith(LEAD) and before and not after:
            return int(slot.removesuffix(LEAD).partition("#")[2])
    replaced = {_row(side[0]) for slot, side in delta.items() if slot.startswith(CONTACT) and personal(slot)}
    return next(iter(sorted(replaced - {0, main})), main)


def _row(stored: Any) -> int:
    """The row a personal value of a difference stood in; 0 for a plain or empty one."""
    row, colon, _ = stored.partition(":") if isinstance(stored, str) else ("", "", "")
    return int(row) if colon and row.isdecimal() else 0


def _set(state: Mapping[str, Any], changes: Mapping[str, Any]) -> State:
    return {slot: value for slot, value in {**state, **changes}.items() if value is not None}
