"""Posts and deputies as deeds: by whom, within which number, from when until when; and what is found wanting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kedang.governance.registry import OPERATIONS
from kedang.kernel import clock
from kedang.kernel.deeds import Payload
from kedang.kernel.errors import Refused
from kedang.people import findings
from kedang.people import payloads as ask
from kedang.people.models import Appointment, Staff, StaffRole, Unit
from kedang.people.parties import acting_for, deputies_of
from tests.company import Company
from tests.conftest import Clock
from tests.people.posts import source

DAY = 86_400_000_000
WHY = "任命文件"


@pytest.fixture
def firm(company: Callable[..., Company]) -> Company:
    return company(source())


def refused(firm: Company, op: str, subject: str, payload: object, by: str) -> Refused:
    with pytest.raises(Refused) as no:
        firm.do(op, subject, payload, by=by, reason=WHY)  # type: ignore[arg-type]
    return no.value


def test_a_post_is_held_once_and_freed_again(firm: Company) -> None:
    clerk = firm.holder("entry_clerk")
    subject, take = f"staff:{clerk}", ask.Appoint(post="lawyer")
    no = refused(firm, "people.appoint", subject, take, "security_officer")
    assert no.code == "denied", "one lawyer, and there is one"
    holder = firm.holder("lawyer")
    firm.do("people.dismiss", f"staff:{holder}", ask.Dismiss(post="lawyer"), by="security_officer", reason=WHY)
    call = firm.do("people.appoint", subject, take, by="security_officer", reason=WHY)
    assert call.outcome["unit"] == "office"
    assert firm.holder("lawyer") == clerk
    assert refused(firm, "people.appoint", subject, take, "security_officer").code == "state"
    no = refused(firm, "people.dismiss", f"staff:{holder}", ask.Dismiss(post="lawyer"), "security_officer")
    assert no.code == "state"


@pytest.mark.parametrize(
    ("payload", "ends"),
    [
        (ask.Appoint(post="nothing"), "invalid"),
        (ask.Appoint(post="branch_head", unit="office"), "invalid"),
        (ask.Appoint(post="keeper", unit="office", until_us=1), "invalid"),
    ],
)
def test_what_is_no_post_or_no_seat_of_it(firm: Company, payload: ask.Appoint, ends: str) -> None:
    assert (
        refused(firm, "people.appoint", f"staff:{firm.holder('entry_clerk')}", payload, "security_officer").code == ends
    )


def test_nobody_appoints_themselves(firm: Company) -> None:
    no = refused(firm, "people.appoint", "staff:security_officer", ask.Appoint(post="keeper"), "security_officer")
    assert no.code == "denied"


def test_findings_say_what_is_wanting(firm: Company) -> None:
    now = clock.now_us()
    assert findings.posts(firm.pack, now) == []
    lawyer, head = firm.holder("lawyer"), firm.holder("branch_head", "bj")
    firm.do("people.dismiss", f"staff:{lawyer}", ask.Dismiss(post="lawyer"), by="security_officer", reason=WHY)
    StaffRole.objects.filter(staff__username=head).delete()
    Unit.objects.filter(lead=True).update(lead=False)
    Appointment.objects.create(staff=firm.staff[lawyer], post="branch_head", unit=firm.units["bj"], since_us=1)
    Appointment.objects.create(staff=firm.staff[lawyer], post="gone", unit=firm.units["bj"], since_us=1)
    found = {(each.kind, each.unit, each.post, each.username) for each in findings.posts(firm.pack, clock.now_us())}
    assert found >= {
        ("vacant", "office", "lawyer", ""),
        ("overfull", "bj", "branch_head", ""),
        ("lacks_role", "bj", "branch_head", head),
        ("unknown_post", "bj", "gone", lawyer),
        ("no_lead", "hq", "", ""),
    }
    Staff.objects.filter(username=head).update(is_active=False)
    assert ("closed_account", "bj") in {(each.kind, each.unit) for each in findings.posts(firm.pack, clock.now_us())}


def test_a_deputy_stands_in_from_day_to_day(site: object, frozen_clock: Clock) -> None:
    from tests.company import make_company  # noqa: PLC0415 - the clock stands still first

    firm = make_company(source())
    now = clock.now_us()
    give = ask.Delegate(deputy="archivist", from_us=now + DAY, until_us=now + 3 * DAY, reason="出差")
    firm.do("people.delegate", "staff:reviewer", give, by="reviewer", reason=WHY)
    assert [deputies_of("reviewer", now + at * DAY) for at in range(4)] == [(), ("archivist",), ("archivist",), ()]
    assert acting_for("archivist", now + DAY) == ("reviewer",)
    assert acting_for("reviewer", now + DAY) == ()
    before = firm.actor("archivist")
    frozen_clock.advance(days=1)
    assert firm.actor("archivist") == before, "a delegation passes on signatures, never roles or reading"
    Staff.objects.filter(username="reviewer").update(is_active=False)
    assert acting_for("archivist", now + DAY) == ()
    Staff.objects.filter(username="reviewer").update(is_active=True)
    firm.do("people.delegate_end", "staff:reviewer", ask.EndDelegation(deputy="archivist"), by="reviewer", reason=WHY)
    assert deputies_of("reviewer", now + 2 * DAY) == ()


@pytest.mark.parametrize(
    ("by", "deputy", "from_days", "until_days", "ends"),
    [
        ("reviewer", "reviewer", 0, 2, "invalid"),
        ("reviewer", "archivist", 2, 1, "invalid"),
        ("reviewer", "archivist", 0, -1, "invalid"),
        ("security_officer", "archivist", 0, 2, "denied"),
    ],
)
def test_no_such_deputy(firm: Company, by: str, deputy: str, from_days: int, until_days: int, ends: str) -> None:
    now = clock.now_us()
    payload = ask.Delegate(deputy=deputy, from_us=now + from_days * DAY, until_us=now + until_days * DAY)
    assert refused(firm, "people.delegate", "staff:reviewer", payload, by).code == ends


def test_a_role_ends_with_the_days_the_regulation_gives_it(firm: Company) -> None:
    call = firm.do("people.grant", "staff:archivist", ask.GrantRole(role="query_clerk"), by="security_officer")
    assert call.done_us < call.outcome["until_us"] <= call.done_us + 10 * DAY
    longer = ask.GrantRole(role="query_clerk", until_us=clock.now_us() + 99 * DAY)
    assert (
        firm.do("people.grant", "staff:archivist", longer, by="security_officer").outcome["until_us"] < longer.until_us
    )
    shorter = ask.GrantRole(role="query_clerk", until_us=clock.now_us() + DAY)
    call = firm.do("people.grant", "staff:archivist", shorter, by="security_officer")
    assert call.outcome["until_us"] == shorter.until_us
    idle = [each.username for each in findings.roles(firm.pack, clock.now_us() + 6 * DAY)]
    assert idle == [firm.holder("query_clerk")]
    rights = {(each.username, each.role): each for each in findings.recertification(clock.now_us())}
    assert rights["security_officer", "security_officer"].used_us > 0
    assert rights["archivist", "query_clerk"].granted_by == "security_officer"


@pytest.mark.parametrize(
    ("op", "payload", "shown"),
    [
        ("people.grant", ask.GrantRole(role="query_clerk"), {("Role", "", "业务查询员"), ("Until", "", "—")}),
        ("people.clear", ask.ClearStaff(clearance=3), {("Clearance", "秘密", "机密")}),
        ("people.amend", ask.AmendStaff(unit="bj"), {("Unit", "西安分公司", "bj")}),
        ("people.appoint", ask.Appoint(post="keeper"), {("Post", "", "资料员")}),
        ("people.delegate", ask.Delegate(deputy="archivist", until_us=2 * DAY), {("Until", "", "1970-01-03")}),
    ],
)
def test_whoever_signs_sees_what_it_sets(firm: Company, op: str, payload: Payload, shown: set[tuple[str, ...]]) -> None:
    clerk = firm.staff[firm.holder("entry_clerk")]
    lines = OPERATIONS[op].show(firm.actor("security_officer"), clerk, payload)
    assert {(line.title, line.before, line.after) for line in lines} >= shown
    assert lines[0].after.startswith(clerk.name)
    secret = ask.SetPassword(password_hash="argon2$" + "x" * 20)
    assert len(OPERATIONS["people.password"].show(firm.actor(clerk.username), clerk, secret)) == 1


def test_what_moved_meanwhile_is_noticed_and_one_role_is_asked_for_once(firm: Company) -> None:
    clerk = firm.staff[firm.holder("entry_clerk")]
    clear, role = ask.ClearStaff(clearance=3), ask.GrantRole(role="query_clerk")
    before = OPERATIONS["people.clear"].basis(clerk, clear)
    clerk.clearance = 1
    assert OPERATIONS["people.clear"].basis(clerk, clear) != before
    assert OPERATIONS["people.clear"].basis(clerk, ask.ClearStaff(scope="own")).keys() == {"scope"}
    assert OPERATIONS["people.appoint"].basis(clerk, ask.Appoint(post="keeper", unit="bj")) == {}
    assert OPERATIONS["people.grant"].claims(clerk, role) == {f"{clerk.ref}#role:query_clerk"}
    assert OPERATIONS["people.password"].claims(clerk, ask.SetPassword(password_hash="argon2$" + "x" * 20)) == set()
