"""The life of a customer: 潜在 → 保有 → 流失, step by step, each where the regulation's conditions are met.

What keeps a step from being done is told beforehand and by name: a record that is missing, a field that is empty, a
time that is not over yet. Filing is another thing and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from kedang.customers import dictionary, drafts, ops, states
from kedang.customers.models import Dossier
from kedang.customers.modules import MODULES
from kedang.customers.records.selectors import standing
from kedang.customers.selectors import by_subject
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Facts, Line, Operation, Outcome, Payload
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.packs import in_force, reckoning
from kedang.packs.schema import Guard, Kind, Pack, State
from kedang.packs.times import Span

NAME = "customer.advance"
To = Literal["prospect", "retained", "lapsed"]
STATES: tuple[To, ...] = get_args(To)
RETAINED = "retained"
BLOCKED = N_("The regulation asks for more before this step; what is missing is named.")
NO_STEP = N_("A dossier cannot go from this state to that one.")
DAY = N_("The day of conversion is that of a transaction: not before the first one, and not to come.")
RECORD, FIELD, IDLE = "record", "field", "idle"


class AdvanceDossier(Payload):
    """The next state; for a retained customer the day of conversion, by default that of the first transaction."""

    to: To
    on: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that is missing before a step, and what would make it possible."""

    kind: str
    """`record`: so many more of a module; `field`: an empty one; `idle`: a time that is not over."""
    what: str
    """The module or field."""
    title: str
    """An English source, or the regulation's word."""
    more: int = 0
    until: date | None = None
    article: str = ""

    @property
    def ref(self) -> str:
        """How a refusal names it."""
        return f"{self.kind}:{self.what}"


@dataclass(frozen=True, slots=True)
class Step:
    """A state a dossier may be brought to, and what keeps it from there."""

    to: str
    title: str
    obstacles: tuple[Obstacle, ...]


def steps(dossier: Dossier) -> list[Step]:
    """The steps open to a dossier by the regulation in force, in the order of a customer's life."""
    pack = in_force()
    kind = pack.kinds.get(dossier.kind)
    if kind is None or dossier.filed_us:
        return []
    reached = [name for name in kind.states if _leads(kind, dossier.state, name)]
    return [Step(name, kind.states[name].title, tuple(_obstacles(pack, kind, dossier, name))) for name in reached]


def _leads(kind: Kind, now: str, wanted: str) -> bool:
    """Whether the regulation, and the product where it is silent, lets a dossier go from one state to another."""
    said = kind.states.get(wanted)
    if said is None or (now, wanted) not in states.STEPS:
        return False
    return said.after is None or now in said.after


def _obstacles(pack: Pack, kind: Kind, dossier: Dossier, wanted: str) -> Iterator[Obstacle]:
    said = kind.states[wanted]
    for guard in said.guards:
        article = guard.article or said.article or ""
        if guard.idle is None:
            yield from _too_few(dossier, guard, article)
        else:
            yield from _too_early(pack, dossier, guard, guard.idle, article)
    draft = drafts.Draft.of(dossier)
    for key in sorted(pack.required(dossier.kind, wanted)):
        if not draft.holds(key):
            yield Obstacle(FIELD, key, dictionary.field_of(key).title, article=pack.fields[key].article or "")


def _too_few(dossier: Dossier, guard: Guard, article: str) -> Iterator[Obstacle]:
    missing = guard.least - standing(dossier, guard.record).count()
    if missing > 0:
        yield Obstacle(RECORD, guard.record, MODULES[guard.record].title, more=missing, article=article)


def _too_early(pack: Pack, dossier: Dossier, guard: Guard, idle: Span, article: str) -> Iterator[Obstacle]:
    """The time that has to pass without a record of the module, where it is not over yet."""
    last = standing(dossier, guard.record).values_list("day", flat=True).first()
    since = last or dossier.retained_on or clock.company_day(dossier.created_us)
    until = _over(pack, idle, clock.day_bounds_us(since)[0])
    if until is None or until > clock.company_day(clock.now_us()):
        yield Obstacle(IDLE, guard.record, MODULES[guard.record].title, until=until, article=article)


