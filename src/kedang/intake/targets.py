"""What a column of a file can be read as: the collected fields of the dossier and its main contact, and their words.

A field is known by the words of the synonym table and by the title the regulation gives it; where both claim a
title, the regulation's own is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from kedang.customers import dictionary
from kedang.customers.fields import FIELDS, Field
from kedang.intake.headers import header
from kedang.intake.synonyms import Words, table
from kedang.packs.schema import Pack

WHOLE = {
    "region.province": "region", "region.city": "region", "region.county": "region", "capital.currency": "capital",
}  # fmt: skip
"""Parts of a value that stand in columns of their own, and the field they make up."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Fields by key in the order of the dictionary, the words of each target, and fields that are not collected."""

    fields: Mapping[str, Field]
    words: Mapping[str, Words]
    off: frozenset[str] = frozenset()
    off_titles: frozenset[str] = frozenset()
    """What the regulation calls them."""

    def order(self, key: str) -> int:
        """The place of a field in the dictionary."""
        return list(self.fields).index(key)


@cache
def built_in() -> Targets:
    """Every field the product has a column for, whatever a regulation says."""
    return Targets(FIELDS, table())


def of(pack: Pack) -> Targets:
    """What may be brought in under a regulation."""
    every = {**dictionary.of_part(dictionary.DOSSIER, pack), **dictionary.of_part(dictionary.CONTACT, pack)}
    fields = {key: field for key, field in every.items() if field.collect}
    own = {key: header(pack.fields[key].title).key for key in fields if key in pack.fields}
    words = {
        target: _without(said, {title for key, title in own.items() if key != WHOLE.get(target, target)})
        for target, said in table().items()
        if WHOLE.get(target, target) not in every or WHOLE.get(target, target) in fields
    }
    for key, title in own.items():
        said = words.get(key, Words(frozenset(), (), ()))
        words[key] = replace(said, exact=said.exact | {title, *_keyed(key)})
    off = frozenset(every.keys() - fields.keys())
    return Targets(
        fields, words, off, frozenset(header(pack.fields[key].title).key for key in off & pack.fields.keys())
    )


def stored(pack: Pack) -> Targets:
    """What a batch may be mapped to that was brought under an earlier edition: fields no longer collected too, so
    that each of their values is named in its row."""
    every = {**dictionary.of_part(dictionary.DOSSIER, pack), **dictionary.of_part(dictionary.CONTACT, pack)}
    return Targets(every, table())


def _without(said: Words, titles: set[str]) -> Words:
    return replace(said, exact=said.exact - titles)


def _keyed(key: str) -> frozenset[str]:
    """The key itself as a title, as our own templates and exports write it."""
    return frozenset({header(key).key})
