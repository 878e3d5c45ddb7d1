"""What a person can apply for, and what the regulation will ask for it, said before anything is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.governance.facts import enriched
from kedang.governance.registers import selectors
from kedang.governance.registers.matters import Matter, operation
from kedang.governance.registers.models import Row
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts
from kedang.kernel.errors import NotVisible, Refused
from kedang.packs.decide import Decision, Given, decide
from kedang.packs.operations import OpRule, Rule, Step, When
from kedang.packs.parties import Party
from kedang.packs.schema import Pack
from kedang.packs.vocabulary import ANY_STAFF
from kedang.people import units


@dataclass(frozen=True, slots=True)
class Offered:
    """A matter that is open to one of a person's roles; whose signature it may need, by the flows its rules name."""

    name: str
    title: str
    about: str
    article: str
    parties: tuple[Party, ...]
    always: bool
    """Whether every rule asks for signatures."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the regulation says of one matter on one subject before the form is filled in."""

    reason: int = 0
    """So many characters at least; 0: none wanted."""
    evidence: int = 0
    statements: tuple[str, ...] = ()
    undertakings: tuple[str, ...] = ()
    """Undertakings that have to be signed first."""
    steps: tuple[Step, ...] = ()
    uncertain: bool = False
    """Whose signatures are needed depends on the answers."""
    form: str = ""
    """The form to be filled in."""
    perhaps: frozenset[str] = frozenset()
    """`reason`, `evidence`, `form`, `statement`: wanted only for some answers or some of the fields."""


def offered(pack: Pack, by: Actor) -> list[Offered]:
    """Matters of the regulation this person may apply for, in its order."""
    return [_offered(pack, name) for name, said in pack.operations.items() if said.is_matter and _open_to(by, said)]


def offered_on(pack: Pack, by: Actor, about: str, facts: Facts) -> list[Offered]:
    """Matters open to this person on one subject, as far as the regulation can say before anything is answered."""
    found = [each for each in offered(pack, by) if each.about == about]
    return [each for each in found if _is_open(pack, each.name, by, enriched(pack, each.name, by, facts))]


def moves_of(pack: Pack, by: Actor, row: Row) -> list[Offered]:
    """Deeds this person may do next on a row."""
    return [_offered(pack, name) for name in selectors.moves_from(pack, row) if _open_to(by, pack.operations[name])]


def rows_to_move(pack: Pack, by: Actor, op: str, limit: int = 200) -> Sequence[Row]:
    """Rows a matter could be about: those in a state from which it leads on, newest first."""
    move = pack.operations[op].moves
    if move is None:
        return ()
    return list(selectors.movable(pack, by, move.register_).filter(state__in=move.from_).order_by("-pk")[:limit])


def preview(pack: Pack, op: str, by: Actor, subject: str) -> Preview:
    """Ask the regulation about an empty form; raises NotVisible, and Refused(denied) for what no answer could mend."""
    said = pack.operations.get(op)
    if said is None or not said.is_matter:
        raise NotVisible(f"operation:{op}")
    found = operation(pack, op)
    bare = found.facts(by, found.load(by, subject), Matter())
    pack = units.pack_for(bare.unit, pack)
    said, facts = pack.operations[op], enriched(pack, op, by, bare, subject=subject)
    decision = decide(pack, op, by, facts, Given())
    hanging = any(rule.when and _hangs_on_answers(rule.when) for rule in said.rules)
    if not _is_open(pack, op, by, facts):
        raise Refused("denied", articles=decision.articles, detail=decision.detail)
    return _preview(pack, op, said, decision, hanging)


def asks(pack: Pack, op: str, by: Actor, facts: Facts) -> Preview:
    """What the regulation asks with a deed of the product, as far as it can be said beforehand.

    Refused(denied) where it says nothing of the deed: then nobody does it.
    """
    pack = units.pack_for(facts.unit, pack)
    said = pack.operations.get(op)
    decision = decide(pack, op, by, enriched(pack, op, by, facts), Given())
    if said is None:
        raise Refused("denied", articles=decision.articles, detail=decision.detail)
    open_ = [rule for rule in said.rules if not rule.deny and rule.when and _hangs_on_content(rule.when)]
    mine = [rule for rule in open_ if rule.who is None or not rule.who.isdisjoint(by.roles)]
    return _asked(pack, op, said, decision, mine)


