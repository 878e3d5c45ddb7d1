"""Files that belong to answers: kept sealed while a form is filled in, and taken out again by who may see the row."""

from __future__ import annotations

from typing import BinaryIO

from kedang import ledger
from kedang.files import storage
from kedang.files.models import Blob
from kedang.governance.registers import forms, selectors
from kedang.governance.registers.models import Row
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.packs.schema import Pack


def keep(by: Actor, stream: BinaryIO, name: str) -> str:
    """Put a file away and return the token by which its form names it; raises `TooLarge`."""
    return storage.put(stream, name, by.id).token


def evidence(by: Actor, stream: BinaryIO, name: str) -> str:
    """Put a supporting document away and return its name as evidence; raises `TooLarge`."""
    return f"file:{storage.put(stream, name, by.id).pk}"


def evidence_name(by: Actor, text: str) -> str:
    """What to call a supporting document: a file this person brought by its name, anything else as it was written."""
    key = text.removeprefix("file:")
    blob = Blob.objects.filter(pk=key, by_ref=by.id).first() if key != text and key.isdecimal() else None
    return storage.name_of(blob) if blob else text


def own_name(by: Actor, token: str) -> str:
    """What a file this person brought was called; empty for another's or none."""
    blob = Blob.objects.filter(token=token, by_ref=by.id).first()
    return storage.name_of(blob) if blob else ""


def opened(pack: Pack, by: Actor, row: Row, token: str) -> tuple[str, BinaryIO]:
    """Name and content of a file that stands in a row this person may see; raises NotVisible, leaves a look."""
    behind = selectors.dossiers_of([row], by)
    hidden = row.subject.startswith("dossier:") and not behind
    items = forms.items_of(pack, row.register)
    named = {str(answer) for line in selectors.lines_of([row])[row.pk] for answer in forms.files_in(line, items)}
    blob = Blob.objects.filter(token=token).first() if token in named and not hidden else None
    if blob is None:
        raise NotVisible(f"file:{token}")
    if behind:
        ledger.look(by, "open", [dossier.pk for dossier in behind.values()], fields=["register.file"])
    return storage.name_of(blob), storage.open_(blob)
