"""Which deeds a page offers: the pack is asked beforehand, so nobody fills a form only to be refused."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from kedang.governance.registry import OPERATIONS
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.packs.decide import Given, decide

NEW = Facts(state="new", kind="organisation", level=0, rel=frozenset({"in_scope", "same_unit", "owner"}))
SITE = Facts(kind="site", rel=frozenset({"in_scope"}))


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a deed is open to this person here, and what it will ask for."""

    allowed: bool
    note: str = ""


def offer(by: Actor, op: str, facts: Facts) -> Offer:
    """Ask the pack in force; a deed no room offers is never open, one that needs signatures has a note."""
    if op not in OPERATIONS:
        return Offer(False)
    decision = decide(in_force(), op, by, facts, Given())
    if not decision.allow:
        return Offer(False)
    if decision.steps:
        return Offer(True, gettext("Needs a signature."))
    if "reason" in decision.missing:
        return Offer(True, gettext("Needs a reason."))
    return Offer(True)


def require(by: Actor, op: str, facts: Facts) -> None:
    """Refuse the form of a deed this person may not do, before it is filled in; raises Refused(denied)."""
    decision = decide(in_force(), op, by, facts, Given())
    if not decision.allow:
        raise Refused("denied", articles=decision.articles, detail=decision.detail)


def may(by: Actor, op: str, facts: Facts) -> bool:
    """Whether the pack allows the deed at all."""
    return offer(by, op, facts).allowed
