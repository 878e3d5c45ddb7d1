"""Why and how data may be used, kept, shown, sent, copied and destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from kedang.kernel.levels import Level
from kedang.packs.parties import Party
from kedang.packs.times import Span, TimeRange
from kedang.packs.vocabulary import (
    Count,
    DeedRef,
    FieldRef,
    Flag,
    FormRef,
    KindRef,
    LevelKey,
    Model,
    Name,
    Percent,
    Prose,
    PurposeRef,
    Range,
    Sensitivity,
    Tagged,
    Word,
)

Basis = Literal["consent", "contract", "legal_duty", "emergency", "public_interest", "public_information"]
"""Legal bases (个人信息保护法第十三条)."""


class Purpose(Tagged):
    """What data is used for, and on what legal basis."""

    title: Word
    basis: Basis = "contract"
    separate_consent: Flag = False
    marketing: Flag = False
    notice: Prose | None = None
    """What the person is told."""
    assessment: Flag = False
    """An impact assessment is on file (第五十五条)."""


class Source(Tagged):
    """A lawful way by which data comes in (采集渠道)."""

    title: Word
    basis: Basis = "contract"
    form: FormRef | None = None
    """The form that belongs to this way."""
    document: Flag = False
    """A source document goes with the data."""
    partner: Flag = False
    """Comes from a third party, which has to be named."""


class Provenance(Tagged):
    """Where values come from, and which must say so. Kept only where `available` says so."""

    sources: Mapping[Name, Source] = Field(min_length=1)
    required_for: frozenset[FieldRef] = frozenset()
    """Fields that get no value without its source and the day it was learned."""
    evidence_for: frozenset[FieldRef] = frozenset()
    """Fields whose value changes only with a supporting document."""
    verified: frozenset[FieldRef] = frozenset()
    """Fields compared with an original or an official source before the dossier is filed."""
    available: Flag = False

    def source_of(self, text: str) -> str:
        """The source that a text names, by its code or its title; empty where none is meant."""
        word = text.strip()
        if word in self.sources:
            return word
        return next((name for name, source in self.sources.items() if source.title == word), "")


class Files(Tagged):
    """Files in a dossier (附件): what they are copies of, how large they may be, and who is handed an original."""

    kinds: tuple[Word, ...] = ()
    """The only words for what a file is a copy of; empty: any."""
    most_mb: Annotated[int, Field(strict=True, ge=1, le=2048)] = 32
    lower: Flag = False
    """A file may be classified lower than its dossier."""
    originals: LevelKey = Level.INTERNAL
    """Up to this classification originals are handed out; what lies above is only shown, with a watermark."""


class Channel(Tagged):
    """A way by which something is said or sent (电话、短信、加密邮件), and what may go by it."""

    title: Word
    direction: Literal["in", "out", "both"] = "both"
    most: Sensitivity = "internal"
    """The most sensitive fields that may go out by it."""
    level: LevelKey | None = None
    """The highest classification that may go out by it."""
    encrypted: Flag = False
    window: TimeRange | None = None
    """Only in this part of the day."""
    purposes: frozenset[PurposeRef] = frozenset()
    """Only for these purposes; empty: for any."""


class Copies(Tagged):
    """Copies that leave (外发件): numbered, marked, limited."""

    numbered: Flag = True
    watermark: Flag = True
    receipt: Flag = False
    """The recipient confirms, and later returns or destroys."""
    markings: frozenset[Literal["list", "label", "export", "page", "remarks"]] = frozenset()
    available: Flag = False


class Quota(Tagged):
    """How much of something one person, unit or the company may do in a period."""

    title: Word
    operations: frozenset[DeedRef] = Field(min_length=1)
    counts: Literal["deeds", "rows"] = "deeds"
    most: Count
    per: Literal["staff", "unit", "company", "dossier"] = "staff"
    """`dossier`: for each customer, whoever does it."""
    over: Literal["day", "week", "month", "year"] = "day"


class Sharing(Tagged):
    """How far colleagues share (C7): the posture, and what a share must carry."""

    posture: Literal["encouraged", "on_request", "closed"] = "on_request"
    longest: Span | None = None
    masked: Flag = True
    available: Flag = False


class Outsiders(Tagged):
    """Readers from outside (C13)."""

    admitted: Flag = False
    documents: frozenset[Word] = frozenset()
    escort: Flag = True
    form: FormRef | None = None
    available: Flag = False


class Retention(Tagged):
    """How long something is kept, from when, and what happens then."""

    title: Word
    of: Literal["dossier", "row", "file", "credit", "message", "look"] = "dossier"
    kinds: frozenset[KindRef] = frozenset()
    trigger: Literal["closed", "filed", "lapsed", "end_of_contract", "created"] = "closed"
    years: Count = 0
    months: Count = 0
    permanent: Flag = False
    then: Literal["review", "destroy", "keep"] = "review"
    methods: frozenset[Word] = frozenset()
    """Ways of destruction; sale as waste is not one of them."""
    witnesses: Count = 0
    available: Flag = False


class Medium(Model):
    """A medium and how long it lasts."""

    title: Word
    years: Count = 0
    refresh_years: Count = 0


class Climate(Model):
    """What the air of a repository has to be."""

    temperature: tuple[int, int] = (14, 24)
    humidity: tuple[Percent, Percent] = (45, 60)


class Custody(Tagged):
    """The words of the repository: media, inks, places, air, couriers (DA/T 22)."""

    media: Mapping[Name, Medium] = Field(default_factory=dict)
    inks: Mapping[Name, Word] = Field(default_factory=dict)
    inks_refused: Mapping[Name, Word] = Field(default_factory=dict)
    places: tuple[Word, ...] = ()
    """From the outside in: 库房、架、层、盒."""
    apart: frozenset[LevelKey] = frozenset()
    """Levels kept apart under a custodian of their own."""
    climate: Climate | None = None
    couriers: Flag = False
    """Only listed people carry things about."""
    loans: Literal["none", "on_site", "take_out"] = "on_site"
    """C1: whether filed things may leave the reading room."""
    available: Flag = False


class Document(Model):
    """The regulation itself as a controlled document: who approves it and tells whom."""

    approver: Party | None = None
    readers: Flag = False
    """Everybody confirms having read it."""


PathPattern = Annotated[str, Field(pattern=r"^[a-z_]+(\.(\*|[a-z0-9_]+))*$", max_length=160)]
"""A value of the pack by its keys, `clocks.entry.within.days`; `*` is any one key."""


class Overlays(Tagged):
    """Which values a branch may set for itself (统一管理、分级负责); all others are the company's.

    What can be delegated at all is a closed list (`delegation.DELEGABLE`). Who may set them, and with whose
    signature, stands with the operation `pack.overlay`.
    """

    delegated: tuple[PathPattern, ...] = ()
    limits: Mapping[PathPattern, Range] = Field(default_factory=dict)
    """How far a branch may go, for delegated values that are numbers."""
    available: Flag = False
