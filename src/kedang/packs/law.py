"""The law above every pack: merged last, and able only to tighten (C14 and what else leaves no choice).

`law.yaml` knows no company's role names. It recognises an office by what its holder may do: a
role that may create accounts is a system office, one that may grant rights a security office,
one that may take the ledger out an audit office. Offices read no dossier, are held by different
people, and keep away from the deeds on content whatever other role their holder has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field
from ruamel.yaml import YAML

from kedang.packs.checking import load_bytes
from kedang.packs.operations import Needs, OpRule, ReasonNeed
from kedang.packs.schema import Mask, Pack, PackField, Role
from kedang.packs.vocabulary import ANY_STAFF, Count, Model, Name, Prose, Reads, Word


class OfficeLaw(Model):
    """Separation of offices."""

    why: Prose
    offices: Mapping[Name, tuple[Word, ...]]
    """Office, and the operations whose holder has that office."""
    no_reads: frozenset[Reads]
    no_operations: tuple[Word, ...]
    """Prefixes of the operations on content."""


class ScopeLaw(Model):
    """Operations that never reach beyond the row scope."""

    why: Prose
    operations: tuple[Word, ...]


class ReasonLaw(Model):
    """The least reason for an operation, in characters."""

    why: Prose
    min_chars: Mapping[Word, Count]


class MaskLaw(Model):
    """Fields that no list shows in clear."""

    why: Prose
    fields: tuple[Word, ...]


class Law(Model):
    """What no pack may loosen."""

    edition: Word
    offices: OfficeLaw
    scope: ScopeLaw
    reasons: ReasonLaw
    masks: MaskLaw
    sources: tuple[Prose, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Override:
    """A value of the pack that the law replaced: where, what it was, what it is now, and why."""

    key: str
    pack_value: str
    law_value: str
    why: str


@dataclass(frozen=True, slots=True)
class LawfulPack:
    """A pack with the law merged in, and what that changed."""

    pack: Pack
    overrides: tuple[Override, ...]


def under_law(source: bytes, file: str) -> LawfulPack:
    """The pack of a file's bytes with the law merged in; raises PackInvalid."""
    return tighten(load_bytes(source, file), shipped_law())


@cache
def shipped_law() -> Law:
    """The law that comes with the product."""
    path = Path(__file__).with_name("law.yaml")
    return Law.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def tighten(pack: Pack, law: Law) -> LawfulPack:
    """Merge the law into a pack. What the result allows, the pack allowed."""
    merge = _Merge(pack)
    for step in (_separate_offices, _keep_in_scope, _ask_reasons, _mask_lists):
        step(merge, law)
    return LawfulPack(merge.result(), tuple(merge.overrides))


class _Merge:
    """A pack on its way under the law: the parts that change, and the record of each change."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.roles: dict[str, Role] = dict(pack.roles)
        self.operations: dict[str, OpRule] = dict(pack.operations)
        self.fields: dict[str, PackField] = dict(pack.fields)
        self.exclusive: tuple[frozenset[str], ...] = pack.exclusive
        self.overrides: list[Override] = []

    def operation(self, name: str, key: str, value: Any, why: str) -> None:
        """Set one key of an operation, unless it stands there already."""
        old = self.operations[name]
        if getattr(old, key) != value:
            self.operations[name] = old.model_copy(update={key: value})
            self.note(f"operations['{name}'].{key}", getattr(old, key), value, why)

    def note(self, key: str, old: object, new: object, why: str) -> None:
        """Record that the law replaced a value of the pack."""
        self.overrides.append(Override(key, _words(old), _words(new), why))

    def result(self) -> Pack:
        """The pack under the law."""
        return self.pack.model_copy(
            update={
                "roles": self.roles,
                "operations": self.operations,
                "fields": self.fields,
                "exclusive": self.exclusive,
            }
        )


def _separate_offices(merge: _Merge, law: Law) -> None:
    said = law.offices
    holders = _holders(merge, said)
    officers = frozenset().union(*holders.values())
    for code in sorted(officers):
        _no_content(merge, code, said)
    for name in _named(merge.operations, said.no_operations):
        rule = merge.operations[name]
        merge.operation(name, "who", rule.who - officers, said.why)
        merge.operation(name, "not_for", rule.not_for | officers, said.why)
    content = frozenset(code for code, role in merge.roles.items() if role.reads & said.no_reads)
    merge.exclusive = tuple(dict.fromkeys((*merge.exclusive, *_pairs([*holders.values(), content]))))


def _holders(merge: _Merge, said: OfficeLaw) -> dict[str, frozenset[str]]:
    """The roles of each office; a role of an earlier office is taken out of the deeds of a later one."""
    taken: frozenset[str] = frozenset()
    holders: dict[str, frozenset[str]] = {}
    for office, names in said.offices.items():
        mine: frozenset[str] = frozenset()
        for name in sorted(set(names) & set(merge.operations)):
            merge.operation(name, "who", merge.operations[name].who - taken - {ANY_STAFF}, said.why)
            mine |= merge.operations[name].who & merge.pack.role_codes
        holders[office] = mine
        taken |= mine
    return holders


def _no_content(merge: _Merge, code: str, said: OfficeLaw) -> None:
    role = merge.roles[code]
    if role.reads & said.no_reads:
        left = role.reads - said.no_reads
        merge.roles[code] = role.model_copy(update={"reads": left})
        merge.note(f"roles.{code}.reads", role.reads, left, said.why)


def _pairs(groups: Sequence[frozenset[str]]) -> Iterable[frozenset[str]]:
    for index, one in enumerate(groups):
        for other in groups[index + 1 :]:
            yield from (frozenset({a, b}) for a in sorted(one) for b in sorted(other))


def _keep_in_scope(merge: _Merge, law: Law) -> None:
    for name in _named(merge.operations, law.scope.operations):
        merge.operation(name, "in_scope", True, law.scope.why)


def _ask_reasons(merge: _Merge, law: Law) -> None:
    for name, least in law.reasons.min_chars.items():
        if (rule := merge.operations.get(name)) is None:
            continue
        asked = rule.needs.reason.min_chars if rule.needs.reason else 0
        if asked < least:
            needs: Needs = rule.needs.model_copy(update={"reason": ReasonNeed(min_chars=least)})
            merge.operations[name] = rule.model_copy(update={"needs": needs})
            merge.note(f"operations['{name}'].needs.reason.min_chars", asked, least, law.reasons.why)


def _mask_lists(merge: _Merge, law: Law) -> None:
    for name in law.masks.fields:
        if (field := merge.fields.get(name)) is None:
            continue
        mask = field.mask or Mask()
        if field.mask is None or mask.clear_in_list:
            hidden = mask.model_copy(update={"clear_in_list": frozenset()})
            merge.fields[name] = field.model_copy(update={"mask": hidden})
            seen = mask.clear_in_list if field.mask else "everyone"
            merge.note(f"fields['{name}'].mask.clear_in_list", seen, frozenset(), law.masks.why)


def _named(operations: Mapping[str, OpRule], patterns: Iterable[str]) -> list[str]:
    wanted = tuple(patterns)
    prefixes = tuple(pattern for pattern in wanted if pattern.endswith("."))
    return [name for name in operations if name in wanted or name.startswith(prefixes)]


def _words(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value))) or "nobody"
    return str(value).lower() if isinstance(value, bool) else str(value)
