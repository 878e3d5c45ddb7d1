"""The items that can stand in the rows of a register."""

from __future__ import annotations

from kedang.packs.forms import Item
from kedang.packs.schema import Pack


def items_of(pack: Pack, register: str) -> dict[str, Item]:
    """Items that can stand in a register: of its own form, and of the forms of the deeds that fill or move it."""
    said = pack.registers.get(register)
    named = [said.form] if said and said.form else []
    for name, rule in pack.operations.items():
        moved = rule.moves.register_ if rule.moves else None
        if register in {rule.opens, moved, *rule.registers} and (form := pack.form_of(name)):
            named.append(form)
    return {name: item for form in dict.fromkeys(named) for name, item in pack.forms[form].items.items()}
