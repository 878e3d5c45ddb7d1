"""Proof that a control bites: its samples are asked of `decide` and of the reckoning of time. Pure.

A sample is judged as a real deed would be. What a sample leaves out is harmless: in scope, public,
nothing late, nothing used up, cleared as high as the roles can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time, timedelta
from typing import Any

from kedang.kernel.actor import Actor
from kedang.kernel.clock import COMPANY_ZONE
from kedang.kernel.deeds import Facts
from kedang.kernel.levels import Level
from kedang.packs import reckoning
from kedang.packs.carriers import by_control
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.operations import Probe, TimeProbe
from kedang.packs.schema import Pack

_PERSON = 1
_FULL_REASON = "样本" * 250
_FULL = Given(_FULL_REASON, tuple(f"sample:{number}" for number in range(20)), form=True, confirmed=True)
_SETS = frozenset({"fields", "rel", "unit_codes", "late", "signed"})
_NUMBERS = frozenset({"unit", "rows", "amount", "minute"})
_MAPPINGS = frozenset({"values", "items", "times"})
_NAMES = frozenset(field.name for field in fields(Facts))


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Whether a sample was caught as expected, and what was found (English)."""

    ok: bool
    found: str
    controls: tuple[str, ...] = ()
    """Controls of the parts that had a say."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A sample that was not caught, by the control's name."""

    control: str
    probe: Probe | TimeProbe
    found: str


def run(pack: Pack, probe: Probe) -> ProbeResult:
    """Ask `decide` a sample and compare the answer with what must come of it."""
    try:
        decision = decide(pack, probe.operation, *_person_and_facts(pack, probe), _FULL if probe.given else Given())
    except (ValueError, KeyError, TypeError) as wrong:
        return ProbeResult(False, f"the sample cannot be asked: {wrong}")
    ok, found = _COMPARE[probe.expect](probe, decision)
    return ProbeResult(ok, found, decision.controls)


def run_time(pack: Pack, probe: TimeProbe) -> ProbeResult:
    """Reckon a sample of a limit and compare the end with what it must be."""
    end = _end(pack, probe)
    if isinstance(end, str):
        return ProbeResult(False, end)
    return ProbeResult(end in (_moment(probe.due), _moment(probe.due) - reckoning.INSTANT), f"due {end.isoformat()}")


def is_no_later(pack: Pack, probe: TimeProbe) -> bool:
    """Whether what the sample asks about is due by then, or sooner."""
    end = _end(pack, probe)
    return not isinstance(end, str) and end <= _moment(probe.due)


def _end(pack: Pack, probe: TimeProbe) -> datetime | str:
    """When it is due, or why that cannot be said."""
    start = _moment(probe.from_)
    try:
        if probe.clock:
            return reckoning.due(pack.clocks[probe.clock].within, start, pack.hours)
        if not probe.round_:
            return "the sample names neither a clock nor a round"
        said = pack.rounds[probe.round_]
        period = reckoning.period_of(said.every, start.date())
        if period is None:
            return "the day lies in no period of the round"
        return reckoning.end_of(period, said.grace, pack.hours, said.within)
    except (reckoning.UnknownYear, KeyError, ValueError) as wrong:
        return f"the sample cannot be reckoned: {wrong}"


def failures(pack: Pack) -> list[Failure]:
    """Samples of available controls that were not caught; also where no part that carries the control caught one."""
    carried = by_control(pack)
    found: list[Failure] = []
    for name, control in pack.controls.items():
        if not control.available:
            continue
        found += [
            Failure(name, sample, result.found) for sample in control.times if not (result := run_time(pack, sample)).ok
        ]
        if not control.probes:
            continue
        results = [(probe, run(pack, probe)) for probe in control.probes]
        found += [Failure(name, probe, result.found) for probe, result in results if not result.ok]
        if carried[name] and not any(name in result.controls for _, result in results):
            found.append(Failure(name, control.probes[0], "caught by parts that do not carry the control"))
    return found


def _person_and_facts(pack: Pack, probe: Probe) -> tuple[Actor, Facts]:
    told = dict(probe.facts)
    unknown = sorted(told.keys() - _NAMES - {"clearance"})
    if unknown:
        raise ValueError(f"no fact is called {', '.join(unknown)}")
    roles = probe.roles & pack.role_codes
    highest = max((int(pack.role(code).max_clearance) for code in roles), default=0)
    clearance = _level(told.pop("clearance")) if "clearance" in told else highest
    actor = Actor(
        id="system:probe" if "system" in probe.roles else "probe", roles=probe.roles, unit=_PERSON, units=None,
        clearance=clearance, reads=pack.reads_of(roles), credential="probe", pk=_PERSON,
    )  # fmt: skip
    facts = Facts(rel=frozenset({"in_scope"}), signed=frozenset(pack.undertakings) if probe.given else frozenset())
    return actor, replace(facts, **{name: _fact(name, value) for name, value in told.items()})


def _fact(name: str, value: object) -> Any:
    if name == "level":
        return _level(value)
    if name in _SETS:
        return frozenset(_words(value))
    if name in _MAPPINGS:
        if not isinstance(value, Mapping):
            raise ValueError(f"{name} is a mapping")
        return {str(key): frozenset(each) if isinstance(each, list | tuple) else each for key, each in value.items()}
    if name in _NUMBERS and not isinstance(value, int):
        raise ValueError(f"{name} is a whole number")
    return value


def _level(word: object) -> int:
    return word if isinstance(word, int) else int(Level.of(str(word)))


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else (str(value),)


def _moment(text: str) -> datetime:
    """A moment of company time; `24:00` is the midnight after."""
    day, _, hour = text.partition("T")
    if hour == "24:00":
        return datetime.combine(datetime.fromisoformat(day) + timedelta(days=1), time(), tzinfo=COMPANY_ZONE)
    return datetime.fromisoformat(text).replace(tzinfo=COMPANY_ZONE)


def _denied(probe: Probe, decision: Decision) -> tuple[bool, str]:
    return not decision.allow, decision.detail if not decision.allow else _said(decision)


def _incomplete(probe: Probe, decision: Decision) -> tuple[bool, str]:
    wanted = decision.allow and bool(decision.missing) and (probe.missing is None or probe.missing in decision.missing)
    return wanted, _said(decision)


def _signature(probe: Probe, decision: Decision) -> tuple[bool, str]:
    named = [party for step in decision.steps for party in step.parties]
    wanted = decision.allow and bool(named) and (probe.signer is None or probe.signer in named)
    return wanted, _said(decision)


_COMPARE: dict[str, Callable[[Probe, Decision], tuple[bool, str]]] = {
    "denied": _denied,
    "incomplete": _incomplete,
    "signature": _signature,
}


def _said(decision: Decision) -> str:
    if not decision.allow:
        return f"denied: {decision.detail}"
    missing = f"; missing {', '.join(decision.missing)}" if decision.missing else ""
    return f"allowed with {len(decision.steps)} signatures{missing}"
