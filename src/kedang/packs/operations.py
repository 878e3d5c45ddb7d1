"""What a pack says about operations: who, under which conditions, with what given, by whose signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from kedang.packs.parties import Party
from kedang.packs.times import DateRange, Escalation, Reminder, Span, TimeRange
from kedang.packs.vocabulary import (
    About,
    ChecklistRef,
    ClockRef,
    Count,
    FieldRef,
    Flag,
    FlowRef,
    FormRef,
    KindRef,
    LevelKey,
    Model,
    Module,
    Name,
    Prose,
    QuotaRef,
    Range,
    RegisterRef,
    Relation,
    RoleRef,
    RoundRef,
    Sensitivity,
    StateRef,
    Tagged,
    UndertakingRef,
    UnitRef,
    Weekday,
    Word,
)

__all__ = ["Flow", "Needs", "OpRule", "Party", "Range", "ReasonNeed", "Rule", "Step", "TimeProbe", "When"]
_MOMENT = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


class When(Model):
    """Conditions on the facts of a deed; all that are given must hold, each by any of its words."""

    level: frozenset[LevelKey] | None = Field(default=None, min_length=1)
    state: frozenset[StateRef] | None = Field(default=None, min_length=1)
    kind: frozenset[KindRef] | None = Field(default=None, min_length=1)
    fields: frozenset[FieldRef] | None = Field(default=None, min_length=1)
    sensitivity: frozenset[Sensitivity] | None = Field(default=None, min_length=1)
    """Of any of the fields the deed touches."""
    uncollected: Literal[True] | None = None
    """The deed touches a field that is switched off, or that the regulation does not know."""
    rel: frozenset[Relation] | None = Field(default=None, min_length=1)
    channel: frozenset[Word] | None = Field(default=None, min_length=1)
    place: frozenset[Word] | None = Field(default=None, min_length=1)
    purpose: frozenset[Word] | None = Field(default=None, min_length=1)
    rows: Range | None = None
    amount: Range | None = None
    items: Mapping[Name, frozenset[Word] | Range] | None = Field(default=None, min_length=1)
    """Answers of the deed's form: one of these words, or a number, money or days from today within a range."""
    values: Mapping[FieldRef, frozenset[Word] | Range] | None = Field(default=None, min_length=1)
    """What stands in the dossier after the deed, for fields that are codes, choices or numbers."""
    time: TimeRange | None = None
    weekday: frozenset[Weekday] | None = Field(default=None, min_length=1)
    workday: Flag | None = None
    date: DateRange | None = None
    """A part of the year, such as the days of the annual accounts."""
    day: Range | None = None
    """The day of the month, from 1 to 31."""
    exceeds: Mapping[Name, Name] | None = Field(default=None, min_length=1)
    """A number of the deed's form is greater than another one of it (申请额超过核定额)."""
    any: tuple[When, ...] | None = Field(default=None, min_length=1)
    """At least one of these holds besides."""
    unit_kind: frozenset[Literal["company", "branch", "department", "team", "outside"]] | None = Field(
        default=None, min_length=1
    )
    unit: frozenset[UnitRef] | None = Field(default=None, min_length=1)
    """The unit of the subject, or one above it."""
    times: Mapping[QuotaRef, Range] | None = Field(default=None, min_length=1)
    """How often it was done already in the period of a quota, this time not counted."""
    module: frozenset[Module] | None = Field(default=None, min_length=1)
    """The part of the dossier the record belongs to; a deed on the dossier itself has none."""
    to: frozenset[StateRef] | None = Field(default=None, min_length=1)
    """The state a step in the life of a customer leads to."""
    unless: When | None = None
    """The rule does not match where this does."""


class ReasonNeed(Model):
    """A written reason of at least so many characters."""

    min_chars: Annotated[int, Field(strict=True, ge=1, le=500)] = 1


class Needs(Tagged):
    """What the applicant has to give."""

    reason: ReasonNeed | None = None
    evidence: Count = 0
    form: FormRef | None = None
    statement: Prose | None = None
    """A sentence the applicant confirms; kept word for word."""
    undertakings: frozenset[UndertakingRef] = frozenset()
    """Undertakings that must be signed and still valid."""


class Grants(Model):
    """A right to read one dossier for a time, given when the deed is done (查阅、调阅、共享)."""

    for_: Span = Field(alias="for")
    to: Name | None = None
    """The item of the form that names the person; else the applicant."""
    clear: Flag = False
    """Masked fields may be revealed too."""


class Move(Model):
    """A deed that takes a row of a register from one state to another."""

    register_: RegisterRef = Field(alias="register")
    from_: frozenset[Name] = Field(alias="from", min_length=1)
    to: Name
    holder: Name | None = None
    """The item of the form that names the person who has it from then on."""


