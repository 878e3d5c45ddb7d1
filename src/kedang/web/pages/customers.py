"""The list of customers, the dossier and its form."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kedang.web.pages.asks import Asks
from kedang.web.pages.parts import DeedShown, FieldGroup, Filter, FindingShown, Pager, Tab


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list."""

    code: str
    name: str
    address: str
    kind: str
    state: str
    level: str
    region: str = ""
    industry: str = ""
    unit: str = ""
    owner: str = ""
    updated_us: int = 0
    findings: int = 0


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """The list with what narrows it."""

    rows: Sequence[CustomerRow]
    filters: Sequence[Filter]
    pager: Pager
    text: str = ""
    may_open: bool = False
    may_import: bool = False
    may_hand: bool = False
    """Rows can be chosen and handed over."""
    may_recover: bool = False


def slug_of(field: str, slot: str = "") -> str:
    """A value as part of an element id: the field, with the contact or record it is in."""
    return f"{slot}-{field}".strip("-").replace("#", "-").replace(".", "-")


@dataclass(frozen=True, slots=True)
class ValueShown:
    """A value on the dossier; `reveal` is the address of the reveal form while it is masked."""

    field: str
    label: str
    text: str
    reveal: str = ""
    findings: Sequence[FindingShown] = ()
    wide: bool = False
    mono: bool = False
    link: str = ""
    mark: str = ""
    """verified, doubtful, unverified or sourced; empty where nothing is known of its coming."""
    mark_title: str = ""
    marked: str = ""
    """Address of the tab that explains it."""
    slot: str = ""
    """The contact or record it is in."""

    @property
    def slug(self) -> str:
        """The field as part of an element id."""
        return slug_of(self.field, self.slot)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled card of values."""

    title: str
    icon: str
    values: Sequence[ValueShown]
    empty: Sequence[str] = ()
    """Titles of the fields that hold nothing."""


@dataclass(frozen=True, slots=True)
class DossierHead:
    """What is said of a dossier on every page about it."""

    code: str
    name: str
    kind: str
    level: str
    state: str
    owner: str
    unit: str
    version: int
    filed_us: int
    updated_us: int
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field's value before and after a deed, masked as this person may see it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the ledger about this dossier."""

    entry: int
    at_us: int
    title: str
    who: str
    credential: str
    reason: str = ""
    icon: str = "edit"
    changes: Sequence[Change] = ()
    batch: str = ""
    refused: Sequence[str] = ()
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class LookLine:
    """Somebody saw this dossier."""

    at_us: int
    who: str
    kind: str
    fields: Sequence[str] = ()
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class DossierPage:
    """The dossier. `looks` is None where this person may not know who looked."""

    head: DossierHead
    sections: Sequence[Section]
    deeds: Sequence[DeedShown]
    history: Sequence[HistoryLine]
    history_more: bool = False
    looks: Sequence[LookLine] | None = None
    findings: Sequence[FindingShown] = ()
    tabs: Sequence[Tab] = ()


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Everything that happened to one dossier, newest first."""

    head: DossierHead
    lines: Sequence[HistoryLine]
    pager: Pager
    looks: Sequence[LookLine] | None = None
    tabs: Sequence[Tab] = ()


@dataclass(frozen=True, slots=True)
class RevealPage:
    """The form that asks why a masked value is needed, or the value itself."""

    head: DossierHead
    field: str
    label: str
    slug: str
    address: str
    text: str = ""
    masked: str = ""
    wrong: str = ""
    asks: Asks = dataclasses.field(default_factory=Asks)
    request: str = ""
    """Address of the request that waits for signatures."""
    slot: str = ""
    """The contact or record the value is in."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A customer already there that looks like the one being written."""

    code: str
    name: str
    address: str
    why: str


@dataclass(frozen=True, slots=True)
class DossierForm:
    """The form for opening or changing a dossier. `head` is None for a new one."""

    groups: Sequence[FieldGroup]
    address: str
    back: str
    head: DossierHead | None = None
    problems: Sequence[FindingShown] = ()
    twins: Sequence[Twin] = ()
    reason: str = ""
    reason_wanted: bool = False
    confirm_wanted: bool = False
    confirm: bool = False
    was: Mapping[str, str] = field(default_factory=dict)
    """What stands in the dossier now, so that only what the person changed is sent on."""
    version: int = 0
    key: str = ""
    """Idempotency key: sending the form twice opens one dossier."""
    asks: Asks = field(default_factory=Asks)
    """What the regulation asks for with the deed."""
