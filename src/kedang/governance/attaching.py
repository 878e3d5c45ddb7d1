"""Bringing a file into a dossier, for every door: looked into, scanned, sealed, and only then asked of the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext

from kedang.customers.attachments.ops import ATTACH, attach_facts, claim_of
from kedang.customers.attachments.payloads import AttachFile
from kedang.customers.attachments.selectors import PURPOSE, orphans
from kedang.customers.models import Attachment
from kedang.customers.selectors import dossier_by_code
from kedang.files import contents, storage
from kedang.files.contents import Content
from kedang.files.models import Blob
from kedang.files.storage import TooLarge
from kedang.governance import gate
from kedang.governance.facts import enriched
from kedang.governance.models import Call, Claim
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible, Refused
from kedang.packs import in_force
from kedang.packs.decide import Given, decide
from kedang.packs.schema import Pack

NOBODYS = "0" * 32
"""Stands for the token of a file that was not stored yet."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person says of the file, and what goes with the request, as `gate.perform` takes it."""

    kind: str = ""
    slot: str = ""
    level: str = ""
    given: dict[str, Any] = field(default_factory=dict)

    def payload(self, token: str) -> AttachFile:
        """As the operation takes it; raises pydantic's ValidationError."""
        return AttachFile(token=token, kind=self.kind, slot=self.slot, level=self.level)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was attached, or whose request waits for signatures, and what is odd about it."""

    call: Call
    warnings: tuple[str, ...] = ()


def attach(by: Actor, subject: str, stream: BinaryIO, name: str, wishes: Wishes, *, key: str | None = None) -> Brought:
    """Bring a seekable stream into a dossier. Whatever refuses it, nothing of the file stays behind.

    With `key`, the same file sent again by the same person is the same request. Raises Refused and NotVisible,
    each on record.
    """
    pack = in_force()
    try:
        _require_allowed(pack, by, subject, wishes)
        content = contents.examine(stream, name, keep_active=settings.UPLOAD_ACTIVE == "keep")
        blob = _stored(pack, by, stream, name, content)
    except (Refused, NotVisible) as no:
        gate.refused(ATTACH, by, subject, no, pack)
        raise
    try:
        token = _sent_before(by, blob, name, key) or blob.token
        call = gate.perform(ATTACH, by=by, subject=subject, payload=wishes.payload(token), key=key, **wishes.given)
    except Exception:
        storage.remove(blob)
        raise
    if token != blob.token or not _is_used(blob):
        storage.remove(blob)
    return Brought(call, content.warnings)


def most_mb(pack: Pack) -> int:
    """How large a file of a dossier may be: what the regulation says, and no more than the site takes in."""
    return min(pack.files.most_mb, settings.UPLOAD_MAX_MB)


def clear_away(before_us: int) -> int:
    """Destroy files that were brought for a dossier before an instant and came into none; return how many.

    One that an open request waits for is kept.
    """
    gone = 0
    for blob in orphans(before_us):
        if not Claim.objects.filter(name=claim_of(blob.token)).exists():
            storage.remove(blob)
            gone += 1
    return gone


def _require_allowed(pack: Pack, by: Actor, subject: str, wishes: Wishes) -> None:
    """Who may attach nothing there is told so before anything is read or stored."""
    kind, _, code = subject.rpartition(":")
    if kind != "dossier":
        raise NotVisible(subject)
    facts = attach_facts(by, dossier_by_code(by, code), wishes.payload(NOBODYS))
    said = decide(pack, ATTACH, by, enriched(pack, ATTACH, by, facts), Given())
    if not said.allow:
        raise Refused("denied", articles=said.articles, detail=said.detail)


def _stored(pack: Pack, by: Actor, stream: BinaryIO, name: str, content: Content) -> Blob:
    try:
        return storage.put(
            stream, name, by.id, limit_mb=most_mb(pack), kind=content.kind.value, purpose=PURPOSE
        )  # fmt: skip
    except TooLarge as large:
        raise Refused("invalid", missing=("file",), detail=gettext(large.sentence) % large.params) from None


def _sent_before(by: Actor, blob: Blob, name: str, key: str | None) -> str:
    """The token of the same bytes under the same name, where a call of this key brought them already."""
    if not key or not Call.objects.filter(actor_ref=by.id, key=key).exists():
        return ""
    earlier = Blob.objects.filter(by_ref=by.id, sha256=blob.sha256, purpose=PURPOSE, pk__lt=blob.pk).order_by("pk")
    return next((each.token for each in earlier if storage.name_of(each) == name), "")


def _is_used(blob: Blob) -> bool:
    """Whether a dossier holds it, or an open request waits with it."""
    return Attachment.objects.filter(blob=blob).exists() or Claim.objects.filter(name=claim_of(blob.token)).exists()
