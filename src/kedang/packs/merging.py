"""A pack on its way under rules of higher rank: the parts that change, and the record of each change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kedang.packs.operations import OpRule, Rule
from kedang.packs.schema import Pack


@dataclass(frozen=True, slots=True)
class Override:
    """A value of the pack that a rule of higher rank replaced: where, what it was, what it is now, why, by which."""

    key: str
    pack_value: str
    law_value: str
    why: str
    by: Literal["law", "standard"] = "law"


@dataclass(frozen=True, slots=True)
class LawfulPack:
    """A pack with standards and law merged in, and what that changed."""

    pack: Pack
    overrides: tuple[Override, ...]


class Merge:
    """Collects changed entries of a pack's sections, and why each was changed."""

    def __init__(self, pack: Pack, by: Literal["law", "standard"] = "law") -> None:
        self.pack = pack
        self.by = by
        self.changed: dict[str, Any] = {}
        self.overrides: list[Override] = []

    def section(self, name: str) -> Mapping[str, Any]:
        """A section as it stands now."""
        found: Mapping[str, Any] = self.changed.get(name, getattr(self.pack, name))
        return found

    @property
    def operations(self) -> Mapping[str, OpRule]:
        """Operations as they stand now."""
        return self.section("operations")

    def put(self, section: str, name: str, key: str, value: Any, why: str) -> None:
        """Set one key of an entry, unless it stands there already."""
        entry = self.section(section)[name]
        old = getattr(entry, key)
        if old != value:
            self.replace(section, name, entry.model_copy(update={key: value}))
            self.note(f"{section}{_dotted(name)}.{key}", old, value, why)

    def replace(self, section: str, name: str, entry: Any) -> None:
        """Put another entry in the place of one, without a record."""
        self.changed[section] = {**self.section(section), name: entry}

    def forbid(self, operation: str, rule: Rule, what: str, why: str) -> None:
        """Put a denial before all rules of an operation, unless it stands there already."""
        said = self.operations[operation]
        if rule not in said.rules:
            self.replace("operations", operation, said.model_copy(update={"rules": (rule, *said.rules)}))
            self.note(f"operations['{operation}'].rules", "allowed", what, why)

    def note(self, key: str, old: object, new: object, why: str) -> None:
        """Record that a value of the pack was replaced."""
        self.overrides.append(Override(key, worded(old), worded(new), why, self.by))

    def result(self) -> LawfulPack:
        """The pack as it stands now."""
        merged = self.pack.model_copy(update=self.changed) if self.changed else self.pack
        return LawfulPack(merged, tuple(self.overrides))


def worded(value: object) -> str:
    """A value of a pack in words."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value))) or "nobody"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dotted(name: str) -> str:
    return f"['{name}']" if "." in name else f".{name}"
