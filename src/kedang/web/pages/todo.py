"""The pages of what there is to do, and of notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kedang.governance.flows.present import ShownRequest
from kedang.governance.todo import Item
from kedang.messages.present import ShownAddress, ShownNotice
from kedang.web.pages.parts import FindingShown, Pager
from kedang.web.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that leads to its list."""

    label: str
    value: int
    address: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter of the list: a kind of thing and how many there are."""

    label: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """Requests of one operation that may be signed in one go."""

    title: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class TodoPage:
    """What waits for the person, then what they wait for, then numbers."""

    items: Sequence[Item]
    asked: Sequence[Item]
    total: int
    chips: Sequence[Chip]
    stacks: Sequence[Stack]
    tiles: Sequence[Tile]
    may_open: bool = False
    may_import: bool = False


@dataclass(frozen=True, slots=True)
class SignedShown:
    """What came of one of several signatures."""

    call: int
    subject: str
    state: str
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class TogetherPage:
    """Requests of one operation, each with its difference; or what came of signing them."""

    title: str
    requests: Sequence[ShownRequest] = ()
    signed: Sequence[SignedShown] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Of customers this person may see, by subject."""
    more: int = 0
    wrong: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """One's notices, newest first."""

    rows: Sequence[ShownNotice]
    pager: Pager


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    """Where one wants notices sent."""

    channels: Sequence[ShownAddress]
    wrong: Sequence[FindingShown] = ()
    wrong_channel: str = ""
