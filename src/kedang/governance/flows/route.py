"""The way a call goes: the steps as they were when it was asked for, with the rules of their flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from kedang.kernel.packing import canonical_json
from kedang.packs.operations import Flow, Step
from kedang.packs.parties import Party
from kedang.packs.schema import Pack

DONE_BY_HAND = ("carry_out", "witness")
"""Kinds of steps that nobody does in another's place."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A step on the way: one of the flow, or an extra signer somebody asked for (加签)."""

    step: Step
    extra: str = ""
    by: str = ""
    """Who asked for the extra signer."""

    @property
    def parties(self) -> tuple[Party | None, ...]:
        """A party for each seat; None is the extra signer."""
        if self.extra:
            return (None,)
        if self.step.of is not None:
            return (self.step.of,) * self.step.least
        return self.step.parties

    @property
    def needed(self) -> int:
        """How many signatures complete the step."""
        return self.step.least if self.step.any and not self.extra else len(self.parties)

    @property
    def delegable(self) -> bool:
        """Whether a deputy may sign."""
        return self.step.delegable and not self.extra


@dataclass(frozen=True, slots=True)
class Route:
    """The stops of a call and the rules of its flow."""

    flow: str
    stops: tuple[Stop, ...]
    distinct: bool = True
    self_approval: bool = False
    empty_seat: str = "superior"
    on_change: str = "stale"
    keep_days: int = 30

    def insert(self, at: int, stop: Stop) -> Route:
        """The route with one more stop before position `at`."""
        return replace(self, stops=(*self.stops[:at], stop, *self.stops[at:]))

    def dumped(self) -> str:
        """The route as it is stored with the call."""
        return canonical_json(
            {
                "flow": self.flow, "distinct": self.distinct, "self_approval": self.self_approval,
                "empty_seat": self.empty_seat, "on_change": self.on_change, "keep_days": self.keep_days,
                "stops": [
                    {"step": stop.step.model_dump(mode="json", by_alias=True, exclude_defaults=True),
                     "extra": stop.extra, "by": stop.by}
                    for stop in self.stops
                ],
            }
        ).decode()  # fmt: skip

    @property
    def demanded(self) -> tuple[Step, ...]:
        """The steps the regulation asked for, without extra signers."""
        return tuple(stop.step for stop in self.stops if not stop.extra)


def loaded(text: str) -> Route:
    """The route of a stored call."""
    raw: dict[str, Any] = orjson.loads(text)
    stops = tuple(Stop(Step.model_validate(each["step"]), each["extra"], each["by"]) for each in raw.pop("stops"))
    return Route(stops=stops, **raw)


def route_of(pack: Pack, flows: Sequence[str], steps: Sequence[Step]) -> Route:
    """The route of a call through several flows: all their steps once, under the strictest of their rules."""
    said: list[Flow] = [pack.flows[name] for name in dict.fromkeys(flows) if name]
    return Route(
        flow=next((name for name in flows if name), ""),
        stops=tuple(Stop(step) for at, step in enumerate(steps) if step not in steps[:at]),
        distinct=any(flow.distinct for flow in said),
        self_approval=all(flow.self_approval for flow in said),
        empty_seat="stop" if any(flow.empty_seat == "stop" for flow in said) else "superior",
        on_change="restart" if any(flow.on_change == "restart" for flow in said) else "stale",
        keep_days=min((flow.keep_days for flow in said), default=30),
    )
