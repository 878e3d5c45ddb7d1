"""The operations on the files of a dossier. Their subject is the dossier, so its history tells of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kedang.customers.attachments import selectors, services
from kedang.customers.attachments.payloads import AttachFile, DetachFile, ViewFile
from kedang.customers.models import Attachment, Dossier
from kedang.customers.ops import facts_of
from kedang.customers.selectors import by_subject
from kedang.files import storage
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Facts, Line, Operation
from kedang.kernel.i18n import N_
from kedang.kernel.levels import Level

ATTACH, DETACH, VIEW = "file.attach", "file.detach", "file.view"
ORIGINAL, SCREEN = "original", "screen"
"""The channel of a view, which a regulation may test: the file as it is, or shown with a watermark."""


def attach_facts(by: Actor, dossier: Dossier, payload: AttachFile) -> Facts:
    """Judged by the higher classification of dossier and file."""
    level = max(dossier.level, services.wanted_level(dossier, payload))
    return replace(facts_of(by, dossier), level=level, module=_module(payload.slot))


def _detach_facts(by: Actor, dossier: Dossier, payload: DetachFile) -> Facts:
    row = selectors.one(by, dossier, payload.file)
    return replace(facts_of(by, dossier), level=services.level_of(dossier, row), module=_module(row.slot))


def _view_facts(by: Actor, dossier: Dossier, payload: ViewFile) -> Facts:
    """What lies in a file is in clear: a grant opens it only where it lets its holder reveal too."""
    row = selectors.one(by, dossier, payload.file)
    facts = facts_of(by, dossier, channel=ORIGINAL if payload.original else SCREEN)
    rel = facts.rel | {"in_scope"} if dossier.pk in by.granted_clear else facts.rel
    level = services.level_of(dossier, row)
    return replace(facts, level=level, module=_module(row.slot), purpose=payload.purpose, rel=rel)


def _module(slot: str) -> str:
    return slot.partition("#")[0]


def _attach_lines(by: Actor, dossier: Dossier, payload: AttachFile) -> list[Line]:
    """What would be attached; the signer is told by digest which file it is."""
    row = Attachment.objects.filter(blob__token=payload.token).select_related("blob").first()
    blob = row.blob if row else selectors.stored(payload.token)
    level = Level(services.wanted_level(dossier, payload)).key
    lines = [Line(N_("Copy of"), after=payload.kind)] if payload.kind else []
    lines += [Line(N_("File"), after=storage.name_of(blob)), Line("SHA-256", after=blob.sha256)] if blob else []
    return [*lines, Line(N_("Classification"), after=level, field="level")]


def _detach_lines(by: Actor, dossier: Dossier, payload: DetachFile) -> list[Line]:
    row = selectors.one(by, dossier, payload.file)
    return [Line(N_("File"), before=storage.name_of(row.blob)), Line("SHA-256", before=row.blob.sha256)]


def _view_lines(by: Actor, dossier: Dossier, payload: ViewFile) -> list[Line]:
    row = selectors.one(by, dossier, payload.file)
    return [Line(N_("File"), after=storage.name_of(row.blob))]


def _attach_claims(dossier: Dossier, payload: AttachFile) -> set[str]:
    """While a request on it is open the file is kept; see `governance.attaching.clear_away`."""
    return {claim_of(payload.token)}


def claim_of(token: str) -> str:
    """The name under which an open request holds a file that is not in a dossier yet."""
    return f"file:{token}"


def _detach_claims(dossier: Dossier, payload: DetachFile) -> set[str]:
    return {f"attachment:{payload.file}"}


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        ATTACH, N_("Attach a file"), AttachFile, by_subject, attach_facts, services.attach_file, claims=_attach_claims,
        show=_attach_lines,
    ),
    Operation(
        DETACH, N_("Take a file out"), DetachFile, by_subject,
        _detach_facts, services.detach_file, claims=_detach_claims,
        show=_detach_lines,
    ),
    Operation(VIEW, N_("Look at a file"), ViewFile, by_subject, _view_facts, services.view_file, show=_view_lines),
)  # fmt: skip
