"""What a person could do at all by their roles, before any subject is looked at."""

from __future__ import annotations

from kedang.governance.registry import OPERATIONS
from kedang.kernel.actor import Actor
from kedang.packs import in_force
from kedang.packs.vocabulary import ANY_STAFF


def operations_of(by: Actor) -> list[str]:
    """Operations the regulation in force opens to one of the actor's roles and bars to none of them.

    A rule may still deny the deed on a given subject; this is for menus and overviews, never for a decision.
    """
    pack = in_force()
    said = pack.operations
    return sorted(
        name
        for name in OPERATIONS.keys() | pack.matters()
        if (rule := said.get(name)) is not None
        and (not rule.who.isdisjoint(by.roles) or (ANY_STAFF in rule.who and by.kind == "staff"))
        and rule.not_for.isdisjoint(by.roles)
    )
