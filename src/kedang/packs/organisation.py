"""The company a pack describes: units, roles, posts, who answers for what, what everybody undertakes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from kedang.kernel.levels import Level
from kedang.packs.vocabulary import (
    Count,
    Flag,
    LevelKey,
    Model,
    Office,
    PostRef,
    Prose,
    Reads,
    RoleRef,
    Scope,
    Tagged,
    UnitRef,
    Word,
)

UnitKind = Literal["company", "branch", "department", "team", "outside"]


class UnitTemplate(Model):
    """A unit a new site begins with."""

    title: Word
    kind: UnitKind = "department"
    parent: UnitRef | None = None
    lead: Flag = False
    """The lead department of its branch or of the company (归口、牵头)."""
    roles: frozenset[RoleRef] = frozenset()
    """Whose holders usually work here; a hint for seating people, no rule."""


class Role(Tagged):
    """What a role may look at, and the widest scope and highest clearance it can carry."""

    title: Word
    reads: frozenset[Reads] = frozenset()
    max_scope: Scope = "own"
    max_clearance: LevelKey = Level.PUBLIC
    office: Office | None = None
    """One of the three offices the law keeps apart."""
    max_days: Count = 0
    """A grant of this role ends after so many days at the latest; 0: without end."""
    unused_days: Count = 0
    """Not used for so long, it is reported; 0: never."""
    _code: str = PrivateAttr("")

    @property
    def code(self) -> str:
        """The key under which the pack defines the role."""
        return self._code

    @property
    def content(self) -> bool:
        """Whether the role reads dossiers at all."""
        return "dossier" in self.reads


class Post(Tagged):
    """A post that people hold (岗位): of the company, each branch, each department or each unit; how many holders."""

    title: Word
    per: Literal["company", "branch", "department", "unit"] = "company"
    unit: UnitRef | None = None
    """The one unit that has it, instead of `per`."""
    least: Annotated[int, Field(strict=True, ge=0)] = 1
    most: Annotated[int, Field(strict=True, ge=1)] | None = 1
    head: Flag = False
    """Its holder heads the unit."""
    roles: frozenset[RoleRef] = frozenset()
    """Roles its holder is expected to have; a holder without them is a finding."""


class Responsibility(Tagged):
    """A line of the matrix of responsibility: who answers for what, in which degree."""

    duty: Prose
    post: PostRef | None = None
    role: RoleRef | None = None
    unit: UnitRef | None = None
    degree: Literal["lead", "main", "direct", "assist", "supervise"] = "main"


class Undertaking(Tagged):
    """A stated sentence a person signs and renews (保密承诺)."""

    title: Word
    text: Prose
    roles: frozenset[RoleRef] = frozenset()
    """Who has to sign it; empty: everybody who works here."""
    months: Count = 12
    """Valid for so many months; 0: for good."""
    questions: tuple[Question, ...] = ()
    """A short test that goes with it."""
    pass_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = 80


class Question(Model):
    """A question with its possible answers, the right one first; shown in an order of its own."""

    text: Prose
    answers: tuple[Word, ...] = Field(min_length=2)


Undertaking.model_rebuild()
