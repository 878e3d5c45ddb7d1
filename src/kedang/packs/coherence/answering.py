"""Articles and the controls that answer them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kedang.packs.coherence.protection import LATER, LATER_ENTRIES
from kedang.packs.coherence.raw import File, Raw, items, mapping, words

UNKEPT = frozenset({*LATER, *LATER_ENTRIES})
"""Sections whose parts bear no control yet."""
SWITCHED = frozenset({"provenance"})
"""Sections that are kept where the pack says so with `available: true`."""
PLAIN = frozenset({"articles", "controls", "meta"})


def examine(file: File) -> None:
    """Each article is answered, each control answers, and what claims to be available has something to bear it."""
    answered: set[str] = set()
    for number, article in file.section("articles").items():
        named = words(article.get("controls"))
        answered |= set(named)
        if not named:
            file.report(("articles", number), "article_without_control", None)
    kept, unkept = _tags(file)
    for name in mapping(file.tree.data.get("controls")):
        if name not in answered:
            file.report(("controls", name), "control_without_article", name)
    for name, control in file.section("controls").items():
        _control(file, name, control, kept, unkept)


def _control(file: File, name: str, control: Raw, kept: set[str], unkept: set[str]) -> None:
    if control.get("available") is False:
        return
    path = ("controls", name)
    if name in unkept and name not in kept and not control.get("operations") and not control.get("invariant"):
        file.report(path, "control_of_later", None)
    for index, probe in enumerate(items(control.get("probes"))):
        operation = mapping(probe).get("operation")
        if isinstance(operation, str) and operation not in file.operations:
            known = ", ".join(sorted(file.operations))
            file.report((*path, "probes", index, "operation"), "choice", operation, known=known)


def _tags(file: File) -> tuple[set[str], set[str]]:
    """Controls that stand at a part the product keeps, and those that stand at one it does not keep yet."""
    kept: set[str] = set()
    unkept: set[str] = set()
    for section, body in mapping(file.tree.data).items():
        if section not in PLAIN:
            off = section in UNKEPT or (section in SWITCHED and mapping(body).get("available") is not True)
            (unkept if off else kept).update(_tagged(body))
    return kept, unkept


def _tagged(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else mapping(value).values():
        yield from _tagged(each)
    yield from words(mapping(value).get("controls"))
