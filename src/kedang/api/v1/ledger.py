"""The ledger: its entries, its head, and whether it is whole."""

from __future__ import annotations

import orjson
from django.http import HttpRequest
from ninja import Query, Router

from kedang import ledger
from kedang.api import cursors, schemas
from kedang.api.doing import do, known_only, require_reads
from kedang.governance.heads import newest_head
from kedang.governance.ops import ReadEvidence
from kedang.kernel import clock
from kedang.ledger import selectors
from kedang.ledger.models import Entry

router = Router(tags=["ledger"])


@router.get("/entries", response=schemas.EntryPage, url_name="ledger_entries")
def entries(request: HttpRequest, asked: Query[schemas.EntryFilter]) -> schemas.EntryPage:
    """Entries, newest first; for the auditor."""
    known_only(request.GET, schemas.EntryFilter)
    require_reads(request, "ledger", "ledger.export")
    found = selectors.page(
        after=cursors.number_of(asked.cursor), limit=asked.limit, actor=asked.actor, op=asked.op,
        subject=asked.subject, outcome=asked.outcome,
    )  # fmt: skip
    full = len(found) == asked.limit
    return schemas.EntryPage(
        items=[_entry(each) for each in found], cursor=cursors.word_of(found[-1].id) if full else None
    )


@router.post("/verify", response=schemas.Verdict, url_name="ledger_verify")
def verify(request: HttpRequest) -> schemas.Verdict:
    """Check every row, block and head."""
    do(request, "ledger.verify", "-", ReadEvidence())
    found = ledger.verify()
    return schemas.Verdict(
        ok=found.ok, entries=found.entries, blocks=found.blocks, head=found.head, first_bad=found.first_bad,
        problems=list(found.problems),
    )  # fmt: skip


@router.get("/head", response=schemas.Head, url_name="ledger_head")
def head(request: HttpRequest) -> schemas.Head:
    """The newest sealed head."""
    found = newest_head()
    if found is None:
        return schemas.Head(blocks=0, entries=0, head="", sealed=None)
    return schemas.Head(
        blocks=found.no, entries=found.first + found.count, head=found.hash32().hex(),
        sealed=clock.from_us(found.sealed_at_us).isoformat(),
    )  # fmt: skip


def _entry(entry: Entry) -> schemas.Entry:
    return schemas.Entry(
        id=entry.id, at=clock.from_us(entry.at_us).isoformat(), op=entry.op, outcome=entry.outcome,
        actor=entry.actor_id, credential=entry.credential, subject=entry.subject_ref, rows=entry.n_rows,
        pack=entry.pack_version, body=orjson.loads(entry.body),
    )  # fmt: skip
