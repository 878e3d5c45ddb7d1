"""Operations: what their rules can reach, and what the company's own matters do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kedang.packs.coherence import delegating
from kedang.packs.coherence.raw import File, Raw, given, items, mapping, words
from kedang.packs.reading import Path
from kedang.packs.vocabulary import ANY_STAFF

OF_A_MATTER = ("opens", "moves", "grants", "signs")
OF_THE_PRODUCT = frozenset({("customer.assign", "grants")})
"""Who had the dossier so far may read it for a time after it was handed over."""
SILENT_NOUNS = frozenset({"record", "contact", "consent", "file"})
SILENT = frozenset({
    delegating.DEED, "customer.verify", "customer.restore", "customer.remove", "customer.recover", "customer.advance",
    "customer.hand_over",
})  # fmt: skip
"""Deeds on the parts of a dossier and on its life; a regulation written for less stays sound, and forbids them."""
YES_NO = {"yes", "no"}
NUMBERS = {"number", "money", "percent", "date", "computed"}


def _may_be_silent(name: str) -> bool:
    """Whether a regulation may say nothing of an operation of the product: then nobody does it."""
    return name in SILENT or name.partition(".")[0] in SILENT_NOUNS


def examine(file: File) -> None:
    """Every operation and its rules."""
    for name in sorted(set(file.product or ()) - set(file.operations)):
        if not _may_be_silent(name):
            file.report(("operations",), "missing_operation", None, name=name)
    for name, said in file.operations.items():
        path: Path = ("operations", name)
        _rules(file, path, name, said)
        _forms(file, path, name)
        if "about" in said:
            _matter(file, path, name, said)
        else:
            for key in given(said, OF_A_MATTER):
                if (name, key) not in OF_THE_PRODUCT:
                    file.report((*path, key), "not_a_matter", key)


def _rules(file: File, path: Path, name: str, said: Raw) -> None:
    rules, closed = items(said.get("rules")), False
    for index, rule in enumerate(rules):
        here = (*path, "rules", index)
        if closed:
            file.report(here, "unreachable", rule)
        if isinstance(rule, dict):
            closed = closed or _is_general(rule)
            _rule(file, here, name, said, rule)
    if rules and (all(_denies(rule) for rule in rules) or any(_denies(rule) and _is_general(rule) for rule in rules)):
        file.report((*path, "rules"), "never_allowed", rules)
    for role in sorted(set(words(said.get("who"))) & set(words(said.get("not_for")))):
        file.report((*path, "not_for"), "both_ways", role)


def _denies(rule: Any) -> bool:
    return isinstance(rule, dict) and rule.get("deny") is True


def _is_general(rule: Raw) -> bool:
    """Whether it stands for everybody and everything."""
    return not (rule.get("when") or rule.get("who"))


def _rule(file: File, path: Path, name: str, said: Raw, rule: Raw) -> None:
    if rule.get("deny") and (rule.get("flow") or rule.get("needs")):
        file.report(path, "rule_effect", rule)
    if rule.get("why") and not rule.get("deny"):
        file.report((*path, "why"), "why_without_deny", rule["why"])
    who, may = set(words(rule.get("who"))), set(words(said.get("who")))
    if who and may and ANY_STAFF not in who | may and who.isdisjoint(may):
        file.report((*path, "who"), "rule_for_nobody", ", ".join(sorted(who)), who=", ".join(sorted(may)))
    conditions(file, (*path, "when"), mapping(rule.get("when")), (name,))


def conditions(file: File, path: Path, when: Raw, operations: tuple[str, ...]) -> None:
    """Conditions on answers ask for items of the forms of the operations they stand for; on ways and purposes too."""
    for here, part in _conditions(path, when):
        for operation in operations:
            known = {**file.items_in_row(operation), **file.items_of(operation)}
            for item, wanted in mapping(part.get("items")).items():
                answer(file, (*here, "items", item), known, item, wanted)
            for one, other in mapping(part.get("exceeds")).items():
                for item in (one, other):
                    if not is_number(known, item):
                        file.report((*here, "exceeds", one), "number_item", item, known=numbers(known))
        purposes = mapping(file.tree.data.get("purposes"))
        for purpose in words(part.get("purpose")) if purposes else ():
            if purpose not in purposes:
                file.report((*here, "purpose"), "choice", purpose, known=", ".join(sorted(purposes)))


def _conditions(path: Path, when: Raw) -> Iterator[tuple[Path, Raw]]:
    """A condition and those inside it."""
    yield path, when
    if inner := mapping(when.get("unless")):
        yield from _conditions((*path, "unless"), inner)
    for index, one in enumerate(items(when.get("any"))):
        yield from _conditions((*path, "any", index), mapping(one))


def answer(file: File, path: Path, known: Mapping[str, Raw], item: str, wanted: Any) -> None:
    """An item that is asked about is there, and can be answered so."""
    if item not in known:
        file.report(path, "choice", item, known=", ".join(sorted(known)) or "-")
        return
    kind, options = known[item].get("type", "text"), set(mapping(known[item].get("options")))
    if isinstance(wanted, dict):
        if kind not in NUMBERS:
            file.report(path, "not_a_number", kind, item=item)
        return
    allowed = YES_NO if kind == "yes_no" else options if kind in ("choice", "choices") else None
    for word in words(wanted):
        if allowed is not None and word not in allowed:
            file.report(path, "choice", word, known=", ".join(sorted(allowed)) or "-")


def is_number(known: Mapping[str, Raw], item: object) -> bool:
    """Whether an item is answered with a number."""
    return isinstance(item, str) and known.get(item, {}).get("type") in NUMBERS


def numbers(known: Mapping[str, Raw]) -> str:
    """The items that are answered with a number, for a message."""
    return ", ".join(sorted(name for name in known if is_number(known, name))) or "-"


def _forms(file: File, path: Path, name: str) -> None:
    if len(forms := file.forms_of(name)) > 1:
        file.report(path, "two_forms", ", ".join(forms))


def _matter(file: File, path: Path, name: str, said: Raw) -> None:
    if file.product is not None and name in file.product:
        file.report((*path, "about"), "about_of_product", name)
    if not said.get("title"):
        file.report(path, "missing", None, name="title")
    if not given(said, (*OF_A_MATTER, "registers")) and not file.forms_of(name) and not _is_watched(file, name):
        file.report(path, "does_nothing", name)
    if mapping(said.get("grants")):
        _grants(file, path, name, said)
    if mapping(said.get("moves")):
        _moves(file, (*path, "moves"), name, said)
    elif said.get("about") == "row":
        file.report((*path, "about"), "row_without_move", "row")


def _is_watched(file: File, name: str) -> bool:
    """Whether a clock, a round, an article's control or a report waits for the deed."""
    clocks, rounds = file.section("clocks").values(), file.section("rounds").values()
    waited = [mapping(clock.get("starts")).get("operation") for clock in clocks]
    waited += [each for clock in clocks for each in words(clock.get("stops"))]
    waited += [each for round_ in rounds for each in words(round_.get("done_by"))]
    waited += [report.get("made_by") for report in file.section("reports").values()]
    return name in waited or bool(words(file.operations[name].get("controls")))


