"""How the tests of the controls ask a regulation, and how they take one control out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import pytest

from kedang.kernel.actor import Actor
from kedang.kernel.clock import COMPANY_ZONE
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import Refused
from kedang.packs import reckoning
from kedang.packs.checking import adopted
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.operations import Step
from kedang.packs.parties import Party
from kedang.packs.removal import without
from kedang.packs.schema import Pack
from kedang.packs.shipped import load_shipped, source_of

FULL = Given("理由充分，依制度办理", ("file:1", "file:2"), form=True, confirmed=True)
NOTHING = Given()
Check = Callable[[Pack], None]


def ask(pack: Pack, op: str, roles: str | Iterable[str], given: Given = FULL, **facts: Any) -> Decision:
    """What the regulation says to somebody of these roles; in scope and cleared unless the facts say otherwise."""
    held = frozenset({roles} if isinstance(roles, str) else roles)
    rel = frozenset(facts.pop("rel", {"in_scope"}))
    for name in ("fields", "late", "signed"):
        if name in facts:
            facts[name] = frozenset(facts[name])
    actor = Actor(id="ann", roles=held, clearance=4, reads=pack.reads_of(held), pk=1)
    return decide(pack, op, actor, Facts(rel=rel, **facts), given)


def signers(decision: Decision) -> list[Party]:
    """Everybody whose signature is asked for, in order."""
    return [party for step in decision.steps for party in step.parties]


def chain(decision: Decision) -> list[str]:
    """Whose signatures are asked for, step by step: `role:archivist`, `post:x|role:y` where a step names several."""
    return ["|".join(_named(party) for party in step.parties) for step in decision.steps]


def step_by(decision: Decision, who: str) -> Step:
    """The one step that asks exactly for this signature."""
    found = [step for step, named in zip(decision.steps, chain(decision), strict=True) if named == who]
    assert len(found) == 1, f"{who} signs {len(found)} steps"
    return found[0]


def _named(party: Party) -> str:
    return next(f"{kind}:{name}" for kind, name in party.model_dump(exclude={"level"}, exclude_none=True).items())


def due(pack: Pack, clock: str, start: str) -> str:
    """When a limit ends that begins at `start`, company time, to the minute; the end of a day is its 23:59."""
    return _text(reckoning.due(pack.clocks[clock].within, _moment(start), pack.hours))


def period_end(pack: Pack, name: str, day: str) -> str:
    """The last minute in which a deed counts for the period of a round in which `day` lies."""
    said = pack.rounds[name]
    period = reckoning.period_of(said.every, _moment(f"{day}T12:00").date())
    assert period is not None, "the day lies in no period"
    return _text(reckoning.end_of(period, said.grace, pack.hours))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COMPANY_ZONE)


def _text(at: datetime) -> str:
    return at.astimezone(COMPANY_ZONE).strftime("%Y-%m-%dT%H:%M")


class Checks:
    """The checks of one shipped regulation by control."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.by_control: dict[str, Check] = {}

    def __call__(self, control: str) -> Callable[[Check], Check]:
        """Register the check of a control."""

        def keep(check: Check) -> Check:
            assert control not in self.by_control, control
            self.by_control[control] = check
            return check

        return keep

    def pack(self) -> Pack:
        """The regulation under the law."""
        return load_shipped(self.name)

    def holds(self, control: str) -> None:
        """The check passes on the shipped regulation."""
        self.by_control[control](self.pack())

    def needs_its_parts(self, control: str) -> None:
        """The check fails on the regulation without the parts that carry the control."""
        lacking = adopted(without(source_of(self.name), control)).pack
        with pytest.raises((AssertionError, KeyError, Refused)):
            self.by_control[control](lacking)

    def left_out(self) -> set[str]:
        """Available controls without a check that are not the product's own nature."""
        controls = self.pack().controls.items()
        return {name for name, said in controls if said.available and said.kind != "observed"} - set(self.by_control)
