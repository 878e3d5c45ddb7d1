"""Papers that go with a request: evidence of the applicant, scans of stamped forms that signers attach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from kedang.files import storage
from kedang.files.models import Blob
from kedang.governance import calls
from kedang.governance.flows import selectors
from kedang.governance.models import Call
from kedang.governance.registry import operation_of
from kedang.kernel.actor import Actor
from kedang.kernel.errors import KedangError, NotVisible
from kedang.packs import version_named

FILE = "file:"


def names(refs: Iterable[str]) -> dict[str, str]:
    """What the stored files among some pieces of evidence were called, by reference."""
    keys = {ref: int(ref.removeprefix(FILE)) for ref in refs if ref.startswith(FILE) and ref[len(FILE) :].isdecimal()}
    found = Blob.objects.in_bulk(keys.values())
    return {ref: storage.name_of(found[key]) for ref, key in keys.items() if key in found}


def opened(by: Actor, call: Call, blob: int) -> tuple[str, BinaryIO]:
    """Name and content of a file that goes with a request, for whom the request concerns; else NotVisible."""
    ref = f"{FILE}{blob}"
    found = Blob.objects.filter(pk=blob).first()
    if found is None or ref not in _refs(call) or not selectors.is_concerned(by, call):
        raise NotVisible(f"call:{call.pk}")
    return storage.name_of(found), storage.open_(found)


def _refs(call: Call) -> set[str]:
    given = {ref for text in call.signatures.values_list("evidence", flat=True) for ref in text.split("\n")}
    if not call.payload_ct:
        return given
    try:
        stored = calls.open_payload(call, operation_of(version_named(call.pack_version), call.op))
    except (KedangError, KeyError):
        return given
    return given | set(stored.offered.evidence)
