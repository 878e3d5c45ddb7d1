"""The files of a dossier: the list with its upload, one file looked at, and taking one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kedang.web.pages.asks import Asks
from kedang.web.pages.customers import DossierHead
from kedang.web.pages.parts import FindingShown, Option, Pager, Tab


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file in the list. `look` is the address a look is sent to at once, empty where something is asked first."""

    number: int
    name: str
    address: str
    kind: str
    type: str
    size: str
    slot: str
    slot_address: str
    level: str
    who: str
    at_us: int
    look: str = ""
    remove: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class UploadBox:
    """The form with which files are brought."""

    address: str
    key: str
    kinds: Sequence[Option]
    slots: Sequence[Option]
    levels: Sequence[Option]
    limit_mb: int
    accept: str
    asks: Asks = field(default_factory=Asks)
    free_kind: str = ""
    """What was typed, where the regulation names no kinds."""


@dataclass(frozen=True, slots=True)
class FilesPage:
    """The tab of the files."""

    head: DossierHead
    tabs: Sequence[Tab]
    rows: Sequence[FileRow] = ()
    pager: Pager = field(default_factory=Pager)
    upload: UploadBox | None = None
    problems: Sequence[FindingShown] = ()
    only: str = ""
    """The record whose files alone are listed."""
    all_address: str = ""


@dataclass(frozen=True, slots=True)
class FilePage:
    """One file: what is known of it, how to see it, and its pages once it was asked for."""

    head: DossierHead
    tabs: Sequence[Tab]
    row: FileRow
    sha256: str
    back: str
    key: str
    asks: Asks = field(default_factory=Asks)
    problems: Sequence[FindingShown] = ()
    can_show: bool = False
    may_look: bool = False
    original: str = ""
    """The address where the original is asked for."""
    asks_original: bool = False
    pages: Sequence[str] = ()
    """Addresses of its pages, while they may be looked at."""
    until_us: int = 0
    download: str = ""
    cannot: str = ""


@dataclass(frozen=True, slots=True)
class RemovalPage:
    """Asking once more, and why, before a file is taken out."""

    head: DossierHead
    row: FileRow
    address: str
    back: str
    key: str
    asks: Asks
    problems: Sequence[FindingShown] = ()
