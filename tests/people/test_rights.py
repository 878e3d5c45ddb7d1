"""From a person to rights: roles of this moment cap scope and clearance, and some roles exclude each other."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connections

from kedang.customers.models import Dossier
from kedang.customers.selectors import visible_to, would_see
from kedang.governance.gate import perform
from kedang.kernel import clock
from kedang.kernel.deeds import Deed
from kedang.kernel.errors import Refused
from kedang.people.models import SCOPES, Staff, StaffRole
from kedang.people.payloads import ClearStaff, CreateToken, GrantRole, Nothing, RevokeRole, SetPassword
from kedang.people.services import set_password
from kedang.people.signin import StaffBackend
from kedang.people.tokens import find, new_token
from tests.conftest import Clock
from tests.world import World, make_world

REASON = "按岗位调整"


def hold(world: World, username: str, *roles: str, until_us: int = 0) -> None:
    """Seat a person in these roles, whatever the regulation says."""
    staff = world.staff[username]
    StaffRole.objects.filter(staff=staff).delete()
    for role in roles:
        StaffRole.objects.create(staff=staff, role=role, granted_by="test", since_us=1, until_us=until_us)


@pytest.mark.parametrize(
    ("role", "scope", "clearance", "expected"),
    [
        ("query_clerk", "all", 4, ("unit_below", 1)),
        ("entry_clerk", "all", 4, ("unit", 2)),
        ("reviewer", "unit_below", 4, ("unit_below", 3)),
        ("executive", "all", 4, ("all", 4)),
        ("executive", "own", 1, ("own", 1)),
        ("account_manager", "own", 0, ("own", 0)),
        ("system_officer", "all", 4, ("own", 0)),
    ],
)
def test_a_role_caps_scope_and_clearance(
    world: World, role: str, scope: str, clearance: int, expected: tuple[str, int]
) -> None:
    hold(world, "head", role)
    Staff.objects.filter(username="head").update(scope=scope, clearance=clearance)
    by = world.actor("head")
    wide = {"own": frozenset({by.unit}), "unit": frozenset({by.unit}), "all": None}
    reached = wide.get(expected[0], frozenset({world.units["XA"].pk}))
    assert (by.clearance, by.units, by.own_only) == (expected[1], reached, expected[0] == "own")


@pytest.mark.parametrize("role", ["system_officer", "security_officer", "auditor"])
def test_an_office_beside_a_desk_sees_no_dossier_whatever_else_it_holds(world: World, role: str) -> None:
    world.open("西安示例机电有限公司")
    hold(world, "head", "executive", role)
    Staff.objects.filter(username="head").update(scope="all", clearance=4)
    by = world.actor("head")
    assert "dossier" not in by.reads
    assert not visible_to(by).exists()
    assert not would_see(by, Dossier.objects.get())


def test_rights_end_with_the_instant_the_role_ends(site: object, frozen_clock: Clock) -> None:
    world = make_world()
    payload = GrantRole(role="reviewer", until_us=clock.now_us() + 60_000_000)
    world.do("people.grant", "staff:query", payload, by="secop", reason=REASON)
    held = world.actor("query")
    assert held.roles == {"reviewer", "query_clerk"}
    frozen_clock.advance(seconds=60)
    assert world.actor("query").roles == {"query_clerk"}
    frozen_clock.advance(days=1)
    with pytest.raises(Refused) as no:
        world.do("people.grant", "staff:query", payload, by="secop", reason=REASON)
    assert no.value.code == "invalid", "a role that ends before it begins"


@pytest.mark.parametrize(
    ("person", "role", "ending"),
    [
        ("sysop", "security_officer", "denied"),
        ("sysop", "entry_clerk", "denied"),
        ("auditor", "executive", "denied"),
        ("clerk", "auditor", "denied"),
        ("clerk", "king", "invalid"),
        ("clerk", "reviewer", ""),
        ("clerk", "entry_clerk", ""),
    ],
)
def test_roles_that_exclude_each_other_are_not_granted(world: World, person: str, role: str, ending: str) -> None:
    before = list(StaffRole.objects.order_by("pk").values_list("staff", "role"))
    if not ending:
        world.do("people.grant", f"staff:{person}", GrantRole(role=role), by="secop", reason=REASON)
        assert role in world.actor(person).roles
        return
    with pytest.raises(Refused) as no:
        world.do("people.grant", f"staff:{person}", GrantRole(role=role), by="secop", reason=REASON)
    assert no.value.code == ending
    assert list(StaffRole.objects.order_by("pk").values_list("staff", "role")) == before


def test_an_expired_role_excludes_nothing(world: World) -> None:
    hold(world, "query", "query_clerk", until_us=clock.now_us() - 1)
    world.do("people.grant", "staff:query", GrantRole(role="auditor"), by="secop", reason=REASON)
    assert world.actor("query").roles == {"auditor"}


def test_two_officers_at_once_do_not_grant_what_excludes_each_other(world: World) -> None:
    hold(world, "query")
    hold(world, "boss", "security_officer")
    start = threading.Barrier(2)

    def grant(by: str, role: str) -> None:
        start.wait()
        try:
            world.do("people.grant", "staff:query", GrantRole(role=role), by=by, reason=REASON)
        except Refused:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=grant, args=pair) for pair in (("secop", "auditor"), ("boss", "reviewer"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert StaffRole.objects.filter(staff=world.staff["query"]).count() == 1


def test_the_last_of_an_office_stays(world: World) -> None:
    for op, subject, payload, by in (
        ("people.deactivate", "staff:secop", Nothing(), "sysop"),
        ("people.revoke", "staff:sysop", RevokeRole(role="system_officer"), "secop"),
        ("people.revoke", "staff:secop", RevokeRole(role="security_officer"), "secop"),
    ):
        with pytest.raises(Refused) as no:
            world.do(op, subject, payload, by=by, reason=REASON)
        assert no.value.code == "state"
    hold(world, "boss", "security_officer")
    world.do("people.deactivate", "staff:secop", Nothing(), by="sysop")


def test_a_role_nobody_holds_cannot_be_taken(world: World) -> None:
    with pytest.raises(Refused) as no:
        world.do("people.revoke", "staff:clerk", RevokeRole(role="auditor"), by="secop", reason=REASON)
    assert no.value.code == "state"


def test_what_would_see_says_is_what_visible_to_shows(world: World) -> None:
    """Two ways to ask the same: one for a row in the database, one for a row not written yet."""
    codes = [
        world.open("甲公司"), world.open("乙公司", by="manager"), world.open("丙公司", by="stranger"),
        world.open("丁公司", by="archivist", level="top_secret"), world.open("戊公司", level="confidential"),
    ]  # fmt: skip
    assert len(codes) == 5
    for name in world.staff:
        for scope in SCOPES:
            Staff.objects.filter(username=name).update(scope=scope)
            by = world.actor(name)
            seen = set(visible_to(by).values_list("pk", flat=True))
            assert {row.pk for row in Dossier.objects.all() if would_see(by, row)} == seen, (name, scope)


def test_a_token_is_found_until_it_ends(site: object, frozen_clock: Clock) -> None:
    world = make_world()
    token, digest = new_token()
    world.do("people.token", "staff:clerk", CreateToken(label="laptop", digest=digest, days=1, ops=("customer.open",)))
    found = find(token)
    assert found is not None
    assert (found.staff.username, found.ops) == ("clerk", "customer.open")
    assert digest not in token
    for wrong in ("", token[:-1], token + "x", digest, "kd_\x00", "王"):
        assert find(wrong) is None
    frozen_clock.advance(days=1)
    assert find(token) is None


@pytest.mark.parametrize("again", ["label", "digest"])
def test_a_label_or_token_in_use_is_not_registered_again(world: World, again: str) -> None:
    first = CreateToken(label="laptop", digest="0" * 64)
    world.do("people.token", "staff:clerk", first)
    other = CreateToken(
        label="laptop" if again == "label" else "other", digest="1" * 64 if again == "label" else "0" * 64
    )
    with pytest.raises(Refused) as no:
        world.do("people.token", "staff:clerk", other)
    assert no.value.code == "state"


def test_a_token_makes_no_token_and_sets_no_password(world: World) -> None:
    by = replace(world.actor("clerk"), credential="token:laptop")
    hashed = "argon2$argon2id$v=19$m=102400,t=2,p=8$c29tZXNhbHQ$abcdefghijklmnop"
    for op, payload in (
        ("people.token", CreateToken(label="next", digest="0" * 64)),
        ("people.password", SetPassword(password_hash=hashed)),
    ):
        with pytest.raises(Refused) as no:
            perform(op, by=by, subject="staff:clerk", payload=payload)
        assert no.value.code == "denied"


def test_clearing_keeps_what_is_not_named(world: World) -> None:
    world.do("people.clear", "staff:clerk", ClearStaff(clearance=0), by="secop", reason=REASON)
    staff = Staff.objects.get(username="clerk")
    assert (staff.clearance, staff.scope) == (0, "unit")


def hashed(text: str) -> SetPassword:
    """A half or a whole password as a door sends it."""
    return SetPassword(password_hash=make_password(text))


def test_nobody_alone_sets_another_persons_password(world: World) -> None:
    """Whoever could, could sign in as the archivist and read what no officer may read."""
    archivist = world.staff["archivist"]
    archivist.password = make_password("own and secret")
    archivist.save()
    for _ in range(2):
        with suppress(Refused):
            world.do("people.password", "staff:archivist", hashed("first half"), by="sysop")
    for typed in ("first half", "first half first half", " first half", "first half "):
        assert StaffBackend().authenticate(None, "archivist", typed) is None
    assert StaffBackend().authenticate(None, "archivist", "own and secret") == archivist
    assert world.actor("archivist").roles == {"archivist"}, "until the second half nothing has changed"


def test_two_set_it_and_its_owner_chooses_an_own_one_before_anything_else(world: World) -> None:
    world.do("people.password", "staff:archivist", hashed("first half"), by="sysop")
    call = world.do("people.password", "staff:archivist", hashed("second"), by="secop")
    assert call.outcome["half"] == 2
    for typed in ("first half", "second", "second first half", "first halfsecond"):
        assert StaffBackend().authenticate(None, "archivist", typed) is None
    archivist = StaffBackend().authenticate(None, "archivist", "first half second")
    assert archivist is not None and archivist.check_password("first half second")
    by = world.actor("archivist")
    assert (by.roles, by.reads, by.units) == (frozenset(), frozenset(), frozenset())
    world.do("people.password", "staff:archivist", hashed("my very own one"), by="archivist")
    assert world.actor("archivist").roles == {"archivist"}
    assert StaffBackend().authenticate(None, "archivist", "my very own one") is not None
    assert StaffBackend().authenticate(None, "archivist", "first half second") is None


def test_a_third_half_begins_anew_and_opens_nothing(world: World) -> None:
    world.do("people.password", "staff:archivist", hashed("first"), by="sysop")
    world.do("people.password", "staff:archivist", hashed("second"), by="secop")
    assert world.do("people.password", "staff:archivist", hashed("third"), by="sysop").outcome["half"] == 1
    for typed in ("first", "second", "third", "first second", "first third"):
        assert StaffBackend().authenticate(None, "archivist", typed) is None


def test_what_somebody_else_signed_for_is_set_whole_and_gives_no_right_yet(world: World) -> None:
    deed = Deed(0, "people.password", world.actor("sysop"), clock.now_us(), "plain/1", signers=("sysop", "secop"))
    set_password(deed, world.staff["archivist"], hashed("for the first day"))
    assert StaffBackend().authenticate(None, "archivist", "for the first day") is not None
    assert world.actor("archivist").roles == frozenset()
    own = replace(deed, signers=("sysop",))
    assert set_password(own, world.staff["boss"], hashed("x")).result["half"] == 1, "one's own signature is none"
    stood_in = replace(deed, signers=("sysop for secop",))
    assert set_password(stood_in, world.staff["head"], hashed("x")).result["half"] == 1, "nor is it for another"
