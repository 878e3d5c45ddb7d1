"""The synonym table as data: which field a column title means, and how surely."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kedang.intake.headers import Header, header

EXACT = 1.0
HINT = 0.7
SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Words:
    """The titles of one target: certain ones, hints, and what takes a hint back."""

    exact: frozenset[str]
    contains: tuple[str, ...]
    never: tuple[str, ...]

    def weight(self, title: Header) -> float:
        """How surely a title means this target: 1 certain, 0.7 a hint, 0 nothing."""
        if title.key in self.exact or title.bare in self.exact:
            return EXACT
        if any(word in title.bare for word in self.contains) and not any(word in title.key for word in self.never):
            return HINT
        return 0.0


@cache
def table() -> dict[str, Words]:
    """Every target with its words; targets are field keys, or parts of one such as region.city."""
    raw = tomllib.loads((files("kedang.intake") / "synonyms.toml").read_text("utf-8"))
    return {target: _words(entry) for target, entry in raw.items()}


def _words(entry: dict[str, list[str]]) -> Words:
    def keys(name: str) -> tuple[str, ...]:
        return tuple(header(word).key for word in entry.get(name, ()))

    return Words(frozenset(keys("exact")), keys("contains"), keys("never"))


def recognised(title: Header) -> bool:
    """Whether any target knows this title for certain."""
    return any(words.weight(title) == EXACT for words in table().values())