def _over(pack: Pack, idle: Span, since_us: int) -> date | None:
    """The day the time is over; None where the calendar does not know that year yet."""
    try:
        return clock.company_day(clock.to_us(reckoning.due(idle, clock.from_us(since_us), pack.hours)))
    except reckoning.UnknownYear:
        return None


def advance_dossier(deed: Deed, dossier: Dossier, payload: AdvanceDossier) -> Outcome:
    """Bring a dossier to another state, if nothing keeps it from there; the day of conversion is kept."""
    states.require_open(dossier.filed_us)
    step = next((each for each in steps(dossier) if each.to == payload.to), None)
    if step is None:
        raise Refused("state", missing=(payload.to,), detail=NO_STEP)
    if step.obstacles:
        articles = dict.fromkeys(each.article for each in step.obstacles if each.article)
        missing = [each.ref for each in step.obstacles]
        raise Refused("state", articles=tuple(articles), missing=missing, detail=BLOCKED)
    draft = drafts.Draft.of(dossier)
    draft.delta["state"] = [dossier.state, payload.to]
    dossier.state = payload.to
    if payload.to == RETAINED:
        _convert(draft, payload)
    version = draft.update(deed.at_us)
    day = dossier.retained_on.isoformat() if dossier.retained_on else ""
    return Outcome(
        result={"code": dossier.code, "state": dossier.state, "retained_on": day}, versions=(version,),
        body={"state": dossier.state, "version": dossier.version_no},
    )  # fmt: skip


def _convert(draft: drafts.Draft, payload: AdvanceDossier) -> None:
    """Keep the day of conversion: a transaction's, where the regulation wants one."""
    dossier = draft.dossier
    first, today = first_day(dossier), clock.company_day(clock.now_us())
    day = _day(payload.on) or first or today
    if day > today or (first is not None and day < first):
        raise Refused("invalid", missing=("on",), detail=DAY)
    before = dossier.retained_on
    if day != before:
        draft.delta["retained_on"] = [before.isoformat() if before else None, day.isoformat()]
        dossier.retained_on = day


def first_day(dossier: Dossier) -> date | None:
    """The day of the first record that the regulation wants of a retained customer; None where it wants none."""
    kind = in_force().kinds.get(dossier.kind)
    said: State | None = kind.states.get(RETAINED) if kind else None
    wanted = [guard.record for guard in said.guards if guard.idle is None] if said else []
    if not wanted:
        return None
    found: date | None = standing(dossier, *wanted).order_by("day").values_list("day", flat=True).first()
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("invalid", missing=("on",), detail=DAY) from None


def _facts(by: Actor, dossier: Dossier, payload: AdvanceDossier) -> Facts:
    return replace(ops.facts_of(by, dossier), values=ops.stored_values(dossier), to=payload.to)


def _basis(dossier: Dossier, payload: AdvanceDossier) -> dict[str, str]:
    return {"state": dossier.standing}


def _claims(dossier: Dossier, payload: AdvanceDossier) -> set[str]:
    return {f"{dossier.ref}#state"}


def _lines(by: Actor, dossier: Dossier, payload: AdvanceDossier) -> list[Line]:
    kind = in_force().kinds.get(dossier.kind)
    named = {name: said.title for name, said in kind.states.items()} if kind else {}
    lines = [Line(N_("State"), named.get(dossier.state, dossier.state), named.get(payload.to, payload.to))]
    return lines + ([Line(N_("Retained since"), after=payload.on)] if payload.on else [])


OPERATION: Operation[Any, Any] = Operation(
    NAME, N_("Change the state of a customer"), AdvanceDossier, by_subject, _facts, advance_dossier, basis=_basis,
    claims=_claims, show=_lines,
)  # fmt: skip
