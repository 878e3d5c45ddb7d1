"""What must agree between the parts of a pack. Works on the raw data, so that one misspelt key hides nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from kedang.packs.reading import Path, Tree
from kedang.packs.vocabulary import RESERVED_ROLES


def check(tree: Tree, operations: Collection[str] | None) -> None:
    """Report everything that does not agree."""
    _roles(tree)
    _operations(tree, operations)
    _flows(tree)
    _articles(tree)
    _fields(tree)


def _roles(tree: Tree) -> None:
    for code in _section(tree, "roles"):
        if code in RESERVED_ROLES:
            tree.report(("roles", code), "reserved", code)


def _operations(tree: Tree, known: Collection[str] | None) -> None:
    said = _section(tree, "operations")
    for name in sorted(set(known or ()) - set(said)):
        tree.report(("operations",), "missing_operation", None, name=name)
    for name, body in said.items():
        if isinstance(body, dict) and isinstance(body.get("rules"), list):
            _rules(tree, ("operations", name, "rules"), body["rules"])


def _rules(tree: Tree, path: Path, rules: list[Any]) -> None:
    closed = False
    for index, rule in enumerate(rules):
        here = (*path, index)
        if closed:
            tree.report(here, "unreachable", rule)
        if isinstance(rule, dict):
            closed = closed or not (rule.get("when") or rule.get("who"))
            if rule.get("deny") and rule.get("flow"):
                tree.report(here, "rule_effect", rule)
    if rules and all(isinstance(rule, dict) and rule.get("deny") for rule in rules):
        tree.report(path, "never_allowed", rules)


def _flows(tree: Tree) -> None:
    flows = _section(tree, "flows")
    used = {rule.get("flow") for rule in _all_rules(tree) if isinstance(rule.get("flow"), str)}
    for name, flow in flows.items():
        if name not in used:
            tree.report(("flows", name), "unused_flow", name)
        steps = flow.get("steps") if isinstance(flow, dict) else None
        for index, step in enumerate(steps if isinstance(steps, list) else ()):
            _step(tree, ("flows", name, "steps", index), step)


def _step(tree: Tree, path: Path, step: Any) -> None:
    if not isinstance(step, dict):
        return
    given = [name for name in ("of", "all", "any") if step.get(name)]
    if len(given) != 1:
        tree.report(path, "step_party", ", ".join(given) or None)
    for name in given:
        parties = step[name] if isinstance(step[name], list) else [step[name]]
        for index, party in enumerate(parties):
            if isinstance(party, dict) and len(party) != 1:
                here = (*path, name, index) if isinstance(step[name], list) else (*path, name)
                tree.report(here, "party", ", ".join(party) or None)


def _articles(tree: Tree) -> None:
    answered: set[str] = set()
    for number, article in _section(tree, "articles").items():
        controls = article.get("controls") if isinstance(article, dict) else None
        if isinstance(controls, list) and controls:
            answered |= {control for control in controls if isinstance(control, str)}
        elif isinstance(article, dict):
            tree.report(("articles", number), "article_without_control", None)
    for name, control in _section(tree, "controls").items():
        if name not in answered:
            tree.report(("controls", name), "control_without_article", name)
        if isinstance(control, dict) and _enforces_nothing(control):
            tree.report(("controls", name), "enforced_without_operation", None)


def _enforces_nothing(control: dict[str, Any]) -> bool:
    available = control.get("available", True)
    return control.get("kind") == "enforced" and available is not False and not control.get("operations")


def _fields(tree: Tree) -> None:
    for name, field in _section(tree, "fields").items():
        if isinstance(field, dict) and field.get("sensitivity") == "sensitive" and field.get("mask") is None:
            tree.report(("fields", name), "unmasked", None)


def _all_rules(tree: Tree) -> Iterator[dict[str, Any]]:
    for body in _section(tree, "operations").values():
        rules = body.get("rules") if isinstance(body, dict) else None
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, dict):
                yield rule


def _section(tree: Tree, name: str) -> dict[str, Any]:
    found = tree.data.get(name)
    return found if isinstance(found, dict) else {}
