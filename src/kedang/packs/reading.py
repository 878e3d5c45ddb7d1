"""From the bytes of a pack file to plain data that still knows its lines.

Scalars stay what the regulation's author wrote: `1.1` is the number of an article, never a
floating-point number, so whatever is not a whole number, true, false or null is text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kedang.packs.problems import Problem

SIZE_LIMIT = 400_000
DEPTH_LIMIT = 32
Path = tuple[str | int, ...]


@dataclass(slots=True)
class Tree:
    """The data of a file, and the line of every key and value by its path."""

    file: str
    data: Any = None
    key_lines: dict[Path, int] = field(default_factory=dict)
    value_lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of a key, or of the nearest thing around it that is in the file."""
        for end in range(len(path), -1, -1):
            if (line := self.key_lines.get(path[:end])) is not None:
                return line
        return 1

    def value_line_of(self, path: Path) -> int:
        """The line where the value at a path begins, or of the nearest thing around it."""
        return self.value_lines.get(path, self.line_of(path))

    def report(self, path: Path, rule: str, found: object, *, at_value: bool = False, **params: object) -> None:
        """Add a problem at a path."""
        line = self.value_line_of(path) if at_value else self.line_of(path)
        words = tuple((name, str(value)) for name, value in params.items())
        self.problems.append(Problem(self.file, line, dotted(path), rule, shown(found), words, path))


def dotted(path: Path) -> str:
    """A path as people write it: `operations['customer.open'].rules[0].flow`."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        elif "." in part or not part:
            out += f"['{part}']"
        else:
            out += f".{part}" if out else part
    return out


def shown(found: object) -> str:
    """What was found, short enough for one line."""
    if isinstance(found, dict):
        return "a mapping" if found else "an empty mapping"
    if isinstance(found, list):
        return "a list" if found else "an empty list"
    if found is None:
        return "nothing"
    if isinstance(found, bool):
        return str(found).lower()
    text = f'"{found}"' if isinstance(found, str) else str(found)
    return text if len(text) <= 80 else text[:77] + "..."


def read(raw: bytes, file: str) -> Tree:
    """Parse the bytes; what is wrong with the YAML itself stands in `problems`."""
    tree = Tree(file)
    if len(raw) > SIZE_LIMIT:
        tree.report((), "size", len(raw), limit=SIZE_LIMIT)
        return tree
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        tree.problems.append(Problem(file, line, "", "encoding", f"byte 0x{raw[wrong.start]:02x}"))
        return tree
    try:
        _parse(text, tree)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line = mark.line + 1 if mark else 1
        tree.problems.append(Problem(file, line, "", "syntax", wrong.problem or "a syntax error"))
    except (YAMLError, RecursionError, ValueError) as wrong:
        tree.problems.append(Problem(file, 1, "", "syntax", str(wrong).splitlines()[0]))
    return tree


def _parse(text: str, tree: Tree) -> None:
    if not _walk_events(text, tree):
        return
    documents = list(_yaml().compose_all(text))
    if len(documents) > 1:
        second = documents[1].start_mark.line + 1
        tree.problems.append(Problem(tree.file, second, "", "documents", str(len(documents))))
        return
    if not documents or not isinstance(documents[0], MappingNode):
        tree.report((), "empty", None if not documents else _value(documents[0], (), tree))
        return
    tree.data = _value(documents[0], (), tree)


def _walk_events(text: str, tree: Tree) -> bool:
    """Refuse aliases and absurd nesting before anything is built from them."""
    depth = 0
    for event in _yaml().parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            tree.problems.append(Problem(tree.file, line, "", "alias", f"*{event.anchor}"))
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            tree.problems.append(Problem(tree.file, line, "", "depth", "more", (("most", str(DEPTH_LIMIT)),)))
            break
    return not tree.problems


def _yaml() -> Any:
    reader = YAML(typ="rt", pure=True)
    reader.allow_duplicate_keys = True
    return reader


def _value(node: Node, path: Path, tree: Tree) -> Any:
    tree.value_lines[path] = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return dict(_entries(node, path, tree))
    if isinstance(node, SequenceNode):
        return [_item(item, (*path, index), tree) for index, item in enumerate(node.value)]
    return _scalar(node) if isinstance(node, ScalarNode) else None


def _entries(node: MappingNode, path: Path, tree: Tree) -> Iterator[tuple[str, Any]]:
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode) or str(key_node.value) == "<<":
            tree.problems.append(Problem(tree.file, line, dotted(path), "alias", "a key that is not a plain word"))
            continue
        key = str(key_node.value)
        here = (*path, key)
        if here in tree.key_lines:
            first = (("first", str(tree.key_lines[here])),)
            tree.problems.append(Problem(tree.file, line, dotted(here), "duplicate", f'"{key}" again', first))
            continue
        tree.key_lines[here] = line
        yield key, _value(value_node, here, tree)


def _item(node: Node, path: Path, tree: Tree) -> Any:
    tree.key_lines[path] = node.start_mark.line + 1
    return _value(node, path, tree)


def _scalar(node: ScalarNode) -> Any:
    text = str(node.value)
    tag = str(node.tag).rpartition(":")[2]
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int" and text.lstrip("+-").isdigit():
        return int(text)
    return text
