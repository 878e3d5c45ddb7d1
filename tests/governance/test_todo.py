"""The one list of what waits for a person, its number on every page, and signing several requests in one go."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kedang.customers.payloads import OpenDossier
from kedang.governance import duties, together
from kedang.governance.flows.signing import saw_of
from kedang.governance.models import Call
from kedang.governance.todo import asked_by, count_for, items_for
from kedang.kernel import clock
from kedang.ledger.models import Look
from kedang.people.models import StaffRole
from tests.databases import Site
from tests.flows.signed import agree, company
from tests.messages.notes import tell
from tests.web.visits import bring, signed_in, text_of
from tests.world import World

HEAD = {"of": {"head_of": "applicant_unit"}, "title": "部门负责人审核"}
NAME = "西安示例机电有限公司"


def limit(title: str, days: int, **holder: str) -> dict[str, Any]:
    """From opening a dossier to changing it."""
    return {
        "title": title, "starts": {"operation": "customer.open"}, "stops": ["customer.amend"],
        "within": {"days": days}, "holder": holder,
    }  # fmt: skip


def open_doubtful(world: World) -> str:
    """A dossier of the manager's, kept with a telephone number without area code."""
    values = {"name": "区号不明有限公司", "contact.phones": "87061501"}
    payload = OpenDossier(values=values, confirm=True)
    call = world.do("customer.open", "-", payload, by="manager", reason="客户只留了本地号码")
    return str(call.outcome["code"])


@pytest.fixture
def signing(site: Site) -> World:
    return company([HEAD])


@pytest.fixture
def timed(frozen_clock: Any, site: Site) -> World:
    return company(
        [],
        clocks={
            "follow_up": limit("开户回访", 3, person="applicant"),
            "review": limit("建档复核", 5, role="archivist"),
        },
    )


def kinds(world: World, who: str) -> list[str]:
    return [item.kind for item in items_for(world.actor(who))]


def request_of(world: World, name: str = NAME) -> Call:
    return world.amend(world.open(name), short_name="示例机电")


def pairs(*calls: Call) -> list[tuple[int, str]]:
    return [(call.pk, saw_of(call)) for call in calls]


def test_a_request_stands_on_both_lists_until_it_is_signed(signing: World) -> None:
    call = request_of(signing)
    (item,) = items_for(signing.actor("head"))
    assert (item.kind, item.ref, item.sender, item.name) == ("sign", f"call:{call.pk}", "Clerk", NAME)
    assert item.link == f"/requests/{call.pk}/"
    (asked,) = asked_by(signing.actor("clerk"))
    assert (asked.kind, asked.sender) == ("asked", "Head")
    assert kinds(signing, "clerk") == []
    agree(signing, call, "head")
    assert items_for(signing.actor("head")) == asked_by(signing.actor("clerk")) == []


def test_the_number_is_the_length_of_the_list_for_everybody(signing: World) -> None:
    request_of(signing)
    tell("head", receipt=True)
    tell("head", key="k2")
    bring(signed_in(signing, "clerk"))
    open_doubtful(signing)
    lengths = {name: len(items_for(signing.actor(name))) for name in signing.staff}
    assert {name: count_for(signing.actor(name)) for name in signing.staff} == lengths
    assert (lengths["head"], lengths["clerk"], lengths["query"]) == (2, 1, 0)


def test_a_time_limit_waits_for_whoever_has_to_keep_it(timed: World, frozen_clock: Any) -> None:
    code = timed.open(NAME)
    (mine,) = items_for(timed.actor("clerk"))
    assert (mine.kind, mine.title, mine.name, mine.overdue) == ("duty", "开户回访", NAME, False)
    assert mine.due_us == clock.now_us() + 3 * 86_400_000_000
    assert kinds(timed, "manager") == []
    frozen_clock.advance(days=4)
    assert [item.overdue for item in items_for(timed.actor("clerk"))] == [True]
    timed.amend(code, short_name="示例")
    assert kinds(timed, "clerk") == []


