"""The tabs of a dossier that list its records and contacts, and their forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kedang.web.pages.asks import Asks
from kedang.web.pages.customers import DossierHead, ValueShown
from kedang.web.pages.parts import DeedShown, FieldGroup, FindingShown, Option, Pager, Tab


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a line; `kind`: text, day, money or badge. On a phone the label stands before it."""

    label: str
    text: str
    kind: str = "text"
    tone: str = ""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as a line."""

    address: str
    title: str
    cells: Sequence[Cell]
    module: str = ""
    icon: str = ""
    day: str = ""
    detail: str = ""
    """Longer texts, on a second line."""
    who: str = ""


@dataclass(frozen=True, slots=True)
class ModulePart:
    """The records of one module on a tab: how many there are, what they come to, the latest of them."""

    key: str
    title: str
    icon: str
    headline: str
    """Label of the first column: what names a record."""
    columns: Sequence[tuple[str, str]]
    """Label and kind of each column after the title."""
    rows: Sequence[RecordRow]
    count: int
    amount: str = ""
    add: str = ""
    """Address of the form for one more; empty where this person may add none."""
    more: str = ""
    """Address of the page with all of them, where more stand than are listed."""


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """A tab of modules, each with its table."""

    head: DossierHead
    tabs: Sequence[Tab]
    parts: Sequence[ModulePart]
    pager: Pager = field(default_factory=Pager)
    crumb: Tab | None = None
    """The tab this page of one module belongs to."""


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """What happened with a customer, latest day first."""

    head: DossierHead
    tabs: Sequence[Tab]
    rows: Sequence[RecordRow]
    pager: Pager
    kinds: Sequence[Option]
    """The modules with how many records each has; the chosen one narrows the list."""
    adds: Sequence[DeedShown] = ()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record with all its values."""

    head: DossierHead
    tabs: Sequence[Tab]
    title: str
    part: str
    icon: str
    crumb: Tab
    values: Sequence[ValueShown]
    actions: Sequence[DeedShown]
    who: str
    created_us: int
    updated_us: int


@dataclass(frozen=True, slots=True)
class ContactCard:
    """One contact."""

    id: int
    name: str
    is_main: bool
    values: Sequence[ValueShown]
    actions: Sequence[DeedShown]


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """The contacts of a dossier, the main one first."""

    head: DossierHead
    tabs: Sequence[Tab]
    cards: Sequence[ContactCard]
    add: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class PartForm:
    """The form of a deed on a record or contact; without groups it only asks whether it shall be done."""

    head: DossierHead
    tabs: Sequence[Tab]
    title: str
    icon: str
    save: str
    address: str
    back: str
    groups: Sequence[FieldGroup] = ()
    told: str = ""
    """What the deed does, where it has no fields."""
    values: Sequence[ValueShown] = ()
    """What the deed is about, where it has no fields."""
    problems: Sequence[FindingShown] = ()
    confirm_wanted: bool = False
    confirm: bool = False
    was: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    key: str = ""
    asks: Asks = field(default_factory=Asks)
