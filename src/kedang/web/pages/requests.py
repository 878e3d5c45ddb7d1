"""The pages of requests: one to read and sign, and the list of those that concern a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kedang.governance.flows.present import ShownRequest
from kedang.web.pages.parts import Pager
from kedang.web.refusals import Refusal


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as one line of a list."""

    id: int
    title: str
    subject: str
    applicant: str
    state: str
    tone: str
    created_us: int
    step: str
    address: str


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """Requests one asked for, signed or may sign, newest first."""

    rows: Sequence[RequestRow]
    pager: Pager


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request with everything that will happen, and what this person may do about it."""

    shown: ShownRequest
    state: str
    tone: str
    address: str
    subject_address: str
    subject_name: str
    verdict: str = "agree"
    comment: str = ""
    ticked: frozenset[str] = frozenset()
    refusal: Refusal | None = None
    colleagues: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Whom one may ask for one more signature: username and name."""
