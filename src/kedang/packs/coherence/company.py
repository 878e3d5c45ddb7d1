"""Units, roles, posts, responsibilities and undertakings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kedang.packs.coherence.raw import File, given, items, mapping, whole, words
from kedang.packs.vocabulary import RESERVED_ROLES


def examine(file: File) -> None:
    """What the company itself looks like."""
    for code in mapping(file.tree.data.get("roles")):
        if code in RESERVED_ROLES:
            file.report(("roles", code), "reserved", code)
    exclusive = _exclusive(file)
    for name, post in file.section("posts").items():
        _post(file, name, post, exclusive)
    for index, line in enumerate(items(file.tree.data.get("responsibilities"))):
        if isinstance(line, dict) and len(given(line, ("post", "role", "unit"))) != 1:
            file.report(("responsibilities", index), "exactly_one", _list(line), names="post, role, unit")
    for name in cyclic(file.section("units"), "parent"):
        file.report(("units", name, "parent"), "cycle", name)
    _undertakings(file)


def _exclusive(file: File) -> list[set[str]]:
    groups = []
    for index, group in enumerate(items(file.tree.data.get("exclusive"))):
        codes = set(words(group))
        groups.append(codes)
        if isinstance(group, list) and len(group) < 2:
            file.report(("exclusive", index), "too_short", group, least=2)
    return groups


def _post(file: File, name: str, post: Mapping[str, Any], exclusive: list[set[str]]) -> None:
    least, most = whole(post.get("least", 1), 1), whole(post.get("most", 1), 1_000_000)
    if least > most:
        file.report(("posts", name), "post_count", least, most=most)
    roles = set(words(post.get("roles")))
    for group in exclusive:
        if len(both := roles & group) > 1:
            file.report(("posts", name, "roles"), "exclusive_post", ", ".join(sorted(both)))


def _undertakings(file: File) -> None:
    signing = {said["signs"]: name for name, said in file.operations.items() if isinstance(said.get("signs"), str)}
    for name in mapping(file.tree.data.get("undertakings")):
        if name not in signing:
            file.report(("undertakings", name), "unsigned_undertaking", name)
    for name, operation in signing.items():
        needs = mapping(file.operations[operation].get("needs"))
        if name in words(needs.get("undertakings")):
            file.report(("operations", operation, "needs", "undertakings"), "needs_itself", name)


def cyclic(entries: Mapping[str, Mapping[str, Any]], key: str) -> list[str]:
    """Entries that, following `key` from one to the next, come back to themselves."""
    found = []
    for start in entries:
        seen, here = {start}, entries[start].get(key)
        while isinstance(here, str) and here in entries and here not in seen:
            seen.add(here)
            here = entries[here].get(key)
        if here == start:
            found.append(start)
    return found


def _list(body: Mapping[str, Any]) -> str | None:
    return ", ".join(body) or None
