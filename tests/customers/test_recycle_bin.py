"""The recycle bin: out of every list, code kept, back as it was; and what keeps a dossier out of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kedang.customers import bulk, handing, present, removing, selectors, twins, values
from kedang.customers.finding import find
from kedang.customers.models import Dossier
from kedang.customers.payloads import AmendDossier, AssignDossier, OpenDossier
from kedang.customers.removing import RecoverDossier, RemoveDossier
from kedang.governance import todo
from kedang.governance.clocks import editions
from kedang.governance.clocks.models import Duty
from kedang.governance.models import Call
from kedang.governance.registers.models import Row
from kedang.kernel.errors import Invalid, NotVisible, Refused
from kedang.ledger.models import Version
from tests.world import GOOD_CODE, World

NAME = "西安示例机电有限公司"
WHY = "重复建档，合并处理"


@pytest.fixture
def code(world: World) -> str:
    return world.open(NAME, credit_code=GOOD_CODE, region="610100", contact_phones="13800138000")


def remove(world: World, code: str, by: str = "archivist") -> None:
    world.do("customer.remove", f"dossier:{code}", RemoveDossier(), by=by, reason=WHY)


def recover(world: World, code: str, by: str = "archivist") -> None:
    world.do("customer.recover", f"dossier:{code}", RecoverDossier(), by=by, reason="原来没有重复")


def test_removed_is_gone_from_every_list_and_recovered_is_back_as_it_was(world: World, code: str) -> None:
    archivist = world.actor("archivist")
    before = present.opened(archivist, selectors.dossier_by_code(archivist, code)).by_key
    stays = world.open("别的公司")
    remove(world, code)
    with pytest.raises(NotVisible):
        selectors.dossier_by_code(archivist, code)
    for text in ("", NAME, code, GOOD_CODE, GOOD_CODE[:8], "13800138000", "8000", "xasljd"):
        rows = find(archivist, text).rows
        assert code not in [row.code for row in rows]
    page = find(archivist, "")
    assert ([row.code for row in page.rows], page.total) == ([stays], 1)
    assert handing.owned_by(world.staff["clerk"]).count() == 1
    assert bulk.match([], [values.name_key_of(NAME)])[1] == {}, "a name in the bin is no duplicate"
    assert todo.names_of_subjects(archivist, [f"dossier:{code}"]) == {}
    assert [row.code for row in selectors.in_bin(archivist)] == [code]
    for payload, op in (
        (AmendDossier(values={"grade": "A"}), "customer.amend"),
        (AssignDossier(owner="clerk"), "customer.assign"),
    ):
        with pytest.raises(NotVisible):
            world.do(op, f"dossier:{code}", payload, by="archivist", reason="改一改看")
    recover(world, code)
    back = present.opened(archivist, selectors.dossier_by_code(archivist, code))
    assert back.by_key == before
    versions = {each.no: each for each in Version.objects.filter(dossier=back.id)}
    assert sorted(versions) == [1, 2, 3]
    assert not selectors.in_bin(archivist).exists()


def test_the_bin_is_for_whom_the_pack_names_inside_their_scope(world: World, code: str) -> None:
    for by in ("clerk", "query", "stranger"):
        with pytest.raises((Refused, NotVisible)):
            remove(world, code, by)
    with pytest.raises(Refused) as no:
        world.do("customer.remove", f"dossier:{code}", RemoveDossier(), by="archivist")
    assert no.value.missing == ("reason",)
    remove(world, code, "head")
    with pytest.raises(Refused):
        recover(world, code, "head")
    assert not selectors.in_bin(world.actor("stranger")).exists()
    with pytest.raises(NotVisible):
        removing.binned(world.actor("stranger"), code)
    with pytest.raises(NotVisible):
        remove(world, code)
    recover(world, code)
    with pytest.raises(NotVisible):
        recover(world, code)


def test_its_codes_are_never_given_twice(world: World, code: str) -> None:
    remove(world, code)
    with pytest.raises(Invalid) as no:
        world.open("另一家公司", credit_code=GOOD_CODE)
    assert [(f.field, f.rule, f.found) for f in no.value.findings] == [("credit_code", "customer.in_bin", code)]
    other = world.open("另一家公司")
    assert other != code
    with pytest.raises(Invalid):
        world.amend(other, credit_code=GOOD_CODE)
    found = bulk.match([GOOD_CODE], [])[0]
    with pytest.raises(Refused) as kept:
        bulk.update_one(None, found[GOOD_CODE], values.read({"grade": "A"}))  # type: ignore[arg-type]
    assert kept.value.code == "state"


def test_the_same_name_in_the_bin_is_a_warning(world: World, code: str) -> None:
    remove(world, code)
    with pytest.raises(Invalid) as no:
        world.open(NAME, region="610100", by="archivist")
    assert [(f.rule, f.severity, f.found) for f in no.value.findings] == [("customer.in_bin", "warning", code)]
    payload = OpenDossier(values={"name": NAME, "region": "610100"}, confirm=True)
    world.do("customer.open", "-", payload, by="archivist", reason="确为另一家同名公司")
    clean = values.read({"name": NAME, "kind": "person", "identity_number": "11010519491231002X"})
    assert twins.in_bin(world.actor("archivist"), clean) == ()


def test_what_hangs_on_it_keeps_it_out_and_is_named(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "part_of", lambda duty: SimpleNamespace(title="每年核对"))
    subject = f"dossier:{code}"
    call = Call.objects.create(
        op="customer.amend", actor_ref="clerk", credential="t", subject=subject, payload_digest="x", state="waiting",
        pack_version="plain/1", created_us=1,
    )  # fmt: skip
    duty = Duty.objects.create(
        key="k", source="clock", name="gone", subject=subject, started_us=1, pack_version="plain/1", created_us=1
    )
    row = Row.objects.create(
        register="loans",
        serial=1,
        number="2026-1",
        subject=subject,
        opened_us=1,
        opened_by="clerk",
        pack_version="plain/1",
    )
    with pytest.raises(Refused) as no:
        remove(world, code)
    assert (no.value.code, no.value.missing) == ("state", (f"call:{call.pk}", row.ref, f"duty:{duty.pk}"))
    assert not Dossier.objects.get().removed_us
    Call.objects.filter(pk=call.pk).update(state="withdrawn")
    Duty.objects.filter(pk=duty.pk).update(closed_us=2)
    Row.objects.filter(pk=row.pk).update(closed_us=2)
    remove(world, code)


def test_recovered_after_its_manager_left_it_goes_to_who_recovers_it(world: World, code: str) -> None:
    remove(world, code)
    world.staff["clerk"].is_active = False
    world.staff["clerk"].save()
    recover(world, code)
    assert Dossier.objects.select_related("owner").get().owner == world.staff["archivist"]
