"""Leaving and transfer: everything a person holds goes to somebody or ends, and only then the account closes."""

from __future__ import annotations

import pytest

from kedang.customers.models import Dossier
from kedang.customers.payloads import AssignDossier, FileDossier, OpenDossier
from kedang.customers.present import history
from kedang.governance import holdings, jobs
from kedang.governance.models import Call
from kedang.kernel import clock
from kedang.kernel.errors import Refused
from kedang.ledger.models import Entry, Version
from kedang.people import payloads as ask
from kedang.people.models import Appointment, Delegation, Handover, Staff, StaffRole, Token
from tests.world import World

SAID = "个人手机中不留存客户资料"
FAR = ask.LAST_INSTANT_US


def leave(world: World, who: str = "clerk", more: dict[str, object] | None = None, by: str = "sysop") -> Call:
    payload = ask.Leave.model_validate({"declaration": SAID, **(more or {})})
    call = world.do("people.leave", f"staff:{who}", payload, by=by, reason="离职交接")
    jobs.run(call.pk)
    return Call.objects.get(pk=call.pk)


def test_everything_is_handed_over_and_the_account_closes(world: World) -> None:
    codes = [world.open(f"西安示例机电{n}公司") for n in range(3)]
    person = world.do(
        "customer.open", "-", OpenDossier(values={"kind": "person", "name": "王小明"}), by="clerk"
    ).outcome["code"]
    world.do("people.token", "staff:clerk", ask.CreateToken(label="x", digest="0" * 64))
    world.do("people.delegate", "staff:clerk", ask.Delegate(deputy="manager", until_us=FAR))
    world.do("people.delegate", "staff:manager", ask.Delegate(deputy="clerk", until_us=FAR), by="manager")
    Appointment.objects.create(staff=world.staff["clerk"], post="x", unit=world.units["XA"], since_us=1)
    listed = {each.kind: each.count for each in holdings.of(world.staff["clerk"], clock.now_us())}
    assert listed == {"dossier": 4, "post": 1, "role": 1, "delegation": 1, "deputyship": 1, "token": 1}

    call = leave(world, more={"successor": "MANAGER"})
    assert (call.state, call.outcome["handed"]) == ("done", 4), call.error
    assert set(Dossier.objects.values_list("owner__username", "version_no")) == {("manager", 2)}
    assert not Staff.objects.get(username="clerk").is_active
    assert not StaffRole.objects.filter(staff__username="clerk").exists()
    assert Token.objects.get().revoked_us and Appointment.objects.get().until_us
    assert not Delegation.objects.filter(revoked_us=0).exists()
    kept = Handover.objects.get()
    assert (kept.declaration, kept.successors, kept.call, kept.done_us > 0) == (SAID, "any:manager", call.pk, True)
    assert "dossier:4" in kept.held.split()
    for code in (*codes, person):
        shown = history(world.actor("manager"), Dossier.objects.get(code=code))[0]
        assert (shown.op, [(each.before, each.after) for each in shown.changes]) == (
            "people.leave", [("Clerk", "Manager")],
        )  # fmt: skip
    assert [entry.n_rows for entry in Entry.objects.filter(op="people.leave", n_rows__gt=0)] == [4]


@pytest.mark.parametrize(
    ("more", "ends", "missing"),
    [
        ({}, "state", "dossier:1"),
        ({"successor": "clerk"}, "state", "dossier:1"),
        ({"successor": "nobody"}, "invalid", "successor"),
        ({"successor": "stranger"}, "state", "dossier:1"),
        ({"successor": "sysop"}, "state", "dossier:1"),
        ({"successor": "manager", "successors": {"dossier": "stranger"}}, "state", "dossier:1"),
    ],
)
def test_nothing_ends_while_something_is_left_with_nobody(
    world: World, more: dict[str, object], ends: str, missing: str
) -> None:
    world.open("西安示例机电公司")
    with pytest.raises(Refused) as no:
        leave(world, more=more)
    assert (no.value.code, no.value.missing) == (ends, (missing,))
    assert Staff.objects.get(username="clerk").is_active
    assert StaffRole.objects.filter(staff__username="clerk").exists()
    assert not Handover.objects.exists()


def test_one_who_moves_on_keeps_the_account_and_nothing_else(world: World) -> None:
    world.open("西安示例机电公司")
    assert leave(world, more={"successor": "manager", "move_to": "BJ"}).state == "done"
    by = world.actor("clerk")
    assert (by.unit, by.roles) == (world.units["BJ"].pk, frozenset())


def test_who_was_handed_a_filed_dossier_has_it_too(world: World) -> None:
    code = world.open(
        "西安示例机电公司", credit_code="91350100M000100Y43", region="610100", contact_name="王小明",
        contact_phones="13800138000",
    )  # fmt: skip
    world.do("customer.file", f"dossier:{code}", FileDossier(), by="head")
    assert leave(world, more={"successor": "manager"}).state == "done"
    assert Dossier.objects.get().owner == world.staff["manager"]


def test_a_run_that_was_broken_off_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        world.open(f"西安示例机电{n}公司")
    monkeypatch.setattr("kedang.governance.leaving.AT_ONCE", 2)
    broken = iter([None, RuntimeError("power")])

    def beat(call: object, done: object) -> None:
        if (error := next(broken, None)) is not None:
            raise SystemExit(error)

    monkeypatch.setattr(jobs, "_progress", beat)
    payload = ask.Leave(successor="manager", declaration=SAID)
    call = world.do("people.leave", "staff:clerk", payload, by="sysop", reason="离职交接")
    with pytest.raises(SystemExit):
        jobs.run(call.pk)
    assert Dossier.objects.filter(owner__username="manager").count() == 4
    assert Staff.objects.get(username="clerk").is_active
    Call.objects.filter(pk=call.pk).update(lease_us=0)
    assert jobs.run(call.pk) == "done"
    assert set(Dossier.objects.values_list("owner__username", "version_no")) == {("manager", 2)}
    assert Version.objects.filter(no=2).count() == 5
    assert Handover.objects.count() == 1


def test_nobody_signs_off_their_own_and_the_last_officer_stays(world: World) -> None:
    with pytest.raises(Refused) as no:
        world.do("people.leave", "staff:sysop", ask.Leave(declaration=SAID), by="sysop", reason="离职交接")
    assert no.value.code == "denied"
    call = leave(world, "secop")
    assert call.state == "failed" and "state" in call.error
    assert Staff.objects.get(username="secop").is_active


def test_the_new_owner_can_pass_it_on(world: World) -> None:
    code = world.open("西安示例机电公司")
    leave(world, more={"successor": "manager"})
    world.do("customer.assign", f"dossier:{code}", AssignDossier(owner="head"), by="head")
    assert Dossier.objects.get().version_no == 3
