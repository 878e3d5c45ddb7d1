"""What a pack claims and does not do: a control that is called enforced, and nothing enforces it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from kedang.kernel.i18n import N_
from kedang.packs.carriers import Carriers, Path, by_control
from kedang.packs.probes import failures
from kedang.packs.schema import Control, Pack

MESSAGES: dict[str, str] = {
    "probe_not_caught": N_("a pack that catches this sample; it says instead: %(found)s"),
    "enforced_without_proof": N_("a sample or a part of the pack that carries this control, or available: false"),
    "monitored_without_watch": N_("a clock, round, register or other part that carries this control"),
    "attested_without_part": N_("a form, statement, step, checklist or undertaking that carries this control"),
    "observed_without_invariant": N_("the invariant by which this control is observed"),
    "unknown_invariant": N_("one of the invariants %(known)s"),
}
"""English sources of what is expected, by the names of the rules."""
Problem = tuple[Path, str, Mapping[str, Any]]


def problems(pack: Pack, invariants: Collection[str] | None = None) -> list[Problem]:
    """Where the pack claims more than it does: path, rule, parameters. `invariants` are those the product knows."""
    carried = by_control(pack)
    found: list[Problem] = []
    for name, control in pack.controls.items():
        if control.available:
            found += _claims(name, control, carried, invariants)
    found += [
        (("controls", failure.control), "probe_not_caught", {"found": failure.found}) for failure in failures(pack)
    ]
    return found


def _claims(name: str, control: Control, carried: Carriers, invariants: Collection[str] | None) -> Iterator[Problem]:
    here: Path = ("controls", name)
    if control.kind == "enforced" and not control.probes and not carried[name]:
        yield here, "enforced_without_proof", {}
    elif control.kind == "monitored" and not carried[name]:
        yield here, "monitored_without_watch", {}
    elif control.kind == "attested" and not carried[name]:
        yield here, "attested_without_part", {}
    elif control.kind == "observed":
        yield from _observed(here, control, invariants)


def _observed(here: Path, control: Control, invariants: Collection[str] | None) -> Iterator[Problem]:
    if control.invariant is None:
        yield here, "observed_without_invariant", {}
    elif invariants is not None and control.invariant not in invariants:
        yield (*here, "invariant"), "unknown_invariant", {"known": ", ".join(sorted(invariants))}
