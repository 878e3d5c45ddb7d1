"""Is a pack file sound? Every problem at once, each with its line."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kedang.packs import claims, coherence
from kedang.packs.law import LawfulPack, lawful
from kedang.packs.problems import PackInvalid, Problem
from kedang.packs.reading import Path as KeyPath
from kedang.packs.reading import Tree, read
from kedang.packs.schema import Pack, model_at
from kedang.packs.vocabulary import NEW, RESERVED_ROLES

NAMED = (
    "fields", "kinds", "posts", "flows", "articles", "controls", "forms", "registers", "clocks", "rounds",
    "checklists", "numbering", "grammars", "purposes", "channels", "undertakings", "measures", "scores", "tables",
    "quotas", "units",
)  # fmt: skip
"""Sections whose keys other parts of a pack refer to."""
_TYPES = {
    "string_type": "text",
    "int_type": "number",
    "int_parsing": "number",
    "bool_type": "flag",
    "bool_parsing": "flag",
    "dict_type": "mapping",
    "mapping_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "tuple_type": "list",
    "list_type": "list",
    "frozen_set_type": "list",
}
_BOUNDS = {
    "min_length": ("too_short", "least"),
    "ge": ("too_short", "least"),
    "max_length": ("too_long", "most"),
    "le": ("too_long", "most"),
}


def check_file(path: Path, operations: Collection[str] | None = None) -> list[Problem]:
    """The problems of a pack file, by line; `operations` are the names the product offers."""
    return check_bytes(path.read_bytes(), path.name, operations)[1]


def load_bytes(raw: bytes, file: str, operations: Collection[str] | None = None) -> Pack:
    """The pack as its author wrote it, before the law; raises PackInvalid."""
    pack, problems = check_bytes(raw, file, operations)
    if pack is None or problems:
        raise PackInvalid(problems)
    return pack


def under_law(source: bytes, file: str, operations: Collection[str] | None = None) -> LawfulPack:
    """The pack of a file's bytes with standards and law merged in; raises PackInvalid."""
    return lawful(load_bytes(source, file, operations))


def adopted(source: bytes) -> LawfulPack:
    """A pack from stored bytes that were checked when they were adopted.

    Only its shape is asked again: what a later release finds fault with does not stop a company that runs.
    """
    tree = read(source, "")
    try:
        return lawful(Pack.model_validate(tree.data))
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            _report(tree, error)
        raise PackInvalid(tree.problems) from wrong


def check_bytes(raw: bytes, file: str, operations: Collection[str] | None = None) -> tuple[Pack | None, list[Problem]]:
    """The pack, if its shape is right, and all problems in the order of their lines."""
    tree = read(raw, file)
    pack = check_tree(tree, operations)
    problems = sorted(set(tree.problems), key=_by_line)
    return pack, problems


def check_tree(tree: Tree, operations: Collection[str] | None) -> Pack | None:
    """The pack, if its shape is right; all problems stand in the tree."""
    if not isinstance(tree.data, dict):
        return None
    pack = _shape(tree, operations)
    coherence.check(tree, operations)
    if pack is not None and not tree.problems:
        _claims(tree, pack)
    return pack


def _by_line(problem: Problem) -> tuple[object, ...]:
    return problem.line, problem.key, problem.rule, problem.params, problem.found


def _shape(tree: Tree, operations: Collection[str] | None) -> Pack | None:
    try:
        return Pack.model_validate(tree.data, context=_names(tree.data, operations))
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            _report(tree, error)
        return None


def _names(data: dict[str, Any], operations: Collection[str] | None) -> dict[str, Collection[str]]:
    """The names the file defines, whatever else is wrong with it."""
    names: dict[str, Collection[str]] = {section: frozenset(_mapping(data, section)) for section in NAMED}
    names["deeds"] = frozenset(_mapping(data, "operations"))
    names["roles"] = frozenset(_mapping(data, "roles")) | RESERVED_ROLES
    kinds = [kind for kind in _mapping(data, "kinds").values() if isinstance(kind, dict)]
    names["states"] = frozenset(state for kind in kinds for state in _mapping(kind, "states")) | {NEW}
    if operations is not None:
        own = {
            name for name, said in _mapping(data, "operations").items() if isinstance(said, dict) and "about" in said
        }
        names["operations"] = frozenset(operations) | own
    return names


def _claims(tree: Tree, pack: Pack) -> None:
    """What the pack claims holds under the law, where it will be judged."""
    for path, rule, params in claims.problems(lawful(pack).pack):
        tree.report(path, rule, params.get("found"), **{name: word for name, word in params.items() if name != "found"})


def _mapping(data: dict[str, Any], section: str) -> dict[str, Any]:
    found = data.get(section)
    return found if isinstance(found, dict) else {}


def _report(tree: Tree, error: ErrorDetails) -> None:
    path: KeyPath = tuple(part for part in error["loc"] if part != "[key]")
    kind, context, found = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "missing":
        tree.report(path[:-1], "missing", None, name=path[-1])
    elif kind == "extra_forbidden":
        _report_extra(tree, path)
    else:
        rule, params = _rule_of(kind, context, error["msg"])
        tree.report(path, rule, found, at_value="[key]" not in error["loc"], **params)


def _rule_of(kind: str, context: dict[str, Any], message: str) -> tuple[str, dict[str, Any]]:
    """Our name for a pydantic error, and its parameters."""
    if kind == "literal_error":
        return "choice", {"known": str(context["expected"]).replace("'", "")}
    if kind.startswith("unknown_"):
        return "choice", {"known": context["known"]}
    if kind == "string_pattern_mismatch":
        return "pattern", {"pattern": context["pattern"]}
    if kind in _TYPES:
        return _TYPES[kind], {}
    for name, (rule, param) in _BOUNDS.items():
        if name in context:
            return rule, {param: context[name]}
    return "other", {"text": message}


def _report_extra(tree: Tree, path: KeyPath) -> None:
    model = model_at(path[:-1])
    known = ", ".join(field.alias or name for name, field in model.model_fields.items()) if model else "-"
    tree.report(path, "unknown_key", path[-1], known=known)
