"""The ledger page: what was done by whom, whether it is whole, and its proof to take away."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from kedang import ledger
from kedang.customers.slots import dossier_code
from kedang.governance import registry
from kedang.governance.gate import perform
from kedang.governance.ops import ReadEvidence
from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.errors import NotVisible
from kedang.kernel.i18n import N_
from kedang.ledger import selectors
from kedang.packs import in_force
from kedang.people.selectors import names_of
from kedang.web import deeds
from kedang.web.asking import Asking, is_partial
from kedang.web.environment import query
from kedang.web.pages.ledger import EntryRow, LedgerPage, VerdictShown
from kedang.web.pages.parts import Filter, Option, Pager
from kedang.web.routes import touches_customer

PAGE = 50
EVENTS = {
    "people.sign_in": N_("Sign in"),
    "people.sign_in_failed": N_("Sign-in failed"),
    "people.sign_out": N_("Sign out"),
    "people.locked_out": N_("Locked out"),
    "site.found": N_("Found the site"),
}
OUTCOMES = {"done": N_("Done"), "refused": N_("Refused")}


@touches_customer(reads="ledger")
@require_safe
def entries(request: Asking) -> HttpResponse:
    """Entries, newest first, narrowed by deed, outcome or subject."""
    _require_reader(request.actor)
    return _show(request, None)


@touches_customer(reads="ledger", op="ledger.verify")
@require_POST
def verify(request: Asking) -> HttpResponse:
    """Hash everything again from its stored bytes and say what was found."""
    _require_reader(request.actor)
    perform("ledger.verify", by=request.actor, subject="-", payload=ReadEvidence())
    verdict = _verdict()
    if is_partial(request):
        return render(request, "ledger/_verdict.html", {"verdict": verdict})
    return _show(request, verdict)


@touches_customer(reads="ledger", op="ledger.export")
@require_POST
def export(request: Asking) -> FileResponse:
    """The proof file of the whole ledger, to be checked without the database."""
    _require_reader(request.actor)
    perform("ledger.export", by=request.actor, subject="-", payload=ReadEvidence())
    name = f"kedang-ledger-{clock.company_day(clock.now_us()).isoformat()}.kdproof"
    with TemporaryDirectory(prefix="kedang-proof-") as folder:
        ledger.export(Path(folder) / name)
        # The open file outlives its folder and is closed by the response.
        return FileResponse((Path(folder) / name).open("rb"), as_attachment=True, filename=name)


def _require_reader(by: Actor) -> None:
    """Who may not read the ledger does not learn that there is a page."""
    if "ledger" not in by.reads:
        raise NotVisible("ledger")


def _show(request: Asking, verdict: VerdictShown | None) -> HttpResponse:
    asked = request.GET
    found = selectors.page(
        after=_number(asked.get("after", "")),
        limit=PAGE + 1,
        op=asked.get("op", ""),
        subject=asked.get("subject", "").strip(),
        outcome=asked.get("outcome", ""),
    )
    shown = found[:PAGE]
    page = LedgerPage(
        rows=_rows(request.actor, shown),
        filters=_filters(request),
        verdict=verdict,
        pager=Pager(
            before=query(request) if asked.get("after") else "",
            after=query(request, after=shown[-1].pk) if len(found) > PAGE else "",
        ),
        may_export=deeds.may(request.actor, "ledger.export", deeds.SITE),
    )
    return render(request, "ledger/_rows.html" if is_partial(request) else "ledger/list.html", {"page": page})


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _rows(by: Actor, found: Sequence[Any]) -> list[EntryRow]:
    blocks = ledger.blocks_of([entry.pk for entry in found])
    names = names_of({entry.actor_id for entry in found})
    return [_row(by, entry, blocks.get(entry.pk), names) for entry in found]


def _row(by: Actor, entry: Any, block: int | None, names: dict[str, str]) -> EntryRow:
    body = orjson.loads(bytes(entry.body))
    return EntryRow(
        number=entry.pk,
        at_us=entry.at_us,
        op=entry.op,
        title=title_of(entry.op),
        who=names.get(entry.actor_id, entry.actor_id),
        credential=entry.credential,
        subject=entry.subject_ref,
        subject_address=_address(by, entry.subject_ref),
        rows=entry.n_rows,
        pack=entry.pack_version,
        block=block,
        refused=entry.outcome != "done",
        articles=body.get("articles", ()) if entry.outcome != "done" else (),
    )


def title_of(op: str) -> str:
    """What an operation or event is called; its name when this edition does not know it."""
    title = OPERATIONS[op].title if op in OPERATIONS else EVENTS.get(op, "")
    return gettext(title or registry.title_of(in_force(), op))


def _address(by: Actor, subject: str) -> str:
    code = dossier_code(subject)
    return reverse("customer", kwargs={"code": code}) if code and "dossier" in by.reads else ""


def _filters(request: HttpRequest) -> list[Filter]:
    op, outcome = request.GET.get("op", ""), request.GET.get("outcome", "")
    names = sorted({*OPERATIONS, *EVENTS, *in_force().operations})
    return [
        Filter("op", gettext("Deed"), [Option(name, title_of(name), name == op) for name in names]),
        Filter("outcome", gettext("Outcome"), [Option(key, gettext(t), key == outcome) for key, t in OUTCOMES.items()]),
    ]


def _verdict() -> VerdictShown:
    began = time.monotonic()
    found = ledger.verify()
    return VerdictShown(
        ok=found.ok,
        entries=found.entries,
        blocks=found.blocks,
        head=found.head,
        looks=found.looks,
        first_bad=found.first_bad or "",
        problems=found.problems,
        n_problems=found.n_problems,
        unsealed=found.unsealed,
        milliseconds=int((time.monotonic() - began) * 1000),
        at_us=clock.now_us(),
    )
