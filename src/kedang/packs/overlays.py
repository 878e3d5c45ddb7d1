"""A company's pack with the values one branch set for itself: checked as a pack file is, the law merged last. Pure.

A branch's value may be stricter than the sample by which a control proves a limit, and never looser: where a control
says that what begins on a day is due two days later, a branch may ask for one day and not for three.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from kedang.packs import delegation
from kedang.packs.checking import check_tree
from kedang.packs.law import lawful
from kedang.packs.merging import LawfulPack
from kedang.packs.operations import TimeProbe
from kedang.packs.probes import is_no_later
from kedang.packs.problems import Problem
from kedang.packs.reading import Tree
from kedang.packs.schema import Pack

Values = Mapping[str, Any]
"""What a branch sets: a value of its own, by path."""
Key = tuple[str, str, tuple[tuple[str, str], ...]]


def problems(data: dict[str, Any], values: Values, operations: Collection[str] | None) -> list[Problem]:
    """Why a branch cannot set these values in the pack of a file's data, by path; empty where it can."""
    found = Tree("")
    for text, value in values.items():
        _examine(found, data, text, value)
    if found.problems:
        return found.problems
    before = _found(_lenient(deepcopy(data)), operations)
    after = _found(_lenient(merged(data, values)), operations)
    return [problem for key, problem in after.items() if key not in before]


def merged(data: dict[str, Any], values: Values) -> dict[str, Any]:
    """The data of a pack file with these values in it; a path that leads nowhere is left out."""
    out = deepcopy(data)
    for text, value in values.items():
        path = delegation.resolved(out, text)
        if path is not None:
            _mapping(delegation.value_at(out, path[:-1]))[str(path[-1])] = value
    return out


def kept(data: dict[str, Any], values: Values) -> dict[str, Any]:
    """Those of the values that this pack leaves to a branch: another edition may delegate less."""
    return {text: value for text, value in values.items() if _delegated(data, text)}


def under_overlay(data: dict[str, Any], values: Values, name: str, *, sound: bool) -> LawfulPack | None:
    """The pack a branch goes by, law and all, `name` behind the edition; None where nothing of it holds.

    `sound` says that just these values were checked against just this pack; otherwise they are checked now, and where
    they do not fit an edition that came later the company's values stand.
    """
    own = kept(data, values)
    if not own or (not sound and problems(data, own, None)):
        return None
    try:
        pack = Pack.model_validate(merged(data, own))
    except ValidationError:
        return None
    meta = pack.meta.model_copy(update={"edition": f"{pack.meta.edition}+{name}"})
    return lawful(pack.model_copy(update={"meta": meta}))


def standing(data: dict[str, Any], text: str) -> Any:
    """What the company's pack says at a path."""
    path = delegation.resolved(data, text)
    return delegation.value_at(data, path) if path else None


def value_of(text: Any) -> Any:
    """A value as it was typed: a number, a mapping in JSON, or a word; anything else is taken as it is."""
    if not isinstance(text, str):
        return text
    plain = text.strip()
    if plain.isdecimal() and plain.isascii():
        return int(plain)
    if plain.startswith("{"):
        try:
            return json.loads(plain)
        except ValueError:
            return plain
    return plain


def words_of(value: Any) -> str:
    """A value in words: `months 3`, `2`, `17:30`; empty for none."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {words_of(each)}" for key, each in value.items())
    return "" if value is None else str(value)


def line(problem: Problem) -> str:
    """A problem in one line: where, what was expected, what was found."""
    return f"{problem.key}: expected {problem.expected}, found {problem.found}"


def _delegated(data: dict[str, Any], text: str) -> bool:
    path = delegation.resolved(data, text)
    return path is not None and delegation.is_delegated(data, path)


def _examine(tree: Tree, data: dict[str, Any], text: str, value: Any) -> None:
    path = delegation.resolved(data, text)
    if path is None or not delegation.is_delegated(data, path):
        left = ", ".join(delegation.delegated(data)) or "-"
        tree.report(path or delegation.segments(text), "not_delegated", value, known=left)
        return
    for pattern, bounds in _mapping(_mapping(data.get("overlays")).get("limits")).items():
        least, most = _mapping(bounds).get("min"), _mapping(bounds).get("max")
        whole = isinstance(value, int) and not isinstance(value, bool)
        if delegation.covers(str(pattern), path) and not (
            whole and (least is None or value >= least) and (most is None or value <= most)
        ):
            tree.report(path, "within_limits", value, least=_end(least), most=_end(most))


def _end(bound: Any) -> str:
    return "…" if bound is None else str(bound)


def _found(data: dict[str, Any], operations: Collection[str] | None) -> dict[Key, Problem]:
    tree = Tree("", data)
    check_tree(tree, operations)
    return {(problem.key, problem.rule, problem.params): problem for problem in tree.problems}


def _lenient(data: dict[str, Any]) -> dict[str, Any]:
    """The data without the samples of limits that are kept more strictly than they ask."""
    try:
        pack = Pack.model_validate(data)
    except ValidationError:
        return data
    for control in _mapping(data.get("controls")).values():
        if isinstance(_mapping(control).get("times"), list):
            control["times"] = [each for each in control["times"] if not _is_kept(pack, each)]
    return data


def _is_kept(pack: Pack, sample: Any) -> bool:
    try:
        return is_no_later(pack, TimeProbe.model_validate(sample))
    except ValidationError:
        return False


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
