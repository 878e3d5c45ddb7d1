"""The writers of the files of a dossier; each receives a Deed from the gate and answers with an Outcome."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from kedang.customers import opening, states
from kedang.customers.attachments import selectors
from kedang.customers.attachments.payloads import AttachFile, DetachFile, ViewFile
from kedang.customers.attachments.wording import slot_of
from kedang.customers.models import Attachment, Dossier
from kedang.customers.steps import step
from kedang.files import showing, storage
from kedang.files.models import Blob
from kedang.kernel.deeds import Deed, Outcome
from kedang.kernel.errors import Refused
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level
from kedang.packs import in_force
from kedang.packs.schema import Pack

GONE = N_("The file is not here any more. Please bring it again.")
TWICE = N_("This very file is in the dossier already (number %(number)s). It was not stored a second time.")
NO_KIND = N_("The regulation names what a file may be a copy of; choose one of: %(kinds)s")
NO_HOLDER = N_("There is no such record in the dossier.")
ABOVE = N_("The classification is above your own clearance.")
BELOW = N_("A file cannot be classified lower than its dossier.")
NO_ORIGINAL = N_("At this classification originals are not handed out; the file can be seen with a watermark.")
NOT_SHOWN = N_("Files of this kind cannot be shown with a watermark; ask for the original.")
SHOWN_US = 15 * 60 * 1_000_000
"""So long a file can be looked at after it was asked for."""
SIGNED_US = 24 * 3600 * 1_000_000
"""So long where others signed for it: the applicant learns of it later."""
DESTROYED = N_("What this file held was destroyed.")


def attach_file(deed: Deed, dossier: Dossier, payload: AttachFile) -> Outcome:
    """Put a file that was brought into the dossier; the same file twice in one place is said, not stored twice."""
    states.require_open(dossier.filed_us)
    states.require_kept(dossier.removed_us)
    blob = selectors.brought(deed.actor.id, payload.token)
    if blob is None:
        raise Refused("invalid", missing=("file",), detail=GONE)
    _require_word(payload.kind)
    if payload.slot and not selectors.holds(dossier, payload.slot):
        raise Refused("invalid", missing=("slot",), detail=NO_HOLDER)
    row = Attachment.objects.create(
        dossier=dossier, slot=payload.slot, blob=_once(deed, dossier, payload, blob), kind=payload.kind,
        level=_level(deed, dossier, payload), by_ref=deed.actor.id, created_us=deed.at_us,
    )  # fmt: skip
    version = step(dossier, {slot_of(row.pk): [None, _said(row)]}, deed.at_us)
    return Outcome(
        result={"code": dossier.code, "file": row.pk, "sha256": row.blob.sha256, "type": row.blob.kind},
        body=_body(row) | {"version": dossier.version_no}, versions=(version,),
    )  # fmt: skip


def detach_file(deed: Deed, dossier: Dossier, payload: DetachFile) -> Outcome:
    """Take a file out; the versions know what it was, and its bytes stay."""
    states.require_open(dossier.filed_us)
    states.require_kept(dossier.removed_us)
    row = selectors.one(deed.actor, dossier, payload.file)
    row.removed_us = deed.at_us
    row.save(update_fields=["removed_us"])
    version = step(dossier, {slot_of(row.pk): [_said(row), None]}, deed.at_us)
    return Outcome(
        result={"code": dossier.code, "file": row.pk}, versions=(version,),
        body=_body(row) | {"version": dossier.version_no},
    )  # fmt: skip


def view_file(deed: Deed, dossier: Dossier, payload: ViewFile) -> Outcome:
    """Record that a file is shown or handed out; `present` fetches it afterwards, for this person and for a while."""
    opening.require_clear(deed.actor, dossier)
    row = selectors.one(deed.actor, dossier, payload.file)
    files = in_force().files
    if not storage.is_there(row.blob):
        raise Refused("state", detail=DESTROYED)
    if payload.original and level_of(dossier, row) > files.originals:
        raise Refused("denied", articles=(files.article,) if files.article else (), detail=NO_ORIGINAL)
    if not payload.original and not showing.can_show(row.blob.kind):
        raise Refused("invalid", detail=NOT_SHOWN)
    until = deed.at_us + (SIGNED_US if deed.signers else SHOWN_US)
    body = {"file": row.pk, "sha256": row.blob.sha256, "original": payload.original, "until_us": until}
    return Outcome(
        result={"code": dossier.code, "file": row.pk, "original": payload.original, "until_us": until},
        body=body | ({"purpose": payload.purpose} if payload.purpose else {}),
    )  # fmt: skip


def level_of(dossier: Dossier, row: Attachment, pack: Pack | None = None) -> int:
    """The classification that counts: the file's own where the regulation (default: the one in force) lets it lie
    lower, else the higher one."""
    return row.level if (pack or in_force()).files.lower else max(dossier.level, row.level)


def _once(deed: Deed, dossier: Dossier, payload: AttachFile, blob: Blob) -> Blob:
    """The stored file to point to: what is in the dossier elsewhere is not stored again."""
    there = selectors.same(deed.actor, dossier, blob.sha256)
    if there is None:
        return blob
    if there.slot == payload.slot:
        raise Refused("state", detail=gettext(TWICE) % {"number": there.pk})
    return there.blob


def _require_word(kind: str) -> None:
    kinds = in_force().files.kinds
    if kinds and kind not in kinds:
        raise Refused("invalid", missing=("kind",), detail=gettext(NO_KIND) % {"kinds": "、".join(kinds)})


def _level(deed: Deed, dossier: Dossier, payload: AttachFile) -> int:
    level = wanted_level(dossier, payload)
    if level > deed.actor.clearance:
        raise Refused("denied", detail=ABOVE)
    if level < dossier.level and not in_force().files.lower:
        raise Refused("invalid", missing=("level",), detail=BELOW)
    return level


def wanted_level(dossier: Dossier, payload: AttachFile) -> int:
    """The classification asked for; that of the dossier where none is. Refused(invalid) for a word that is none."""
    if not payload.level:
        return dossier.level
    try:
        return int(Level.of(payload.level))
    except KeyError:
        raise Refused("invalid", missing=("level",)) from None


def _said(row: Attachment) -> dict[str, Any]:
    """What a version keeps of a file; no name."""
    return {
        "kind": row.kind, "type": row.blob.kind, "sha256": row.blob.sha256, "size": row.blob.size, "slot": row.slot,
        "level": Level(row.level).key,
    }  # fmt: skip


def _body(row: Attachment) -> dict[str, Any]:
    return {"file": row.pk} | _said(row)
