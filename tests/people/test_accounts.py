"""Units and accounts: who may add, change and close them, and what comes of it at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from pydantic import ValidationError

from kedang.governance.gate import perform
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry
from kedang.people import payloads as ask
from kedang.people.models import Staff, StaffRole, Token, Unit
from kedang.people.signin import StaffBackend, record
from tests.world import World

HASH = "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHQ$abcdefghijklmnop"
DIGEST = "0" * 64
FORBIDDEN = (
    # operation, payload, who may, who is denied and by which article, who does not even find the person
    ("people.unit", "unit:HQ", ask.CreateUnit(code="SH", name="上海"), "sysop", ("secop", "clerk", "boss"), "3.2b"),
    ("people.create", "-", ask.CreateStaff(username="new", name="新人", unit="XA"), "sysop", ("secop", "boss"), "3.2b"),
    ("people.amend", "staff:clerk", ask.AmendStaff(unit="BJ"), "sysop", ("secop", "auditor"), "3.2b"),
    ("people.clear", "staff:clerk", ask.ClearStaff(clearance=1), "secop", ("sysop", "auditor"), "3.2g"),
    ("people.grant", "staff:clerk", ask.GrantRole(role="reviewer"), "secop", ("sysop", "auditor"), "3.2g"),
    ("people.revoke", "staff:clerk", ask.RevokeRole(role="entry_clerk"), "secop", ("sysop", "auditor"), "3.2g"),
    ("people.deactivate", "staff:clerk", ask.Nothing(), "sysop", ("secop", "auditor"), "3.2b"),
    ("people.password", "staff:clerk", ask.SetPassword(password_hash=HASH), "sysop", ("auditor",), "3.2b"),
    ("people.token", "staff:clerk", ask.CreateToken(label="x", digest=DIGEST), "clerk", ("sysop", "auditor"), "3.2a"),
)  # fmt: skip


def rows() -> list[Any]:
    """Everything people-related that is stored."""
    return [list(table.objects.order_by("pk").values()) for table in (Unit, Staff, StaffRole, Token)]


@pytest.mark.parametrize(
    ("op", "subject", "payload", "may", "denied", "article"), FORBIDDEN, ids=[row[0] for row in FORBIDDEN]
)
def test_one_office_may_and_the_others_are_denied_with_the_article(
    world: World, op: str, subject: str, payload: Payload, may: str, denied: tuple[str, ...], article: str
) -> None:
    before = rows()
    for by in denied:
        with pytest.raises(Refused) as no:
            world.do(op, subject, payload, by=by, reason="按岗位调整")
        assert (no.value.code, no.value.articles) == ("denied", (article,))
        last = Entry.objects.latest("id")
        assert (last.op, last.outcome, last.actor_id) == (op, "refused", by)
    if subject.startswith("staff:"):
        for by, of in (("query", subject), ("stranger", subject), (may, "staff:nobody"), ("sysop", "staff:a\x00b")):
            with pytest.raises((NotVisible, Refused)) as unseen:
                world.do(op, of, payload, by=by, reason="按岗位调整")
            assert unseen.value.code == "not_found"
    assert rows() == before
    assert world.do(op, subject, payload, by=may, reason="按岗位调整").state == "done"
    assert rows() != before
    entry = Entry.objects.latest("id")
    assert (entry.op, entry.outcome, entry.actor_id, entry.pack_version) == (op, "done", may, "plain/1")
    assert HASH.encode() not in bytes(entry.body)


@pytest.mark.parametrize(
    ("op", "by", "payload"),
    [
        ("people.amend", "sysop", ask.AmendStaff(unit="BJ")),
        ("people.clear", "secop", ask.ClearStaff(clearance=4)),
        ("people.grant", "secop", ask.GrantRole(role="reviewer")),
        ("people.deactivate", "sysop", ask.Nothing()),
    ],
)
def test_nobody_changes_their_own_rights(world: World, op: str, by: str, payload: Payload) -> None:
    before = rows()
    with pytest.raises(Refused) as no:
        world.do(op, f"staff:{by}", payload, by=by, reason="按岗位调整")
    assert no.value.code == "denied"
    assert rows() == before


def test_a_unit_stands_below_another_and_there_is_one_first(world: World) -> None:
    world.do("people.unit", "unit:XA", ask.CreateUnit(code="XA-1", name="一部"), by="sysop")
    unit = Unit.objects.get(code="XA-1")
    assert unit.path == f"{world.units['XA'].path}{unit.pk}/"
    assert unit.pk in (world.actor("head").units or ())
    for subject, code, ending in (
        ("unit:XA", "XA-1", "state"),
        ("-", "SECOND", "state"),
        ("unit:ZZ", "Y", "not_found"),
    ):
        with pytest.raises((Refused, NotVisible)) as no:
            world.do("people.unit", subject, ask.CreateUnit(code=code, name="x"), by="sysop")
        assert no.value.code == ending
    assert Entry.objects.filter(op="people.unit").values_list("subject_ref", flat=True)[0] == "unit:XA-1"


@pytest.mark.parametrize("taken", ["clerk", "CLERK", "unknown"])
def test_a_name_in_use_is_not_given_again(world: World, taken: str) -> None:
    with pytest.raises(Refused) as no:
        world.do("people.create", "-", ask.CreateStaff(username=taken, name="x", unit="XA"), by="sysop")
    assert no.value.code == "state"


def test_a_new_account_has_no_right_and_no_password(world: World) -> None:
    world.do("people.create", "-", ask.CreateStaff(username="New.Er", name="新人", unit="XA"), by="sysop")
    staff = Staff.objects.get(username="new.er")
    by = world.actor("new.er")
    assert (by.roles, by.reads, by.units, by.clearance) == (frozenset(), frozenset(), frozenset(), 0)
    assert not staff.has_usable_password()
    assert StaffBackend().authenticate(None, "new.er", "") is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ask.SetPassword(password_hash="correct horse battery staple"),
        lambda: ask.CreateStaff(username="a", name="x", unit="XA"),
        lambda: ask.CreateStaff(username="a:b", name="x", unit="XA"),
        lambda: ask.CreateStaff(username="ab", name="x\x00", unit="XA"),
        lambda: ask.CreateStaff(username="ab", name="x", unit="XA", password_hash="plain text password here"),
        lambda: ask.CreateUnit(code="a b", name="x"),
        lambda: ask.GrantRole(role="reviewer", until_us=2**63),
        lambda: ask.CreateToken(label="给 13800138000", digest=DIGEST),
        lambda: ask.CreateToken(label="a@b.cn", digest=DIGEST),
        lambda: ask.CreateToken(label="ok", digest="x" * 64),
        lambda: ask.CreateToken(label="ok", digest=DIGEST, ops=("customer.open people.token",)),
    ],
)
def test_what_no_account_can_hold_is_no_payload(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        wrong()


def test_a_closed_account_is_out_at_once(world: World) -> None:
    clerk = world.staff["clerk"]
    clerk.password = make_password("correct horse battery")
    clerk.save()
    session = SessionStore()
    session["_auth_user_id"] = str(clerk.pk)
    session.create()
    world.do("people.token", "staff:clerk", ask.CreateToken(label="x", digest=DIGEST))
    assert StaffBackend().authenticate(None, "clerk", "correct horse battery") == clerk
    world.do("people.deactivate", "staff:clerk", ask.Nothing(), by="sysop")
    assert StaffBackend().authenticate(None, "clerk", "correct horse battery") is None
    assert StaffBackend().get_user(clerk.pk) is None
    assert not Session.objects.exists()
    assert Token.objects.get().revoked_us > 0
    with pytest.raises(Staff.DoesNotExist):
        world.actor("clerk")
    with pytest.raises(Refused):
        world.do("people.grant", "staff:clerk", ask.GrantRole(role="reviewer"), by="secop", reason="按岗位调整")


def test_a_new_password_ends_the_sessions_and_is_nowhere_else(world: World) -> None:
    session = SessionStore()
    session["_auth_user_id"] = str(world.staff["clerk"].pk)
    session.create()
    hashed = make_password("correct horse battery")
    world.do("people.password", "staff:clerk", ask.SetPassword(password_hash=hashed))
    assert check_password("correct horse battery", Staff.objects.get(username="clerk").password)
    assert not Session.objects.exists()


def test_changes_to_one_account_at_once_are_all_kept(world: World) -> None:
    """A rename must not bring back the rights that were taken in the same moment."""
    tasks = (
        ("people.amend", "sysop", ask.AmendStaff(name="更名")),
        ("people.clear", "secop", ask.ClearStaff(clearance=0, scope="own")),
        ("people.password", "sysop", ask.SetPassword(password_hash=HASH)),
        ("people.deactivate", "sysop", ask.Nothing()),
    )
    actors, errors = {by: world.actor(by) for by in ("sysop", "secop")}, []

    def change(op: str, by: str, payload: Payload) -> None:
        try:
            perform(op, by=actors[by], subject="staff:clerk", payload=payload, reason="按岗位调整")
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=change, args=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    staff = Staff.objects.get(username="clerk")
    assert (staff.name, staff.clearance, staff.scope, staff.second_half, staff.is_active) == (
        "更名",
        0,
        "own",
        HASH,
        False,
    )


@pytest.mark.parametrize("name", ["nobody", "a\x00b", "x" * 300, "王小明", "' OR 1=1--", "\ud800"])
def test_a_sign_in_by_no_name_leaves_no_name(world: World, name: str) -> None:
    """People type passwords into the name field."""
    assert StaffBackend().authenticate(None, name, "whatever") is None
    record("people.sign_in_failed", name, "session:x")
    assert Entry.objects.latest("id").subject_ref == "staff:unknown"
