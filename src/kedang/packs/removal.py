"""A pack without one of its controls: every part that carries it gone, and whatever then hangs in the air. Pure.

This proves that a control is what it says it is: without its parts its test has to fail.
"""

from __future__ import annotations

import json
from typing import Any

from kedang.packs.checking import check_tree
from kedang.packs.problems import Problem
from kedang.packs.reading import Path, Tree, read

_ROUNDS = 60


class NotRemovable(ValueError):
    """Without this control nothing is left that is a pack."""


def without(source: bytes, control: str) -> bytes:
    """The pack without the parts that carry a control and without its mention; still a sound pack.

    What refers to a dropped part goes too, in the smallest way that is sound: a rule loses its flow, an operation its
    register, a clock without its deed goes. Raises KeyError for a control the pack does not have, NotRemovable where
    no pack remains.
    """
    data = read(source, "").data
    if not isinstance(data, dict) or control not in data.get("controls", {}):
        raise KeyError(control)
    for section, body in data.items():
        if section not in ("articles", "controls"):
            _drop_tagged(body, control)
    for section in [name for name, body in data.items() if _is_tagged(body, control)]:
        del data[section]
    del data["controls"][control]
    _mend(data)
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _is_tagged(part: Any, control: str) -> bool:
    return isinstance(part, dict) and isinstance(part.get("controls"), list) and control in part["controls"]


def _drop_tagged(part: Any, control: str) -> None:
    if isinstance(part, dict):
        for key in [key for key, each in part.items() if _is_tagged(each, control)]:
            del part[key]
    elif isinstance(part, list):
        part[:] = [each for each in part if not _is_tagged(each, control)]
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _drop_tagged(each, control)


def _mend(data: dict[str, Any]) -> None:
    """Drop what the check finds fault with, from the inside out, until it finds no more."""
    for _ in range(_ROUNDS):
        tree = Tree("", data)
        check_tree(tree, None)
        if not tree.problems:
            return
        paths = {_existing(data, _where(problem)) for problem in tree.problems}
        if () in paths:
            break
        for path in sorted(paths, key=_from_behind, reverse=True):
            _delete(data, path)
    raise NotRemovable(str(tree.problems[0]))


def _where(problem: Problem) -> Path:
    """What has to go; a control whose samples are no longer caught loses only these."""
    return (*problem.path, "probes") if problem.rule == "probe_not_caught" else problem.path


def _existing(data: Any, path: Path) -> Path:
    """The path, or as much of it as leads to something."""
    here = data
    for index, part in enumerate(path):
        if not _has(here, part):
            return path[:index]
        here = here[part]
    return path


def _has(here: Any, part: str | int) -> bool:
    return (isinstance(here, dict) and part in here) or (
        isinstance(here, list) and isinstance(part, int) and part < len(here)
    )


def _from_behind(path: Path) -> tuple[tuple[int, int, str], ...]:
    return tuple((1, part, "") if isinstance(part, int) else (0, 0, part) for part in path)


def _delete(data: Any, path: Path) -> None:
    if _existing(data, path) != path:
        return
    here = data
    for part in path[:-1]:
        here = here[part]
    del here[path[-1]]
