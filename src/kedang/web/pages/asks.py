"""What the regulation asks for with a deed, as one section of the deed's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kedang.web.pages.registers import ItemBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Items of the form, sentences to confirm, evidence, a reason, and undertakings that have to be signed first."""

    form_title: str = ""
    items: Sequence[ItemBox] = ()
    statements: Sequence[str] = ()
    confirmed: bool = False
    reason_shown: bool = False
    reason_wanted: int = 0
    reason: str = ""
    evidence_wanted: int = 0
    evidence: Sequence[tuple[str, str]] = ()
    """Documents brought already: as evidence, and what they are called."""
    undertakings: Sequence[tuple[str, str]] = ()
    """Title, and the address where it is signed."""
    signers: Sequence[str] = ()
    uncertain: bool = False
    perhaps: frozenset[str] = frozenset()
    """What is wanted only for some of the fields or answers."""
    limit_mb: int = 0

    @property
    def anything(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.items or self.statements or self.evidence_wanted or self.reason_shown)
