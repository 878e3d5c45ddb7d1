"""Dossiers that change hands, one or many: each with a version, what hangs on them with them, the former may read."""

from __future__ import annotations

from typing import Any

import pytest

from kedang.customers import present, selectors
from kedang.customers.models import Dossier
from kedang.customers.payloads import AmendDossier, AssignDossier, FileDossier
from kedang.governance import jobs, passing
from kedang.governance.clocks import editions, holders
from kedang.governance.clocks.models import Duty
from kedang.governance.handover import HandOver
from kedang.governance.models import Call
from kedang.kernel.errors import NotVisible, Refused
from kedang.ledger.models import Entry, Version
from kedang.people.models import Grant, Staff
from tests.conftest import Clock
from tests.world import GOOD_CODE, World


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Clock) -> None:
    """The company is founded on a Monday in March."""


def assign(world: World, code: str, owner: str, **more: str) -> None:
    world.do("customer.assign", f"dossier:{code}", AssignDossier(owner=owner, **more), by="head")


def hand_over(world: World, by: str = "head", **asked: Any) -> Call:
    call = world.do("customer.hand_over", "-", HandOver(**asked), by=by, reason="人员调整")
    jobs.run(call.pk)
    return Call.objects.get(pk=call.pk)


def owners() -> dict[str, str]:
    return dict(Dossier.objects.values_list("code", "owner__username"))


def test_who_had_it_may_read_until_the_day_and_no_more(world: World, frozen_clock: Clock) -> None:
    code = world.open("西安示例机电有限公司")
    assign(world, code, "manager")
    assign(world, code, "clerk", keep_until="2026-03-04")
    manager = world.actor("manager")
    assert present.opened(manager, selectors.dossier_by_code(manager, code)).name == "西安示例机电有限公司"
    with pytest.raises(Refused) as no:
        world.amend(code, by="manager", grade="A")
    assert no.value.code == "denied"
    frozen_clock.set("2026-03-05T00:00:00+08:00")
    with pytest.raises(NotVisible):
        selectors.dossier_by_code(world.actor("manager"), code)
    for day in ("2026-03-04", "2026-02-30"):
        with pytest.raises(Refused) as wrong:
            assign(world, code, "manager", keep_until=day)
        assert (wrong.value.code, wrong.value.missing) == ("invalid", ("keep_until",))


def test_the_regulation_may_say_how_long(site: Any) -> None:
    from tests.world import PLAIN, make_world  # noqa: PLC0415 - models exist only after django.setup()

    said = "  customer.assign:\n    who: [reviewer, archivist]\n"
    text = PLAIN.read_text(encoding="utf-8")
    assert said in text
    world = make_world(text.replace(said, f"{said}    grants: {{for: {{days: 30}}}}\n").encode())
    code = world.open("西安示例机电有限公司", by="manager")
    assign(world, code, "clerk")
    grant = Grant.objects.get()
    assert (grant.staff.username, grant.subject) == ("manager", f"dossier:{code}")
    assert grant.until_us - grant.since_us == 30 * 86_400_000_000


def test_duties_and_requests_follow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    code = world.open("西安示例机电有限公司")
    duty = Duty.objects.create(
        key="k", source="clock", name="gone", subject=f"dossier:{code}", owner="clerk", holder="clerk", started_us=1,
        unit=world.units["XA"].pk, pack_version="plain/1", created_us=1,
    )  # fmt: skip
    call = Call.objects.create(
        op="customer.amend", actor_ref="clerk", credential="t", subject=f"dossier:{code}", payload_digest="x",
        state="queued", owner_ref="clerk", unit=world.units["XA"].pk, pack_version="plain/1", created_us=1,
    )  # fmt: skip
    monkeypatch.setattr(editions.Shelf, "part_of", lambda shelf, duty: None)
    monkeypatch.setattr(holders, "people_of", lambda duty, at_us, books=None: (duty.owner,))
    assign(world, code, "manager")
    assert Duty.objects.values_list("owner", "holder").get(pk=duty.pk) == ("manager", "manager")
    assert Call.objects.values_list("owner_ref", "actor_ref").get(pk=call.pk) == ("manager", "clerk")
    Dossier.objects.update(owner=Staff.objects.get(username="clerk"))
    passing.follow(passing.refs(Dossier.objects.values_list("pk", flat=True)), 5)
    assert Duty.objects.get(pk=duty.pk).holder == "clerk"


