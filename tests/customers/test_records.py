"""Records of a dossier: what is read, required, sealed, numbered, summed and told."""

from __future__ import annotations

import pytest

from kedang.customers import present, selectors
from kedang.customers.models import Dossier, Record
from kedang.customers.records import selectors as rows
from kedang.customers.records.payloads import AddRecord, AmendRecord, RemoveRecord
from kedang.customers.records.present import ShownRecord
from kedang.governance.models import Call
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.vault import subjects
from tests.world import World


@pytest.fixture
def code(world: World) -> str:
    return world.open("西安记事机电有限公司", region="610100")


def add(world: World, code: str, module: str, by: str = "clerk", reason: str = "", **values: str) -> Call:
    keyed = {f"{module}.{key}": text for key, text in values.items()}
    return world.do("record.add", f"dossier:{code}", AddRecord(module=module, values=keyed), by=by, reason=reason)


def amend(world: World, subject: str, by: str = "clerk", reason: str = "客户来函更正", base: int = 0, **values: str) -> Call:
    module = subject.split("/")[1]
    keyed = {f"{module}.{key}": text for key, text in values.items()}
    return world.do("record.amend", subject, AmendRecord(values=keyed, base_version=base), by=by, reason=reason)


def listed(world: World, code: str, module: str, by: str = "clerk") -> list[ShownRecord]:
    actor = world.actor(by)
    return list(present.records(actor, selectors.dossier_by_code(actor, code), module).rows)


def texts(record: ShownRecord) -> dict[str, str]:
    return {key: value.text for key, value in record.values.items()}


def test_a_record_is_read_by_the_standards_and_numbered_within_its_module(world: World, code: str) -> None:
    call = add(world, code, "contract", title="配电柜供货", amount="1.2万", signed_on="2026/3/5", guarantor="保证")
    assert call.subject == f"record:{code}/contract/1"
    assert add(world, code, "contract", title="安装").outcome["no"] == 2
    assert add(world, code, "transaction", day="2026-03-06").outcome["no"] == 1
    second, first = listed(world, code, "contract")[::-1][::-1] if False else sorted(
        listed(world, code, "contract"), key=lambda each: -each.no
    )
    assert texts(first) == {
        "contract.title": "配电柜供货", "contract.signed_on": "2026-03-05", "contract.amount": "12000.00",
        "contract.status": "draft", "contract.guarantor": "保证",
    }  # fmt: skip
    row = Record.objects.get(module="contract", no=1)
    assert (row.day.isoformat(), row.amount_fen, row.status, row.by_ref) == ("2026-03-05", 1_200_000, "draft", "clerk")
    assert second.headline == "安装"
    assert Dossier.objects.get(code=code).version_no == 4
