"""Papers that go with a request: evidence of the applicant, scans of stamped forms that signers attach."""

from __future__ import annotations

import re
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
_REF = re.compile(r"file:[1-9]\d{0,17}", re.ASCII)


def names(call: Call, refs: Iterable[str]) -> dict[str, str]:
    """What the stored files among some pieces of evidence were called, by reference; nobody's but the giver's own."""
    keys = {ref: int(ref.removeprefix(FILE)) for ref in refs if _REF.fullmatch(ref)}
    if not keys:
        return {}
    found, given = Blob.objects.in_bulk(keys.values()), _given(call)
    return {
        ref: storage.name_of(found[key])
        for ref, key in keys.items()
        if key in found and (ref, found[key].by_ref) in given
    }


def opened(by: Actor, call: Call, blob: int) -> tuple[str, BinaryIO]:
    """Name and content of a file that goes with a request, for whom the request concerns; else NotVisible.

    Evidence is a text anybody may type, and files are numbered: only who brought a file gives it to be read.
    """
    ref = f"{FILE}{blob}"
    found = Blob.objects.filter(pk=blob).first() if _REF.fullmatch(ref) else None
    if found is None or (ref, found.by_ref) not in _given(call) or not selectors.is_concerned(by, call):
        raise NotVisible(f"call:{call.pk}")
    return storage.name_of(found), storage.open_(found)


def _given(call: Call) -> set[tuple[str, str]]:
    """Pieces of evidence, each with who gave it."""
    signed = call.signatures.values_list("evidence", "signer_ref")
    given = {(ref, signer) for text, signer in signed for ref in text.split("\n")}
    if not call.payload_ct:
        return given
    try:
        stored = calls.open_payload(call, operation_of(version_named(call.pack_version), call.op))
    except (KedangError, KeyError):
        return given
    return given | {(ref, call.actor_ref) for ref in stored.offered.evidence}
