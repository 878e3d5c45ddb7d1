"""The one place where a regulation says yes or no. Pure: equal questions have equal answers.

Deny beats all; obligations of every matching rule add up; the first matching flow wins; no
matching rule means denied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.i18n import N_
from kedang.packs.operations import Needs, OpRule, Rule, Step, When
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import ANY_STAFF

DEFAULT_ARTICLE = "default"
NO_OPERATION = N_("The regulation in force does not provide for this operation.")
NOT_YOUR_ROLE = N_("Your roles do not allow this operation.")
BARRED_ROLE = N_("One of your roles excludes this operation, whatever your other roles allow.")
OUT_OF_SCOPE = N_("This lies outside the units you are responsible for.")
ABOVE_CLEARANCE = N_("The classification is above your clearance.")
DENIED_BY_RULE = N_("The regulation forbids this operation in the present state of the matter.")
NO_RULE = N_("No rule of the regulation allows this operation here.")
INCOMPLETE = N_("The regulation asks for more before this operation can be done.")


@dataclass(frozen=True, slots=True)
class Given:
    """What the applicant gave with the request."""

    reason: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: allowed or not, by which articles, what is still missing, whose signatures are needed.

    `missing` holds `reason` or `evidence`; `detail` is an English source string a door translates.
    """

    allow: bool
    articles: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    grant_until: datetime | None = None
    detail: str = ""


def decide(pack: Pack, op: str, actor: Actor, facts: Facts, given: Given) -> Decision:
    """Judge one deed by one pack; no database, no clock, no side effect."""
    said = pack.operations.get(op)
    if said is None:
        return Decision(allow=False, articles=(DEFAULT_ARTICLE,), detail=NO_OPERATION)
    for guard in _GUARDS:
        if detail := guard(said, actor, facts):
            return _no(said, (), detail)
    matching = tuple(rule for rule in said.rules if _matches(rule, actor, facts))
    denying = tuple(rule for rule in matching if rule.deny)
    if denying or not matching:
        return _no(said, denying, DENIED_BY_RULE if denying else NO_RULE)
    missing = tuple(_missing(_all_needs(said, matching), given))
    return Decision(
        allow=True,
        articles=_articles(said, matching),
        missing=missing,
        steps=_steps(pack, matching),
        detail=INCOMPLETE if missing else "",
    )


def _no(said: OpRule, denying: tuple[Rule, ...], detail: str) -> Decision:
    named = tuple(dict.fromkeys(rule.article for rule in denying if rule.article))
    return Decision(allow=False, articles=named or (said.article or DEFAULT_ARTICLE,), detail=detail)


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


def _is_one_of(actor: Actor, who: frozenset[str]) -> bool:
    return not who.isdisjoint(actor.roles) or (ANY_STAFF in who and actor.kind == "staff")


def _matches(rule: Rule, actor: Actor, facts: Facts) -> bool:
    if rule.who is not None and not _is_one_of(actor, rule.who):
        return False
    return rule.when is None or _holds(rule.when, facts)


def _holds(when: When, facts: Facts) -> bool:
    words = (
        (when.level, facts.level),
        (when.state, facts.state),
        (when.kind, facts.kind),
        (when.channel, facts.channel),
        (when.place, facts.place),
        (when.purpose, facts.purpose),
    )
    sets = ((when.fields, facts.fields), (when.rel, facts.rel))
    ranges = ((when.rows, facts.rows), (when.amount, facts.amount))
    return (
        all(allowed is None or fact in allowed for allowed, fact in words)
        and all(allowed is None or not allowed.isdisjoint(fact) for allowed, fact in sets)
        and all(allowed is None or allowed.holds(fact) for allowed, fact in ranges)
    )


def _all_needs(said: OpRule, matching: tuple[Rule, ...]) -> tuple[Needs, ...]:
    return (said.needs, *(rule.needs for rule in matching if rule.needs))


def _missing(needs: tuple[Needs, ...], given: Given) -> Iterator[str]:
    if len(given.reason.strip()) < max((need.reason.min_chars for need in needs if need.reason), default=0):
        yield "reason"
    if len(given.evidence) < max(need.evidence for need in needs):
        yield "evidence"


def _articles(said: OpRule, matching: tuple[Rule, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (said.article, *(rule.article for rule in matching)) if name))


def _steps(pack: Pack, matching: tuple[Rule, ...]) -> tuple[Step, ...]:
    flow = next((rule.flow for rule in matching if rule.flow), None)
    return pack.flows[flow].steps if flow else ()
