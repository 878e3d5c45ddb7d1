"""A dossier that came in bulk is found like one that was typed in."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kedang import ledger
from kedang.customers import bulk, searchable
from kedang.customers.finding import find
from kedang.customers.models import Dossier
from kedang.kernel import clock
from kedang.kernel.deeds import Deed
from kedang.standards import names
from tests.world import World


def test_search_text_of_the_column_is_that_of_one(world: World) -> None:
    by = world.actor("clerk")
    deed = Deed(call=1, op="import.commit", actor=by, at_us=clock.now_us(), pack_version="records/1")
    rows: list[dict[str, Any]] = [
        {
            "name": "重庆长安汽车股份有限公司",
            "short_name": "长安汽车",
            "english_name": "Changan Auto",
            "contact.phones": ["+8613800138000"],
        },
        {"name": "ＡＢＣ（西安）有限公司", "credit_code": "91350100M000100Y43", "kind": "organisation"},
    ]
    keys = [names.name_key(str(row["name"])) for row in rows]
    prepared = bulk.prepare_many(rows, keys, bulk.Seat(by.unit, by.pk))
    with transaction.atomic():
        written = prepared.write()
        ledger.append(deed, deed.op, subject="batch:1", body={}, versions=written.versions, batch=1)
    for dossier in Dossier.objects.all():
        assert dossier.search_text == searchable.text_of(dossier)
    first, second = Dossier.objects.order_by("id")
    for text in ("长安", "changan", "zqca", "cqca", "8000"):
        assert [row.code for row in find(by, text).rows] == [first.code], text
    assert [row.code for row in find(by, "ABC西安").rows] == [second.code]