class Rule(Tagged):
    """One line of an operation: for whom, when, and then denied, allowed, or allowed with signatures."""

    who: frozenset[RoleRef] | None = Field(default=None, min_length=1)
    when: When | None = None
    deny: Literal[True] | None = None
    flow: FlowRef | None = None
    needs: Needs | None = None
    why: Word | None = None
    """For a denial: what the person is told."""

    @property
    def unconditional(self) -> bool:
        """Whether the rule matches every deed."""
        return self.who is None and (self.when is None or not self.when.model_fields_set)


class OpRule(Tagged):
    """Everything the regulation says about one operation.

    An operation the product does not offer is a matter of the company's own: it has a title and says what it
    is about; it opens a row of a register, moves one, or is only recorded.
    """

    who: frozenset[RoleRef]
    not_for: frozenset[RoleRef] = frozenset()
    """Roles that bar a person from this operation even if another of their roles allows it."""
    in_scope: Flag = True
    """Whether the subject must lie in the actor's row scope."""
    rules: tuple[Rule, ...] = Field(min_length=1)
    needs: Needs = Needs()
    title: Word | None = None
    about: About | None = None
    opens: RegisterRef | None = None
    moves: Move | None = None
    registers: frozenset[RegisterRef] = frozenset()
    """Registers that get a line of this deed besides (登记), for operations of the product too."""
    grants: Grants | None = None
    signs: UndertakingRef | None = None
    """Doing it signs this undertaking for the person."""

    @property
    def is_matter(self) -> bool:
        """Whether the pack itself defines what the operation is."""
        return self.about is not None


class Step(Tagged):
    """One step of a flow: one party, all of several, or any of several."""

    title: Word | None = None
    of: Party | None = None
    all: tuple[Party, ...] = ()
    any: tuple[Party, ...] = ()
    least: Annotated[int, Field(strict=True, ge=1)] = 1
    """With `any`: so many of them; with `of` a role: so many holders."""
    order: Literal["any", "given"] = "any"
    """With `all`: whether they sign one after the other."""
    kind: Literal["sign", "checklist", "bind", "carry_out", "witness"] = "sign"
    """`bind` signs over text, plan and audience as they stand: any change begins anew. `carry_out` is done by a
    person who executes what was approved; `witness` by people who were present."""
    when: When | None = None
    """The step is asked only then."""
    checklist: ChecklistRef | None = None
    comment: Literal["optional", "on_refusal", "always"] = "on_refusal"
    seal: Literal["none", "scan", "either"] = "none"
    """`scan`: the stamped paper is attached; `either`: it may be, or the signature in the system counts."""
    delegable: Flag = False
    limit: Span | None = None
    remind: tuple[Reminder, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    at_limit: Literal["wait", "refuse"] = "wait"

    @property
    def parties(self) -> tuple[Party, ...]:
        """Everybody the step names."""
        return (self.of,) if self.of else (*self.all, *self.any)


class Flow(Tagged):
    """The signatures a deed needs, in order."""

    title: Word
    steps: tuple[Step, ...] = Field(min_length=1)
    distinct: Flag = True
    """One person, one signature, however many posts they hold; and never the applicant."""
    self_approval: Flag = False
    """The applicant may sign where they hold the post themselves."""
    empty_seat: Literal["superior", "stop"] = "superior"
    """Nobody can sign: the head of the unit above does, or the request stops and says so."""
    on_change: Literal["stale", "restart"] = "stale"
    """What was applied for changed meanwhile: the request ends stale, or begins anew from the first step."""
    keep_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = 30
    """So long what was asked for stays readable after a request ended without being done."""


class Probe(Model):
    """A sample the control must catch: asked of `decide` again and again, it proves that the control bites."""

    operation: Word
    roles: frozenset[RoleRef]
    facts: Mapping[Name, object] = Field(default_factory=dict)
    """Facts by name; what is left out is harmless: in scope, public, nothing special."""
    given: Flag = False
    """Whether reason, evidence and form are given in full."""
    expect: Literal["denied", "incomplete", "signature"]
    missing: Word | None = None
    """With `incomplete`: what is missing."""
    signer: Party | None = None
    """With `signature`: whose must be among them."""


class TimeProbe(Model):
    """A sample of a time limit in company time: a clock that starts `from` then is due then; the period of a round
    in which `from` lies ends then, its grace included."""

    clock: ClockRef | None = None
    round_: RoundRef | None = Field(default=None, alias="round")
    from_: Annotated[str, Field(pattern=_MOMENT)] = Field(alias="from")
    due: Annotated[str, Field(pattern=_MOMENT)]
