"""Destroying what files of a person hold, when that person is erased (个人信息保护法第四十七条)."""

from __future__ import annotations

from kedang.customers.models import Attachment
from kedang.files import storage


def shred(dossier_id: int, slot: str | None = None) -> int:
    """Destroy the bytes and names of the files of a dossier, or of one contact of it (`contact#7`), those taken out
    too; return how many. That they were there, and their digests, stay known. A file that stands elsewhere in the
    dossier as well is kept. Called by the deed that erases.
    """
    rows = Attachment.objects.filter(dossier_id=dossier_id).select_related("blob")
    kept = (
        set() if slot is None else set(rows.exclude(slot=slot).filter(removed_us=0).values_list("blob_id", flat=True))
    )
    blobs = {row.blob_id: row.blob for row in (rows if slot is None else rows.filter(slot=slot))}
    gone = [blob for number, blob in blobs.items() if number not in kept and storage.is_there(blob)]
    for blob in gone:
        storage.shred(blob)
    return len(gone)
