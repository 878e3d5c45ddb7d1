"""Which deeds a page offers: the pack is asked beforehand, so nobody fills a form only to be refused."""

from __future__ import annotations

from dataclasses import dataclass

from kedang.governance.facts import enriched
from kedang.governance.registers import offers
from kedang.governance.registry import OPERATIONS
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import Refused
from kedang.packs import in_force
from kedang.packs.decide import Given, decide
from kedang.web.building import answers

NEW = Facts(state="new", kind="organisation", level=0, rel=frozenset({"in_scope", "same_unit", "owner"}))
SITE = Facts(kind="site", rel=frozenset({"in_scope"}))


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a deed is open to this person here, and what it will ask for."""

    allowed: bool
    note: str = ""
    """In words: whose approval it needs, and what has to be given with it."""


def offer(by: Actor, op: str, facts: Facts) -> Offer:
    """Ask the pack in force; a deed no room offers is never open, one that asks for something has a note."""
    if op not in OPERATIONS:
        return Offer(False)
    pack = in_force()
    if not decide(pack, op, by, enriched(pack, op, by, facts), Given()).allow:
        return Offer(False)
    return Offer(True, answers.note(pack, offers.asks(pack, op, by, facts)))


def require(by: Actor, op: str, facts: Facts) -> None:
    """Refuse the form of a deed this person may not do, before it is filled in; raises Refused(denied)."""
    pack = in_force()
    decision = decide(pack, op, by, enriched(pack, op, by, facts), Given())
    if not decision.allow:
        raise Refused("denied", articles=decision.articles, detail=decision.detail)


def may(by: Actor, op: str, facts: Facts) -> bool:
    """Whether the pack allows the deed at all."""
    return op in OPERATIONS and decide(in_force(), op, by, facts, Given()).allow
