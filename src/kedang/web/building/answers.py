"""The form and the sentences a regulation wants with a deed on a dossier, on the dossier's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.packs.forms import Form
from kedang.web.building import matters
from kedang.web.forms import Posted
from kedang.web.pages.parts import FindingShown
from kedang.web.pages.registers import ItemBox

ELSEWHERE = frozenset({"file", "choices", "computed"})
"""Kinds of items this page does not ask for."""


def _form(op: str) -> Form | None:
    """The form, as far as this page asks for it."""
    pack = in_force()
    name = pack.form_of(op) if op in pack.operations else ""
    if not name:
        return None
    form = pack.forms[name]
    return form.model_copy(update={"items": {k: item for k, item in form.items.items() if item.type not in ELSEWHERE}})


def typed(op: str, posted: Posted) -> dict[str, str]:
    """The answers as they were typed; what was left empty is left out."""
    form = _form(op)
    texts = {name: posted.extra.get(matters.PREFIX + name, "") for name in form.items} if form else {}
    return {name: text for name, text in texts.items() if text.strip()}


def items(op: str, by: Actor, posted: Posted, found: Mapping[str, Sequence[FindingShown]]) -> list[ItemBox]:
    """The items with what was typed and what is wrong with it."""
    form = _form(op)
    return matters.items(in_force(), form, by, typed(op, posted), found) if form else []


def statements(op: str) -> tuple[str, ...]:
    """Every sentence the regulation may want confirmed with the deed."""
    pack = in_force()
    if op not in pack.operations:
        return ()
    said = pack.operations[op]
    needs = (said.needs, *(rule.needs for rule in said.rules if rule.needs))
    stated = [need.statement for need in needs if need.statement]
    form = _form(op)
    return tuple(dict.fromkeys([*stated, *([form.statement] if form and form.statement else [])]))
