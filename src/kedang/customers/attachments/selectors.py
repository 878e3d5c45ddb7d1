"""Which files stand in a dossier, up to a person's clearance, newest first, never all at once."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from kedang.customers.models import Attachment, Contact, Dossier, Record
from kedang.customers.modules import MODULES
from kedang.files.models import Blob
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible

_NAME = re.compile(r"[a-z]{1,16}#[1-9]\d{0,17}")
OFFERED = 30
PURPOSE = "attachment"
"""What the stored files of dossiers are brought for (`Blob.purpose`)."""


def standing(by: Actor, dossier: Dossier) -> QuerySet[Attachment]:
    """Files that were not taken out and that this person is cleared for."""
    return Attachment.objects.filter(dossier=dossier, removed_us=0, level__lte=by.clearance).order_by("-id")


def page(rows: QuerySet[Attachment], before: int, limit: int) -> tuple[list[Attachment], int]:
    """One page of them, and the number to ask on with; 0 at the end."""
    rows = rows.select_related("blob")
    found = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else 0


def one(by: Actor, dossier: Dossier, number: int) -> Attachment:
    """A standing file by its number; NotVisible for one that is not there or above this person's clearance."""
    row = standing(by, dossier).select_related("blob").filter(pk=number).first()
    if row is None:
        raise NotVisible(f"file:{dossier.code}/{number}")
    return row


def same(by: Actor, dossier: Dossier, sha256: str) -> Attachment | None:
    """A file of the same content that stands in the dossier already, where this person may know of it."""
    return standing(by, dossier).select_related("blob").filter(blob__sha256=sha256).first()


def brought(by: str, token: str) -> Blob | None:
    """A stored file this person brought for a dossier and that is in none yet."""
    blob = Blob.objects.filter(token=token, by_ref=by, purpose=PURPOSE).first()
    return None if blob is None or Attachment.objects.filter(blob=blob).exists() else blob


def holds(dossier: Dossier, slot: str) -> bool:
    """Whether a record or contact of this name stands in the dossier."""
    module, _, number = slot.partition("#")
    if module == "contact":
        return Contact.objects.filter(dossier=dossier, pk=int(number), removed_us=0).exists()
    found = Record.objects.filter(dossier=dossier, module=module, no=int(number), removed_us=0)
    return module in MODULES and found.exists()


def is_name(text: str) -> bool:
    """Whether a text is the name of a record or contact, such as `contract#3`."""
    return _NAME.fullmatch(text) is not None


def places(dossier: Dossier) -> list[str]:
    """Contacts and the latest records, as what a file may belong to."""
    contacts = Contact.objects.filter(dossier=dossier, removed_us=0).order_by("-is_main", "id")[:OFFERED]
    records = Record.objects.filter(dossier=dossier, removed_us=0).order_by("-day", "-id")[:OFFERED]
    return [f"contact#{each.pk}" for each in contacts] + [each.slot for each in records]


def orphans(older_than_us: int) -> QuerySet[Blob]:
    """Files that were brought for a dossier and never came into one."""
    used = Attachment.objects.values("blob_id")
    return Blob.objects.filter(purpose=PURPOSE, created_us__lt=older_than_us).exclude(pk__in=used)


def stored(token: str) -> Blob | None:
    """A file brought for a dossier by its token, whoever brought it."""
    return Blob.objects.filter(token=token, purpose=PURPOSE).first()
