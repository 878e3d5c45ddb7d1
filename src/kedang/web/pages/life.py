"""A dossier over time: an earlier day, the history of a value, deeds that ask once, the recycle bin, a handover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kedang.web.pages.asks import Asks
from kedang.web.pages.customers import Change, DossierHead
from kedang.web.pages.parts import FieldGroup, FindingShown, Pager, Tab


@dataclass(frozen=True, slots=True)
class PastLine:
    """A value as it was, and as it is today; `history` is the address of its own history."""

    label: str
    was: str
    now: str
    differs: bool
    history: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class PastSection:
    """A card of values, or one contact or record."""

    title: str
    icon: str
    lines: Sequence[PastLine]
    note: str = ""
    """What became of it since: removed, or not yet there."""


@dataclass(frozen=True, slots=True)
class PastPage:
    """The dossier at the end of a day."""

    head: DossierHead
    tabs: Sequence[Tab]
    on: str
    today: str
    first: str
    """The day the dossier was opened: no earlier one can be asked for."""
    address: str
    problem: str = ""
    version: int = 0
    facts: Sequence[PastLine] = ()
    sections: Sequence[PastSection] = ()
    contacts: Sequence[PastSection] = ()
    records: Sequence[PastSection] = ()
    records_same: int = 0
    records_later: int = 0
    differences: int = 0
    restore: str = ""
    """The address that puts back everything that differs; empty where this person may not."""
    in_bin: bool = False


@dataclass(frozen=True, slots=True)
class StepLine:
    """One change of one value."""

    at_us: int
    title: str
    who: str
    why: str
    signers: str
    request: str
    before: str
    after: str
    version: int
    current: bool
    restore: str = ""


@dataclass(frozen=True, slots=True)
class ValuePage:
    """The history of one value, newest first."""

    head: DossierHead
    tabs: Sequence[Tab]
    label: str
    now: str
    lines: Sequence[StepLine]
    pager: Pager
    fields: Sequence[tuple[str, str, bool]] = ()
    """Other values: key, title, whether it is this one."""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Hurdle:
    """What keeps a step from being done, in words, and where to do something about it."""

    what: str
    address: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that may be taken, with what keeps it from being done."""

    value: str
    title: str
    hurdles: Sequence[Hurdle] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class DeedPage:
    """A deed on a dossier that asks once more: what it does, what it needs, what keeps it from being done."""

    head: DossierHead | None
    title: str
    icon: str
    button: str
    address: str
    back: str
    said: Sequence[str] = ()
    changes: Sequence[Change] = ()
    hurdles: Sequence[Hurdle] = ()
    choices: Sequence[Choice] = ()
    groups: Sequence[FieldGroup] = ()
    hidden: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Sequence[FindingShown] = ()
    confirm_wanted: bool = False
    key: str = ""
    asks: Asks = field(default_factory=Asks)
    blocked: bool = False
    """Nothing can be done here now."""


@dataclass(frozen=True, slots=True)
class BinLine:
    """A dossier in the recycle bin: who put it there, when and why."""

    code: str
    name: str
    kind: str
    unit: str
    owner: str
    removed_us: int
    who: str
    why: str
    recover: str


@dataclass(frozen=True, slots=True)
class BinPage:
    """What lies in the recycle bin for this person."""

    rows: Sequence[BinLine]
    pager: Pager


@dataclass(frozen=True, slots=True)
class HandingPage:
    """How far a handover of many dossiers has come, and what became of it."""

    state: str
    phase: str
    done: int
    total: int
    handed: int
    same: int
    unknown: int
    stays: Sequence[tuple[str, str]]
    left: int
    address: str
    running: bool
    problem: str = ""
