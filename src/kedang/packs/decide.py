"""The one place where a regulation says yes or no. Pure: equal questions have equal answers.

Deny beats all; obligations of every matching rule add up; the first matching flow wins; no
matching rule means denied. Who is late, has used up a quota, or wants to send something by a way
that is not safe enough, is denied whatever the rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.i18n import N_
from kedang.packs.conditions import holds
from kedang.packs.operations import Flow, Needs, OpRule, Rule, Step
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import ANY_STAFF, SENSITIVITIES, Tagged

DEFAULT_ARTICLE = "default"
NO_OPERATION = N_("The regulation in force does not provide for this operation.")
NOT_YOUR_ROLE = N_("Your roles do not allow this operation.")
BARRED_ROLE = N_("One of your roles excludes this operation, whatever your other roles allow.")
OUT_OF_SCOPE = N_("This lies outside the units you are responsible for.")
ABOVE_CLEARANCE = N_("The classification is above your clearance.")
DENIED_BY_RULE = N_("The regulation forbids this operation in the present state of the matter.")
NO_RULE = N_("No rule of the regulation allows this operation here.")
INCOMPLETE = N_("The regulation asks for more before this operation can be done.")
LATE = N_("Something of yours is overdue; until it is settled the regulation bars this operation.")
USED_UP = N_("The regulation allows no more of this in the present period.")
UNSAFE_WAY = N_("What you want to send is too sensitive for this channel.")
OTHER_PURPOSE = N_("The regulation does not allow this channel for this purpose.")
CLOSED_WAY = N_("The regulation does not allow this channel at this time of day.")


@dataclass(frozen=True, slots=True)
class Given:
    """What the applicant gave with the request: a reason, evidence, the filled-in form, the confirmed sentence."""

    reason: str = ""
    evidence: tuple[str, ...] = ()
    form: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: allowed or not, by which articles, what is still missing, whose signatures are needed.

    `missing` holds `reason`, `evidence`, `form`, `statement` or `undertaking:<name>`; `detail` is an English
    source string a door translates. `controls` are those of every part of the pack that had a say.
    """

    allow: bool
    articles: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    grant_until: datetime | None = None
    detail: str = ""
    controls: tuple[str, ...] = ()
    flow: str = ""
    form: str = ""
    """The form that goes with the deed, filled in or still missing."""
    statements: tuple[str, ...] = ()
    """The sentences the applicant has to confirm."""


def decide(pack: Pack, op: str, actor: Actor, facts: Facts, given: Given) -> Decision:
    """Judge one deed by one pack; no database, no clock, no side effect."""
    said = pack.operations.get(op)
    if said is None:
        return Decision(allow=False, articles=(DEFAULT_ARTICLE,), detail=NO_OPERATION)
    for guard in _GUARDS:
        if detail := guard(said, actor, facts):
            return _no(said, (said,), detail)
    for bar in _BARS:
        for part, detail in bar(pack, op, facts):
            return _no(said, (part,), detail)
    matching = tuple(rule for rule in said.rules if _matches(pack, rule, actor, facts))
    denying = tuple(rule for rule in matching if rule.deny)
    if denying or not matching:
        why = next((rule.why for rule in denying if rule.why), DENIED_BY_RULE if denying else NO_RULE)
        return _no(said, denying or (said,), why)
    return _yes(pack, said, matching, facts, given)


def _yes(pack: Pack, said: OpRule, matching: tuple[Rule, ...], facts: Facts, given: Given) -> Decision:
    needs = (said.needs, *(rule.needs for rule in matching if rule.needs))
    name = next((rule.flow for rule in matching if rule.flow), "") or ""
    flow = pack.flows[name] if name else None
    steps = _steps(pack, flow, facts)
    form = next((need.form for need in needs if need.form), "") or ""
    statements = tuple(dict.fromkeys(need.statement for need in needs if need.statement))
    if form and (sentence := pack.forms[form].statement):
        statements = tuple(dict.fromkeys((*statements, sentence)))
    if said.signs:
        statements = tuple(dict.fromkeys((*statements, pack.undertakings[said.signs].text)))
    missing = tuple(_missing(needs, form, statements, facts, given))
    parts: list[Tagged] = [said, *matching, *needs, *([flow] if flow and steps else []), *steps]
    parts += [pack.forms[form]] if form else []
    return Decision(
        allow=True, articles=_articles(parts), missing=missing, steps=steps, detail=INCOMPLETE if missing else "",
        controls=_controls(parts), flow=name if steps else "", form=form, statements=statements,
    )  # fmt: skip


