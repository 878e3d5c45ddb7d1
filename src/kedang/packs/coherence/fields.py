"""Fields the regulation lists: in a part of the dossier that exists, and read by a standard that can be followed."""

from __future__ import annotations

from typing import get_args

from kedang.packs.coherence.raw import File, Raw, items
from kedang.packs.reading import Path
from kedang.packs.vocabulary import Module

MODULES = frozenset(get_args(Module))
RESERVED = frozenset(
    {
        "at", "bad", "code", "confirm", "evidence", "filed_us", "findings", "id", "key", "lead", "name_key", "op",
        "origin", "owner", "reason", "ref", "removed", "removed_us", "row", "state", "status", "unit", "updated",
        "version", "warnings",
    }
)  # fmt: skip
"""Words that mean something else beside the fields of a dossier, in forms, tables and versions."""
TEXTS = frozenset({"text", "name", "address", "code", "choice"})
"""Standards of texts that a regulation may narrow to a few words, to a built code or to a least length."""
PERSONAL = frozenset({"personal", "sensitive"})


def examine(file: File) -> None:
    """Every field."""
    for name, field in file.section("fields").items():
        path: Path = ("fields", name)
        part, dot, _ = name.partition(".")
        if dot and part not in MODULES:
            file.report(path, "choice", part, known=", ".join(sorted(MODULES)))
        if name in RESERVED:
            file.report(path, "reserved", name)
        _narrowed(file, path, field)
        if field.get("searched") is True and (dot or field.get("sensitivity") in PERSONAL):
            file.report((*path, "searched"), "searched", name)


def _narrowed(file: File, path: Path, field: Raw) -> None:
    """What narrows a standard goes with one that can be narrowed, and the ways do not contradict each other."""
    narrowing = [key for key in ("options", "grammar", "min_chars") if field.get(key)]
    if narrowing and field.get("standard") not in TEXTS:
        file.report((*path, narrowing[0]), "narrowed_text", field.get("standard"), known=", ".join(sorted(TEXTS)))
    elif len(narrowing) > 1:
        file.report((*path, narrowing[1]), "exactly_one", narrowing[1], names=", ".join(narrowing))
    words = [str(word).strip().casefold() for word in items(field.get("options"))]
    if len(set(words)) < len(words):
        file.report((*path, "options"), "repeated_words", ", ".join(words))
