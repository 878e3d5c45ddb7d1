"""Where the values of a dossier come from, the checks of them, and what persons agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kedang.web.pages.asks import Asks
from kedang.web.pages.customers import DossierHead
from kedang.web.pages.parts import FieldGroup, FindingShown, Tab


@dataclass(frozen=True, slots=True)
class OriginRow:
    """One value in a line: what it is, where it came from, how it was checked."""

    key: str
    label: str
    text: str
    source: str = ""
    basis: str = ""
    learned_us: int = 0
    entered_us: int = 0
    delay: str = ""
    """Days from learning to entering, and the limit, in words."""
    late: bool = False
    people: Sequence[tuple[str, str]] = ()
    """Who supplied and who entered it, each with the word for what they did."""
    evidence: str = ""
    verdict: str = ""
    tone: str = ""
    checked: str = ""
    """How and with what it was compared, by whom, and when."""
    wanted: bool = False
    consent: str = ""
    consent_tone: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent in a line; `end` is the address of the form that ends it."""

    person: str
    purpose: str
    state: str
    tone: str
    how: str
    given_us: int
    until_us: int
    withdrawn_us: int
    by: str
    other_text: bool = False
    """The person was told something else than the regulation says today."""
    end: str = ""


@dataclass(frozen=True, slots=True)
class OriginsPage:
    """The tab."""

    head: DossierHead
    tabs: Sequence[Tab]
    rows: Sequence[OriginRow]
    consents: Sequence[ConsentRow]
    persons: int
    asked: bool
    give: str = ""
    hidden: Sequence[str] = ()
    """Titles of values that are shown to nobody any more."""
    empty: str = ""
    verify: str = ""
    """Address of the form by which the marked values are compared; empty where this person may not."""
    check: FieldGroup | None = None
    version: int = 0
    key: str = ""
    problems: Sequence[FindingShown] = ()
    asks: Asks = field(default_factory=Asks)


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """The form by which a consent is recorded or ended, or hidden values are emptied."""

    head: DossierHead
    tabs: Sequence[Tab]
    title: str
    icon: str
    address: str
    back: str
    save: str
    groups: Sequence[FieldGroup] = ()
    hidden: Sequence[tuple[str, str]] = ()
    """Names and texts that go with the form and are not asked."""
    told: Sequence[tuple[str, str]] = ()
    """What stands on the page to be read: a title and a text."""
    say: str = ""
    danger: bool = False
    key: str = ""
    problems: Sequence[FindingShown] = ()
    asks: Asks = field(default_factory=Asks)
