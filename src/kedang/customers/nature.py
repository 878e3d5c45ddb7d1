"""Whether a regulation leaves the fields of the product what they are, and its own what they were; pure.

A field of the product keeps its data standard, its place and whether it is personal: its values are stored so. A field
that an earlier edition added keeps these as well, because values may be stored in it; another meaning needs another
key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kedang.customers.dictionary import BUILT_IN, DOSSIER, Fields
from kedang.customers.fields import Field
from kedang.packs.checking import check_bytes
from kedang.packs.problems import Problem
from kedang.packs.reading import read
from kedang.packs.schema import Pack, PackField

CHOICE = "choice"
_PERSONAL = frozenset({"personal", "sensitive"})
Fault = tuple[str, str, str, Any, Mapping[str, str]]
"""Field, key of its entry, rule, what was found, parameters."""


def problems(raw: bytes, file: str, earlier: Fields | None = None) -> list[Problem]:
    """What a pack file says against the nature of fields, by line; nothing where it is no sound pack at all.

    `earlier` are added fields of editions adopted before.
    """
    pack, unsound = check_bytes(raw, file)
    if pack is None or unsound:
        return []
    tree = read(raw, file)
    for field, key, rule, found, params in faults(pack, earlier or {}):
        tree.report(("fields", field, key) if key else ("fields", field), rule, found, at_value=False, **params)
    return tree.problems


def faults(pack: Pack, earlier: Fields) -> Iterator[Fault]:
    """The same of a pack."""
    for name, said in pack.fields.items():
        if name in BUILT_IN:
            yield from _of_the_product(BUILT_IN[name], said)
        else:
            yield from _added(name, said, earlier.get(name))


def _of_the_product(field: Field, said: PackField) -> Iterator[Fault]:
    if said.standard != field.standard:
        yield field.key, "standard", "field_standard", said.standard, {"known": field.standard}
    if said.category != field.category:
        yield field.key, "category", "field_category", said.category, {"known": field.category}
    if field.personal and said.sensitivity not in _PERSONAL:
        yield field.key, "sensitivity", "field_personal", said.sensitivity, {}
    if field.choices and said.options:
        yield field.key, "options", "field_choices", ", ".join(said.options), {}


def _added(name: str, said: PackField, before: Field | None) -> Iterator[Fault]:
    if said.standard == CHOICE and not said.options:
        yield name, "", "missing", None, {"name": "options"}
    if said.grammar is None and said.standard == "code" and name.partition(".")[0] == DOSSIER:
        yield name, "", "missing", None, {"name": "grammar"}
    if before is None:
        return
    if said.standard != before.standard:
        yield name, "standard", "field_standard", said.standard, {"known": before.standard}
    if (said.sensitivity in _PERSONAL) != before.personal:
        yield name, "sensitivity", "field_nature", said.sensitivity, {}