def _asked(pack: Pack, op: str, said: OpRule, decision: Decision, hanging: Sequence[Rule]) -> Preview:
    loose = [rule.needs for rule in hanging if rule.needs]
    every = [said.needs, *(rule.needs for rule in said.rules if rule.needs)]
    forms = {need.form for need in loose if need.form}
    form = decision.form or next(iter(sorted(forms)), "")
    stated = [*(need.statement for need in loose), *(pack.forms[name].statement for name in sorted(forms))]
    sentences = decision.statements or tuple(dict.fromkeys(filter(None, stated)))
    reasons = [need.reason.min_chars for need in every if need.reason]
    perhaps = {
        "reason": any(need.reason for need in loose) and "reason" not in decision.missing,
        "evidence": any(need.evidence for need in loose) and "evidence" not in decision.missing,
        "form": bool(form) and not decision.form,
        "statement": bool(sentences) and not decision.statements,
    }
    asked = {*decision.missing, *(name for name, so in perhaps.items() if so)}
    return Preview(
        reason=max(reasons, default=0) if "reason" in asked else 0,
        evidence=max(need.evidence for need in every) if "evidence" in asked else 0,
        statements=sentences,
        undertakings=tuple(
            name.partition(":")[2] for name in decision.missing if name.startswith("undertaking:")
        ),
        steps=decision.steps, uncertain=any(rule.flow for rule in hanging), form=form,
        perhaps=frozenset(name for name, so in perhaps.items() if so),
    )  # fmt: skip


def _preview(pack: Pack, op: str, said: OpRule, decision: Decision, hanging: bool) -> Preview:
    needs = (said.needs, *(rule.needs for rule in said.rules if rule.needs))
    form = pack.form_of(op)
    stated = [need.statement for need in needs if need.statement]
    stated += [sentence for sentence in [pack.forms[form].statement if form else None] if sentence]
    wanted = "reason" in decision.missing or (hanging and any(need.reason for need in needs))
    return Preview(
        reason=max((need.reason.min_chars for need in needs if need.reason), default=0) if wanted else 0,
        evidence=max(need.evidence for need in needs),
        statements=tuple(dict.fromkeys(decision.statements or stated)),
        undertakings=tuple(
            name.partition(":")[2] for name in decision.missing if name.startswith("undertaking:")
        ),
        steps=decision.steps, uncertain=hanging and any(rule.flow for rule in said.rules),
    )  # fmt: skip


def _is_open(pack: Pack, op: str, by: Actor, facts: Facts) -> bool:
    return decide(pack, op, by, facts, Given()).allow or _could_be_allowed(pack, op, by, facts)


def _could_be_allowed(pack: Pack, op: str, by: Actor, facts: Facts) -> bool:
    """Whether it is denied only because nothing was answered yet: a rule that waits for answers would allow it."""
    said = pack.operations[op]
    waiting = [rule for rule in said.rules if rule.when and not rule.deny and _hangs_on_answers(rule.when)]
    freed = [rule.model_copy(update={"when": None}) for rule in waiting]
    tried = said.model_copy(update={"rules": (*(rule for rule in said.rules if rule.deny), *freed)})
    trial = pack.model_copy(update={"operations": {**pack.operations, op: tried}})
    return bool(freed) and decide(trial, op, by, facts, Given()).allow


def _hangs_on_answers(when: When) -> bool:
    """Whether a condition asks for answers of the form, or for what the form tells."""
    inner = [each for each in (when.unless, *(when.any or ())) if each is not None]
    asks = when.items or when.exceeds or when.channel or when.purpose or when.place
    return bool(asks) or any(_hangs_on_answers(each) for each in inner)


def _hangs_on_content(when: When) -> bool:
    """Whether a condition asks for what will be written, or for answers of the form."""
    inner = [each for each in (when.unless, *(when.any or ())) if each is not None]
    asks_ = when.fields or when.sensitivity or when.uncollected or when.values or when.rows or when.amount
    return bool(asks_ or when.items or when.exceeds) or any(_hangs_on_content(each) for each in inner)


def _offered(pack: Pack, name: str) -> Offered:
    said = pack.operations[name]
    allowing = [rule for rule in said.rules if not rule.deny]
    flows = dict.fromkeys(rule.flow for rule in allowing if rule.flow)
    parties = [party for flow in flows for step in pack.flows[flow].steps for party in step.parties]
    return Offered(
        name, said.title or name, said.about or "site", said.article or "", tuple(dict.fromkeys(parties)),
        always=bool(allowing) and all(rule.flow for rule in allowing),
    )  # fmt: skip


def _open_to(by: Actor, said: OpRule) -> bool:
    named = not said.who.isdisjoint(by.roles) or (ANY_STAFF in said.who and by.kind == "staff")
    return named and said.not_for.isdisjoint(by.roles)
