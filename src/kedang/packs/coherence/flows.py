"""Flows that nobody could sign, steps that never come, and who would have to sign twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from kedang.packs.coherence.deeds import conditions
from kedang.packs.coherence.raw import File, Raw, given, items, mapping, whole, words
from kedang.packs.reading import Path
from kedang.packs.vocabulary import RESERVED_ROLES

PARTY = ("head_of", "role", "post", "superior_of", "person")
DECIDING = ("sign", "checklist", "bind")
ONE_WORD = ("level", "state", "kind", "channel", "place", "purpose", "weekday", "unit_kind")
"""Facts that are one word: two conditions on them without a common word never hold together."""


def examine(file: File) -> None:
    """Every flow, and every party wherever one is named."""
    used = set(_used(file))
    for name, flow in file.section("flows").items():
        path: Path = ("flows", name)
        if name not in used:
            file.report(path, "unused_flow", name)
        steps = [step if isinstance(step, dict) else {} for step in items(flow.get("steps"))]
        for index, step in enumerate(steps):
            _step(file, (*path, "steps", index), name, flow, step)
        if flow.get("distinct") is not False:
            _enough_people(file, path, steps)
    for path, party in _parties(file):
        _party(file, path, party)
    _approved(file)


def _approved(file: File) -> None:
    """Who approves the regulation signs its next edition, whichever rule asks for it."""
    approver = mapping(mapping(file.tree.data.get("document")).get("approver"))
    if not approver or "pack.adopt" not in file.operations:
        return
    flows = file.section("flows")
    for index, rule in enumerate(file.rules("pack.adopt")):
        steps = [mapping(step) for step in items(flows.get(str(rule.get("flow")), {}).get("steps"))]
        always = [step for step in steps if not step.get("when") and not step.get("any")]
        if not rule.get("deny") and not any(party == approver for step in always for _, party in parties_of(step)):
            file.report(("operations", "pack.adopt", "rules", index), "approver_signs", rule.get("flow"))


def _used(file: File) -> Iterator[str]:
    for name in file.operations:
        yield from (rule["flow"] for rule in file.rules(name) if isinstance(rule.get("flow"), str))
    for sanction in file.section("sanctions").values():
        if isinstance(sanction.get("flow"), str):
            yield sanction["flow"]


def parties_of(step: Raw) -> Iterator[tuple[Path, Raw]]:
    """The parties of a step, by their path within it."""
    if isinstance(step.get("of"), dict):
        yield ("of",), step["of"]
    for name in ("all", "any"):
        for index, party in enumerate(items(step.get(name))):
            if isinstance(party, dict):
                yield (name, index), party


def _step(file: File, path: Path, name: str, flow: Raw, step: Raw) -> None:
    given_ = given(step, ("of", "all", "any"))
    if len(given_) != 1:
        file.report(path, "step_party", ", ".join(given_) or None)
    parties = list(parties_of(step))
    if step.get("any") and whole(step.get("least"), 1) > len(items(step["any"])):
        file.report((*path, "least"), "too_many_signers", step["least"], most=len(items(step["any"])))
    if (step.get("kind") == "checklist") != bool(step.get("checklist")):
        file.report(path, "step_checklist", step.get("checklist") or step.get("kind"))
    if (given(step, ("remind", "escalate")) or step.get("at_limit") == "refuse") and not step.get("limit"):
        file.report(path, "limit_missing", None)
    for where, party in parties:
        _signable(file, (*path, *where), flow, step, party, alone=len(parties) == 1)
    _reachable(file, path, name, step)


def _signable(file: File, path: Path, flow: Raw, step: Raw, party: Raw, *, alone: bool) -> None:
    """Somebody can be found who may sign."""
    needed = alone or bool(step.get("all"))
    if party.get("person") == "applicant" and flow.get("self_approval") is not True and needed:
        file.report(path, "own_signature", "applicant")
    if party.get("role") in RESERVED_ROLES:
        file.report(path, "nobodys_role", party["role"])
    post = file.section("posts").get(str(party.get("post")), {})
    if post.get("least") == 0 and flow.get("empty_seat") == "stop" and needed:
        file.report(path, "empty_post", party["post"])
    most, least = post.get("most", 1), whole(step.get("least"), 1)
    if post and isinstance(most, int) and step.get("of") and least > most and post.get("per", "company") == "company":
        file.report((*path[:-1], "least"), "too_many_signers", least, most=most)
    if party.get("head_of") or party.get("superior_of"):
        posts = file.section("posts")
        if posts and not any(body.get("head") is True for body in posts.values()):
            file.report(path, "no_head", party.get("head_of") or party.get("superior_of"))


def _enough_people(file: File, path: Path, steps: list[Raw]) -> None:
    """One person signs once: a post with so many holders can give no more signatures than that."""
    demanded: Counter[str] = Counter()
    for index, step in enumerate(steps):
        if step.get("when") or step.get("any") or step.get("kind", "sign") not in DECIDING:
            continue
        for _, party in parties_of(step):
            post = file.section("posts").get(str(party.get("post")), {})
            if not post or post.get("per", "company") != "company":
                continue
            demanded[party["post"]] += 1
            most = post.get("most", 1)
            if isinstance(most, int) and demanded[party["post"]] > most:
                file.report((*path, "steps", index), "same_person", party["post"], most=most)


def _reachable(file: File, path: Path, name: str, step: Raw) -> None:
    """A step's own conditions can hold together with those of at least one rule that asks for the flow."""
    when = mapping(step.get("when"))
    if not when:
        return
    using = list(file.using_flow(name))
    conditions(file, (*path, "when"), when, tuple(dict.fromkeys(operation for operation, _ in using)))
    for fact in ONE_WORD:
        wanted = set(words(when.get(fact)))
        met = [set(words(mapping(rule.get("when")).get(fact))) for _, rule in using]
        if wanted and met and all(words_ and words_.isdisjoint(wanted) for words_ in met):
            file.report((*path, "when", fact), "never_reached", ", ".join(sorted(wanted)))


def _parties(file: File) -> Iterator[tuple[Path, Raw]]:
    """Every place of the file where a party stands."""
    yield from _walk((), file.tree.data)


def _walk(path: Path, value: Any) -> Iterator[tuple[Path, Raw]]:
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _walk((*path, index), each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in _HOLDS_PARTY or (key == "signer" and isinstance(each, dict)):
                yield from _named((*path, key), each)
            elif not (key in ("articles", "fields", "kinds") and not path):
                yield from _walk((*path, key), each)


_HOLDS_PARTY = frozenset({"of", "all", "any", "to", "notify", "holder", "by", "approver"})


def _named(path: Path, value: Any) -> Iterator[tuple[Path, Raw]]:
    if isinstance(value, dict) and (set(value) & {*PARTY, "level"} or path[-1] == "of"):
        yield path, value
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _named((*path, index), each)


def _party(file: File, path: Path, party: Raw) -> None:
    named = [key for key in party if key in PARTY]
    if len(named) != 1:
        file.report(path, "party", ", ".join(named) or None)
    if "level" in party and "superior_of" not in party:
        file.report((*path, "level"), "level_of_superior", party["level"])
