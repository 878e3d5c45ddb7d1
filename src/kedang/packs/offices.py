"""Separation of offices: the three officers are different people, and none of them touches content (C14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from kedang.packs.merging import Merge
from kedang.packs.operations import OpRule, Rule, Step
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import ANY_STAFF, Model, Name, Prose, Reads, Word


class OfficeLaw(Model):
    """Separation of offices."""

    why: Prose
    offices: Mapping[Name, tuple[Word, ...]] = Field(min_length=1)
    """Office, and the operations whose holder has that office."""
    no_reads: frozenset[Reads]
    no_operations: tuple[Word, ...]
    """Prefixes of the operations on content."""


def separate(merge: Merge, said: OfficeLaw) -> None:
    """Give each role one office, take content from officers, and let nobody hold two."""
    holders = _holders(merge, said)
    officers = frozenset().union(*holders.values())
    for code in sorted(officers):
        merge.put("roles", code, "reads", merge.section("roles")[code].reads - said.no_reads, said.why)
    for name in named(merge.operations, said.no_operations):
        rule = merge.operations[name]
        merge.put("operations", name, "who", rule.who - officers, said.why)
        merge.put("operations", name, "not_for", rule.not_for | officers, said.why)
    content = frozenset(code for code, role in merge.section("roles").items() if role.reads & said.no_reads)
    apart = (*merge.pack.exclusive, *_pairs([*holders.values(), content]))
    merge.changed["exclusive"] = tuple(dict.fromkeys(apart))


def _holders(merge: Merge, said: OfficeLaw) -> dict[str, frozenset[str]]:
    """The roles of each office: those that say so, else those that may do its deeds; one office for one role."""
    stated = {office: _stated(merge.pack, office) for office in said.offices}
    taken = frozenset().union(*stated.values())
    holders: dict[str, frozenset[str]] = {}
    for office, names in said.offices.items():
        mine = stated[office]
        others = taken - mine
        for name in sorted(set(names) & set(merge.operations)):
            left = _cut(merge, name, mine, others, said.why)
            if not stated[office]:
                mine |= left & merge.pack.role_codes
        holders[office] = mine
        taken |= mine
    return holders


def _stated(pack: Pack, office: str) -> frozenset[str]:
    return frozenset(code for code, role in pack.roles.items() if role.office == office)


def _cut(merge: Merge, name: str, mine: frozenset[str], others: frozenset[str], why: str) -> frozenset[str]:
    """Leave a deed of an office to its holders; others may ask for it only where the office takes part in the flow."""
    rule = merge.operations[name]
    if not any(merge.pack.roles[code].office for code in mine):
        merge.put("operations", name, "who", rule.who - others - {ANY_STAFF}, why)
    elif rule.who <= mine:
        pass
    elif _can_be_asked_for(rule, merge.pack, mine):
        _cut_rules(merge, name, mine, why)
    else:
        merge.put("operations", name, "who", rule.who & mine, why)
    return merge.operations[name].who


def _can_be_asked_for(rule: OpRule, pack: Pack, mine: frozenset[str]) -> bool:
    """Whether each rule either asks for a flow in which the office takes part, or can be kept to the office alone."""
    allowing = [each for each in rule.rules if not each.deny]
    asking = [each for each in allowing if each.flow]
    plain = [each for each in allowing if not each.flow]
    return (
        bool(asking)
        and all(any(_is_of(step, mine) for step in pack.flows[str(each.flow)].steps) for each in asking)
        and all(each.needs is None for each in plain)
    )


def _cut_rules(merge: Merge, name: str, mine: frozenset[str], why: str) -> None:
    """Rules without a flow are for the office alone; one that is left for nobody goes."""
    kept: list[Rule] = []
    for index, rule in enumerate(merge.operations[name].rules):
        who = mine if rule.who is None else rule.who & mine
        if rule.deny or rule.flow or rule.who == who:
            kept.append(rule)
            continue
        merge.note(f"operations['{name}'].rules[{index}].who", rule.who or "everyone", who, why)
        kept += [rule.model_copy(update={"who": who})] if who else []
    merge.replace("operations", name, merge.operations[name].model_copy(update={"rules": tuple(kept)}))


def _is_of(step: Step, roles: frozenset[str]) -> bool:
    """Whether nobody outside these roles can complete the step, and it is never left out."""
    named_ = [party.role for party in step.parties]
    if step.when is not None or step.kind == "witness":
        return False
    return any(role in roles for role in named_) if step.all else bool(named_) and all(role in roles for role in named_)


def _pairs(groups: Sequence[frozenset[str]]) -> Iterable[frozenset[str]]:
    for index, one in enumerate(groups):
        for other in groups[index + 1 :]:
            yield from (frozenset({a, b}) for a in sorted(one) for b in sorted(other))


def named(operations: Mapping[str, OpRule], patterns: Iterable[str]) -> list[str]:
    """Operations by name, or by prefix where the pattern ends with a dot."""
    wanted = tuple(patterns)
    prefixes = tuple(pattern for pattern in wanted if pattern.endswith("."))
    return [name for name in operations if name in wanted or name.startswith(prefixes)]