def _no(said: OpRule, parts: Iterable[Tagged], detail: str) -> Decision:
    named = _articles(parts)
    return Decision(
        allow=False, articles=named or (said.article or DEFAULT_ARTICLE,), detail=detail, controls=_controls(parts)
    )


def _role_allows(said: OpRule, actor: Actor, facts: Facts) -> str:
    return "" if _is_one_of(actor, said.who) else NOT_YOUR_ROLE


def _role_bars(said: OpRule, actor: Actor, facts: Facts) -> str:
    return "" if said.not_for.isdisjoint(actor.roles) else BARRED_ROLE


def _scope_reaches(said: OpRule, actor: Actor, facts: Facts) -> str:
    return OUT_OF_SCOPE if said.in_scope and "in_scope" not in facts.rel else ""


def _clearance_reaches(said: OpRule, actor: Actor, facts: Facts) -> str:
    return ABOVE_CLEARANCE if actor.clearance < facts.level else ""


_GUARDS: tuple[Callable[[OpRule, Actor, Facts], str], ...] = (
    _role_allows,
    _role_bars,
    _scope_reaches,
    _clearance_reaches,
)
Barred = Iterator[tuple[Tagged, str]]


def _late(pack: Pack, op: str, facts: Facts) -> Barred:
    for name in sorted(facts.late):
        watched = pack.clocks.get(name) or pack.rounds.get(name)
        if watched is not None and op in watched.overdue.block:
            yield watched, LATE


def _used_up(pack: Pack, op: str, facts: Facts) -> Barred:
    for name, quota in pack.quotas.items():
        more = facts.rows if quota.counts == "rows" else 1
        if op in quota.operations and facts.times.get(name, 0) + more > quota.most:
            yield quota, USED_UP


def _unsafe_way(pack: Pack, op: str, facts: Facts) -> Barred:
    way = pack.channels.get(facts.channel)
    if way is None or way.direction == "in":
        return
    most = SENSITIVITIES.index(way.most)
    if any(SENSITIVITIES.index(pack.fields[name].sensitivity) > most for name in facts.fields if name in pack.fields):
        yield way, UNSAFE_WAY
    if way.level is not None and facts.level > way.level:
        yield way, UNSAFE_WAY
    if way.purposes and facts.purpose not in way.purposes:
        yield way, OTHER_PURPOSE
    if way.window is not None and not way.window.holds(facts.minute):
        yield way, CLOSED_WAY


_BARS: tuple[Callable[[Pack, str, Facts], Barred], ...] = (_late, _used_up, _unsafe_way)


def _is_one_of(actor: Actor, who: frozenset[str]) -> bool:
    return not who.isdisjoint(actor.roles) or (ANY_STAFF in who and actor.kind == "staff")


def _matches(pack: Pack, rule: Rule, actor: Actor, facts: Facts) -> bool:
    if rule.who is not None and not _is_one_of(actor, rule.who):
        return False
    return rule.when is None or holds(pack, rule.when, facts)


def _missing(
    needs: tuple[Needs, ...], form: str, statements: tuple[str, ...], facts: Facts, given: Given
) -> Iterator[str]:
    if len(given.reason.strip()) < max((need.reason.min_chars for need in needs if need.reason), default=0):
        yield "reason"
    if len(given.evidence) < max(need.evidence for need in needs):
        yield "evidence"
    if form and not given.form:
        yield "form"
    if statements and not given.confirmed:
        yield "statement"
    for name in sorted(frozenset().union(*(need.undertakings for need in needs)) - facts.signed):
        yield f"undertaking:{name}"


def _steps(pack: Pack, flow: Flow | None, facts: Facts) -> tuple[Step, ...]:
    if flow is None:
        return ()
    return tuple(step for step in flow.steps if step.when is None or holds(pack, step.when, facts))


def _articles(parts: Iterable[Tagged]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.article for part in parts if part.article))


def _controls(parts: Iterable[Tagged]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part.controls))
