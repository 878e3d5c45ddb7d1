"""Which values of a pack the company may leave to its branches, and which of them a path means. Pure.

The list is closed, and it is short: how long, how often, how many, how much has to be said. Who may do a deed, whose
signature it takes, what is a field and how it is protected, what is forbidden, and what the articles and controls
say are standards of the whole company; no branch sets them, whatever the pack would delegate.

A path is written with dots, `clocks.entry.within.days`, and `*` stands for any one key. A name that holds a dot
itself, such as an operation's, is written as it is: `operations.customer.reveal.needs.reason.min_chars`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kedang.packs.reading import Path

DELEGABLE = (
    "operations.*.needs.reason.min_chars",
    "operations.*.needs.evidence",
    "clocks.*.within",
    "clocks.*.sample",
    "rounds.*.every",
    "rounds.*.within",
    "rounds.*.grace",
    "rounds.*.at_least",
    "rounds.*.sample.share",
    "rounds.*.sample.at_least",
    "quotas.*.most",
    "hours.open",
    "hours.close",
)
"""What can be delegated: these values and what lies below them."""
OFFICES = ("pack.", "people.", "ledger.", "compliance.")
"""Deeds on the regulation, on people and on the evidence: the hurdles before them are the company's alone."""
ANY = "*"
COMPANY = "company"


def segments(text: str) -> tuple[str, ...]:
    """A path as it is written, in its parts; also in the way messages name it (`operations['customer.reveal']`)."""
    return tuple(text.replace("['", ".").replace("']", "").split("."))


def reached(data: Any, pattern: str) -> list[Path]:
    """The values of a pack file that a pattern means."""
    return list(_reached(data, segments(pattern), ()))


def covers(pattern: str, path: Path) -> bool:
    """Whether a path is what a pattern means, or lies below it."""
    left = segments(pattern)
    for key in path:
        rest = _after(left, str(key)) if left else left
        if rest is None:
            return False
        left = rest
    return not left


def can_be(path: Path) -> bool:
    """Whether a value of this place can be delegated at all."""
    return any(covers(pattern, path) for pattern in DELEGABLE)


def is_companys(data: Mapping[str, Any], path: Path) -> bool:
    """Whether this one is the company's all the same: an office's deed, or something counted for the whole company."""
    if len(path) < 2:
        return False
    section, name = path[0], str(path[1])
    body = _mapping(_mapping(data.get(str(section))).get(name))
    if section == "operations":
        return name.startswith(OFFICES)
    if section == "rounds":
        return str(body.get("for_each", COMPANY)) == COMPANY
    return section == "quotas" and str(body.get("per")) == COMPANY


def delegated(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The patterns a pack leaves to its branches; none where it says it does not yet."""
    said = _mapping(data.get("overlays"))
    named = said.get("delegated") if said.get("available") is True else None
    return tuple(each for each in named if isinstance(each, str)) if isinstance(named, Sequence) else ()


def is_delegated(data: Mapping[str, Any], path: Path) -> bool:
    """Whether a branch may set the value at a path."""
    left = any(covers(pattern, path) for pattern in delegated(data))
    return left and can_be(path) and not is_companys(data, path)


def resolved(data: Mapping[str, Any], text: str) -> Path | None:
    """The keys a written path means; its last key may be new, everything before it stands in the file."""
    return next(_ways(data, segments(text), ()), None)


def written(path: Path) -> str:
    """A path as it is written."""
    return ".".join(map(str, path))


def value_at(data: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    for key in path:
        data = _mapping(data).get(str(key))
    return data


def _ways(here: Any, parts: tuple[str, ...], path: Path) -> Iterator[Path]:
    if not isinstance(here, dict):
        return
    for end in range(len(parts), 0, -1):
        key = ".".join(parts[:end])
        if key in here and end == len(parts):
            yield (*path, key)
        elif key in here:
            yield from _ways(here[key], parts[end:], (*path, key))
    if len(parts) == 1 and parts[0] not in here:
        yield (*path, parts[0])


def _reached(here: Any, left: tuple[str, ...], path: Path) -> Iterator[Path]:
    if not left:
        yield path
    elif isinstance(here, dict):
        for key, below in here.items():
            if (rest := _after(left, key)) is not None:
                yield from _reached(below, rest, (*path, key))


def _after(left: tuple[str, ...], key: str) -> tuple[str, ...] | None:
    """What is left of a pattern after a key; None where the key is another."""
    if left[0] == ANY:
        return left[1:]
    own = tuple(key.split("."))
    return left[len(own) :] if left[: len(own)] == own else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
