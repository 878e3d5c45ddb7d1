"""A dossier with thousands of interactions, written in bulk as the deeds would have left them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kedang import ledger
from kedang.customers import bags, sealing
from kedang.customers.models import Dossier, Record
from kedang.customers.modules import MODULES
from kedang.customers.records.reading import fields_of
from kedang.kernel import clock
from kedang.kernel.actor import Actor
from kedang.kernel.deeds import Deed, Version
from kedang.packs import in_force
from kedang.vault.sequences import reserve

TEXT = "客户来电询问配电柜的交货日期与安装安排，已答复并约定下周回访。"
FIRST = date(2020, 1, 1)


def fill(code: str, by: Actor, count: int, told: int | None = None) -> None:
    """Add `count` interactions to a dossier; `told` of them (default all) with version and entry of their own."""
    dossier = Dossier.objects.get(code=code)
    start, fields = reserve("record", count), fields_of(MODULES["interaction"])
    given = [_values(number) for number in range(count)]
    now = clock.now_us()
    Record.objects.bulk_create(
        Record(
            id=start + number, dossier=dossier, module="interaction", no=number + 1, day=values["interaction.day"],
            bag=bags.pack_bag(values, fields), by_ref=by.id, created_us=now, updated_us=now,
        )
        for number, values in enumerate(given)
    )  # fmt: skip
    key_id, key = sealing.delta_key(dossier.kind, dossier.pk)
    for chunk in range(0, count if told is None else told, 500):
        with transaction.atomic():
            for number in range(chunk, min(chunk + 500, count)):
                dossier.version_no += 1
                delta = {f"interaction#{number + 1}.subject": [None, given[number]["interaction.subject"]]}
                sealed = sealing.seal_delta(key_id, key, dossier.pk, dossier.version_no, delta)
                deed = Deed(1, "record.add", by, now + number, in_force().version)
                version = Version(dossier.pk, dossier.version_no, sealed)
                subject = f"record:{code}/interaction/{number + 1}"
                ledger.append(deed, "record.add", subject=subject, body={"no": number + 1}, versions=(version,))
            dossier.save(update_fields=["version_no"])


def _values(number: int) -> dict[str, Any]:
    return {
        "interaction.day": FIRST + timedelta(days=number // 5), "interaction.kind": "call",
        "interaction.subject": f"第 {number + 1} 次联系", "interaction.content": TEXT,
    }  # fmt: skip
