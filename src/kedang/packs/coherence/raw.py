"""Reading the raw data of a pack file without trusting its shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kedang.packs.reading import Path, Tree

Raw = dict[str, Any]
DAY = "date"
SUBJECTS = {"customer": "dossier", "people": "staff", "consent": "dossier", "copy": "dossier", "custody": "dossier"}
"""What the product's own operations are about, by the first word of their name; all others: the site."""


def mapping(value: Any) -> Raw:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: Any) -> list[str]:
    """The texts of a list."""
    return [each for each in items(value) if isinstance(each, str)]


def given(body: Raw, names: Collection[str]) -> list[str]:
    """Which of these keys are there with something in them; a zero counts, an empty list does not."""
    return [name for name in names if name in body and body[name] not in (None, False, [], {})]


def whole(value: Any, default: int = 0) -> int:
    """A whole number, or what stands for none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default


@dataclass
class File:
    """A pack file under examination: its data, its lines, and what its parts have to do with each other."""

    tree: Tree
    product: Collection[str] | None = None
    """Names of the operations the product offers, where they are known."""
    used_flows: set[str] = field(default_factory=set)

    def section(self, name: str) -> Mapping[str, Raw]:
        """The entries of a section that are mappings."""
        return {key: body for key, body in mapping(self.tree.data.get(name)).items() if isinstance(body, dict)}

    def report(self, path: Path, rule: str, found: object = None, **params: str | int) -> None:
        """Add a problem at a path."""
        self.tree.report(path, rule, found, at_value=False, **params)

    @cached_property
    def operations(self) -> Mapping[str, Raw]:
        """Operations by name."""
        return self.section("operations")

    def rules(self, operation: str) -> list[Raw]:
        """The rules of an operation that are mappings."""
        return [rule for rule in items(self.operations.get(operation, {}).get("rules")) if isinstance(rule, dict)]

    def about(self, operation: str) -> str:
        """What an operation is about: dossier, staff, unit, row, site."""
        said = self.operations.get(operation, {})
        if "about" in said:
            return str(said["about"])
        if operation == "people.unit":
            return "unit"
        return SUBJECTS.get(operation.partition(".")[0], "site")

    def forms_of(self, operation: str) -> list[str]:
        """The forms that go with an operation, each once."""
        said = self.operations.get(operation, {})
        needs = [mapping(said.get("needs")), *(mapping(rule.get("needs")) for rule in self.rules(operation))]
        named = [need["form"] for need in needs if isinstance(need.get("form"), str)]
        return list(dict.fromkeys(named))

    def items_of(self, operation: str) -> Mapping[str, Raw]:
        """The items of an operation's forms."""
        forms = self.section("forms")
        found: dict[str, Raw] = {}
        for name in self.forms_of(operation):
            found |= {key: item for key, item in mapping(forms.get(name, {}).get("items")).items()}
        return {name: mapping(item) for name, item in found.items()}

    def items_in_row(self, operation: str) -> Mapping[str, Raw]:
        """Items that can stand in the row an operation moves: of the forms of all that fill or move its register."""
        register = self.moves(operation).get("register")
        if not isinstance(register, str):
            return {}
        names = [name for name in self.operations if register in {*self.writes(name), self.moves(name).get("register")}]
        return {key: item for name in names for key, item in self.items_of(name).items()}

    def writes(self, operation: str) -> set[str]:
        """The registers in which an operation opens or writes a row."""
        said = self.operations.get(operation, {})
        opened = said.get("opens")
        return set(words(said.get("registers"))) | ({opened} if isinstance(opened, str) else set())

    def moves(self, operation: str) -> Raw:
        """How an operation moves a row, if it does."""
        return mapping(self.operations.get(operation, {}).get("moves"))

    def states(self, register: object) -> Mapping[str, Raw]:
        """The states of a register's rows, in order."""
        found = mapping(self.section("registers").get(str(register), {}).get("states"))
        return {name: mapping(body) for name, body in found.items()}

    def using_flow(self, flow: str) -> Iterator[tuple[str, Raw]]:
        """The operations and rules that ask for a flow."""
        for name in self.operations:
            for rule in self.rules(name):
                if rule.get("flow") == flow:
                    yield name, rule
