"""Whom a pack can name: as a signer, as the holder of a duty, as the reader of a notice."""

from __future__ import annotations

from typing import Literal

from kedang.packs.vocabulary import Model, PostRef, RoleRef, UnitRef


class Party(Model):
    """Exactly one of: the head of a unit, a role, a post, the superior of somebody, or a person of the matter."""

    head_of: Literal["applicant_unit", "subject_unit", "company"] | UnitRef | None = None
    """The person whose post heads that unit; a unit without one is headed by the unit above it."""
    role: RoleRef | None = None
    """Anybody with the role whose scope reaches the subject."""
    post: PostRef | None = None
    """Whoever holds the post; in the applicant's unit where each unit has one, else in the units above it."""
    superior_of: Literal["applicant", "owner"] | None = None
    level: Literal[1, 2, 3] = 1
    """With `superior_of`: how many heads upwards."""
    person: Literal["applicant", "owner", "holder"] | None = None
    """Somebody of the matter itself: who asked, who is first responsible, who holds the duty or the thing."""