def test_a_duty_any_of_several_may_do_is_on_the_list_of_each(timed: World) -> None:
    other = timed.staff["auditor"]
    StaffRole.objects.create(staff=other, role="archivist", granted_by="sysop", since_us=clock.now_us() - 1)
    type(other).objects.filter(pk=other.pk).update(clearance=4)
    timed.open(NAME)
    for name in ("archivist", "auditor"):
        assert [duty.name for duty in duties.duties_of(timed.actor(name), 9)] == ["review"], name
        assert count_for(timed.actor(name)) == len(items_for(timed.actor(name))) == 1
    assert [duty.name for duty in duties.duties_of(timed.actor("clerk"), 9)] == ["follow_up"]


def test_what_is_late_comes_first_then_what_is_due_then_what_is_old(timed: World, frozen_clock: Any) -> None:
    timed.open("甲有限公司")
    frozen_clock.advance(days=2)
    tell("clerk", receipt=True)
    frozen_clock.advance(days=2)
    timed.open("乙有限公司")
    found = items_for(timed.actor("clerk"))
    assert [(item.kind, item.name, item.overdue) for item in found] == [
        ("duty", "甲有限公司", True), ("duty", "乙有限公司", False), ("confirm", "", False),
    ]  # fmt: skip


def test_an_import_to_confirm_is_on_the_list_of_who_brought_it(world: World) -> None:
    bring(signed_in(world, "clerk"))
    assert kinds(world, "clerk") == ["import"]
    assert kinds(world, "head") == kinds(world, "boss") == []


def test_own_dossiers_with_doubtful_values_are_listed_and_those_of_others_not(world: World) -> None:
    world.open(NAME, by="manager")
    code = open_doubtful(world)
    (item,) = items_for(world.actor("manager"))
    assert (item.kind, item.subject, item.name) == ("check", f"dossier:{code}", "区号不明有限公司")
    assert kinds(world, "boss") == kinds(world, "clerk") == []


def test_names_are_shown_through_present_alone_and_leave_a_look(signing: World) -> None:
    request_of(signing)
    before = Look.objects.count()
    count_for(signing.actor("head"))
    assert Look.objects.count() == before, "counting shows nothing"
    items_for(signing.actor("head"))
    assert Look.objects.count() == before + 1


def test_a_signer_who_may_not_see_the_customer_reads_the_code_alone(signing: World) -> None:
    call = request_of(signing)
    type(signing.staff["head"]).objects.filter(username="head").update(clearance=0)
    (item,) = items_for(signing.actor("head"))
    assert (item.name, item.subject) == ("", call.subject)


def test_counting_costs_the_same_few_queries_however_much_waits(signing: World) -> None:
    def cost() -> int:
        by = signing.actor("head")
        with CaptureQueriesContext(connection) as asked:
            count_for(by)
        return len(asked)

    request_of(signing)
    once = cost()
    for number in range(6):
        request_of(signing, f"第{number}号有限公司")
    assert cost() == once <= 12


def test_several_are_signed_each_by_itself_and_one_that_fails_leaves_the_others(signing: World) -> None:
    first, second, third = (request_of(signing, f"第{number}号有限公司") for number in range(3))
    seen = pairs(first, second, third)
    agree(signing, second, "head", verdict="refuse", comment="资料不符")
    found = together.sign(signing.actor("head"), [seen[0], seen[1], (third.pk, "0" * 64)])
    assert [(each.call, each.state) for each in found] == [(first.pk, "done"), (second.pk, ""), (third.pk, "")]
    assert [each.refused.code if each.refused else "" for each in found] == ["", "state", "stale"]
    assert Call.objects.get(pk=third.pk).state == "waiting"


@pytest.mark.parametrize(
    "asks",
    [{"kind": "checklist", "checklist": "points"}, {"seal": "scan"}, {"comment": "always"}, {"kind": "witness"}],
)
def test_what_asks_for_more_than_reading_is_signed_alone(site: Site, asks: dict[str, Any]) -> None:
    points = {"points": {"title": "审查", "points": {"a": "资料齐全"}}} if "checklist" in asks else {}
    world = company([{**HEAD, **asks}], checklists=points)
    calls = [request_of(world, f"第{number}号有限公司") for number in range(2)]
    assert together.waiting(world.actor("head"), "customer.amend") == []
    assert "/todo/together" not in text_of(signed_in(world, "head").get("/"))
    found = together.sign(world.actor("head"), pairs(*calls))
    assert [each.refused.code if each.refused else "" for each in found] == ["state", "state"]
    assert {call.state for call in Call.objects.filter(op="customer.amend")} == {"waiting"}