def test_many_go_over_in_one_call_each_with_a_version(world: World) -> None:
    codes = [world.open(f"西安第{each}机电有限公司") for each in range(3)]
    elsewhere = world.open("北京示例有限公司", by="stranger")
    call = hand_over(world, codes=(*codes[:2], elsewhere), owner="manager", keep_until="2026-03-09")
    assert (call.state, call.outcome) == (
        "done", {"handed": 2, "same": 0, "left": 0, "unknown": 1, "stays": []},
    )  # fmt: skip
    assert owners() == {codes[0]: "manager", codes[1]: "manager", codes[2]: "clerk", elsewhere: "stranger"}
    assert sorted(Version.objects.filter(no=2).values_list("dossier", flat=True)) == sorted(
        Dossier.objects.filter(code__in=codes[:2]).values_list("pk", flat=True)
    )
    assert Grant.objects.count() == 2
    head = world.actor("head")
    event = present.history(head, selectors.dossier_by_code(head, codes[0]))[0]
    assert (event.op, event.reason, [(each.key, each.after) for each in event.changes]) == (
        "customer.hand_over", "人员调整", [("owner", "Manager")],
    )  # fmt: skip
    assert call.steps == {"phase": "handing", "rows": 2, "total": 2}
    again = hand_over(world, codes=tuple(codes[:2]), owner="manager")
    assert (again.outcome["handed"], again.outcome["same"]) == (0, 2)
    assert Entry.objects.filter(op="customer.hand_over", n_rows__gt=1).count() == 1


def test_all_of_a_person_without_their_leaving(world: World) -> None:
    codes = [world.open(f"西安第{each}机电有限公司") for each in range(2)]
    secret = world.open("机密客户", by="archivist", level="secret")
    world.do("customer.assign", f"dossier:{secret}", AssignDossier(unit="XA", owner="head"), by="archivist")
    call = hand_over(world, of="clerk", owner="manager")
    assert call.outcome["handed"] == 2
    assert owners() == {codes[0]: "manager", codes[1]: "manager", secret: "head"}
    call = hand_over(world, of="head", owner="manager")
    assert (call.outcome["handed"], call.outcome["stays"]) == (0, [[secret, "denied"]]), "out of the new one's sight"


@pytest.mark.parametrize(
    ("by", "asked", "ending"),
    [
        ("clerk", {"of": "clerk", "owner": "manager"}, "denied"),
        ("head", {"of": "clerk"}, "invalid"),
        ("head", {"owner": "manager"}, "invalid"),
        ("head", {"of": "clerk", "codes": ("C00000001X",), "owner": "manager"}, "invalid"),
        ("head", {"of": "clerk", "owner": "nobody"}, "not_found"),
    ],
)
def test_refused_before_it_begins(world: World, by: str, asked: dict[str, Any], ending: str) -> None:
    with pytest.raises((Refused, NotVisible)) as no:
        world.do("customer.hand_over", "-", HandOver(**asked), by=by)
    assert no.value.code == ending


def test_what_the_regulation_denies_stays(site: Any) -> None:
    from tests.world import PLAIN, make_world  # noqa: PLC0415 - models exist only after django.setup()

    rule = '  customer.assign:\n    who: [reviewer, archivist]\n    article: "3.2a"\n    rules:\n'
    text = PLAIN.read_text(encoding="utf-8")
    assert rule in text
    denied = f'{rule}      - {{when: {{state: [filed]}}, deny: true, article: "3.1c"}}\n'
    world = make_world(text.replace(rule, denied).encode())
    filed = world.open(
        "甲公司", credit_code=GOOD_CODE, region="610100", contact_name="王", contact_phones="13800138000"
    )
    world.do("customer.file", f"dossier:{filed}", FileDossier(), by="archivist")
    stays = world.open("乙公司")
    world.do("customer.amend", f"dossier:{stays}", AmendDossier(values={"grade": "A"}))
    call = hand_over(world, of="clerk", owner="manager")
    assert call.outcome == {"handed": 1, "same": 0, "left": 1, "unknown": 0, "stays": [[filed, "denied"]]}
