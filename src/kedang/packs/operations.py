"""What a pack says about operations: who, under which conditions, with what given, by whose signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from kedang.packs.vocabulary import (
    ArticleRef,
    Count,
    FieldRef,
    Flag,
    FlowRef,
    HeadOf,
    KindRef,
    Later,
    LevelKey,
    Model,
    PostRef,
    Relation,
    RoleRef,
    StateRef,
    StepKind,
    Word,
)


class Range(Model):
    """A whole number from `min` to `max`, both included; None is open."""

    min: Count | None = None
    max: Count | None = None

    def holds(self, number: int) -> bool:
        """Whether the number lies in the range."""
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


class When(Model):
    """Conditions on the facts of a deed; all that are given must hold, each by any of its words."""

    level: frozenset[LevelKey] | None = Field(default=None, min_length=1)
    state: frozenset[StateRef] | None = Field(default=None, min_length=1)
    kind: frozenset[KindRef] | None = Field(default=None, min_length=1)
    fields: frozenset[FieldRef] | None = Field(default=None, min_length=1)
    rel: frozenset[Relation] | None = Field(default=None, min_length=1)
    channel: frozenset[Word] | None = Field(default=None, min_length=1)
    place: frozenset[Word] | None = Field(default=None, min_length=1)
    purpose: frozenset[Word] | None = Field(default=None, min_length=1)
    rows: Range | None = None
    amount: Range | None = None


class ReasonNeed(Model):
    """A written reason of at least so many characters."""

    min_chars: Annotated[int, Field(strict=True, ge=1, le=500)] = 1


class Needs(Model):
    """What the applicant has to give. The later ones have their place and no meaning yet."""

    reason: ReasonNeed | None = None
    evidence: Count = 0
    attestation: Later | None = None
    form: Later | None = None
    seal: Later | None = None
    registers: Later | None = None
    receipt: Later | None = None


class Rule(Model):
    """One line of an operation: for whom, when, and then denied, allowed, or allowed with signatures."""

    who: frozenset[RoleRef] | None = Field(default=None, min_length=1)
    when: When | None = None
    deny: Literal[True] | None = None
    flow: FlowRef | None = None
    needs: Needs | None = None
    article: ArticleRef | None = None

    @property
    def unconditional(self) -> bool:
        """Whether the rule matches every deed."""
        return self.who is None and (self.when is None or not self.when.model_fields_set)


class OpRule(Model):
    """Everything the regulation says about one operation."""

    who: frozenset[RoleRef]
    not_for: frozenset[RoleRef] = frozenset()
    """Roles that bar a person from this operation even if another of their roles allows it."""
    in_scope: Flag = True
    """Whether the subject must lie in the actor's row scope."""
    article: ArticleRef | None = None
    rules: tuple[Rule, ...] = Field(min_length=1)
    needs: Needs = Needs()
    edit_mode: Later | None = None
    term: Later | None = None


class Party(Model):
    """Whose signature: of the head of a unit, a role, a post, or the applicant's superior."""

    head_of: HeadOf | None = None
    role: RoleRef | None = None
    post: PostRef | None = None
    superior_of: Literal["applicant"] | None = None


class Step(Model):
    """One step of a flow: one party, all of several, or any of several."""

    of: Party | None = None
    all: tuple[Party, ...] = ()
    any: tuple[Party, ...] = ()
    kind: StepKind = "sign"
    delegable: Flag = False
    need: Later | None = None
    seal: Later | None = None
    checklist: Later | None = None


class Flow(Model):
    """The signatures a deed needs, in order."""

    title: Word
    steps: tuple[Step, ...] = Field(min_length=1)
    limit: Later | None = None
    escalate: Later | None = None
    distinct: Later | None = None
    empty_seat: Later | None = None


Operations = Mapping[str, OpRule]