def test_who_is_not_asked_signs_nothing_in_one_go_either(signing: World) -> None:
    call = request_of(signing)
    for name in ("clerk", "stranger", "manager", "query"):
        (one,) = together.sign(signing.actor(name), pairs(call))
        assert one.refused is not None, name
    assert Call.objects.get(pk=call.pk).state == "waiting"


def test_the_page_shows_each_difference_and_signs_what_is_ticked(signing: World) -> None:
    first, second = (request_of(signing, f"第{number}号有限公司") for number in range(2))
    client = signed_in(signing, "head")
    link = re.findall(r'href="(/todo/together[^"]+)"', text_of(client.get("/")))
    page = text_of(client.get(link[0]))
    assert page.count("<ins>示例机电</ins>") == 2
    assert client.post(link[0], {}).status_code == 422
    saw = dict(re.findall(r'name="saw\.(\d+)" value="([0-9a-f]{64})"', page))
    sent = {"call": [str(first.pk)], f"saw.{first.pk}": saw[str(first.pk)], f"saw.{second.pk}": saw[str(second.pk)]}
    assert client.post(link[0], sent).status_code == 200
    assert [Call.objects.get(pk=call.pk).state for call in (first, second)] == ["done", "waiting"]


def test_what_moved_meanwhile_is_not_offered_for_signing_in_one_go(signing: World) -> None:
    code = signing.open(NAME)
    call = signing.amend(code, short_name="甲")
    other = signing.amend(code, english_name="Example Ltd")
    assert {each.id for each in together.shown(signing.actor("head"), [call, other])} == {call.pk, other.pk}
    agree(signing, call, "head")
    seen = together.shown(signing.actor("head"), together.waiting(signing.actor("head"), "customer.amend"))
    assert [each.id for each in seen] == [other.pk]


def test_the_page_filters_by_kind_and_says_what_to_do_when_empty(signing: World) -> None:
    request_of(signing)
    tell("head", receipt=True, title="Read this", params={})
    client = signed_in(signing, "head")
    everything, only = text_of(client.get("/")), text_of(client.get("/?kind=confirm"))
    assert "Read this" in everything and f"/requests/{Call.objects.latest('pk').pk}/" in everything
    assert "Read this" in only and "/requests/" not in only
    assert 'class="k-empty"' in text_of(signed_in(signing, "query").get("/"))


def test_the_number_stands_on_every_page(signing: World) -> None:
    request_of(signing)
    for path in ("/", "/customers/", "/people/", "/notices/"):
        assert 'class="k-count"' in text_of(signed_in(signing, "head").get(path)), path
        assert 'class="k-count"' not in text_of(signed_in(signing, "boss").get(path)), path


def test_the_list_over_rest_and_at_the_terminal(signing: World, capsys: pytest.CaptureFixture[str]) -> None:
    from kedang.cli.main import run  # noqa: PLC0415 - loads Django by itself

    call = request_of(signing)
    told = signed_in(signing, "head").get("/api/v1/todo").json()
    assert (told["count"], told["items"][0]["ref"], told["waiting"]) == (1, f"call:{call.pk}", [])
    capsys.readouterr()
    assert run(["todo", "--as", "clerk", "--json"]) == 0
    said = orjson.loads(capsys.readouterr().out)
    assert (said["count"], said["items"], said["waiting"][0]["ref"]) == (0, [], f"call:{call.pk}")


def test_the_same_role_elsewhere_is_not_meant(site: Site) -> None:
    world = company([], clocks={"review": limit("建档复核", 5, role="entry_clerk")})
    query = world.staff["query"]
    StaffRole.objects.create(staff=query, role="entry_clerk", granted_by="sysop", since_us=clock.now_us() - 1)
    world.open(NAME)
    listed = {name: len(duties.duties_of(world.actor(name), 9)) for name in ("clerk", "query", "stranger")}
    assert listed == {"clerk": 1, "query": 1, "stranger": 0}