def _grants(file: File, path: Path, name: str, said: Raw) -> None:
    grants = mapping(said.get("grants"))
    if said.get("about") != "dossier":
        file.report((*path, "grants"), "grant_of_dossier", said.get("about"))
    _staff_item(file, (*path, "grants", "to"), name, grants.get("to"))


def _moves(file: File, path: Path, name: str, said: Raw) -> None:
    move = mapping(said.get("moves"))
    if said.get("about") != "row":
        file.report(path, "move_of_row", said.get("about"))
    register = move.get("register")
    if not isinstance(register, str) or register not in mapping(file.tree.data.get("registers")):
        return
    states = file.states(register)
    for index, state in enumerate(words(move.get("from"))):
        if state not in states:
            file.report((*path, "from", index), "choice", state, known=", ".join(states) or "-")
        elif states[state].get("end"):
            file.report((*path, "from", index), "from_end_state", state)
    if isinstance(move.get("to"), str) and move["to"] not in states:
        file.report((*path, "to"), "choice", move["to"], known=", ".join(states) or "-")
    _staff_item(file, (*path, "holder"), name, move.get("holder"))


def _staff_item(file: File, path: Path, name: str, item: object) -> None:
    """An item that names a person exists in the deed's form and is of type staff."""
    if isinstance(item, str) and file.items_of(name).get(item, {}).get("type") != "staff":
        known = [key for key, body in file.items_of(name).items() if body.get("type") == "staff"]
        file.report(path, "staff_item", item, known=", ".join(known) or "-")
