"""The only way a file of a dossier becomes a shown one: its name, a page of it with a watermark, or the original.

Each call leaves one look. What lies in a file is shown only behind a `file.view` deed of the same person, which the
ledger is asked for: a door cannot make one up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson
from django.utils.translation import gettext

from kedang import ledger
from kedang.customers import opening
from kedang.customers.attachments import selectors, services
from kedang.customers.attachments.ops import VIEW
from kedang.customers.attachments.wording import slot_of
from kedang.customers.models import Attachment, Dossier
from kedang.files import showing, storage
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible, Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.packs.schema import Pack
from kedang.people.selectors import names_of

PAGE = 50
LISTED = "attachments"
MOST_PAGES = 100_000
PASSED = N_("The time to look has passed; ask again.")
TOUCHED = N_("The stored file was touched from outside; it is not handed out. Please tell the system officer.")
NOT_ASKED = N_("To see what is in the file, ask for it first.")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of a dossier as this person may see it in a list."""

    id: int
    name: str
    kind: str
    """What it is a copy of."""
    type: str
    """What its content is: pdf, jpeg, docx…"""
    size: int
    sha256: str
    slot: str
    level: str
    by: str
    by_name: str
    at_us: int
    can_show: bool
    """Whether it can be shown in a page, with a watermark."""
    original: bool
    """Whether originals of this classification are handed out at all."""
    gone: bool = False
    """What it held was destroyed; only its digest is known."""


@dataclass(frozen=True, slots=True)
class ShownFiles:
    """A page of files; `next` is what the next page is asked for with, 0 at the end."""

    files: tuple[ShownFile, ...]
    next: int = 0


@dataclass(frozen=True, slots=True)
class Granted:
    """A look that the regulation allowed: by which deed, until when, and whether the original is handed out."""

    call: int
    until_us: int
    original: bool


def listed(by: Actor, dossier: Dossier, *, slot: str | None = None, before: int = 0, limit: int = PAGE) -> ShownFiles:
    """A page of the files of a dossier, newest first, or of one record of it; one look for the page."""
    opening.require(by, dossier)
    rows = selectors.standing(by, dossier)
    found, following = selectors.page(rows if slot is None else rows.filter(slot=slot), before, limit)
    shown = _shown(dossier, found)
    ledger.look(by, "list", [dossier.pk], fields=[LISTED])
    return ShownFiles(tuple(shown), following)


def opened(by: Actor, dossier: Dossier, number: int) -> ShownFile:
    """What is known of one file, without what is in it; NotVisible for one this person may not know of."""
    opening.require(by, dossier)
    row = selectors.one(by, dossier, number)
    ledger.look(by, "open", [dossier.pk], fields=[slot_of(row.pk)])
    return _shown(dossier, [row])[0]


def granted(by: Actor, dossier: Dossier, number: int, call: int) -> Granted:
    """The deed that lets this person look; Refused(denied) without one, Refused(stale) once its time has passed."""
    deeds = ledger.entries_of(dossier.ref).filter(op=VIEW, outcome="done", actor_id=by.id, call_id=call)
    body = next((read for deed in deeds if (read := orjson.loads(bytes(deed.body))).get("file") == number), None)
    if body is None:
        raise Refused("denied", detail=NOT_ASKED)
    if clock.now_us() > body["until_us"]:
        raise Refused("stale", detail=PASSED)
    return _granted(call, body)


def pages(by: Actor, dossier: Dossier, number: int, call: int) -> int:
    """How many pages a file has that was asked for; Refused(invalid) where it cannot be shown."""
    return showing.pages_of(_allowed(by, dossier, number, call)[0].blob)


def page(by: Actor, dossier: Dossier, number: int, call: int, at: int) -> bytes:
    """One page as PNG; burnt into it who looks, when, and under which number."""
    row, seen = _allowed(by, dossier, number, call)
    if not 1 <= at <= MOST_PAGES:
        raise NotVisible(f"file:{dossier.code}/{number}")
    drawn = showing.page_of(row.blob, at, _mark(by, seen))
    ledger.look(by, "reveal", [dossier.pk], fields=[slot_of(row.pk)], call=call)
    return drawn


def original(by: Actor, dossier: Dossier, number: int, call: int) -> tuple[str, BinaryIO]:
    """Name and content of a file as it was brought, where the deed was for the original."""
    row, seen = _allowed(by, dossier, number, call)
    if not seen.original:
        raise Refused("denied", detail=services.NO_ORIGINAL)
    ledger.look(by, "reveal", [dossier.pk], fields=[slot_of(row.pk)], call=call)
    return storage.name_of(row.blob), storage.open_(row.blob)


def _allowed(by: Actor, dossier: Dossier, number: int, call: int) -> tuple[Attachment, Granted]:
    opening.require_clear(by, dossier)
    row = selectors.one(by, dossier, number)
    if not storage.is_there(row.blob):
        raise NotVisible(f"file:{dossier.code}/{number}")
    seen = granted(by, dossier, number, call)
    if not storage.verify(row.blob):
        raise Refused("state", detail=TOUCHED)
    return row, seen


def _granted(call: int, body: Mapping[str, Any]) -> Granted:
    return Granted(call, int(body["until_us"]), bool(body["original"]))


def _mark(by: Actor, seen: Granted) -> list[str]:
    """What is burnt in: the viewer, this minute, and the number of the look."""
    name = names_of({by.id}).get(by.id, by.id)
    at = clock.from_us(clock.now_us()).astimezone(clock.COMPANY_ZONE).strftime("%Y-%m-%d %H:%M")
    return [f"{name} {by.id}", at, gettext("Copy %(number)s") % {"number": seen.call}]


def _shown(dossier: Dossier, rows: list[Attachment]) -> list[ShownFile]:
    names, pack = names_of({row.by_ref for row in rows}), in_force()
    return [_one(dossier, row, names.get(row.by_ref, row.by_ref), pack) for row in rows]


def _one(dossier: Dossier, row: Attachment, by_name: str, pack: Pack) -> ShownFile:
    blob, level, there = row.blob, services.level_of(dossier, row, pack), storage.is_there(row.blob)
    return ShownFile(
        id=row.pk, name=storage.name_of(blob), kind=row.kind, type=blob.kind, size=blob.size, sha256=blob.sha256,
        slot=row.slot, level=Level(level).key, by=row.by_ref, by_name=by_name, at_us=row.created_us,
        can_show=there and showing.can_show(blob.kind), original=there and level <= pack.files.originals,
        gone=not there,
    )  # fmt: skip
