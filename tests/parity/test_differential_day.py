"""One day on both databases: every answer, every ledger entry, every look and every value are equal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from kedang import ledger
from kedang.customers.digest import state_digest
from kedang.customers.models import Contact, Dossier, Tail
from kedang.governance.models import Call, Claim
from kedang.ledger.models import Entry, Look, Version
from tests.conftest import Clock
from tests.databases import Template
from tests.parity.both import on_both
from tests.parity.day import DEEDS, Day, calls_in_order
from tests.world import make_world

MORNING = "2026-02-28T08:30:00+08:00"
ENTRY = (
    "id", "at_us", "op", "outcome", "actor_id", "actor_kind", "credential", "unit", "subject_ref", "cause",
    "pack_version", "n_rows", "call_id",
)  # fmt: skip


def test_a_day_on_both_databases_is_the_same_day(template_of: Callable[[str], Template], tmp_path: Path) -> None:
    def play() -> dict[str, Any]:
        with freeze_time(MORNING) as frozen:
            endings = Day(make_world(), Clock(cast(FrozenDateTimeFactory, frozen))).play()
        return {"endings": endings} | dump()

    sqlite, postgresql = on_both(template_of, tmp_path, play)
    for part, found in sqlite.items():
        assert found == postgresql[part], part
    assert len(sqlite["endings"]) == DEEDS
    assert sum(ending.startswith("done") for ending in sqlite["endings"]) > 100
    assert len({ending.split()[0] for ending in sqlite["endings"] if ending[0].isalpha()}) >= 6, "many ways to end"


def dump() -> dict[str, Any]:
    """Everything that is stored and not random."""
    rank = calls_in_order()
    entries = list(Entry.objects.order_by("id").values_list(*ENTRY))
    return {
        "digest": state_digest(),
        "dossiers": list(
            Dossier.objects.order_by("pk").values_list("code", "version_no", "findings", "search_text", "updated_us")
        ),
        "contacts": list(Contact.objects.order_by("pk").values_list("pk", "dossier_id", "is_main", "post")),
        "tails": Tail.objects.count(),
        "entries": [(*entry[:-1], rank[entry[-1]]) for entry in entries],
        "bodies": [bytes(body) for body in Entry.objects.order_by("id").values_list("body", flat=True)],
        "versions": list(Version.objects.order_by("entry_id", "dossier").values_list("entry_id", "dossier", "no")),
        "calls": list(Call.objects.order_by("pk").values_list("op", "state", "subject", "result", "key", "done_us")),
        "claims": Claim.objects.count(),
        "looks": [
            (look.at_us, look.actor_id, look.kind, look.fields, look.n_ids, bytes(look.ids))
            for look in Look.objects.order_by("id")
        ],
        "sealed": (ledger.seal() and ledger.verify().ok),
    }
