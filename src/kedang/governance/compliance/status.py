"""How far each article of the regulation in force is kept in a period: computed anew whenever it is asked for.

Nothing is green because the pack says so. An enforced control is one whose samples are caught today *and* that left
evidence in the period; a limit that was missed, a sample that is not caught, an invariant that does not hold, a
control that no part of the pack carries are breaches; a period in which nothing happened is no evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kedang.governance.compliance import evidence, limits, watching
from kedang.governance.compliance.invariants import Observation, look
from kedang.governance.compliance.periods import Period
from kedang.kernel.i18n import N_
from kedang.packs import carriers
from kedang.packs.probes import failures
from kedang.packs.schema import Control, Pack

ORDER = ("breached", "no_evidence", "not_yet_available", "monitored", "attested", "observed", "enforced")
"""From the worst: an article stands as the worst of its controls."""
GREEN = frozenset({"enforced", "monitored", "attested", "observed"})
TITLES = {
    "enforced": N_("Enforced"),
    "monitored": N_("Monitored"),
    "attested": N_("Attested"),
    "observed": N_("Observed"),
    "no_evidence": N_("No evidence"),
    "not_yet_available": N_("Not yet available"),
    "breached": N_("Breached"),
}
UNCARRIED = N_("Stated, but no part of the regulation carries it.")
NOT_CAUGHT = N_("The regulation in force no longer catches a sample that it must.")
BROKEN = N_("The product was found not to be as it must be.")
MISSED = N_("A time limit was missed.")
LAPSED = N_("An undertaking ran out and was not renewed.")
UNSEATED = N_("A post is not filled as the regulation wants.")
NOTHING = N_("Nothing happened in the period that proves it.")
LATER = N_("The part of the product that serves it comes later.")


@dataclass(frozen=True, slots=True)
class Shown:
    """One number of the evidence; `rows` names the rows behind it: `evidence:done`, `clock:loan_due` … or nothing."""

    key: str
    number: int
    exact: bool = True
    rows: str = ""


@dataclass(frozen=True, slots=True)
class ControlStatus:
    """How one control stands, why, and on which evidence."""

    id: str
    kind: str
    type: str
    title: str
    status: str
    why: str
    numbers: tuple[Shown, ...]
    first_us: int = 0
    last_us: int = 0
    not_caught: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleStatus:
    """An article, as the worst of its controls stands."""

    id: str
    title: str
    text: str
    status: str
    controls: tuple[ControlStatus, ...]


@dataclass(frozen=True, slots=True)
class Compliance:
    """All articles of a pack in a period, as they stood at an instant."""

    pack: str
    period: Period
    at_us: int
    articles: tuple[ArticleStatus, ...]

    @property
    def controls(self) -> tuple[ControlStatus, ...]:
        """Each control once, in the order of the articles."""
        return tuple({each.id: each for article in self.articles for each in article.controls}.values())

    def count(self, status: str) -> int:
        """How many controls stand so."""
        return sum(control.status == status for control in self.controls)


def status(pack: Pack, period: Period, at_us: int) -> Compliance:
    """The status of every article of a pack in a period, as of an instant."""
    carried = carriers.by_control(pack)
    missed: dict[str, list[str]] = {}
    for failure in failures(pack):
        missed.setdefault(failure.control, []).append(failure.found)
    found = {
        name: _control(_Asked(pack, name, control, carried[name], period, at_us, tuple(missed.get(name, ()))))
        for name, control in pack.controls.items()
    }
    articles = tuple(
        _article(number, article.title, article.text, tuple(found[name] for name in article.controls))
        for number, article in pack.articles.items()
    )
    return Compliance(pack.version, period, at_us, articles)


def worst(statuses: Iterator[str]) -> str:
    """The worst of several; nothing at all is a breach, because nothing answers the article."""
    return min(statuses, key=ORDER.index, default="breached")


def _article(number: str, title: str, text: str, controls: tuple[ControlStatus, ...]) -> ArticleStatus:
    return ArticleStatus(number, title, text, worst(control.status for control in controls), controls)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One control with what is needed to judge it."""

    pack: Pack
    name: str
    control: Control
    carried: tuple[tuple[carriers.Path, Any], ...]
    period: Period
    at_us: int
    missed: tuple[str, ...]

    def named(self, section: str) -> tuple[str, ...]:
        """Names in a section of the pack that carry the control."""
        return watching.named((path for path, _ in self.carried), section)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Everything that was found for a control."""

    tally: evidence.Tally
    limits: Mapping[str, watching.Limits]
    rows: watching.Counted
    signed: watching.Counted
    lapsed: watching.Counted
    seats: tuple[int, int]
    observed: Observation | None

    @property
    def proof(self) -> int:
        """How much happened that proves the control at work."""
        kept = sum(each.kept for each in self.limits.values())
        return self.tally.total + kept + self.rows.number + self.signed.number + self.seats[0]


def _control(asked: _Asked) -> ControlStatus:
    control, seen = asked.control, _look(asked)
    status, why = _standing(asked, seen)
    return ControlStatus(
        asked.name, control.kind, control.type, control.title or "", status, why, tuple(_numbers(asked, seen)),
        seen.tally.first_us, seen.tally.last_us, asked.missed,
    )  # fmt: skip


def _look(asked: _Asked) -> _Seen:
    period, control = asked.period, asked.control
    undertakings = asked.named("undertakings")
    watched = [f"clock:{name}" for name in asked.named("clocks")] + [f"round:{name}" for name in asked.named("rounds")]
    return _Seen(
        tally=evidence.tally(asked.name, period.since_us, period.until_us),
        limits={name: limits.of(name, period, asked.at_us) for name in watched},
        rows=watching.rows(asked.named("registers"), period),
        signed=watching.signed(undertakings, period),
        lapsed=watching.lapsed(undertakings, min(asked.at_us, period.until_us)),
        seats=watching.seats(asked.pack, asked.named("posts"), asked.at_us),
        observed=look(control.invariant, period) if control.available and control.invariant else None,
    )


def _standing(asked: _Asked, seen: _Seen) -> tuple[str, str]:
    if not asked.control.available:
        return "not_yet_available", LATER
    if why := _breach(asked, seen):
        return "breached", why
    if asked.control.kind == "observed":
        return ("observed", "") if seen.observed is not None and seen.observed.ok else ("no_evidence", NOTHING)
    return (asked.control.kind, "") if seen.proof else ("no_evidence", NOTHING)


def _breach(asked: _Asked, seen: _Seen) -> str:
    broken = seen.observed is not None and seen.observed.ok is False
    missed = any(each.missed or each.late for each in seen.limits.values())
    found = (
        (not _is_carried(asked), UNCARRIED),
        (bool(asked.missed), NOT_CAUGHT),
        (broken, BROKEN),
        (missed, MISSED),
        (bool(seen.lapsed.number), LAPSED),
        (bool(seen.seats[1]), UNSEATED),
    )
    return next((why for is_so, why in found if is_so), "")


def _is_carried(asked: _Asked) -> bool:
    control = asked.control
    if control.kind == "observed":
        return bool(control.invariant or asked.carried or control.operations)
    return bool(asked.carried or control.probes) or not control.operations.isdisjoint(asked.pack.operations)


def _numbers(asked: _Asked, seen: _Seen) -> Iterator[Shown]:
    samples = len(asked.control.probes) + len(asked.control.times)
    if samples:
        yield Shown("samples", samples)
        yield Shown("samples_caught", max(samples - len(asked.missed), 0))
    tally = seen.tally
    for key, number in (("done", tally.done), ("refused", tally.refused), ("waiting", tally.waiting)):
        if number:
            yield Shown(key, number, tally.exact or number < evidence.MOST, f"evidence:{key}")
    for name, each in seen.limits.items():
        for key in limits.ENDINGS:
            if number := getattr(each, key):
                yield Shown(key, number, rows=f"{name}:{key}")
    if seen.rows.number:
        yield Shown("rows", seen.rows.number, seen.rows.exact, "register:" + asked.named("registers")[0])
    for key, counted in (("signed", seen.signed), ("lapsed", seen.lapsed)):
        if counted.number:
            yield Shown(key, counted.number, counted.exact, f"undertaking:{key}")
    for key, number in (("posts_held", seen.seats[0]), ("posts_wrong", seen.seats[1])):
        if number:
            yield Shown(key, number, rows=f"post:{key}")
    if seen.observed is not None:
        yield from (Shown(key, number) for key, number in seen.observed.numbers.items())
